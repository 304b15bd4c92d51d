/** What stands beside a proposal, as people read it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { alternativeTo, besideLines, waitingLines } from '../../src/commands/frame/render-beside.ts';
import type { ProposalDetail } from '../../src/crew/index.ts';

const test = suite('cli/beside');
const detail = (more: Partial<ProposalDetail>) => more as ProposalDetail;

test('nothing is said where there is nothing to say', () => {
  assert.equal(besideLines(detail({})), []);
  assert.equal(waitingLines([]), []);
  assert.is(alternativeTo(detail({})), '');
});

test('other proposers, alternatives and what waits are named; nothing of a path moves the cursor', () => {
  const waiting = [{ rule: 'python/x', path: 'a\u001b[2J.py' }];
  const lines = besideLines(
    detail({ also: ['StyleEnforcer'], alternatives: ['0123'], waiting, prompt: 'ab'.repeat(20) }),
  );
  assert.match(lines.join('\n'), 'Proposed by StyleEnforcer as well');
  assert.match(lines.join('\n'), 'Alternative: 0123 changes the same lines');
  assert.match(lines.join('\n'), 'Waiting for it: python/x');
  assert.match(lines.join('\n'), 'under the prompt abababababab');
  assert.not.ok(lines.join('\n').includes('\u001b'));
  assert.is(alternativeTo(detail({ alternatives: ['0123'] })), ' (or 0123)');
});

test('few are named, the others are counted', () => {
  const many = Array.from({ length: 8 }, (_, at) => ({ rule: `r${at}`, path: 'a.py', for: ['0123'] }));
  const lines = waitingLines(many);
  assert.is(lines.filter((line) => line.startsWith('waiting for 0123: r')).length, 5);
  assert.match(lines.at(-1) ?? '', 'and 3 more');
});

test.run();
