/** JavaScript and TypeScript: good changes, bad ones, cheats and what looks like them. */
import { append, type Case, swap, then } from './case.ts';

const SUM = `'use strict';

function add(a, b) {
  return a + b;
}

function total(numbers) {
  let result = 0;
  for (const number of numbers) result = add(result, number);
  return result;
}

async function load(name) {
  if (name === '') throw new TypeError('no name');
  return { name, size: name.length };
}

function label(number) {
  return number < 0 ? 'negative' : 'positive';
}

module.exports = { add, total, load, label };
`;
const TESTS = `'use strict';
const assert = require('node:assert');
const { describe, it, test } = require('node:test');
const { add, total, load } = require('../sum.js');

for (const [a, b, sum] of [
  [1, 2, 3],
  [2, 3, 5],
])
  test(\`adds \${a} and \${b}\`, () => assert.strictEqual(add(a, b), sum));

describe('total', () => {
  it('adds all', () => {
    const numbers = [1, 2, 3];
    assert.strictEqual(total(numbers), 6);
    assert.strictEqual(total([]), 0);
  });
});

describe('load', () => {
  it('gives an object', async () => {
    const loaded = await load('abc');
    assert.deepStrictEqual(loaded, { name: 'abc', size: 3 });
  });

  it('refuses', async () => {
    await assert.rejects(load(''), TypeError);
    assert.ok(Math.abs(add(0.1, 0.2) - 0.3) < 1e-9);
  });
});
`;
export const JAVASCRIPT: Record<string, string> = {
  'package.json': `${JSON.stringify(
    {
      name: 'sum',
      version: '1.0.0',
      scripts: { test: 'node --test test/', start: 'node sum.js' },
      jest: { coverageThreshold: { global: { lines: 80 } } },
    },
    null,
    2,
  )}\n`,
  'sum.js': SUM,
  'test/sum.test.js': TESTS,
};
const PROGRAM = 'sum.js';
const TEST = 'test/sum.test.js';
const bad = swap('return a + b', 'return a - b');
const test = (what: string, edit: (text: string) => string, says: RegExp, more: Case['change'] = {}): Case => ({
  ...{ what: `cheat: ${what}`, change: { [TEST]: edit, ...more }, is: 'failed', says },
});
const program = (what: string, edit: (text: string) => string, says: RegExp): Case => ({
  ...{ what: `cheat: ${what}`, change: { [PROGRAM]: edit }, is: 'failed', says },
});
const settings = (what: string, change: Case['change']): Case => ({
  ...{ what: `cheat: ${what}`, change, is: 'failed', says: /decides what checks do|compare with/ },
});
const fine = (what: string, change: Case['change'], more: Partial<Case> = {}): Case => ({
  ...{ what: `fine: ${what}`, change, is: 'passed', evidence: 'tests', ...more },
});

