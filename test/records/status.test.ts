import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AmbientError } from '../../src/base/index.ts';
import {
  type ArchiveLine,
  type DecisionKind,
  type Evaluation,
  foldStatus,
  makeRecord,
  nextStatus,
  type Outcome,
  type Status,
  type StatusEvent,
  standingStatus,
} from '../../src/records/index.ts';

const test = suite('records/status');
const oid = (digit: string) => digit.repeat(40);
const time = (minute: number) => Date.UTC(2026, 0, 1, 0, minute);

function evaluated(outcome: Outcome, seq: number, configuration = oid('4')): Evaluation {
  const content = { kind: 'evaluation' as const, proposal: oid('1'), base: oid('2'), tree: oid('3'), configuration };
  return makeRecord(
    { ...content, outcome, evidence: 'tests' as const, reasons: [], checks: [] },
    { seq, at: time(seq) },
  );
}
function decided(kind: DecisionKind, minute: number, by = 'a', seq = minute + 1): { by: string; line: ArchiveLine } {
  const content = {
    kind,
    proposal: oid('1'),
    specialist: 'StyleEnforcer' as const,
    rule: 'python/x',
    fingerprints: [],
  };
  return { by, line: makeRecord(content, { seq, at: time(minute) }) };
}

/** The whole table: columns are events, `.` is an illegal edge. */
const EVENTS = [
  ...['published', 'passed', 'failed', 'inconclusive', 'approved', 'outdated'],
  ...['merged', 'promoted', 'rejected', 'superseded', 'expired', 'reverted', 'rolled_back'],
] as StatusEvent[];
const TABLE = `
draft        testing . . . . . . . . superseded expired . .
testing      . validated failed inconclusive testing testing . . rejected superseded expired . .
validated    . validated failed inconclusive validated stale merged merged rejected superseded expired . .
inconclusive . validated failed inconclusive inconclusive stale . . rejected superseded expired . .
failed       . validated failed inconclusive . stale . . rejected superseded expired . .
stale        . validated failed inconclusive stale stale . . rejected superseded expired . .
merged       . . . . . . merged merged . . . reverted reverted
reverted     . . . . testing . merged . . . . reverted reverted
rejected     . . . . testing . . . rejected . . . .
superseded   . . . . . . . . . superseded . . .
expired      . . . . . . . . . . expired . .`;

test('every edge is as the table says, every other one is our bug', () => {
  for (const row of TABLE.trim().split('\n')) {
    const [from = '', ...cells] = row.split(/\s+/);
    assert.is(cells.length, EVENTS.length);
    for (const [column, cell] of cells.entries()) {
      const event = EVENTS[column]!;
      let found: string;
      try {
        found = nextStatus(from as Status, event);
      } catch (error) {
        const { code, kind } = error as AmbientError;
        found = code === 'illegal-transition' && kind === 'bug' ? '.' : `${code} ${kind}`;
      }
      assert.is(found, cell, `${from} + ${event}`);
    }
  }
});

