/**
 * The tests of a JavaScript or TypeScript file. Rule: a call of a word that runners use, with a title and a function; what
 * merely has the same name is none.
 */
import { argumentsOf, SCRIPT } from '../javascript-source.ts';
import type { Node, RuleContext, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf } from '../structural.ts';

export interface ScriptTest {
  call: Node;
  /** `it`, `test.skip`, `describe.only.each`. */
  words: string[];
  title: string;
  body: Node;
  /** Is it a group of tests? */
  group: boolean;
}

export const FEW = 3;
const SINGLE = /^[fx]?(it|test|specify)$/;
const GROUP = /^[fx]?(describe|context|suite)$/;
export const FUNCTIONS = [
  'arrow_function',
  'function_expression',
  'function_declaration',
  'generator_function',
  'method_definition',
];

/** Keeps a rule to test files. */
export function inTests(rule: Omit<RuleImpl, 'languages' | 'tests'>): RuleImpl {
  return {
    ...rule,
    languages: SCRIPT,
    tests: true,
    find: (file, context) => (file.test ? rule.find(file, context) : []),
  };
}

export function readTests(context: RuleContext): Promise<ScriptTest[]> {
  return context.perFile('script tests', async () =>
    nodesOf(await context.tree(), 'call_expression').flatMap((call) => readTest(call) ?? []),
  );
}

function readTest(call: Node): ScriptTest | null {
  const words = wordsOf(call.field('function'));
  const [root = '', ...rest] = words;
  if (rest.some((word) => !/^(only|skip|concurrent|serial|sequential|each|describe|test|it|fails|todo)$/.test(word)))
    return null;
  if (!SINGLE.test(root) && !GROUP.test(root)) return null;
  const [title, ...others] = argumentsOf(call);
  const body = others.find((one) => FUNCTIONS.includes(String(one.kind())));
  if (!body || !title || !/^(string|template_string|binary_expression)$/.test(String(title.kind()))) return null;
  const group = GROUP.test(root) || rest.some((word) => GROUP.test(word));
  return { call, words, title: title.text(), body, group };
}

/** `test.describe.only` → test describe only; a call in between (`each(…)`) is looked through. */
export function wordsOf(callee: Node | null): string[] {
  if (!callee) return [];
  if (callee.is('identifier') || callee.is('property_identifier')) return [callee.text()];
  if (callee.is('call_expression')) return wordsOf(callee.field('function'));
  if (!callee.is('member_expression')) return [];
  const before = wordsOf(callee.field('object'));
  return before.length === 0 ? [] : [...before, callee.field('property')?.text() ?? ''];
}

/** Is `node` the test's own code, rather than that of a function inside? */
export function isOwn(node: Node, { body }: ScriptTest): boolean {
  return enclosing(node, FUNCTIONS)?.id() === body.id();
}

/** Does a comment stand on the lines of `node`'s head, right above, or at the head of its body? */
export function isCommented(node: Node, text: string): boolean {
  const lines = text.split('\n');
  const { start } = node.range();
  const near = [lines[start.line - 1] ?? '', lines[start.line] ?? '', lines[start.line + 1] ?? ''];
  return near.some((line) => /\/\/|\/\*|^\s*\*/.test(line.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, '')));
}