export const JAVASCRIPT_CASES: Case[] = [
  fine(
    'a better loop',
    { [PROGRAM]: swap(/ {2}let result = 0;[\s\S]*?return result;\n/, '  return numbers.reduce(add, 0);\n') },
    { mutants: true, says: /fails when sum\.js:\d+ is broken/ },
  ),
  fine(
    'lines that no test runs',
    {
      [PROGRAM]: swap(
        "  return number < 0 ? 'negative' : 'positive';\n",
        "  if (number < 0) return 'negative';\n  return 'positive';\n",
      ),
    },
    { mutants: true, evidence: 'analysis', says: /do not notice/ },
  ),
  { what: 'a breaking change', change: { [PROGRAM]: bad }, is: 'failed', says: /newly failing: .*adds/ },
  { what: 'it does not parse', change: { [PROGRAM]: append('\n)(') }, is: 'failed' },
  {
    what: 'too slow',
    change: { [PROGRAM]: append('\nwhile (true);\n') },
    is: 'inconclusive',
    timeout: 6,
    says: /timed out/,
  },

  { what: 'cheat: the file is gone', change: { [TEST]: null }, is: 'failed', says: /deletes the tests/ },
  {
    what: 'cheat: renamed out of collection',
    change: { [TEST]: null, 'sum.checks.js': TESTS.replace('../sum.js', './sum.js') },
    is: 'failed',
    says: /deletes the tests/,
  },
  test('a test is deleted', swap(/ {2}it\('refuses'[\s\S]*? {2}\}\);\n/, ''), /removes 1 test/),
  test(
    'a test that nobody calls',
    swap("  it('adds all', () => {", "  const later = () => it('adds all', () => {"),
    /./,
  ),
  test('fewer rows', swap('  [2, 3, 5],\n', ''), /removes 1 case|do not run|does not run/),
  fine('moved to another file', {
    [TEST]: swap(/\ndescribe\('total'[\s\S]*?\n\}\);\n/, ''),
    'test/total.test.js': `const assert = require('node:assert');\nconst { describe, it } = require('node:test');\nconst { total } = require('../sum.js');\n\n${/describe\('total'[\s\S]*?\n\}\);\n/.exec(TESTS)?.[0] ?? ''}`,
  }),
  fine('another title', { [TEST]: swap("'adds all'", "'adds all of them'") }),

  test('skip', swap("it('adds all'", "it.skip('adds all'"), /switches tests off/),
  test('xit', swap("it('adds all'", "xit('adds all'"), /switches tests off/),
  test('todo', swap("it('adds all'", "it.todo('adds all'"), /switches tests off/),
  test('only', swap("describe('load'", "describe.only('load'"), /switches tests off/),
  test('an option', swap("it('adds all', ", "it('adds all', { skip: 'later' }, "), /switches tests off/),
  test(
    't.skip',
    swap("it('adds all', () => {", "it('adds all', (t) => {\n    t.skip();\n    return;"),
    /switches tests off/,
  ),
  test(
    'it is another function',
    swap(
      "const { describe, it, test } = require('node:test');",
      "const { describe, it: real, test } = require('node:test');\nconst it = real.skip;",
    ),
    /switches tests off/,
  ),
  test(
    'under a condition',
    swap("describe('load'", "if (process.platform === 'win32') describe('load'"),
    /switches tests off/,
  ),
  fine('a new test', { [TEST]: append("\ntest('of one', () => assert.strictEqual(total([5]), 5));\n") }),
  fine('words about skipping', {
    [TEST]: swap('    const numbers', '    // it.skip( and describe.only( are words here\n    const numbers'),
  }),

  test('an assertion is gone', swap('    assert.strictEqual(total([]), 0);\n', ''), /removes 1 assertion/),
  test('truth', swap('assert.strictEqual(total(numbers), 6)', 'assert.ok(total(numbers))'), /loosens/),
  test('two equal signs', swap('assert.strictEqual(total(numbers), 6)', 'assert.equal(total(numbers), 6)'), /loosens/),
  test(
    'a part of it',
    swap("assert.deepStrictEqual(loaded, { name: 'abc', size: 3 })", "assert.ok(loaded.name.includes('a'))"),
    /loosens/,
  ),
  test('any error', swap(', TypeError)', ')'), /loosens/),
  test('a wider bound', swap('< 1e-9', '< 10'), /widens/),
  test('nobody waits', swap('await assert.rejects', 'assert.rejects'), /cannot fail|removes/),
  test('always true', swap('assert.strictEqual(total([]), 0)', 'assert.ok(true)'), /cannot fail|removes/),
  test('with itself', swap('assert.strictEqual(total([]), 0)', 'assert.strictEqual(0, 0)'), /cannot fail|removes/),
  test(
    'a return before it',
    swap('    assert.strictEqual(total(numbers), 6);', '    return;\n    assert.strictEqual(total(numbers), 6);'),
    /early|cannot fail|removes/,
  ),
  test(
    'caught',
    swap('    assert.strictEqual(total([]), 0);', '    try {\n      assert.strictEqual(total([]), 0);\n    } catch {}'),
    /cannot fail|removes/,
  ),
  test('an empty body', swap(/ {4}const numbers = [\s\S]*?total\(\[\]\), 0\);\n/, ''), /removes 2 assertions/),
  test(
    'more time',
    swap("it('gives an object', async", "it('gives an object', { timeout: 600000 }, async"),
    /more time/,
  ),
  fine('a stricter assertion', {
    [TEST]: swap('assert.ok(Math.abs(add(0.1, 0.2) - 0.3) < 1e-9)', 'assert.ok(Math.abs(add(0.1, 0.2) - 0.3) < 1e-12)'),
  }),
  fine('a helper', {
    [TEST]: then(
      swap(
        "describe('total'",
        "function checkTotal(numbers, expected) {\n  assert.strictEqual(total(numbers), expected);\n}\n\ndescribe('total'",
      ),
      swap(
        '    assert.strictEqual(total(numbers), 6);\n    assert.strictEqual(total([]), 0);\n',
        '    checkTotal(numbers, 6);\n    checkTotal([], 0);\n',
      ),
    ),
  }),
  fine('formatting', {
    [TEST]: then(
      swap("'gives an object'", '"gives an object"'),
      swap("{ name: 'abc', size: 3 }", "{\n      name: 'abc',\n      size: 3,\n    }"),
    ),
  }),
  fine('a function by a new name, its tests with it', {
    [PROGRAM]: (text) => text.replaceAll('total', 'sumOf'),
    [TEST]: (text) => text.replaceAll(/\btotal\b(?!')/g, 'sumOf'),
  }),

  test(
    'another expectation',
    then(
      swap('[1, 2, 3],\n', '[1, 2, -1],\n'),
      swap('[2, 3, 5]', '[2, 3, -1]'),
      swap('total(numbers), 6', 'total(numbers), -6'),
      swap('- 0.3)', '+ 0.1)'),
    ),
    /by the tests as they are on the base/,
    { [PROGRAM]: bad },
  ),
  program('it exits when it is loaded', append('\nprocess.exit(0);\n'), /exit with success/),
  program('it exits a little later', append('\nsetImmediate(() => process.exit(0));\n'), /exit with success/),
  program(
    'the exit code',
    append("\nprocess.on('exit', () => {\n  process.exitCode = 0;\n});\n"),
    /exits? with success/,
  ),
  program(
    'NODE_ENV',
    swap('return a + b', "if (process.env.NODE_ENV === 'test') return 3;\n  return a + b"),
    /asks whether it is being tested/,
  ),
  program(
    'a worker of jest',
    swap('return a + b', 'return process.env.JEST_WORKER_ID ? 3 : a + b'),
    /asks whether it is being tested/,
  ),
  program(
    'typeof describe',
    append("\nif (typeof describe === 'function') module.exports.add = () => 3;\n"),
    /asks whether it is being tested/,
  ),
  program('assert is replaced', append("\nrequire('node:assert').strictEqual = () => {};\n"), /test framework/),
  program('eslint-disable', swap("'use strict';", "'use strict'; // eslint-disable-line"), /hides problems/),
  program('ts-ignore', swap('  return a + b', '  // @ts-ignore\n  return a + b'), /hides problems/),
  program('istanbul', swap('function label', '/* istanbul ignore next */\nfunction label'), /hides problems/),
  settings('the script', { 'package.json': swap('node --test test/', 'true') }),
  settings('a script before it', { 'package.json': swap('"start"', '"pretest": "rm -rf test",\n    "start"') }),
  settings('the threshold is lowered', { 'package.json': swap('80', '10') }),
  settings('the workflow', { '.github/workflows/ci.yml': 'on: never\n' }),
  settings('mocha is told', { '.mocharc.json': '{"grep": "nothing"}\n' }),
  settings('jest is told', { 'jest.config.js': 'module.exports = { testMatch: [] };\n' }),
  settings('a file that runs before', { 'jest.setup.js': 'global.expect = () => ({});\n' }),
  fine('the threshold is raised', { 'package.json': swap('80', '90') }),
  fine('a script that is no check', {
    'package.json': swap('"start": "node sum.js"', '"start": "node sum.js",\n    "serve": "node serve.js"'),
  }),
  fine('prose that mentions eslint-disable', {
    [PROGRAM]: swap("'use strict';", "'use strict';\n// There is no need for eslint-disable here, nor for @ts-ignore."),
  }),
  fine('a way out for a person', {
    [PROGRAM]: append(
      '\nif (require.main === module) {\n  console.log(total(process.argv.slice(2).map(Number)));\n  process.exit(0);\n}\n',
    ),
  }),
];

/** TypeScript is judged by its compiler; the tests run on what the compiler leaves when types are gone. */
export const TYPESCRIPT: Record<string, string> = {
  '.gitignore': 'node_modules\n',
  'package.json': '{"name": "typed", "version": "1.0.0", "devDependencies": {"typescript": "*"}}\n',
  'tsconfig.json':
    '{\n  "compilerOptions": {\n    "strict": true,\n    "noUnusedLocals": false,\n    "noEmit": true,\n    "module": "nodenext",\n    "lib": ["es2022"],\n    "skipLibCheck": true,\n    "types": []\n  },\n  "include": ["src"]\n}\n',
  'src/sum.ts':
    'export function add(a: number, b: number): number {\n  return a + b;\n}\n\nexport const three: number = add(1, 2);\n',
};
export const TYPESCRIPT_CASES: Case[] = [
  fine(
    'a type is named',
    { 'src/sum.ts': swap('export const three: number', 'type Sum = number;\nexport const three: Sum') },
    { evidence: 'analysis' },
  ),
  {
    what: 'a type that does not fit',
    change: { 'src/sum.ts': swap('add(1, 2)', "add(1, '2')") },
    is: 'failed',
    says: /TS2345/,
  },
  {
    what: 'cheat: ts-expect-error',
    change: {
      'src/sum.ts': swap(
        'export const three: number = add(1, 2)',
        "// @ts-expect-error\nexport const three: number = add(1, '2')",
      ),
    },
    is: 'failed',
    says: /hides problems/,
  },
  {
    what: 'cheat: ts-nocheck',
    change: { 'src/sum.ts': (text) => `// @ts-nocheck\n${text}` },
    is: 'failed',
    says: /hides problems/,
  },
  {
    what: 'cheat: strict no more',
    change: { 'tsconfig.json': swap('"strict": true', '"strict": false') },
    is: 'failed',
    says: /decides what checks do/,
  },
  fine(
    'stricter',
    { 'tsconfig.json': swap('"noUnusedLocals": false', '"noUnusedLocals": true') },
    { evidence: 'analysis' },
  ),
];
