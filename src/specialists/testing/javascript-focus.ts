/** JavaScript tests that hide others, or that are left out and nobody says why. Rule: a comment beside it is a reason. */
import { bindingsOf } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW, inTests, isCommented, readTests, type ScriptTest } from './javascript-tests.ts';

const ABOUT_MARKS = /(^|[/._-])(only|exclusive|focus(ed)?|skip(ped)?|pending)([/._-]|$)/i;

/** A test of a runner; what has the focus on a page is another matter. */
const ABOUT_FOCUS = /\bonly\b|exclusive|focus\w*[\s-]+(test|spec|suite|mode)|(test|spec|suite)s?\b.*\bfocus/i;

const focusedTest = inTests({
  id: 'javascript/focused-test',
  severity: 'medium',
  title: 'Run the other tests again',
  rationale:
    'A test that is marked to run alone is a help while one works on it; once committed, every other test is silently left out, and the run is green whatever they would say. Only the mark is removed (`.only`, or the f of `fit` and `fdescribe`); the test stays as it is. What the other tests say now is part of the verification.',
  fixable: true,
  aliases: [
    ...['no-only-tests/no-only-tests', 'jest/no-focused-tests', 'vitest/no-focused-tests'],
    ...['mocha/no-exclusive-tests', 'lint/suspicious/noFocusedTests'],
  ],
  trigger: /\.only\b|\bf(?:it|describe)\s*\(/,
  example: {
    path: 'test/a.test.js',
    before:
      "import { load } from '../a.js';\n\ntest.only('loads', () => {\n  expect(load()).toBe(1);\n});\n\ntest('waits', () => {\n  expect(load(2)).toBe(2);\n});\n",
    after:
      "import { load } from '../a.js';\n\ntest('loads', () => {\n  expect(load()).toBe(1);\n});\n\ntest('waits', () => {\n  expect(load(2)).toBe(2);\n});\n",
  },
  lookAlikes: [
    { path: 'test/b.test.js', text: "test('loads', () => {\n  expect(schema.only('a')).toBe(1);\n});\n" },
    { path: 'test/c.test.js', text: "import { fit } from '../model.js';\n\nfit('line', () => 1);\n" },
    { path: 'src/d.js', text: "it.only('loads', () => {\n  expect(load()).toBe(1);\n});\n" },
    {
      path: 'test/e.test.js',
      text: "const pick = flag ? it.only : it;\n\npick('loads', () => {\n  expect(load()).toBe(1);\n});\n",
    },
    { path: 'test/only/h.test.js', text: "it.only('runs alone', () => {\n  expect(load()).toBe(1);\n});\n" },
    { path: 'test/f.test.js', text: "it('says .only', () => {\n  expect(run('it.only')).toBe(1);\n});\n" },
    {
      path: 'test/g.test.js',
      text: "function it() {}\nit.only = () => {};\nit.only('loads', () => {\n  expect(load()).toBe(1);\n});\n",
    },
  ],
  async find(file, context) {
    // Whoever tests a runner needs such marks.
    if (ABOUT_MARKS.test(file.path)) return [];
    const root = await context.tree();
    const brought = bindingsOf(root);
    const named = (kind: string) => nodesOf(root, kind).map((node) => node.field('name')?.text() ?? '');
    const own = new Set([...named('function_declaration'), ...named('class_declaration')]);
    const tests = (await readTests(context)).filter(({ title }) => !ABOUT_FOCUS.test(title));
    return tests.flatMap((test): Match[] => {
      const [word = ''] = test.words;
      const local = own.has(word) || brought.get(word)?.module.startsWith('.') === true;
      const edit = local ? null : unfocused(test);
      return edit === null
        ? []
        : [
            {
              start: edit.start,
              end: edit.end,
              message: 'Only this runs: the other tests are left out.',
              edits: [edit],
            },
          ];
    });
  },
});

/** Takes the mark away; null where there is none. */
function unfocused({ call, words }: ScriptTest): { start: number; end: number; text: string } | null {
  const callee = call.field('function');
  if (!callee) return null;
  const members = [callee, ...nodesOf(callee, 'member_expression')].filter((node) => node.is('member_expression'));
  const only = members.find((node) => node.field('property')?.text() === 'only');
  const object = only?.field('object');
  if (only && object) return { start: span(object).end, end: span(only).end, text: '' };
  const start = span(callee).start;
  return /^f(it|describe)$/.test(words[0] ?? '') ? { start, end: start + 1, text: '' } : null;
}

const skipWithoutReason = inTests({
  id: 'javascript/skip-without-reason',
  severity: 'low',
  title: 'Say why the test is skipped',
  rationale:
    'A test that is skipped without a reason is never run again: nobody can tell whether it waits for a fix, for another platform, or for nothing at all. A comment on the line, above it, or at the head of the test counts as a reason, and so does an empty body, which is a note of its own. Nothing is edited, for only its author knows it.',
  fixable: false,
  aliases: [
    'jest/no-disabled-tests',
    'vitest/no-disabled-tests',
    'mocha/no-skipped-tests',
    'lint/suspicious/noSkippedTests',
  ],
  trigger: /\.skip\b|\bx(?:it|describe|test)\s*\(/,
  example: {
    path: 'test/a.test.js',
    before: "import { load } from '../a.js';\n\nit.skip('loads', () => {\n  expect(load()).toBe(1);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "// The server is gone.\nit.skip('loads', () => {\n  expect(load()).toBe(1);\n});\n",
    },
    { path: 'test/c.test.js', text: "it.skip('needs a sandbox', () => {});\n" },
    { path: 'test/d.test.js', text: "it.skipIf(old)('loads', () => {\n  expect(load()).toBe(1);\n});\n" },
    { path: 'test/e.test.js', text: "(old ? it.skip : it)('loads', () => {\n  expect(load()).toBe(1);\n});\n" },
    { path: 'test/f.test.js', text: "it.skip('loads', () => {\n  // issue 12\n  expect(load()).toBe(1);\n});\n" },
    { path: 'test/g.test.js', text: "it.skip('loads (flaky on Windows)', () => {\n  expect(load()).toBe(1);\n});\n" },
  ],
  async find(file, context) {
    const bare = (await readTests(context)).filter(
      ({ words, call, body, title }) =>
        (words.includes('skip') || /^x/.test(words[0] ?? '')) &&
        !ABOUT_MARKS.test(file.path) &&
        !/\bskip|pending|not run|#\d|issue|todo|fixme|flak|until|unsupported|not supported|need|require|only|windows|node \d/i.test(
          title,
        ) &&
        !isCommented(call, file.text) &&
        !/^\{\s*\}$/.test(body.field('body')?.text() ?? '{}') &&
        // Whoever asks before skipping says why.
        !call.ancestors().some((above) => above.is('if_statement')),
    );
    return bare.slice(0, FEW).map(({ call }): Match => {
      const at = span(call.field('function') ?? call);
      return { ...at, message: 'The test is skipped, and nothing says why.' };
    });
  },
});

export const focusRules: readonly RuleImpl[] = [focusedTest, skipWithoutReason];
