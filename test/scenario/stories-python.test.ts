/** The five stories in Python, without a model. */
import { suite } from 'uvu';
import { hasSandbox } from '../support/cli.ts';
import { tellEmbedded } from './stories/embedded.ts';

const test = suite('scenario/stories-python');
if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a weakness, a duplicate, broken style, slow code and an untested function are mended', () =>
    tellEmbedded('python', 'by the hook', {
      SecurityGuardian: {
        ...{ rule: 'python/sql-injection', evidence: 'witness', path: 'shop/orders.py' },
        lands: /WHERE customer = \? ORDER BY id", \(customer,\)\)/,
      },
      RefactorArchitect: {
        ...{ rule: 'python/repeated-block', evidence: 'tests', path: 'shop/prices.py' },
        lands: /( = _\w+\(lines, tax\)[\s\S]*){2}/,
      },
      StyleEnforcer: {
        ...{ rule: 'python/unused-import', evidence: 'tests', path: 'shop/report.py' },
        lands: /^"""[^"]+"""\n\nimport json\n\n\ndef /,
      },
      PerformanceOptimizer: {
        ...{ rule: 'python/list-asked-per-element', evidence: 'tests', path: 'shop/stock.py' },
        lands: /known = \{name\.lower\(\) for name in stocked\}/,
      },
      TestEnhancer: {
        ...{ rule: 'python/untested-function', evidence: 'tests', path: 'tests/test_sizes.py' },
        lands: /parse_size\("10kb"\), 10240/,
      },
    }));
test.run();
