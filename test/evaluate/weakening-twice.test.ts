/** Tests of one name: those that hide each other in Python, those that both run in JavaScript. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { weakening } from '../../src/evaluate/index.ts';

const test = suite('evaluate/weakening-twice');

const twice = (first: string, second: string, name = 'test_a') =>
  `import unittest\n\n\nclass TestF(unittest.TestCase):\n    def test_a(self):\n${first}\n\n    def ${name}(self):\n${second}\n`;
const [ONE, TWO, THREE] = ['1', '2', '3'].map((at) => `        self.assertEqual(f("${at}"), ${at})`) as [
  string,
  string,
  string,
];
const titled = (first: string, second: string, ...titles: string[]) =>
  [first, second].map((body, at) => `test('${titles[at] ?? 'a'}', () => {\n${body}\n});\n`).join('');
const [UN, DEUX, TROIS] = ['1', '2', '3'].map((at) => `  expect(f('${at}')).toBe(${at});`) as [string, string, string];

for (const [what, before, after, refused] of [
  ['renames the second', twice(ONE, TWO), twice(ONE, TWO, 'test_a_2'), null],
  ['renames the second of two that look alike', twice(ONE, ONE), twice(ONE, ONE, 'test_a_2'), null],
  ['renames the first', twice(ONE, TWO), twice(ONE, TWO, 'test_a_2').replace('a(', 'a_0(').replace('a_2', 'a'), null],
  [
    'renames, and expects other things of the second',
    twice(ONE, TWO),
    twice(ONE, TWO.replace(', 2', ', 3'), 'test_a_2'),
    /expects 3/,
  ],
  [
    'renames, and expects other things of the first',
    twice(ONE, TWO),
    twice(ONE.replace(', 1', ', 4'), TWO, 'test_a_2'),
    /expects 4/,
  ],
  [
    'renames, and loosens the second',
    twice(ONE, TWO),
    twice(ONE, TWO.replace('Equal', 'GreaterEqual'), 'test_a_2'),
    /loosens/,
  ],
  ['renames out of collection', twice(ONE, TWO), twice(ONE, TWO, 'check_a'), /removes 1 (test|assertion)/],
  [
    'renames, and skips the second',
    twice(ONE, TWO),
    twice(ONE, TWO, 'test_a_2').replace('    def test_a_2', '    @unittest.skip("x")\n    def test_a_2'),
    /switches tests off/,
  ],
  [
    'deletes the second',
    twice(ONE, TWO),
    twice(ONE, '', 'none').replace(/\n {4}def none[\s\S]*/, ''),
    /removes 1 test/,
  ],
  ['deletes the first', twice(ONE, TWO), twice(TWO, '', 'none').replace(/\n {4}def none[\s\S]*/, ''), /removes 1 test/],
  [
    'moves an assertion to the second',
    twice(`${ONE}\n${THREE}`, TWO),
    twice(ONE, `${TWO}\n${THREE}`, 'test_a_2'),
    /removes 1 assertion/,
  ],
  [
    'moves an assertion to the first',
    twice(ONE, `${TWO}\n${THREE}`),
    twice(`${ONE}\n${THREE}`, TWO, 'test_a_2'),
    /removes 1 (test|assertion)/,
  ],
  ['lets the first hide the second', twice(ONE, TWO), twice(TWO, ONE), /removes 1 test/],
  [
    'hides a test behind a kinder one',
    twice(ONE, TWO, 'test_b'),
    twice(ONE, TWO).replace('f("2"), 2', 'f("1"), 2'),
    /removes 1 test|expects 2/,
  ],
] as const)
  test(`one name twice, ${what}: ${refused ? 'refused' : 'fine'}`, async () => {
    const reasons = await weakening([{ path: 'tests/test_f.py', before, after }]);
    if (refused === null) assert.equal(reasons, []);
    else assert.match(reasons.join('\n'), refused);
  });

for (const [what, after, refused] of [
  ['renames the second', titled(UN, DEUX, 'a', 'b'), null],
  ['renames the first', titled(UN, DEUX, 'b', 'a'), null],
  ['changes their order', titled(DEUX, UN), null],
  ['renames the first, and expects other things', titled(UN.replace('(1)', '(4)'), DEUX, 'b', 'a'), /expects 4/],
  ['renames the second, and expects other things', titled(UN, DEUX.replace('(2)', '(4)'), 'a', 'b'), /expects 4/],
  ['deletes the first', titled(DEUX, '', 'a').replace(/\}\);\ntest[\s\S]*/, '});\n'), /removes 1 test/],
  ['gives both the same body', titled(DEUX, DEUX, 'a', 'b'), /expects|removes 1/],
  ['puts another in the place of one', titled(UN, TROIS, 'a', 'b'), /expects|removes 1/],
] as const)
  test(`one title twice, ${what}: ${refused ? 'refused' : 'fine'}`, async () => {
    const reasons = await weakening([{ path: 'test/f.test.js', before: titled(UN, DEUX), after }]);
    if (refused === null) assert.equal(reasons, []);
    else assert.match(reasons.join('\n'), refused);
  });

test.run();
