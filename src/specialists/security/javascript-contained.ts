/**
 * Keeps a path inside of the folder that it is joined to. Rule: only in a handler whose framework says how a request is
 * refused, and before a statement that always opens the path; what leaves the folder counts as not found.
 */

import { argumentsOf, type Binding, bindingsOf, writtenValue } from '../javascript-source.ts';
import { beforeOnLine } from '../lines.ts';
import type { Node, TextEdit } from '../rule.ts';
import { span, wholeText } from '../structural.ts';
import { reached } from './javascript-imports.ts';

const FUNCTIONS =
  /^(function_declaration|function_expression|arrow_function|method_definition|generator_function(_declaration)?)$/;
const SOMETIMES = /^(ternary_expression|binary_expression|arrow_function|function_expression)$/;

/** The edits that look at where `path`, what is opened in its call, leads; none when that cannot be told. */
export function contained(root: Node, opened: Node): TextEdit[] {
  const path = writtenValue(opened);
  const callee = path.field('function')?.text() ?? '';
  const parts = argumentsOf(path);
  const folders = parts.slice(0, -1);
  if (!/^(path\.)?join$/.test(callee) || folders.length === 0 || !folders.every(isChosen) || /\n/.test(path.text()))
    return [];
  const folder = folders.map((one) => one.text()).join(', ');
  const above = opened.ancestors();
  const at = above.findIndex((_, index) => above[index + 1]?.is('statement_block'));
  const statement = above[at];
  if (!statement || above.slice(0, at).some((node) => SOMETIMES.test(String(node.kind())))) return [];
  if (!/^(expression_statement|return_statement|lexical_declaration)$/.test(String(statement.kind()))) return [];
  const handler = above.find((node) => FUNCTIONS.test(String(node.kind())));
  const bindings = bindingsOf(root);
  const refused = handler ? refusal(handler, bindings) : null;
  const named = opened.id() !== path.id();
  const file = named
    ? opened.text()
    : ['file', 'filePath', 'fullPath'].find((one) => !new RegExp(`\\b${one}\\b`).test(handler?.text() ?? one));
  const paths = reached(root, bindings, 'path', ['resolve', 'sep'], 'join');
  const text = wholeText(root);
  const { start } = span(statement);
  const indent = beforeOnLine(text, start);
  if (!refused || !file || !paths || indent.trim() !== '') return [];
  const end = /;\s*$/.test(statement.text()) ? ';' : '';
  const step = `${indent}${/^\t/.test(indent) ? '\t' : '  '}`;
  const full = named ? `${paths.prefix}resolve(${file})` : file;
  const before = [
    ...(named ? [] : [`const ${file} = ${paths.prefix}resolve(${path.text()})${end}`]),
    `${named ? '' : indent}if (!${full}.startsWith(${paths.prefix}resolve(${folder}) + ${paths.prefix}sep)) {`,
    ...refused.map((line) => `${step}${line}${end}`),
    `${indent}}`,
    indent,
  ].join('\n');
  const check = { start, end: start, text: before };
  return [...paths.edits, check, ...(named ? [] : [{ ...span(path), text: file }])];
}

/** A constant of the program, or the folder of the file itself. */
function isChosen(folder: Node): boolean {
  return /^([A-Z][A-Z0-9_]*|__dirname|import\.meta\.dirname)$/.test(folder.text()) || folder.is('string');
}

/** The statements that answer "not found" in the framework of the handler. */
function refusal(handler: Node, bindings: ReadonlyMap<string, Binding>): string[] | null {
  const modules = new Set([...bindings.values()].map(({ module }) => module));
  const names = (handler.field('parameters')?.children() ?? [])
    .filter((one) => one.isNamed())
    .map((one) => (one.field('pattern') ?? one).text());
  const answer = names.find((name) => /^(res|response|reply)$/.test(name));
  const request = names.find((name) => /^(req|request)$/.test(name));
  if (modules.has('express')) return answer ? [`${answer}.sendStatus(404)`, 'return'] : null;
  if (modules.has('fastify') && request) return ["throw Object.assign(new Error('Not found'), { statusCode: 404 })"];
  if (names.includes('ctx') && (modules.has('koa') || modules.has('@koa/router'))) return ['ctx.throw(404)'];
  return modules.has('http') && answer && request ? [`${answer}.writeHead(404).end()`, 'return'] : null;
}
