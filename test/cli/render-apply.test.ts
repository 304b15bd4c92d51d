/** What a refused patch says on the terminal. Rule: enough to try again, and no flood. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderRefusals } from '../../src/commands/frame/render-apply.ts';

const test = suite('cli/render apply');

test('of many refusals the first are shown, and how many there are', () => {
  const refusals = Array.from({ length: 9000 }, (_, at) => ({
    ...{ path: 'a.txt', hunk: at + 1, reason: 'its lines are not in the file', closest: null },
  }));
  const report = { outcome: 'refused', files: [], bundle: null, recovered: false } as const;
  const lines = renderRefusals({ ...report, files: [], refusals }).split('\n');
  assert.is(lines.length, 22);
  assert.match(lines[1]!, /a\.txt, hunk 1: its lines are not in the file/);
  assert.match(lines[21]!, /and 8980 more/);
});

test.run();
