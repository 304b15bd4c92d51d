/** The whole matrix of verdicts, and the conditions of a clearance one by one. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ClearInput, clear, decide, matches } from '../../src/policy/index.ts';
import type { DecisionKind, Evaluation, Evidence, GateAnswer, Outcome, Risk } from '../../src/records/index.ts';

const test = suite('policy/verdict');

const RISKS: Risk[] = ['low', 'medium', 'high', 'critical'];
const OUTCOMES: Outcome[] = ['passed', 'failed', 'inconclusive'];
const EVIDENCE: Evidence[] = ['witness', 'tests', 'analysis'];
const GATES: Record<string, GateAnswer[]> = {
  none: [],
  allowed: [{ name: 'g', allowed: true, reason: '' }],
  denied: [
    { name: 'g', allowed: true, reason: '' },
    { name: 'h', allowed: false, reason: 'timed out' },
  ],
};
const POLICIES: Array<{ auto_apply: Risk[]; require_approval: Risk[] }> = [
  { auto_apply: ['low', 'medium'], require_approval: ['high', 'critical'] },
  { auto_apply: [], require_approval: [] },
  { auto_apply: ['low', 'medium', 'high', 'critical'], require_approval: [] },
  { auto_apply: ['low', 'high'], require_approval: ['high'] },
];

test('every combination: it lands by itself only if everything says so', () => {
  let landings = 0;
  for (const risk of RISKS)
    for (const outcome of OUTCOMES)
      for (const evidence of EVIDENCE)
        for (const commitOnSuccess of [true, false])
          for (const [gate, gates] of Object.entries(GATES))
            for (const riskPolicy of POLICIES) {
              const verdict = decide({
                evaluation: { outcome, evidence, reasons: [], checks: [{ name: 'pytest', candidate: 'passed' }] },
                risk,
                riskPolicy,
                commitOnSuccess,
                gates,
              });
              const listed = riskPolicy.auto_apply.includes(risk) && !riskPolicy.require_approval.includes(risk);
              const ran = evidence === 'tests' || evidence === 'witness';
              const expected = commitOnSuccess && outcome === 'passed' && ran && listed && gate !== 'denied';
              const where = JSON.stringify({ risk, outcome, evidence, commitOnSuccess, gate, riskPolicy });
              assert.is(verdict.autoLand, expected, where);
              assert.is(verdict.needsApproval, !listed || gate === 'denied', where);
              assert.is(verdict.outcome, outcome);
              if (commitOnSuccess && !expected) assert.ok(verdict.reasons.length > 0, `no reason: ${where}`);
              landings += expected ? 1 : 0;
            }
  assert.is(landings, (2 + 0 + 4 + 1) * 2 * 2);
});

test('a witness alone lands nothing by itself: some check of the repository must have passed', () => {
  const riskPolicy = { auto_apply: ['low'] as Risk[], require_approval: [] };
  const landsWith = (checks: Array<{ name: string; candidate: 'passed' | 'failed' | 'absent' }>) =>
    decide({
      evaluation: { outcome: 'passed', evidence: 'witness', reasons: [], checks },
      ...{ risk: 'low', riskPolicy, commitOnSuccess: true, gates: [] },
    }).autoLand;
  const analysis = { name: 'analysis', candidate: 'passed' } as const;
  assert.not.ok(landsWith([analysis]));
  assert.not.ok(landsWith([analysis, { name: 'pytest', candidate: 'absent' }]));
  assert.not.ok(landsWith([analysis, { name: 'pytest', candidate: 'failed' }]));
  assert.ok(landsWith([analysis, { name: 'pytest', candidate: 'passed' }]));
});

test('a configured gate that nobody asked denies', () => {
  const riskPolicy = { auto_apply: ['low'] as Risk[], require_approval: [], custom_gates: ['./gate.sh'] };
  const evaluation = { outcome: 'passed', evidence: 'tests', reasons: [], checks: [] } as const;
  const verdict = decide({ evaluation, risk: 'low', riskPolicy, commitOnSuccess: true, gates: [] });
  assert.not.ok(verdict.autoLand);
  assert.match(verdict.reasons.join(), /gate \.\/gate\.sh gave no answer/);
  const answered = [{ name: './gate.sh', allowed: true, reason: '' }];
  assert.ok(decide({ evaluation, risk: 'low', riskPolicy, commitOnSuccess: true, gates: answered }).autoLand);
});

test('only true allows: anything else that a gate returns denies', () => {
  const evaluation = { outcome: 'passed', evidence: 'tests', reasons: [], checks: [] } as const;
  const riskPolicy = { auto_apply: ['low'] as Risk[], require_approval: [] };
  for (const allowed of ['yes', 1, null, undefined, {}] as unknown as boolean[]) {
    const gates = [{ name: 'g', allowed, reason: 'odd' }];
    assert.not.ok(decide({ evaluation, risk: 'low', riskPolicy, commitOnSuccess: true, gates }).autoLand);
  }
});

const oid = (digit: string) => digit.repeat(40);
const evaluation: Evaluation = {
  v: 1,
  id: 'e1',
  seq: 1,
  at: '2026-01-01T00:00:00Z',
  kind: 'evaluation',
  proposal: oid('c'),
  base: oid('b'),
  tree: oid('d'),
  configuration: oid('f'),
  outcome: 'passed',
  evidence: 'tests',
  reasons: [],
  checks: [],
};
const good: ClearInput = {
  proposal: { id: oid('c').slice(0, 12), commit: oid('c'), draft: false },
  evaluation,
  base: oid('b'),
  tip: oid('c'),
  configuration: oid('f'),
  decisions: [],
};

test('a clearance binds base, tip, configuration and evaluation, and cannot be changed', () => {
  const decision = clear(good);
  assert.ok(decision.ok);
  if (!decision.ok) return;
  const landing = { base: oid('b'), tip: oid('c'), configuration: oid('f'), evaluation: 'e1' };
  assert.ok(matches(decision.clearance, landing));
  for (const key of Object.keys(landing))
    assert.not.ok(matches(decision.clearance, { ...landing, [key]: oid('0') }), key);
  assert.throws(() => Object.assign(decision.clearance, { base: oid('0') }), /read only/);
});

const REFUSED: Array<[string, Partial<ClearInput>, RegExp, RegExp]> = [
  ['no evaluation', { evaluation: null }, /not evaluated in this clone/, /verify/],
  [
    'failed',
    { evaluation: { ...evaluation, outcome: 'failed', reasons: ['pytest broke'] } },
    /failed.*pytest broke/,
    /show/,
  ],
  ['inconclusive', { evaluation: { ...evaluation, outcome: 'inconclusive' } }, /inconclusive/, /doctor/],
  ['another base', { base: oid('0') }, /evaluated on bbbbbbbbbbbb, and is to land on 000000000000/, /verify/],
  ['another tip', { tip: oid('0') }, /not 000000000000/, /show/],
  ['another configuration', { configuration: oid('0') }, /another configuration/, /verify/],
  [
    'an evaluation of something else',
    { evaluation: { ...evaluation, proposal: oid('0') } },
    /evaluation is of/,
    /verify/,
  ],
  ['a draft', { proposal: { ...good.proposal, draft: true } }, /draft/, /run/],
  ['rejected', { decisions: [{ kind: 'rejected', reason: 'ugly' }] }, /rejected: ugly/, /approve/],
  ['rejected after approval', { decisions: [{ kind: 'approved' }, { kind: 'rejected' }] }, /was rejected$/, /approve/],
  ['merged', { decisions: [{ kind: 'merged' }] }, /merged already/, /list/],
  ['reverted', { decisions: [{ kind: 'merged' }, { kind: 'reverted' }] }, /reverted/, /approve/],
  ['merged and approved', { decisions: [{ kind: 'merged' }, { kind: 'approved' }] }, /merged already/, /list/],
  ['approved, but replaced', { decisions: [{ kind: 'superseded' }, { kind: 'approved' }] }, /newer proposal/, /list/],
  ['superseded', { decisions: [{ kind: 'superseded' }] }, /newer proposal/, /list/],
  ['expired', { decisions: [{ kind: 'expired' }] }, /expired/, /run/],
];
for (const [name, change, reason, next] of REFUSED)
  test(`no clearance: ${name}`, () => {
    const decision = clear({ ...good, ...change });
    assert.not.ok(decision.ok);
    if (decision.ok) return;
    assert.match(decision.reason, reason);
    assert.match(decision.next, next);
    assert.ok(decision.next.startsWith('git ambient '));
  });

test('an approval takes a rejection back; approval alone is no evaluation', () => {
  const decisions: Array<{ kind: DecisionKind }> = [{ kind: 'rejected' }, { kind: 'approved' }];
  assert.ok(clear({ ...good, decisions }).ok);
  assert.not.ok(clear({ ...good, decisions, evaluation: null }).ok);
});

test.run();