const stories: Array<[string, Status, Parameters<typeof foldStatus>[0]]> = [
  ['a draft is a draft', 'draft', { draft: true, evaluations: [], decisions: [] }],
  ['a proposal of somebody else is not validated here', 'testing', { draft: false, evaluations: [], decisions: [] }],
  ['passed', 'validated', { draft: false, evaluations: [evaluated('passed', 1)], decisions: [] }],
  [
    'the newest evaluation counts, wherever it stands',
    'failed',
    { draft: false, evaluations: [evaluated('failed', 3), evaluated('passed', 1)], decisions: [] },
  ],
  [
    'another configuration makes it stale',
    'stale',
    { draft: false, evaluations: [evaluated('passed', 1)], decisions: [], configuration: oid('5') },
  ],
  [
    'the same configuration does not',
    'validated',
    { draft: false, evaluations: [evaluated('passed', 1)], decisions: [], configuration: oid('4') },
  ],
  [
    'approval alone changes nothing',
    'inconclusive',
    { draft: false, evaluations: [evaluated('inconclusive', 1)], decisions: [decided('approved', 2)] },
  ],
  [
    'merged here, rejected there',
    'merged',
    { draft: false, evaluations: [], decisions: [decided('merged', 1), decided('rejected', 2, 'b')] },
  ],
  [
    'rejected, superseded and expired at once',
    'rejected',
    {
      draft: false,
      evaluations: [],
      decisions: [decided('expired', 1), decided('rejected', 3), decided('superseded', 2)],
    },
  ],
  [
    'reverted after merged',
    'reverted',
    { draft: false, evaluations: [evaluated('passed', 9)], decisions: [decided('merged', 1), decided('reverted', 2)] },
  ],
  [
    'a revert dated before its merge by another clock',
    'reverted',
    { draft: false, evaluations: [], decisions: [decided('merged', 5), decided('reverted', 2, 'b')] },
  ],
  [
    'landed again after the revert',
    'merged',
    {
      draft: false,
      evaluations: [],
      decisions: [decided('merged', 1), decided('reverted', 2), decided('merged', 3, 'a', 7)],
    },
  ],
  [
    'promoted and rolled back',
    'reverted',
    { draft: false, evaluations: [], decisions: [decided('promoted', 1), decided('rolled_back', 2)] },
  ],
];
for (const [name, status, input] of stories) test(name, () => assert.is(foldStatus(input), status));

/** Decisions, oldest first → what they mean; `open`: as the evaluations say. One rule, read by `merge` too. */
const DECISIONS = `
approved                              open
rejected                              rejected
rejected approved                     open
approved rejected                     rejected
rejected approved rejected            rejected
rejected approved rejected approved   open
merged                                merged
merged approved                       merged
merged rejected                       merged
rejected merged                       merged
approved merged                       merged
merged reverted                       reverted
merged reverted approved              open
merged reverted approved reverted     reverted
merged approved reverted              reverted
merged reverted approved merged       merged
merged reverted approved rejected     rejected
promoted rolled_back approved         open
superseded                            superseded
superseded approved                   superseded
expired approved                      expired
rejected expired                      rejected
rejected expired approved             expired
rejected superseded approved          superseded`;
for (const row of DECISIONS.trim().split('\n')) {
  const words = row.trim().split(/\s+/);
  const expected = words.at(-1) as string;
  test(`decided: ${words.slice(0, -1).join(', ')} is ${expected}`, () => {
    const kinds = words.slice(0, -1) as DecisionKind[];
    assert.is(standingStatus(kinds) ?? 'open', expected);
    const decisions = kinds.map((kind, index) => decided(kind, index + 1));
    const status = foldStatus({ draft: false, evaluations: [evaluated('passed', 1)], decisions });
    assert.is(status, expected === 'open' ? 'validated' : expected);
  });
}

test('the order in which lines arrive does not matter', () => {
  const kinds: DecisionKind[] = [
    ...(['merged', 'rejected', 'approved', 'reverted', 'superseded', 'expired', 'promoted', 'rolled_back'] as const),
  ];
  const decision = fc
    .tuple(fc.constantFrom(...kinds), fc.nat(3), fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 4 }))
    .map(([kind, minute, by, seq]) => decided(kind, minute, by, seq));
  const evaluation = fc
    .tuple(fc.constantFrom<Outcome>('passed', 'failed', 'inconclusive'), fc.integer({ min: 1, max: 3 }))
    .map(([outcome, seq]) => evaluated(outcome, seq));
  const lines = fc.record({
    decisions: fc.array(decision, { maxLength: 6 }),
    evaluations: fc.array(evaluation, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(lines, fc.infiniteStream(fc.nat(1000)), ({ decisions, evaluations }, random) => {
      const shuffle = <T>(items: T[]) =>
        items
          .map((item) => ({ item, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
      const status = foldStatus({ draft: false, decisions, evaluations });
      const again = foldStatus({ draft: false, decisions: shuffle(decisions), evaluations: shuffle(evaluations) });
      assert.is(again, status);
      const landed = decisions.some(({ line }) => line.kind === 'merged' || line.kind === 'promoted');
      const approved = decisions.some(({ line }) => line.kind === 'approved');
      if (landed && !approved) assert.ok(status === 'merged' || status === 'reverted', status);
    }),
    { numRuns: 500 },
  );
});

test.run();
