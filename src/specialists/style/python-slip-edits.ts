/** How slips are mended. Rule: an edit is made only where the layout shows what goes and what stays; else none. */
import { lineStart } from '../lines.ts';
import type { Node, RuleContext, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, nodeWhere, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';

/** `assert (condition, "message")` without its parentheses. */
export async function withoutTuple(start: number, file: SourceFile, context: RuleContext): Promise<TextEdit[]> {
  const statement = await nodeWhere(context, 'assert_statement', (range) => range.start === start);
  const tuple = statement?.child(1);
  const [condition, message, ...others] = tuple?.namedChildren() ?? [];
  if (!tuple?.is('tuple') || !condition || !message || others.length > 0) return [];
  if (!/^(string|concatenated_string)$/.test(String(message.kind())) || tuple.text().includes('\n')) return [];
  // A walrus or a text would be a condition that is always true, or no condition at all.
  if (/^(string|named_expression)$/.test(String(condition.kind()))) return [];
  const [outer, inner, last] = [span(tuple), span(condition), span(message)];
  const head = file.text[outer.start - 1] === 't' ? ' ' : '';
  return [
    { start: outer.start, end: inner.start, text: head },
    { start: last.end, end: outer.end, text: '' },
  ];
}

const DEBUGS = /debug|pdb|interactive|verbose|trace|breakpoint/i;

/** The line of a breakpoint, or `pass` in its place where nothing else stands in the block. */
export async function withoutBreakpoint(start: number, file: SourceFile, context: RuleContext): Promise<TextEdit[]> {
  const { text, path } = file;
  const from = lineStart(text, start);
  const to = text.indexOf('\n', start) + 1 || text.length;
  const line = text.slice(from, to).trim();
  if (DEBUGS.test(path) || !/^(import i?pdb; )?((i?pdb\.)?set_trace|breakpoint)\(\);?$/.test(line)) return [];
  const statement = await nodeWhere(context, 'expression_statement', (range) => range.start === start);
  const block = statement?.parent();
  if (!statement || !block || !/^(block|module)$/.test(String(block.kind()))) return [];
  const condition = enclosing(statement, ['if_statement', 'elif_clause', 'function_definition'])?.field('condition');
  if (condition && DEBUGS.test(condition.text())) return [];
  const own = span(statement);
  const others = block.namedChildren().filter((one) => {
    const { start: at } = span(one);
    return !one.is('comment') && (at < from || at >= own.end);
  });
  if (others.length > 0) return [{ start: from, end: to, text: '' }];
  const first = text.slice(from, to).search(/\S/);
  return [{ start: from + first, end: from + first + line.length, text: 'pass' }];
}

/** The function and the parameter whose default begins at `start`. */
async function parameterAt(start: number, context: RuleContext): Promise<{ definition: Node; parameter: Node } | null> {
  const covers = (range: { start: number; end: number }) => range.start <= start && start < range.end;
  const definition = await nodeWhere(context, 'function_definition', covers);
  const parameter = definition
    ?.field('parameters')
    ?.namedChildren()
    .find((one) => covers(span(one)));
  const value = parameter?.field('value');
  return definition && parameter && value && span(value).start === start ? { definition, parameter } : null;
}

/** Does the function change the default that begins at `start`, keep it, or hand it out? */
export async function isKeptOrChanged(start: number, context: RuleContext): Promise<boolean> {
  const found = await parameterAt(start, context);
  const name = found?.parameter.field('name')?.text();
  if (!found || !name) return false;
  const own = `(?<![.\\w])${name}`;
  const body = found.definition.field('body')?.text() ?? '';
  // None has a meaning of its own there already.
  if (new RegExp(`${own} is (not )?None\\b|${own} = ${name} or `).test(body)) return false;
  return new RegExp(
    `${own}\\.(append|extend|insert|update|add|setdefault|pop|remove|clear)\\(|${own}\\[[^\\]]+\\]\\s*[+-]?=[^=]|${own}\\s*\\+=|\\breturn ${name}\\s*(\\n|$)|\\bself\\.\\w+ = ${name}\\s*(\\n|$)`,
  ).test(body);
}

const KEPT = /cache|memo|regist|seen|known|visited|state|history|store|shared|counter|instances|_$|^_/i;

/** `name=None`, and a value made anew at the head of the body. */
export async function madeAnew(start: number, file: SourceFile, context: RuleContext): Promise<TextEdit[]> {
  const { text } = file;
  const found = await parameterAt(start, context);
  const { definition, parameter } = found ?? {};
  const [list, body] = [definition?.field('parameters'), definition?.field('body')];
  const [value, name] = [parameter?.field('value'), parameter?.field('name')?.text() ?? ''];
  if (!definition || !value || !body || KEPT.test(name)) return [];
  if (!/^(\[\s*\]|\{\s*\}|list\(\)|dict\(\)|set\(\))$/.test(value.text()) || isCache(body, name)) return [];
  const annotation = parameter?.field('type');
  const typed = annotation ? orNone(annotation, text, context) : [];
  const statements = body.namedChildren();
  const [first, second] = statements;
  const documented = first?.is('expression_statement') && first.child(0)?.is('string');
  const head = documented ? second : first;
  if (!typed || !head || head.is('comment') || span(head).start <= span(list ?? definition).end) return [];
  const from = lineStart(text, span(head).start);
  const indent = text.slice(from, span(head).start);
  // A body on the line of its head, or behind a semicolon.
  if (indent.trim() !== '' || from <= span(list ?? definition).end) return [];
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const step = indent.includes('\t') ? '\t' : '    ';
  const made = `${indent}if ${name} is None:${newline}${indent}${step}${name} = ${value.text()}${newline}`;
  return [...typed, { ...span(value), text: 'None' }, { start: from, end: from, text: made }];
}

/** Is it asked for what it holds, and filled? Then it is meant to remember. */
function isCache(body: Node, name: string): boolean {
  const asked = nodesOf(body, 'comparison_operator').some((one) => new RegExp(`\\bin ${name}$`).test(one.text()));
  const returned = nodesOf(body, 'return_statement').some((one) => new RegExp(`^return ${name}\\b`).test(one.text()));
  return (asked || new RegExp(`\\b${name}\\.(get|setdefault)\\(`).test(body.text())) && !returned;
}

/** The annotation with None beside it, or null where it cannot be said. */
function orNone(annotation: Node, text: string, { options }: RuleContext): TextEdit[] | null {
  const { start, end } = span(annotation);
  const said = annotation.text();
  if (/\bNone\b|Optional|\bAny$/.test(said)) return [];
  if (/["']/.test(said)) return null;
  const { python } = options.conventions;
  const union =
    /^from __future__ import .*\bannotations\b/m.test(text) || (python && python[0] >= 3 && python[1] >= 10);
  if (union) return [{ start: end, end, text: ' | None' }];
  const optional = /^from typing import [^\n]*\bOptional\b/m.test(text)
    ? 'Optional'
    : /^import typing$/m.test(text)
      ? 'typing.Optional'
      : null;
  if (!optional) return null;
  return [
    { start, end: start, text: `${optional}[` },
    { start: end, end, text: ']' },
  ];
}
