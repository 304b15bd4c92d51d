/** The five stories in TypeScript, without a model. */
import { suite } from 'uvu';
import { hasSandbox } from '../support/cli.ts';
import { tellEmbedded } from './stories/embedded.ts';

const test = suite('scenario/stories-typescript');
if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a weakness, a duplicate, broken style, slow code and an untested function are mended', () =>
    tellEmbedded('typescript', 'by hand', {
      SecurityGuardian: {
        ...{ rule: 'javascript/sql-from-values', evidence: 'tests', path: 'src/shelf.ts' },
        lands: /WHERE article = \$1`, \[article\]\)/,
      },
      RefactorArchitect: {
        ...{ rule: 'javascript/repeated-block', evidence: 'tests', path: 'src/prices.ts' },
        lands: /( = \w+\(lines, tax\)[\s\S]*){2}/,
      },
      StyleEnforcer: {
        ...{ rule: 'javascript/unused-import', evidence: 'tests', path: 'src/report.ts' },
        lands: /^import \{ format \} from 'node:util';\n/,
      },
      PerformanceOptimizer: {
        ...{ rule: 'javascript/list-asked-per-element', evidence: 'tests', path: 'src/names.ts' },
        lands: /known = new Set\(stocked\.map/,
      },
      TestEnhancer: {
        ...{ rule: 'javascript/untested-function', evidence: 'tests', path: 'tests/sizes.test.ts' },
        lands: /parseSize\('10kb'\), 10240/,
      },
    }));
test.run();
