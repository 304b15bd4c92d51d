/** What a record is worth: by hand, and as properties. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { holdBack } from '../../src/crew/record.ts';
import { betaBelow, betaQuantile } from '../../src/memory/beta.ts';
import { type RuleRecord, scoreRules } from '../../src/memory/index.ts';
import type { Fix } from '../../src/records/index.ts';

const test = suite('memory/scores');
const ON = { enabled: true, track_revert_rate: true, track_agent_success: true };
const record = (change: Partial<RuleRecord>): RuleRecord => ({
  ...{ specialist: 'StyleEnforcer', rule: 'python/a', merged: 0, rejected: 0, reverted: 0, rewritten: 0 },
  ...change,
});
const scoreOf = (change: Partial<RuleRecord>, others: RuleRecord[] = [], learning = ON) => {
  const [first] = scoreRules([record(change), ...others], learning).scores;
  assert.ok(first);
  return first;
};

test('the beta distribution is that of the books', () => {
  const near = (is: number, expected: number) => assert.ok(Math.abs(is - expected) < 1e-9, `${is}, not ${expected}`);
  near(betaBelow(0.3, 1, 1), 0.3);
  near(betaBelow(0.5, 2, 2), 0.5);
  // 1 - (1 - x)^b, and x^a.
  near(betaBelow(0.2, 1, 5), 1 - 0.8 ** 5);
  near(betaBelow(0.7, 4, 1), 0.7 ** 4);
  near(betaQuantile(0.5, 3, 3), 0.5);
});

test('three rejections make a rule poor, merges lift it again, and without a record it counts as usual', () => {
  assert.is(scoreOf({ rejected: 2 }).proposed_less, false);
  const poor = scoreOf({ rejected: 4, specialist: 'TestEnhancer' }, [record({ merged: 4 })]);
  assert.is(poor.proposed_less, true);
  assert.is(
    scoreOf({ merged: 1, reverted: 1, rejected: 2 }).proposed_less,
    true,
    'what was taken out again counts too',
  );
  assert.is(scoreOf({ merged: 4, rejected: 3 }).proposed_less, false);
  assert.is(scoreRules([], ON).weightOf('StyleEnforcer', 'python/a'), 1);
  assert.ok(
    scoreRules([record({ rejected: 5 })], ON).weightOf('StyleEnforcer', 'python/b') < 1,
    'its specialist speaks for it',
  );
});

test('the keys of learning: off changes nothing, and each kind of evidence can be left out', () => {
  const bad = { merged: 3, reverted: 3, rejected: 5 };
  const off = scoreRules([record(bad)], { ...ON, enabled: false });
  assert.is(off.scores[0]?.proposed_less, false);
  assert.is(off.weightOf('StyleEnforcer', 'python/a'), 1);
  assert.is(scoreOf({ rejected: 9 }, [], { ...ON, track_agent_success: false }).score, 0.6);
  assert.ok(scoreOf({ merged: 3, reverted: 3 }, [], { ...ON, track_revert_rate: false }).score > 0.6);
});

const counts = fc.record({
  merged: fc.nat(30),
  rejected: fc.nat(30),
  reverted: fc.nat(30),
  rewritten: fc.nat(30),
});

test('properties: within bounds, whatever the order; one more merge never lowers a score, one more rejection never lifts it', () => {
  fc.assert(
    fc.property(counts, fc.array(counts, { maxLength: 3 }), (one, others) => {
      const rest = others.map((other, index) => record({ ...other, rule: `python/${index}` }));
      const { score, interval } = scoreOf(one, rest);
      assert.ok(interval[0] >= 0 && interval[0] <= interval[1] && interval[1] <= 1, String(interval));
      assert.ok(score >= 0 && score <= 1, String(score));
      const weight = scoreRules([record(one)], ON).weightOf('StyleEnforcer', 'python/a');
      assert.ok(weight > 0 && weight <= 1.5, String(weight));
      assert.ok(scoreOf({ ...one, merged: one.merged + 1 }, rest).score >= score);
      assert.ok(scoreOf({ ...one, rejected: one.rejected + 1 }, rest).score <= score);
      const back = scoreRules([...rest].reverse().concat(record(one)), ON);
      assert.is(back.scores.at(-1)?.score, score);
    }),
    { numRuns: 60 },
  );
});

test('of a rule that is proposed less the gravest fix goes on, none while one is open; of others all go on', () => {
  const fix = (rule: string, severity: Fix['severity'], path: string): Fix => ({
    ...{ specialist: 'StyleEnforcer', rule, title: '', rationale: '', severity, edits: [] },
    findings: [
      {
        ...{ rule, specialist: 'StyleEnforcer', severity, path, line: 1, end_line: 1, message: '' },
        ...{ fixable: true, fingerprint: path },
      },
    ],
  });
  const fixes = [fix('python/a', 'low', 'x'), fix('python/a', 'high', 'y'), fix('python/b', 'low', 'z')];
  const memory = scoreRules([record({ rejected: 6 }), record({ rule: 'python/b', merged: 6 })], ON);
  const paths = (held: ReturnType<typeof holdBack>) => held.fixes.map(({ findings }) => findings[0]?.path);
  const first = holdBack(fixes, memory, []);
  assert.equal(paths(first), ['y', 'z']);
  assert.equal(
    first.held.map(({ reason }) => reason),
    ['its rule is proposed less: one at a time (0 merged, 6 rejected)'],
  );
  assert.equal(paths(holdBack(fixes, memory, [{ rule: 'python/a' }])), ['z']);
  assert.equal(paths(holdBack(fixes, scoreRules([], ON), [])), ['y', 'x', 'z']);
});

test.run();
