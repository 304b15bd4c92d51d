/** Points in time as people type them, what a time span is summed up to, and how editors are told a line. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AmbientError } from '../../src/base/index.ts';
import { sumUp } from '../../src/crew/brief.ts';
import { argumentsFor } from '../../src/crew/editor.ts';
import { parseSince } from '../../src/crew/since.ts';
import type { ArchiveLine, DecisionKind, Evaluation, Status, TelemetryLine } from '../../src/records/index.ts';
import type { ProposalView } from '../../src/store/index.ts';

const test = suite('crew/brief');
const NOW = Date.parse('2026-03-15T12:00:00Z');
const HOUR = 3_600_000;

const TIMES: Array<[string, number]> = [
  ['yesterday', NOW - 24 * HOUR],
  ['12h', NOW - 12 * HOUR],
  ['90 minutes ago', NOW - 1.5 * HOUR],
  ['3 days ago', NOW - 72 * HOUR],
  ['1 Week', NOW - 168 * HOUR],
  ['2026-03-01T09:00Z', Date.parse('2026-03-01T09:00:00Z')],
  ['2026-03-01 09:00:30+02:00', Date.parse('2026-03-01T07:00:30Z')],
  ['2026-03-01', Date.parse('2026-03-01T00:00')],
  ['today', new Date(NOW).setHours(0, 0, 0, 0)],
];
for (const [text, expected] of TIMES) test(`since ${text}`, () => assert.is(parseSince(text, NOW), expected));
for (const text of ['', 'soon', '3', '3 fortnights', '2026-13-01', '2026-02-01T99:00', 'yesterday morning'])
  test(`no time: ${JSON.stringify(text)}`, () => {
    try {
      parseSince(text, NOW);
    } catch (error) {
      assert.is((error as AmbientError).code, 'bad-time');
      assert.is((error as AmbientError).kind, 'user');
      return;
    }
    assert.unreachable();
  });

const at = (hour: number) => new Date(NOW + hour * HOUR).toISOString().replace('.000Z', 'Z');
function view(id: string, status: Status, evaluatedAt: number, checks: Evaluation['checks'] = []): ProposalView {
  const proposal = { id, commit: `${id}-commit`, title: `Fix ${id}`, risk: 'low', created_at: at(-1000) };
  const evaluation = { at: at(evaluatedAt), checks, evidence: 'tests' };
  return { proposal, status, evaluations: [evaluation], foreign: [], decisions: [] } as unknown as ProposalView;
}
const decided = (id: string, kind: DecisionKind, hour: number, reason?: string) =>
  ({ kind, proposal: `${id}-commit`, rule: 'python/x', at: at(hour), reason }) as unknown as ArchiveLine;
const told = (kind: string, hour: number, data: Record<string, unknown>) =>
  ({ kind, at: at(hour), data }) as unknown as TelemetryLine;

test('only what is in the span counts; what waits always does', () => {
  const check = { name: 'npm test', base: 'passed', duration_ms: 1, flaky: false } as const;
  const brief = sumUp({
    from: at(-24),
    views: [
      view('old', 'validated', -48, [{ ...check, candidate: 'absent' }]),
      view('new', 'validated', -2, [{ ...check, candidate: 'absent', note: 'npm is not installed' }]),
      view('bad', 'failed', -2),
      view('done', 'merged', -50),
    ],
    archive: [
      decided('done', 'merged', -48),
      decided('done', 'reverted', -3),
      decided('late', 'rejected', -30),
      decided('no', 'rejected', -5, 'ugly'),
      decided('no', 'approved', -4),
      decided('no', 'rejected', -3, 'still ugly'),
      decided('gone', 'superseded', -1),
    ],
    telemetry: [
      told('cycle_completed', -30, { findings: 100 }),
      told('cycle_completed', -2, { findings: 3, status: 'success' }),
      told('cycle_completed', -1, { findings: 2, status: 'abandoned', reason: 'a newer commit' }),
      told('error', -1, { message: 'disk full' }),
      told('verify_failed', -1, { rule: 'python/y', outcome: 'inconclusive', reasons: ['timeout'] }),
      told('verify_failed', -1, { rule: 'python/z', outcome: 'failed', reasons: ['broke'] }),
    ],
  });
  const ids = (items: Array<{ id: string }>) => items.map(({ id }) => id).join(' ');
  assert.is(brief.cycles, 2);
  assert.is(brief.findings, 5);
  assert.is(ids(brief.new), 'new bad');
  assert.is(ids(brief.merged), '');
  assert.is(ids(brief.reverted), 'done');
  assert.equal(
    brief.rejected.map(({ id, reason }) => [id, reason]),
    [['no-commit', 'still ugly']],
  );
  assert.is(ids(brief.expired), 'gone-commit');
  assert.is(ids(brief.waiting).split(' ').sort().join(' '), 'new old');
  assert.equal(brief.could_not_run, [
    'npm test: npm is not installed',
    'a cycle: a newer commit',
    'disk full',
    'python/y could not be judged: timeout',
  ]);
});

test('editors are told the line in their own way; an unknown one gets the file', () => {
  const place = { path: 'a b/c.py', line: 7 };
  assert.equal(argumentsFor('vim', place), ['+7', 'a b/c.py']);
  assert.equal(argumentsFor('/usr/bin/nvim -f', place), ['+7', 'a b/c.py']);
  assert.equal(argumentsFor('code --wait', place), ['--goto', 'a b/c.py:7']);
  assert.equal(argumentsFor('subl -w', place), ['a b/c.py:7']);
  assert.equal(argumentsFor('pycharm', place), ['--line', '7', 'a b/c.py']);
  assert.equal(argumentsFor('my-editor', place), ['a b/c.py']);
  assert.equal(argumentsFor('vim', { path: '-x.py', line: 1 }), ['+1', './-x.py']);
});

test.run();
