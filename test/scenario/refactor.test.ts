/** Duplicated code, from the commit to the merge: what tests cover becomes a function, what they do not stays a finding. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasSandbox } from '../support/cli.ts';
import { makeRepository } from '../support/repository.ts';
import { startGitAmbient } from '../support/through-git.ts';

const test = suite('scenario/refactor');

const BLOCK =
  '    total = 0\n    for item in items:\n        if item["price"] < 0:\n            raise ValueError(item["name"])\n        total += item["price"] * item["count"]\n    total = round(total * (1 + rate), 2)\n';
const duplicated = (first: string, second: string) =>
  `def ${first}(items, rate):\n${BLOCK}    return {"${first}": total}\n\n\ndef ${second}(items, rate, discount):\n${BLOCK}    return total - discount\n`;
const TESTS =
  'import unittest\n\nfrom shop.cart import invoice, quote\n\nITEMS = [{"name": "tea", "price": 2, "count": 3}]\n\n\nclass CartTest(unittest.TestCase):\n    def test_invoice(self):\n        self.assertEqual(invoice(ITEMS, 0.5), {"invoice": 9})\n\n    def test_quote(self):\n        self.assertEqual(quote(ITEMS, 0.5, 1), 8)\n';

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('duplicated code becomes a function where tests cover it, and stays a finding elsewhere', async () => {
    const repo = makeRepository({
      files: {
        '.ambient.yml': 'agents:\n  enabled: [RefactorArchitect]\n',
        'shop/__init__.py': '',
        'tests/__init__.py': '',
        'tests/test_cart.py': TESTS,
      },
    });
    const ambient = async (...args: string[]) => {
      const result = await startGitAmbient(repo, ...args).ended;
      assert.is(result.code, 0, `git ambient ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
      return result.stdout;
    };
    try {
      await ambient('init', '--no-hook');
      repo.commit('a shop', {
        'shop/cart.py': duplicated('invoice', 'quote'),
        'shop/stock.py': duplicated('value_of', 'loss_of'),
      });
      const [report] = JSON.parse(await ambient('run', '--json'));
      assert.is(report.proposals.length, 1);
      const left = report.suppressed.filter(({ path }: { path: string }) => path.includes('stock.py'));
      assert.match(JSON.stringify(left), /no test notices when shop\/stock\.py:\d.* stays a finding/);
      const [row] = JSON.parse(await ambient('list', '--json'));
      assert.equal([row.rule, row.evidence], ['python/repeated-block', 'tests']);
      await ambient('merge', row.id);
      const merged = repo.git('show', 'HEAD:shop/cart.py');
      assert.match(merged, 'def _compute_total(items, rate):\n    total = 0\n');
      assert.is(merged.match(/ = _compute_total\(items, rate\)/g)?.length, 2);
    } finally {
      repo.remove();
    }
  });

test.run();
