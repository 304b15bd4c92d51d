/** What a model is shown of a failure does not depend on the run. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failingLog } from '../../src/crew/failing-log.ts';

const test = suite('crew/failing-log');

test('two runs of the same failure are told in the same words, without the place of this clone', () => {
  const run = (slot: number, took: string, clock: string) =>
    failingLog([
      `npm test:\nnot ok 3 - loyalty\n  ---\n  duration_ms: ${took}\n  location: '/home/ann/shop/.git/ambient/slots/${slot}/tests/shop.test.ts:36:1'\n  error: 'plain' !== 'gold'\n  stack: |-\n    at file:///home/ann/shop/.git/ambient/slots/${slot}/tests/shop.test.ts:38:10\n# fail 1\n# duration_ms ${took}`,
      `vitest:\nFAIL  a.test.ts (3 tests) ${took}ms\n   Start at  ${clock}\n   Ran in ${took} s`,
    ]);
  const [one, other] = [run(0, '12.5', '09:59:01'), run(1, '7', '17:00:30')];
  assert.is(one, other);
  assert.match(one, "location: 'tests/shop.test.ts:36:1'");
  assert.match(one, 'at tests/shop.test.ts:38:10');
  assert.not.match(one, /ann|slots|12\.5|09:59/);
});

test.run();
