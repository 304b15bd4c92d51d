/** Assertions that assert nothing because they never run. Rule: the mend is the one thing that was forgotten, and nothing else. */
import { bindingsOf } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { FUNCTIONS, inTests as inScripts } from './javascript-tests.ts';
import { inTests as inPython } from './python-tests.ts';

const MOCK =
  /^(assert_called|assert_called_once|assert_not_called|assert_awaited|assert_awaited_once|assert_not_awaited)$/;

const notCalled = inPython({
  id: 'python/assertion-not-called',
  severity: 'medium',
  title: 'Call the assertion of the mock',
  rationale:
    'The name of a method of a mock without parentheses is a value that nobody looks at: the line asserts nothing, and the test passes whatever was called. The call is what was meant; if it fails now, it has found something. Assertions that take arguments are left alone.',
  fixable: true,
  aliases: ['PGH005'],
  trigger: /\.assert_\w+[ \t]*$/m,
  example: {
    path: 'tests/test_a.py',
    before: 'def test_sends(mailer):\n    send(mailer)\n    mailer.send.assert_called_once\n',
    after: 'def test_sends(mailer):\n    send(mailer)\n    mailer.send.assert_called_once()\n',
  },
  lookAlikes: [
    { path: 'tests/test_b.py', text: 'def test_sends(mailer):\n    mailer.send.assert_called_once()\n' },
    {
      path: 'tests/test_c.py',
      text: 'def test_sends(mailer):\n    check = mailer.send.assert_called_once\n    check()\n',
    },
    { path: 'tests/test_d.py', text: 'def test_sends(mailer):\n    mailer.send.assert_called_with\n' },
    { path: 'app/mailer.py', text: 'def send(mailer):\n    mailer.send.assert_called_once\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const idle = nodesOf(root, 'expression_statement').flatMap((statement) => statement.child(0) ?? []);
    return idle
      .filter((node) => node.is('attribute') && MOCK.test(node.field('attribute')?.text() ?? ''))
      .map((node): Match => {
        const { start, end } = span(node);
        return {
          start,
          end,
          message: 'The assertion is named and never called.',
          edits: [{ start: end, end, text: '()' }],
        };
      });
  },
});

const unawaited = inScripts({
  id: 'javascript/unawaited-assertion',
  severity: 'medium',
  title: 'Wait for the assertion about a promise',
  rationale:
    'An assertion on `resolves` or `rejects` is a promise itself: where nobody waits for it, the test has passed before it has looked, and a failure turns up in another test or nowhere. `await` is put before it where the function around it is async; elsewhere it is reported, for the function would have to become one.',
  fixable: true,
  aliases: ['jest/valid-expect', 'vitest/valid-expect', '@typescript-eslint/no-floating-promises'],
  trigger: /\.(?:resolves|rejects|doesNotReject)\b/,
  example: {
    path: 'test/a.test.js',
    before: "it('loads', async () => {\n  expect(load()).resolves.toBe(1);\n});\n",
    after: "it('loads', async () => {\n  await expect(load()).resolves.toBe(1);\n});\n",
  },
  lookAlikes: [
    { path: 'test/b.test.js', text: "it('loads', async () => {\n  await expect(load()).resolves.toBe(1);\n});\n" },
    { path: 'test/c.test.js', text: "it('loads', () => {\n  return expect(load()).resolves.toBe(1);\n});\n" },
    {
      path: 'test/h.test.js',
      text: "import assert from 'node:assert';\n\nit('fails', async () => {\n  await assert.rejects(load());\n});\nit('fails too', () => assert.rejects(load()));\n",
    },
    { path: 'test/d.test.js', text: "it('loads', () => expect(load()).rejects.toThrow());\n" },
    { path: 'test/e.test.js', text: "it('stubs', () => {\n  stub.resolves(1);\n});\n" },
    {
      path: 'test/f.test.js',
      text: "it('loads', async () => {\n  await Promise.all([expect(load()).resolves.toBe(1)]);\n});\n",
    },
    { path: 'test/g.test.js', text: "it('loads', (done) => {\n  expect(load()).resolves.toBe(1).then(done);\n});\n" },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const bindings = bindingsOf(root);
    const isRejection = (node: Node) =>
      node.is('call_expression') &&
      /^(\w+)(\.strict)?\.(rejects|doesNotReject)$/.test(node.field('function')?.text() ?? '') &&
      /^assert(\/strict)?$/.test(bindings.get(/^\w+/.exec(node.text())?.[0] ?? '')?.module ?? '');
    const idle = nodesOf(root, 'expression_statement').flatMap((statement) => statement.child(0) ?? []);
    return idle
      .filter((node) => isPromised(node) || isRejection(node))
      .map((node): Match => {
        const { start, end } = span(node);
        const around = enclosing(node, FUNCTIONS);
        const edits = around && /^async\b/.test(around.text()) ? [{ start, end: start, text: 'await ' }] : [];
        return { start, end, message: 'Nobody waits for the assertion.', ...(edits.length > 0 ? { edits } : {}) };
      });
  },
});

/** `expect(…).resolves.toBe(…)`, with nothing behind it. */
function isPromised(node: Node): boolean {
  const matcher = node.is('call_expression') ? node.field('function') : null;
  let before = matcher?.is('member_expression') ? matcher.field('object') : null;
  if (before?.is('member_expression') && before.field('property')?.text() === 'not') before = before.field('object');
  const subject = before?.is('member_expression') ? before.field('object') : null;
  return (
    /^(resolves|rejects)$/.test(before?.field('property')?.text() ?? '') &&
    subject?.is('call_expression') === true &&
    subject.field('function')?.text() === 'expect'
  );
}

export const idleRules: readonly RuleImpl[] = [notCalled, unawaited];
