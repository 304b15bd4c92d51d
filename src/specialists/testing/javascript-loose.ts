/**
 * JavaScript assertions that say less than they know, or nothing. Rule: the new assertion passes where the old one passes;
 * running the test, which the verification does, shows the few values for which they would differ.
 */
import { argumentsOf, bindingsOf } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span, within } from '../structural.ts';
import { hasLinter } from '../style/javascript-rule.ts';
import { ofAssert, ofExpectation, readExpectation } from './javascript-assertion-edits.ts';
import { FEW, inTests, readTests } from './javascript-tests.ts';
import { HABIT } from './python-loose.ts';

/** Jasmine has other words. */
const OTHER_RUNNER = /\bjasmine\b|\bchai\b|\.should\b|expect\.js|unexpected/;

const looseAssertion = inTests({
  id: 'javascript/loose-assertion',
  severity: 'low',
  taste: true,
  title: 'Assert the comparison itself',
  rationale:
    'An assertion that a comparison is true fails with "expected true, received false" and keeps both values to itself; the matcher made for it (toBe, toContain, toHaveLength, toBeInstanceOf, strictEqual) asserts the same and shows them. `toBe` with a new object or array never passes, since no other object is the same: `toEqual` compares what is in it. Repositories with a linter of their own, comparisons of unequal kinds, chained ones, and files whose habit it is are left alone.',
  fixable: true,
  aliases: [
    'jest/prefer-comparison-matcher',
    'jest/prefer-equality-matcher',
    'jest/prefer-to-contain',
    'jest/prefer-to-have-length',
  ],
  trigger: /\bexpect\s*\(|\bassert(?:\.ok)?\s*\(/,
  example: {
    path: 'test/a.test.js',
    before: "import { expect, it } from 'vitest';\n\nit('adds', () => {\n  expect(total() === 3).toBe(true);\n});\n",
    after: "import { expect, it } from 'vitest';\n\nit('adds', () => {\n  expect(total()).toBe(3);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "it('adds', () => {\n  expect(cart().open).toBe(true);\n  expect(total()).toBe(3);\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "it('adds', () => {\n  expect(total() == 3).toBe(true);\n  expect(a === b && c).toBe(true);\n});\n",
    },
    { path: 'src/d.js', text: 'export const f = () => expect(total() === 3).toBe(true);\n' },
    {
      path: 'test/e.test.ts',
      text: "import assert from 'node:assert';\n\nit('adds', () => {\n  assert(typeof total() === 'number');\n});\n",
    },
    {
      path: 'test/f.test.js',
      text: "it('adds', () => {\n  expect(sizes()).toEqual({ a: 1 });\n  expect(one).toBe(other);\n});\n",
    },
  ],
  async find(file, context) {
    if (hasLinter(context)) return [];
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const node = [...bindings].find(([, { module, name }]) => /^assert(\/strict)?$/.test(module) && name === '*')?.[0];
    const found = nodesOf(root, 'call_expression').flatMap((call): Match[] => {
      if (call.text().includes('//') || call.text().includes('/*')) return [];
      const expectation = OTHER_RUNNER.test(file.text) ? null : readExpectation(call);
      const edits = expectation
        ? ofExpectation(expectation)
        : node && file.language === 'javascript'
          ? ofAssert(call, node)
          : null;
      return edits ? [{ ...span(call), message: 'When this fails, it does not show what was compared.', edits }] : [];
    });
    return found.length > HABIT ? [] : found;
  },
});

const BARE =
  /^(toBeTruthy|toBeFalsy|toBeNull|toBeUndefined|toBeDefined|toBeNaN|toThrow|toThrowError|toHaveBeenCalled|toHaveBeenCalledOnce|toHaveReturned|toMatchSnapshot)$/;

/** Elsewhere the file says it behind the value; libraries whose expect takes it as a second argument do not. */
const CHAINED =
  /\)\s*\.(to|not|resolves|rejects|toBe\w*|toEqual|toStrictEqual|toMatch\w*|toHave\w*|toContain\w*|toThrow\w*)\b/;

const withoutMatcher = inTests({
  id: 'javascript/assertion-not-called',
  severity: 'medium',
  title: 'Say what is expected',
  rationale:
    '`expect(x)` alone, and a matcher that is named and not called, look at nothing: the line passes whatever the value is. A matcher that takes no argument is called; if it fails now, it has found something. What was to be expected of a value without any matcher is for the author, so that is reported only. Assertions of chai, which are properties, are left alone.',
  fixable: true,
  aliases: ['jest/valid-expect', 'vitest/valid-expect'],
  trigger: /\bexpect\s*\(/,
  example: {
    path: 'test/a.test.js',
    before: "it('opens', () => {\n  expect(door().open).toBeTruthy;\n});\n",
    after: "it('opens', () => {\n  expect(door().open).toBeTruthy();\n});\n",
  },
  lookAlikes: [
    { path: 'test/b.test.js', text: "it('opens', () => {\n  expect(door().open).toBeTruthy();\n});\n" },
    { path: 'test/c.test.js', text: "it('opens', () => {\n  expect(door().open).to.be.true;\n});\n" },
    {
      path: 'test/d.test.js',
      text: "it('opens', async () => {\n  await expect(page);\n  const said = expect(door());\n  said.toBeNull();\n});\n",
    },
    { path: 'test/e.test.js', text: "it('opens', () => {\n  expect(door(), 'to be', 'open');\n});\n" },
  ],
  async find(file, context) {
    const idle = nodesOf(await context.tree(), 'expression_statement').flatMap((statement) => statement.child(0) ?? []);
    return idle.flatMap((node): Match[] => {
      const { start, end } = span(node);
      const bare = node.is('call_expression') && node.field('function')?.text() === 'expect';
      if (bare && !(CHAINED.test(file.text) && argumentsOf(node).length === 1)) return [];
      if (bare) return [{ start, end, message: 'Nothing is said about the value.' }];
      const matcher = node.is('member_expression') ? node.field('property') : null;
      const before = /^expect\s*\(/.test(node.text());
      if (!before || !matcher || !BARE.test(matcher.text())) return [];
      return [
        { start, end, message: 'The matcher is named and never called.', edits: [{ start: end, end, text: '()' }] },
      ];
    });
  },
});

const sameTitle = inTests({
  id: 'javascript/same-test-title',
  severity: 'low',
  title: 'Give each test a title of its own',
  rationale:
    'Of two tests with one title in the same group a report cannot say which one failed, and whoever runs one by its title runs both; usually the second is a copy whose title was forgotten. What it should be called is for the author, so it is reported only. The same title in different groups, and titles that are put together, are left alone.',
  fixable: false,
  aliases: [
    'jest/no-identical-title',
    'vitest/no-identical-title',
    'mocha/no-identical-title',
    'lint/suspicious/noDuplicateTestHooks',
  ],
  trigger: /\b(?:it|test|specify)\b/,
  example: {
    path: 'test/a.test.js',
    before:
      "it('adds', () => {\n  expect(add(1)).toBe(1);\n});\n\nit('adds', () => {\n  expect(add(2)).toBe(2);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "describe('a', () => {\n  it('adds', () => {\n    expect(add(1)).toBe(1);\n  });\n});\n\ndescribe('b', () => {\n  it('adds', () => {\n    expect(add(2)).toBe(2);\n  });\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "for (const n of [1, 2]) {\n  it('adds', () => {\n    expect(add(n)).toBe(n);\n  });\n}\n",
    },
    {
      path: 'test/d.test.js',
      text: "it.skip('adds', () => {\n  expect(add(1)).toBe(1);\n});\n\nit('adds', () => {\n  expect(add(2)).toBe(2);\n});\n",
    },
  ],
  async find(_file, context) {
    const seen = new Set<string>();
    const found = (await readTests(context)).filter(({ call, words, title, group }) => {
      const block = call.parent()?.is('expression_statement') ? call.parent()?.parent() : null;
      if (group || !block || words.length > 1 || /^`.*\$\{/.test(title)) return false;
      const key = `${block.id()} ${title}`;
      const known = seen.has(key);
      seen.add(key);
      return known;
    });
    return found.slice(0, FEW).map(
      ({ call }): Match => ({
        ...span(argumentsOf(call)[0] ?? call),
        message: 'Another test of the group has this title.',
      }),
    );
  },
});

const constantAssertion = inTests({
  id: 'javascript/constant-assertion',
  severity: 'low',
  title: 'Assert something that can fail',
  rationale:
    'An assertion of a constant holds whatever the code does: the test looks as if it checked something. Reported where it is the only assertion of its test and stands in the test itself; what was to be asserted is for the author. Constants that are meant to fail, and those in callbacks and handlers, which show that they were reached, are left alone.',
  fixable: false,
  aliases: ['sonarjs/no-trivial-assertions'],
  trigger: /\bexpect\(\s*(?:true|1|'|")|\bassert(?:\.ok)?\(\s*true/,
  example: { path: 'test/a.test.js', before: "it('adds', () => {\n  add(1);\n  expect(true).toBe(true);\n});\n" },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "it('adds', () => {\n  expect(add(1)).toBe(1);\n  expect(true).toBe(true);\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "it('adds', () => {\n  try {\n    add();\n  } catch {\n    expect(true).toBe(true);\n  }\n});\n",
    },
    { path: 'test/d.test.js', text: "it('adds', () => {\n  add(1);\n  expect(true).toBe(false);\n});\n" },
  ],
  async find(_file, context) {
    const found = (await readTests(context)).flatMap(({ body, group }): Node[] => {
      if (group) return [];
      const calls = nodesOf(body, 'call_expression');
      const asserts = calls.filter((call) => /^(expect|assert\b)/.test(call.field('function')?.text() ?? ''));
      const outer = asserts.filter((call) => !asserts.some((one) => one.id() !== call.id() && within(call, one)));
      const [only, ...others] = outer;
      if (!only || others.length > 0 || !only.parent()?.is('expression_statement')) return [];
      const own = only.parent()?.parent()?.id() === body.field('body')?.id();
      return own && enclosing(only, ['try_statement']) === null && isConstant(only) ? [only] : [];
    });
    return found.slice(0, FEW).map((node): Match => ({ ...span(node), message: 'This holds whatever the code does.' }));
  },
});

function isConstant(call: Node): boolean {
  const expectation = readExpectation(call);
  if (!expectation) return /^assert(\.ok)?\(\s*true\s*\)$/.test(call.text());
  const { subject, matcher, args, not } = expectation;
  if (not || !/^(true|number|string)$/.test(String(subject.kind()))) return false;
  return matcher.text() === 'toBeTruthy' || (args.length === 1 && args[0]?.text() === subject.text());
}

export const looseRules: readonly RuleImpl[] = [looseAssertion, withoutMatcher, sameTitle, constantAssertion];
