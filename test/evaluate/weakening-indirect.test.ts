/** Ways to make a test say less that leave its assertions where they are, each beside what looks like it and is fine. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareRuns } from '../../src/evaluate/compare.ts';
import { weakening } from '../../src/evaluate/index.ts';
import { onlyFollows } from '../../src/evaluate/weakening/follow.ts';
import { readFile } from '../../src/evaluate/weakening/read-file.ts';
import { translate } from '../../src/evaluate/weakening/renames.ts';
import { ran } from './fakes.ts';

const test = suite('evaluate/weakening-indirect');

const PYTHON = `import pytest
from shop import parse, tax, total

CASES = [[1, 2], [3, 4, 5]]


@pytest.fixture
def orders():
    return [[1, 2], [3, 4, 5]]


def check(actual, expected):
    assert actual == expected


def test_cases():
    for case in CASES:
        assert total(case) == sum(case)


def test_orders(orders):
    for order in orders:
        assert total(order) == sum(order)


def test_tax():
    check(tax(10), 2.0)
    check(tax(1.23), 0.25)


def test_parse():
    got = parse("a=1.5")
    assert got == ("a", 1.5)
    assert total([]) == 0
`;
const JAVASCRIPT = `import { load, tax, total } from './shop';

const CASES = [{ prices: [], expected: 0 }, { prices: [1, 2], expected: 3 }];

it('adds', () => {
  for (const { prices, expected } of CASES) {
    expect(total(prices)).toEqual(expected);
  }
});

it('loads', async () => {
  const read = jest.fn().mockResolvedValue('[1]');
  await expect(load(read)).resolves.toEqual([1]);
  expect(read).toHaveBeenCalledTimes(1);
});

it('rounds', () => {
  expect(tax(1.23)).toBe(0.25);
});
`;
const UNITTEST = `import unittest
from shop import total


class Prices(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([1]), 1)
`;
const GO = `package shop

import "testing"

func TestTotal(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		if got := Total([]int{1, 2}); got != 3 {
			t.Errorf("got %d", got)
		}
	})
}

func TestHalf(t *testing.T) {
	if Half(4) != 2 {
		t.Error("not two")
	}
}
`;
const FILES: Record<string, string> = {
  'test_shop.py': PYTHON,
  'test_prices.py': UNITTEST,
  'shop.test.ts': JAVASCRIPT,
  'shop_test.go': GO,
};

type Row = [what: string, path: string, from: string, to: string, refused: RegExp | null];
const ROWS: Row[] = [
  ...(
    [
      [
        'a helper under suppress',
        'check(tax(10), 2.0)',
        'with contextlib.suppress(AssertionError):\n        check(tax(10), 2.0)',
        /removes 1 assertion/,
      ],
      [
        'a helper under another suppress',
        '    check(tax(10), 2.0)',
        '    with suppress(OSError):\n        os.remove("a")\n    check(tax(10), 2.0)',
        null,
      ],
      [
        'a helper under a condition',
        'check(tax(1.23), 0.25)',
        'if RATE:\n        check(tax(1.23), 0.25)',
        /only under a condition/,
      ],
      [
        'two calls of a helper that become a loop',
        '    check(tax(10), 2.0)\n    check(tax(1.23), 0.25)',
        '    for amount, expected in [(10, 2.0), (1.23, 0.25)]:\n        check(tax(amount), expected)',
        null,
      ],
      ['both sides rounded', 'assert actual == expected', 'assert round(actual) == round(expected)', /loosens/],
      ['a value cut to a number', 'assert total([]) == 0', 'assert int(total([])) == 0', /loosens/],
      [
        'a new look at a rounded value',
        '    assert total([]) == 0',
        '    assert total([]) == 0\n    assert round(total([0.5]), 1) == 0.5',
        null,
      ],
      [
        'a value with itself, named on the way',
        'assert total([]) == 0',
        'assert (none := total([])) == none',
        /cannot fail/,
      ],
      ['a call with itself', 'assert total([]) == 0', 'assert total([]) == total([])', /loosens/],
      [
        'an assertion whose failure is expected',
        '    assert total([]) == 0',
        '    with pytest.raises(AssertionError):\n        assert total([]) == 1',
        /cannot fail/,
      ],
      ['a loop over a slice', 'for order in orders:', 'for order in orders[:1]:', /only under a condition/],
      ['a loop that is left early', 'sum(order)\n', 'sum(order)\n        break\n', /end early/],
      [
        'a loop that passes over cases',
        'for order in orders:\n',
        'for order in orders:\n        if len(order) > 2:\n            continue\n',
        /end early/,
      ],
      [
        'a search that ends when it has found',
        '    assert total([]) == 0',
        '    for name in names:\n        if name == "a":\n            break\n    assert total([]) == 0',
        null,
      ],
      ['a constant with fewer cases', 'CASES = [[1, 2], [3, 4, 5]]', 'CASES = [[1, 2]]', /removes 1 case of CASES/],
      ['a constant with more cases', 'CASES = [[1, 2], ', 'CASES = [[1, 2], [6], ', null],
      ['a fixture with nothing in it', 'return [[1, 2], [3, 4, 5]]', 'return []', /removes 2 cases of orders/],
      [
        'the tested function set by its name',
        'def test_tax():\n',
        'def test_tax(monkeypatch):\n    monkeypatch.setitem(globals(), "tax", {10: 2.0, 1.23: 0.25}.get)\n',
        /replaces tax/,
      ],
      [
        'the tested function bound to another',
        'def test_parse():\n',
        'def test_parse():\n    parse = lambda text: ("a", 1.5)\n',
        /replaces parse/,
      ],
      [
        'the tested function replaced in its module',
        'CASES =',
        'import shop\nshop.total = sum\nCASES =',
        /replaces total/,
      ],
      [
        'a function that hides the tested one',
        'CASES =',
        'def total(prices):\n    return sum(prices)\n\n\nCASES =',
        /replaces total/,
      ],
      [
        'a new helper by the name of a method',
        'CASES =',
        'def append(prices):\n    return sum(prices)\n\n\nCASES =',
        null,
      ],
      ['a test that keeps a value', 'def test_tax():\n', 'def test_tax():\n    seen.total = 3\n', null],
    ] as Array<[string, string, string, RegExp | null]>
  ).map(([what, from, to, refused]): Row => [what, 'test_shop.py', from, to, refused]),
  ...(
    [
      [
        'both sides rounded',
        'expect(total(prices)).toEqual(expected)',
        'expect(Math.round(total(prices))).toEqual(Math.round(expected))',
        /loosens/,
      ],
      ['a loop over a slice', 'of CASES)', 'of CASES.slice(1))', /only under a condition/],
      ['fewer cases', ', { prices: [1, 2], expected: 3 }', '', /removes 1 case of CASES/],
      ['cases by another name', 'of CASES)', 'of [...CASES, ...MORE])', null],
      [
        'an assertion behind `&&`',
        'expect(read)',
        'read.mock.calls.length > 5 && expect(read)',
        /only under a condition/,
      ],
      [
        'an assertion in a timer',
        'expect(tax(1.23)).toBe(0.25);',
        'setTimeout(() => expect(tax(1.23)).toBe(0.25), 1);',
        /cannot fail/,
      ],
      [
        'an assertion in a timer that is waited for',
        "it('rounds', () => {\n  expect(tax(1.23)).toBe(0.25);",
        "it('rounds', async () => {\n  await new Promise((resolve) => setTimeout(resolve, 1));\n  expect(tax(1.23)).toBe(0.25);",
        null,
      ],
      [
        'a loop of promises that nobody waits for',
        'for (const { prices, expected } of CASES) {\n    expect(total(prices)).toEqual(expected);\n  }',
        'CASES.forEach(async ({ prices, expected }) => {\n    await null;\n    expect(total(prices)).toEqual(expected);\n  });',
        /cannot fail/,
      ],
      [
        'a loop that became forEach',
        'for (const { prices, expected } of CASES) {\n    expect(total(prices)).toEqual(expected);\n  }',
        'CASES.forEach(({ prices, expected }) => {\n    expect(total(prices)).toEqual(expected);\n  });',
        null,
      ],
      [
        'a spy that answers for the tested function',
        '  expect(tax(1.23))',
        '  jest.spyOn(shop, "tax").mockReturnValue(0.25);\n  expect(tax(1.23))',
        /replaces tax/,
      ],
      [
        'a spy that keeps the console quiet',
        '  expect(tax(1.23))',
        '  jest.spyOn(console, "log").mockImplementation(() => {});\n  expect(tax(1.23))',
        null,
      ],
      [
        'a matcher of jest replaced',
        'const CASES',
        'expect.extend({ toBe: () => ({ pass: true, message: String }) });\nconst CASES',
        /replaces a part of the test framework/,
      ],
      [
        'a matcher of its own',
        'const CASES',
        'expect.extend({ toBePrice: () => ({ pass: true, message: String }) });\nconst CASES',
        null,
      ],
    ] as Array<[string, string, string, RegExp | null]>
  ).map(([what, from, to, refused]): Row => [what, 'shop.test.ts', from, to, refused]),
  [
    'a TestCase that says itself how it went',
    'test_prices.py',
    '    def test_total',
    '    def run(self, result=None):\n        result.addSuccess(self)\n\n    def test_total',
    /replaces a part/,
  ],
  [
    'an assertion in a goroutine',
    'shop_test.go',
    '\tif Half(4) != 2 {\n\t\tt.Error("not two")\n\t}',
    '\tgo func() {\n\t\tif Half(4) != 2 {\n\t\t\tt.Error("not two")\n\t\t}\n\t}()',
    /cannot fail/,
  ],
  [
    'a testing.T that nobody reads',
    'shop_test.go',
    'func TestHalf(t *testing.T) {',
    'func TestHalf(_ *testing.T) {\n\tt := &testing.T{}',
    /replaces a part/,
  ],
  ['a test with parts and its function renamed', 'shop_test.go', 'Total', 'Sum', null],
];

for (const [what, path, from, to, refused] of ROWS)
  test(`${what} (${path}): ${refused ? 'refused' : 'fine'}`, async () => {
    const before = FILES[path] ?? '';
    const after = before.replaceAll(from, () => to);
    assert.is.not(after, before, `nothing to replace: ${from}`);
    const reasons = await weakening([{ path, before, after }]);
    if (refused === null) assert.equal(reasons, []);
    else assert.match(reasons.join('\n'), refused);
  });

test('a test that became a table of cases is not gone, unless a row fails', () => {
  const before = ran('test_orders test_tax');
  assert.is(compareRuns(before, ran('test_orders[a] test_orders[b] test_tax')).kind, 'fine');
  assert.is(compareRuns(before, ran('test_orders[a] !test_orders[b] test_tax')).kind, 'broken');
  assert.is(compareRuns(before, ran('-test_orders test_orders[a] test_tax')).kind, 'broken');
});

test('tests of a table are found again when the group around them has another name', async () => {
  const text = (group: string) =>
    `describe('${group}', () => {\n  for (const a of [1, 2]) it(\`adds \${a} once\`, () => assert.equal(f(a), a));\n});\n`;
  const read = async (group: string) => {
    const found = await readFile('a.test.js', text(group));
    const [one] = found === null || found === 'unreadable' ? [] : found.reading.tests;
    if (one === undefined) throw new Error('no test was read');
    return one;
  };
  const renamed = [{ from: await read('total'), to: await read('sum') }];
  const { tests } = translate(ran(''), renamed);
  assert.equal(tests, {});
  const said = { ...ran(''), tests: { 'sum › adds 1 once': 'passed', 'sum › takes 1': 'passed' } as const };
  assert.equal(Object.keys(translate(said, renamed).tests), ['total › adds 1 once', 'sum › takes 1']);
  const group = { ...ran(''), tests: { sum: 'passed', sums: 'passed' } as const };
  assert.equal(Object.keys(translate(group, renamed).tests), ['total', 'sums']);
});

test('tests are found again when they leave a class, or join a group', async () => {
  const read = async (path: string, text: string) => {
    const found = await readFile(path, text);
    const [one] = found === null || found === 'unreadable' ? [] : found.reading.tests;
    if (one === undefined) throw new Error('no test was read');
    return one;
  };
  const inClass = await read('test_a.py', 'class TestArea:\n    def test_unit(self):\n        assert f() == 1\n');
  const alone = await read('test_a.py', 'def test_area_unit():\n    assert f() == 1\n');
  const names = (id: string, from: typeof alone, to: typeof alone) =>
    Object.keys(translate({ ...ran(''), tests: { [id]: 'passed' } }, [{ from, to }]).tests);
  assert.equal(names('test_a::test_area_unit', inClass, alone), ['test_a.TestArea::test_unit']);
  assert.equal(names('test_a.TestArea::test_unit', alone, inClass), ['test_a::test_area_unit']);
  const single = await read('a.test.js', "it('adds', () => assert.equal(f(), 1));\n");
  const grouped = await read('a.test.js', "describe('f', () => {\n  it('adds', () => assert.equal(f(), 1));\n});\n");
  assert.equal(names('f › adds', single, grouped), ['adds']);
  assert.equal(names('adds', grouped, single), ['f › adds']);
});

test('tests follow a module into a package, and not to a second one', async () => {
  const tests = {
    path: 'test_app.py',
    before: 'from app import f\n\n\ndef test_f():\n    assert f(1) == 1\n',
    after: 'from shop.prices import f\n\n\ndef test_f():\n    assert f(1) == 1\n',
  };
  const program = 'def f(a):\n    return a\n';
  const moved = { path: 'shop/prices.py', before: null, after: program };
  assert.is(await onlyFollows([tests, { path: 'app.py', before: program, after: null }, moved]), true);
  assert.is(await onlyFollows([tests, { path: 'app.py', before: program, after: `${program}\n` }, moved]), false);
});

test.run();
