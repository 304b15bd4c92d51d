/** A commit adds a function that no test calls; a test for it is written, verified, and lands. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';

const test = suite('scenario/written-tests');

const FILES = {
  'shop/__init__.py': '',
  'shop/cart.py': 'def total(prices: list[int]) -> int:\n    return sum(prices)\n',
  'tests/__init__.py': '',
  'tests/test_cart.py':
    'import unittest\n\nfrom shop.cart import total\n\n\nclass CartTest(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n',
};
const SIZES =
  'import time\n\nUNITS = {"kb": 1024, "mb": 1024 * 1024}\n\n\ndef parse_size(text: str) -> int:\n    """Bytes of a size such as 10kb."""\n    for unit, factor in UNITS.items():\n        if text.endswith(unit):\n            return int(text[: -len(unit)]) * factor\n    return int(text)\n\n\ndef age(seconds: int) -> float:\n    return time.time() - seconds\n';

interface Row {
  id: string;
  rule: string;
  risk: string;
  evidence: string;
  files: string[];
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('an untested function gets a test at the edges of its input, and the test lands', () => {
    const repo = makeRepository({ files: FILES });
    try {
      ambient(repo, ['init', '--no-hook']);
      repo.commit('sizes', { 'shop/sizes.py': SIZES });
      ambient(repo, ['run']);
      const rows = ambientJson<Row[]>(repo, ['list']);
      assert.equal(
        rows.map(({ rule, risk, evidence, files }) => [rule, risk, evidence, ...files]),
        [['python/untested-function', 'low', 'tests', 'tests/test_sizes.py']],
      );
      ambient(repo, ['merge', rows[0]?.id ?? '']);
      const text = repo.git('show', 'HEAD:tests/test_sizes.py');
      assert.match(text, /^import unittest\n\nfrom shop\.sizes import parse_size\n/);
      assert.match(text, 'self.assertEqual(parse_size("10kb"), 10240)');
      assert.match(text, /with self\.assertRaises\(ValueError\):/);
      assert.not.match(text, 'age');
      ambient(repo, ['run']);
      assert.equal(
        ambientJson<Row[]>(repo, ['list']).filter(({ id }) => id !== rows[0]?.id),
        [],
      );
    } finally {
      repo.remove();
    }
  });

test.run();
