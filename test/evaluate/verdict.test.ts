/** Constructed verdicts: nothing wrong may pass, nothing good may be blamed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Judgement } from '../../src/evaluate/index.ts';
import { evaluate } from '../../src/evaluate/index.ts';
import type { Evidence, Outcome } from '../../src/records/index.ts';
import { analysis, fakeCheck, finding, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/verdict');

interface Case {
  what: string;
  base: Judgement | Judgement[];
  candidate: Judgement | Judgement[];
  kind?: 'tests' | 'lint' | 'types';
  is: Outcome;
  evidence?: Evidence;
  flaky?: boolean;
  says?: RegExp;
}

const counted = (outcome: 'passed' | 'failed', passed: number, failed = 0, skipped = 0) =>
  judgement(outcome, { counts: { passed, failed, skipped } });
const green = judgement('passed');
const red = judgement('failed');

const CASES: Case[] = [
  { what: 'all green', base: ran('a b'), candidate: ran('a b'), is: 'passed', evidence: 'tests', says: /2 passed/ },
  { what: 'green without names', base: green, candidate: green, is: 'passed', evidence: 'tests' },
  { what: 'a test is added', base: ran('a'), candidate: ran('a b'), is: 'passed', evidence: 'tests' },
  { what: 'a breaking change', base: ran('a b'), candidate: ran('a !b'), is: 'failed', says: /newly failing: b/ },
  { what: 'a breaking change without names', base: green, candidate: red, is: 'failed' },
  { what: 'an added test fails', base: ran('a'), candidate: ran('a !b'), is: 'failed', says: /b/ },
  {
    what: 'red before, the same test',
    base: ran('a !b'),
    candidate: ran('a !b'),
    is: 'passed',
    evidence: 'tests',
    says: /1 failure on the base too/,
  },
  {
    what: 'red before, another one breaks',
    base: ran('a !b'),
    candidate: ran('!a !b'),
    is: 'failed',
    says: /failing: a/,
  },
  { what: 'red before, one breaks as one heals', base: ran('a !b'), candidate: ran('!a b'), is: 'failed' },
  {
    what: 'red before, mended',
    base: ran('a !b'),
    candidate: ran('a b'),
    is: 'passed',
    evidence: 'tests',
    says: /passes now/,
  },
  {
    what: 'red before, nothing was green',
    base: ran('!a'),
    candidate: ran('!a'),
    is: 'passed',
    evidence: 'analysis',
    says: /no test is evidence: pytest fails on the base/,
  },
  {
    what: 'red before without names',
    base: red,
    candidate: red,
    is: 'passed',
    evidence: 'analysis',
    says: /on the base too/,
  },
  { what: 'red without names, now green', base: red, candidate: green, is: 'passed', evidence: 'analysis' },
  {
    what: 'red before, now nothing runs at all',
    base: ran('a !b'),
    candidate: red,
    is: 'failed',
    says: /do(es)? not run/,
  },
  { what: 'red by count, more of it', base: counted('failed', 5, 1), candidate: counted('failed', 3, 3), is: 'failed' },
  {
    what: 'red by count, the same',
    base: counted('failed', 5, 1),
    candidate: counted('failed', 5, 1),
    is: 'passed',
    evidence: 'analysis',
  },
  {
    what: 'a test is deleted',
    base: ran('a b'),
    candidate: ran('a'),
    is: 'failed',
    says: /1 test that passed on the base does not run/,
  },
  { what: 'a test is skipped', base: ran('a b'), candidate: ran('a -b'), is: 'failed', says: /not run any more: b/ },
  { what: 'all tests vanish', base: ran('a b'), candidate: green, is: 'failed', says: /2 tests/ },
  { what: 'a test that failed is deleted', base: ran('a !b'), candidate: ran('a'), is: 'passed', evidence: 'tests' },
  { what: 'fewer by count', base: counted('passed', 9), candidate: counted('passed', 8), is: 'failed', says: /1 test/ },
  { what: 'skipped by count', base: counted('passed', 9), candidate: counted('passed', 8, 0, 1), is: 'failed' },
  { what: 'counts vanish', base: counted('passed', 9), candidate: green, is: 'failed' },
  {
    what: 'more by count',
    base: counted('passed', 9),
    candidate: counted('passed', 10),
    is: 'passed',
    evidence: 'tests',
  },
  { what: 'green names, red exit', base: ran('a'), candidate: ran('a', 'failed'), is: 'failed' },
  {
    what: 'flaky: fails once, then passes',
    base: ran('a b'),
    candidate: [ran('a !b'), ran('a b')],
    is: 'passed',
    evidence: 'tests',
    flaky: true,
    says: /flaky, set aside: b/,
  },
  {
    what: 'flaky without names: fails once, then passes',
    base: green,
    candidate: [red, green],
    is: 'passed',
    evidence: 'tests',
    flaky: true,
    says: /flaky, set aside: the whole/,
  },
  { what: 'flaky on the base', base: [ran('a b'), ran('a !b')], candidate: ran('a !b'), is: 'passed', flaky: true },
  { what: 'flaky on the base without names', base: [green, red], candidate: red, is: 'inconclusive', flaky: true },
  {
    what: 'fails twice of three on the candidate alone',
    base: ran('a b'),
    candidate: [ran('a !b'), ran('a b'), ran('a !b')],
    is: 'inconclusive',
    flaky: true,
  },
  { what: 'flaky and broken', base: ran('a b'), candidate: [ran('!a !b'), ran('!a b')], is: 'failed', says: /a/ },
  {
    what: 'flaky, and nothing else runs',
    base: ran('b'),
    candidate: [ran('!b'), ran('b')],
    is: 'inconclusive',
    flaky: true,
  },
  {
    what: 'unstable names',
    base: [ran('a r1'), ran('a r2')],
    candidate: [ran('a r3'), ran('a r4')],
    is: 'passed',
    flaky: true,
  },
  { what: 'timeout', base: ran('a'), candidate: judgement('timeout'), is: 'inconclusive', says: /timed out/ },
  { what: 'timeout on both', base: judgement('timeout'), candidate: judgement('timeout'), is: 'inconclusive' },
  {
    what: 'timeout on the base only',
    base: judgement('timeout'),
    candidate: ran('a'),
    is: 'passed',
    evidence: 'analysis',
  },
  { what: 'timeout on the base, red here', base: judgement('timeout'), candidate: ran('!a'), is: 'inconclusive' },
  { what: 'out of memory', base: ran('a'), candidate: judgement('oom'), is: 'inconclusive', says: /memory/ },
  {
    what: 'it breaks',
    base: ran('a'),
    candidate: judgement('error', { detail: 'boom' }),
    is: 'inconclusive',
    says: /boom/,
  },
  {
    what: 'the tool is missing here only',
    base: ran('a'),
    candidate: judgement('absent', { detail: 'pytest is not installed' }),
    is: 'inconclusive',
    says: /pytest is not installed/,
  },
  {
    what: 'the tool is missing',
    base: judgement('absent', { detail: 'pytest is not installed' }),
    candidate: judgement('absent', { detail: 'pytest is not installed' }),
    is: 'inconclusive',
    evidence: 'analysis',
    says: /not run: pytest is not installed/,
  },
  { what: 'a re-run times out', base: ran('a b'), candidate: [ran('a !b'), judgement('timeout')], is: 'inconclusive' },
  {
    what: 'a clean linter stays clean',
    base: green,
    candidate: green,
    kind: 'lint',
    is: 'passed',
    evidence: 'analysis',
  },
  { what: 'a new complaint', base: green, candidate: ran('!E1'), kind: 'lint', is: 'failed' },
  {
    what: 'an old complaint',
    base: ran('!E1'),
    candidate: ran('!E1'),
    kind: 'lint',
    is: 'passed',
    evidence: 'analysis',
  },
  { what: 'another complaint', base: ran('!E1'), candidate: ran('!E2'), kind: 'types', is: 'failed', says: /E2/ },
  {
    what: 'the complaint is gone',
    base: ran('!E1'),
    candidate: green,
    kind: 'types',
    is: 'passed',
    evidence: 'analysis',
  },
];

for (const { what, base, candidate, kind, is, evidence, flaky, says } of CASES)
  test(`${what}: ${is}`, async () => {
    const check = fakeCheck([base].flat(), [candidate].flat(), kind);
    const result = await evaluate(input([analysis([], []), check]), { cache: memoryCache() });
    assert.is(result.outcome, is, JSON.stringify(result, null, 1));
    if (evidence) assert.is(result.evidence, evidence, JSON.stringify(result.reasons));
    assert.is(result.checks[1]?.flaky, flaky ?? false);
    if (says) assert.match(result.reasons.join('\n'), says);
    if (is !== 'passed') assert.ok(result.reasons.length > 0);
  });

const verdict = (checks: Parameters<typeof input>[0], more: Parameters<typeof input>[1] = {}) =>
  evaluate(input(checks, more), { cache: memoryCache() });

test('the claimed finding must be gone', async () => {
  const gone = await verdict([analysis([finding('f1')], [])], { claimed: ['f1'] });
  assert.is(gone.outcome, 'passed');
  assert.is(gone.evidence, 'analysis');
  assert.match(gone.reasons.join('\n'), /no test ran/);
  const there = await verdict([analysis([finding('f1')], [finding('f1', 7)])], { claimed: ['f1'] });
  assert.is(there.outcome, 'failed');
  assert.match(there.reasons.join('\n'), /still there: python\/yaml-load at app.py:7/);
});

test('of two equal findings one may be claimed', async () => {
  const two = [finding('f1', 1), finding('f1', 9)];
  assert.is((await verdict([analysis(two, [finding('f1', 9)])], { claimed: ['f1'] })).outcome, 'passed');
  assert.is((await verdict([analysis(two, two)], { claimed: ['f1'] })).outcome, 'failed');
  assert.is((await verdict([analysis(two, [finding('f1', 9)])], { claimed: ['f1', 'f1'] })).outcome, 'failed');
});

test('mending one of two defects on a line changes the fingerprint of the other: that is not new', async () => {
  const other = (fingerprint: string) => ({ ...finding(fingerprint), rule: 'python/other' });
  const base = [finding('f1'), other('o1')];
  assert.is((await verdict([analysis(base, [other('o2')])], { claimed: ['f1'] })).outcome, 'passed');
  const two = await verdict([analysis(base, [other('o2'), other('o3')])], { claimed: ['f1'] });
  assert.is(two.outcome, 'failed', 'there was only one of it');
  const moved = await verdict([analysis(base, [finding('f9'), other('o1')])], { claimed: ['f1'] });
  assert.is(moved.outcome, 'failed', 'what was claimed is there under another fingerprint');
});

test('no finding may be new, counted by fingerprint', async () => {
  const result = await verdict([analysis([finding('f1')], [finding('f2', 3)])], { claimed: ['f1'] });
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons.join('\n'), /introduces python\/yaml-load at app.py:3/);
  assert.is((await verdict([analysis([finding('f1')], [finding('f1'), finding('f1', 4)])])).outcome, 'failed');
  assert.is((await verdict([analysis([finding('f1', 1)], [finding('f1', 40)])])).outcome, 'passed');
});

test('an analysis that breaks leaves the matter open; a file that it can no longer read is a failure', async () => {
  const broke = judgement('error', { detail: 'app.py: unexpected indent' });
  const result = await verdict([analysis([], broke)]);
  assert.is(result.outcome, 'inconclusive');
  assert.match(result.reasons.join('\n'), /unexpected indent/);
  assert.is((await verdict([analysis(broke, [])])).outcome, 'inconclusive');
  const unread = judgement('failed', { tests: { 'app.py': 'failed' }, detail: 'app.py: unexpected indent' });
  assert.is((await verdict([analysis([finding('f1')], unread)], { claimed: ['f1'] })).outcome, 'failed');
  assert.is((await verdict([analysis(unread, unread)])).outcome, 'passed');
});

test('nothing that was not looked at passes', async () => {
  assert.is((await verdict([])).outcome, 'inconclusive');
  assert.is((await verdict([fakeCheck([ran('a')], [ran('a')])], { claimed: ['f1'] })).outcome, 'inconclusive');
  const absent = judgement('absent', { detail: 'not in allowed_commands' });
  assert.is((await verdict([fakeCheck([absent], [absent])])).outcome, 'inconclusive');
});

test('one failed check fails the whole, whatever the others say', async () => {
  const checks = [fakeCheck([ran('a')], [ran('a')]), fakeCheck([green], [ran('!E1')], 'lint', 'ruff check')];
  const result = await verdict([...checks, fakeCheck([ran('a')], [judgement('timeout')], 'tests', 'npm test')]);
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0] ?? '', /ruff check/);
  assert.equal(
    result.checks.map(({ name, base, candidate }) => [name, base, candidate]),
    [
      ['pytest', 'passed', 'passed'],
      ['ruff check', 'passed', 'failed'],
      ['npm test', 'passed', 'timeout'],
    ],
  );
});

test('a weakened check is refused before anything runs', async () => {
  const check = fakeCheck([ran('a')], [ran('a')]);
  const changes = [{ path: 'tests/test_a.py', before: 'def test_a():\n    assert f() == 1\n', after: '' }];
  const result = await verdict([check], { changes });
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons.join('\n'), /removes 1 test/);
  assert.equal(check.judged, []);
});

test('an abort ends the evaluation with an error, not with a verdict', async () => {
  const controller = new AbortController();
  const check = fakeCheck([ran('a')], [ran('a')]);
  const stopping = {
    ...check,
    judge: async () => {
      controller.abort();
      return ran('a');
    },
  };
  try {
    await evaluate(input([stopping, check]), { cache: memoryCache(), signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'aborted');
  }
  assert.ok(check.judged.length <= 1, 'nothing new is started');
});

test('many reasons stay within a record', async () => {
  const many = Array.from({ length: 500 }, (_, index) => finding(`new ${index}`, index));
  const result = await verdict([analysis([], many)]);
  assert.ok(JSON.stringify(result).length < 3000);
  assert.match(result.reasons.at(-1) ?? '', /^and \d+ more$/);
  const noisy = judgement('failed', { detail: `first\n${'x'.repeat(4000)}` });
  assert.ok(JSON.stringify(await verdict([fakeCheck([green], [noisy])])).length < 3000);
});

test('progress counts the checks', async () => {
  const said: string[] = [];
  const log = { progress: (message: string) => void said.push(message), warn: () => {} };
  await evaluate(input([analysis([], []), fakeCheck([green], [green])]), { cache: memoryCache(), log });
  assert.equal(said, ['checks: 1 of 2 done', 'checks: 2 of 2 done']);
});

test.run();
