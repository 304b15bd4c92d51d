// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are text.
/**
 * JavaScript tests whose outcome depends on the moment or on chance. Rule: reported only, and only where the syntax shows
 * that nothing holds the clock or the dice still; what a test is about by its title is its business.
 */
import { argumentsOf } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { FEW, inTests, isOwn, readTests, type ScriptTest, wordsOf } from './javascript-tests.ts';

/** Milliseconds that are worth a word. */
const LONG = 500;
const ABOUT_TIME =
  /time|sleep|delay|wait|expir|ttl|stale|slow|throttl|rate|retry|interval|schedul|poll|debounce|age\b|lock|race|concurren|clock|period|cache|ms\b|second|perf/i;
/** Something holds the clock still. */
const HELD =
  /useFakeTimers|setSystemTime|fakeTimers|FakeTimers|sinon|mock\.timers|MockDate|timekeeper|mockdate|spyOn\(\s*Date|Date\.now\s*=|vi\.setSystem|freeze|Date\s*=|mock/;

const sleepInTest = inTests({
  id: 'javascript/sleep-in-test',
  severity: 'low',
  title: 'Wait for the thing itself, not for a while',
  rationale:
    'A test that waits for a fixed time is slow on every run and still fails on a machine that is slower than its author thought: the time that it takes is a guess. Waiting for the event itself with a generous deadline, or fake timers, is both faster and certain. Reported for constant waits of half a second and more in the body of a test that is not about time by its title; loops that poll, and functions that stand in for slow work, are left alone.',
  fixable: false,
  aliases: ['cypress/no-unnecessary-waiting', 'playwright/no-wait-for-timeout'],
  trigger: /\b(?:setTimeout|sleep|delay|wait|waitForTimeout|pause)\s*\(/,
  example: {
    path: 'test/a.test.js',
    before:
      "it('starts', async () => {\n  const server = start();\n  await new Promise((resolve) => setTimeout(resolve, 2000));\n  expect(server.ready).toBe(true);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "it('starts', async () => {\n  while (!server.ready) await new Promise((resolve) => setTimeout(resolve, 1000));\n  expect(server.ready).toBe(true);\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "it('times out', async () => {\n  await sleep(2000);\n  expect(server.ready).toBe(false);\n});\n",
    },
    {
      path: 'test/d.test.js',
      text: "it('runs', async () => {\n  await run(async () => {\n    await sleep(2000);\n  });\n  expect(1).toBe(1);\n});\n",
    },
    { path: 'test/e.test.js', text: "it('runs', async () => {\n  await sleep(0);\n  expect(run()).toBe(1);\n});\n" },
    {
      path: 'test/f.test.js',
      text: "it('runs', async () => {\n  setTimeout(() => server.close(), 5000);\n  expect(run()).toBe(1);\n});\n",
    },
  ],
  async find(file, context) {
    if (/useFakeTimers|mock\.timers/.test(file.text)) return [];
    const found = singles(await readTests(context))
      .filter(({ title }) => !ABOUT_TIME.test(title))
      .flatMap((test) =>
        nodesOf(test.body, 'await_expression').filter(
          (node) => isOwn(node, test) && waits(node) && !inLoop(node, test),
        ),
      );
    return found.slice(0, FEW).map((node): Match => ({ ...span(node), message: 'The test waits for a fixed time.' }));
  },
});

function singles(tests: readonly ScriptTest[]): ScriptTest[] {
  return tests.filter(({ group }) => !group);
}

function waits(node: Node): boolean {
  const value = node.child(1);
  const long = (one: Node | undefined) => Number(one?.text().replaceAll('_', '')) >= LONG;
  if (value?.is('new_expression')) {
    const body = argumentsOf(value)[0]?.field('body');
    const call = body?.is('statement_block') ? body.child(1)?.child(0) : body;
    const only = !body?.is('statement_block') || body.namedChildren().length === 1;
    return (
      value.field('constructor')?.text() === 'Promise' &&
      only &&
      call?.is('call_expression') === true &&
      call.field('function')?.text() === 'setTimeout' &&
      long(argumentsOf(call)[1])
    );
  }
  if (!value?.is('call_expression')) return false;
  const words = wordsOf(value.field('function'));
  return (
    /^(sleep|delay|wait|waitForTimeout|pause|setTimeout|timeout)$/.test(words.at(-1) ?? '') &&
    long(argumentsOf(value)[0])
  );
}

function inLoop(node: Node, { body }: ScriptTest): boolean {
  const loop = enclosing(node, ['while_statement', 'do_statement', 'for_statement', 'for_in_statement']);
  return loop !== null && span(loop).start > span(body).start;
}

const clockInTest = inTests({
  id: 'javascript/clock-in-test',
  severity: 'low',
  title: 'Do not compare with the time of the test',
  rationale:
    'What is compared for equality with the present moment differs whenever the clock moves on between the two: at the next millisecond, or at midnight. A test that fixes the clock (fake timers), or gives the moment to the code, says the same on every day. Reported where an equality is asserted with `Date.now()` or `new Date()` itself and nothing in the file holds the clock still.',
  fixable: false,
  trigger: /\bDate\b/,
  example: {
    path: 'test/a.test.js',
    before: "it('stamps', () => {\n  expect(stamp()).toBe(Date.now());\n});\n",
  },
  lookAlikes: [
    { path: 'test/b.test.js', text: "it('stamps', () => {\n  expect(stamp()).toBeLessThan(Date.now());\n});\n" },
    {
      path: 'test/c.test.js',
      text: "vi.useFakeTimers();\nit('stamps', () => {\n  expect(stamp()).toBe(Date.now());\n});\n",
    },
    { path: 'test/d.test.js', text: "it('stamps', () => {\n  expect(stamp()).toEqual(new Date('2024-01-01'));\n});\n" },
    {
      path: 'test/e.test.js',
      text: "it('stamps', () => {\n  const now = Date.now();\n  expect(stamp(now)).toBe(now);\n});\n",
    },
  ],
  async find(file, context) {
    if (HELD.test(file.text)) return [];
    const found = singles(await readTests(context)).flatMap(({ body }) =>
      nodesOf(body, 'call_expression').filter(
        (call) => EQUAL.test(wordsOf(call.field('function')).at(-1) ?? '') && compares(call),
      ),
    );
    return found
      .slice(0, FEW)
      .map((call): Match => ({ ...span(call), message: 'Equality with the present moment holds only by luck.' }));
  },
});

const EQUAL = /^(toBe|toEqual|toStrictEqual|equal|equals|strictEqual|deepEqual|deepStrictEqual|is|eql)$/;

/** One side asks the clock, and the other does not. */
function compares(call: Node): boolean {
  const subject = call.field('function')?.field('object');
  const expected = subject?.is('call_expression') ? argumentsOf(subject) : [];
  const sides = [...argumentsOf(call), ...expected].slice(0, 2);
  return sides.filter((one) => NOW.test(one.text())).length === 1 && sides.length === 2;
}

const NOW = /^(\+?new Date(\(\))?|Date\.now\(\)|new Date\(\)\.get\w+\(\))$/;

const randomInTest = inTests({
  id: 'javascript/unseeded-random-in-test',
  severity: 'low',
  title: 'Seed the random numbers of tests',
  rationale:
    'A test that draws its input anew on every run fails on some day with an input that nobody can draw again. A seeded generator keeps the variety and makes the failure repeatable; a property-based library prints the input that fails. Reported where a test draws with Math.random; names, ports and the like that only have to differ, and tests that replace Math.random, are left alone.',
  fixable: false,
  trigger: /\bMath\.random\b/,
  example: {
    path: 'test/a.test.js',
    before: "it('doubles', () => {\n  const value = Math.random();\n  expect(double(value)).toBe(value * 2);\n});\n",
  },
  lookAlikes: [
    {
      path: 'test/b.test.js',
      text: "it('doubles', () => {\n  Math.random = () => 0.5;\n  expect(double(Math.random())).toBe(1);\n});\n",
    },
    {
      path: 'test/c.test.js',
      text: "it('makes users', () => {\n  const user = `user${Math.random()}`;\n  expect(make(user).name).toBe(user);\n});\n",
    },
    {
      path: 'test/d.test.js',
      text: "it('listens', () => {\n  const port = 20000 + Math.floor(Math.random() * 1000);\n  expect(serve(port)).toBe(true);\n});\n",
    },
    {
      path: 'test/e.test.js',
      text: "it('makes ids', () => {\n  const text = Math.random().toString(36).slice(2);\n  expect(make(text)).toBe(text);\n});\n",
    },
  ],
  async find(file, context) {
    if (/Math\.random\s*=(?!=)|spyOn\(\s*Math|stub\(\s*Math|seed|mock\.method\(\s*Math/i.test(file.text)) return [];
    const found = singles(await readTests(context)).flatMap((test) =>
      nodesOf(test.body, 'call_expression').filter(
        (call) => call.field('function')?.text() === 'Math.random' && isOwn(call, test) && !isName(call),
      ),
    );
    return found
      .slice(0, FEW)
      .map((call): Match => ({ ...span(call), message: 'The test draws another input on every run, without a seed.' }));
  },
});

/** Only has to differ from others: part of a text, or named for what it is. */
function isName(node: Node): boolean {
  const statement = enclosing(node, ['variable_declarator', 'expression_statement', 'pair']);
  // `!!Math.random()` is a truth that the compiler does not know.
  if (node.parent()?.is('unary_expression') === true) return true;
  if (enclosing(node, ['template_string']) !== null || /\.toString\(|['"]/.test(statement?.text() ?? '')) return true;
  const name = statement?.field('name')?.text() ?? statement?.field('key')?.text() ?? '';
  return /name|port|id|key|token|path|user|email|suffix|prefix|slug|tag|salt|nonce|password|url|seed/i.test(name);
}

export const chanceRules: readonly RuleImpl[] = [sleepInTest, clockInTest, randomInTest];
