/**
 * A rule of the repository as one that the specialist runs. Rule: the engine matches, and we make the edit: it is offered only
 * where every variable of the template has a value.
 */
import ignore from 'ignore';
import { lineStart } from '../lines.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { span } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { expand, type Part } from './template.ts';
import type { CustomRule } from './types.ts';

/** What napi takes: the rule without what is ours. */
type Matcher = Parameters<Node['findAll']>[0];

export function compileRule(rule: CustomRule): RuleImpl {
  const { id, languages, severity, title, message, rationale, cwe, tests, fix, engine } = rule;
  const [bad] = rule.invalid;
  const within = rule.files.length === 0 ? null : ignore().add(rule.files);
  const without = ignore().add(rule.ignores);
  return {
    ...{ id, languages, severity, title, rationale, tests, fixable: fix !== null, trigger: triggerOf(rule) },
    ...(cwe === undefined ? {} : { cwe }),
    example: {
      ...{ path: bad?.path ?? '', before: bad?.code ?? '' },
      ...(typeof bad?.fixed === 'string' ? { after: bad.fixed } : {}),
    },
    lookAlikes: rule.valid.map(({ path, code }) => ({ path, text: code })),
    async find(file, context) {
      if (!rule.endings.includes(grammarOf(file))) return [];
      if (within?.ignores(file.path) === false || without.ignores(file.path)) return [];
      const root = await context.tree();
      return root.findAll(engine as Matcher).map((node) => matchOf(node, file.text, message, fix));
    },
  };
}

/** By the ending that stands for it. */
function grammarOf({ path, language }: SourceFile): string {
  if (language === 'python') return 'py';
  return language === 'javascript' ? 'js' : /\.tsx$/.test(path) ? 'tsx' : 'ts';
}

function matchOf(node: Node, text: string, message: string, fix: string | null): Match {
  const { start, end } = span(node);
  const named = message.replace(/\$([A-Z_][A-Z0-9_]*)/g, (whole, name: string) => shortText(node, name) ?? whole);
  if (fix === null) return { start, end, message: named };
  const filled = expand(
    fix,
    indentAt(text, start),
    (name) =>
      partOf(
        text,
        [node.getMatch(name)].filter((one) => one !== null),
      ),
    (name) => partOf(text, node.getMultipleMatches(name)),
  );
  if (filled === null || filled === text.slice(start, end)) return { start, end, message: named };
  return { start, end, message: named, edits: [{ start, end, text: filled }] };
}

function shortText(node: Node, name: string): string | null {
  const text = node.getMatch(name)?.text();
  return text === undefined || text.length > 60 || text.includes('\n') ? null : text;
}

function partOf(text: string, nodes: readonly Node[]): Part | null {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { start } = span(first);
  const { end } = span(last);
  return { text: text.slice(start, end), indent: indentAt(text, start), rigid: nodes.some(holdsLongText) };
}

/** Strings over several lines, in either language. */
function holdsLongText(node: Node): boolean {
  const isText = (one: Node) => /string|template|jsx_text|regex/.test(String(one.kind())) && one.text().includes('\n');
  return isText(node) || node.findAll({ rule: { regex: '\\n' } }).some(isText);
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** A pattern matches only where its longest name stands: files without it are not even parsed. */
function triggerOf({ engine }: CustomRule): RegExp {
  const pattern = engine.rule['pattern'];
  if (typeof pattern !== 'string') return /(?:)/;
  const names = pattern.replace(/\$+\w*/g, ' ').match(/[A-Za-z_]\w{2,}/g) ?? [];
  const [longest] = names.toSorted((a, b) => b.length - a.length);
  return longest === undefined ? /(?:)/ : new RegExp(longest);
}
