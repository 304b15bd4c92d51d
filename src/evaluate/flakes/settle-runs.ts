/**
 * Runs a check again until it is settled. Rule: the least that a break needs is always run; beyond that the time is bounded,
 * and what is not settled then is unknown.
 */
import { compareRuns } from '../compare.ts';
import type { Check, Judgement } from '../types.ts';
import type { Reach } from './belief.ts';
import type { FlakeMemory } from './memory.ts';
import { nextRun, type Settled, type Surroundings, settle } from './settle.ts';

export interface Settling {
  baseTree: string;
  candidateTree: string;
  /** A first run of each. */
  base: Judgement;
  candidate: Judgement;
  judge(tree: string): Promise<Judgement>;
  /** Of a test by its id; asked only when something looks broken. */
  reach?: (() => Promise<(id: string) => Reach>) | undefined;
  flakes?: FlakeMemory | undefined;
}

/** Re-runs of one check that go beyond the least end after this long, in milliseconds. */
const LONGEST = 10 * 60_000;
const LEAST = 3;

export async function settleRuns(check: Pick<Check, 'name' | 'kind'>, settling: Settling): Promise<Settled> {
  const { base, candidate } = settling;
  const first = compareRuns(base, candidate);
  if (first.kind === 'unknown') return { kind: 'unknown', note: first.note, flaky: false, proves: 0 };
  if (first.kind === 'fine' && base.outcome !== 'failed') {
    await learn(check, settling, [base], [candidate]);
    return { kind: 'fine', note: first.note ?? '', flaky: false, proves: first.proves };
  }
  const [bases, candidates] = [[base], [candidate]];
  const known = await knownOf(check, settling);
  await runAgain(settling, { bases, candidates }, known);
  await learn(check, settling, bases, candidates);
  return settle(bases, candidates, known);
}

async function runAgain(
  { judge, baseTree, candidateTree }: Settling,
  { bases, candidates }: { bases: Judgement[]; candidates: Judgement[] },
  known: Surroundings,
): Promise<void> {
  let spent = 0;
  for (let more = 0; more < LEAST || spent < LONGEST; more++) {
    const side = nextRun(bases, candidates, known);
    if (side === null) return;
    const run = await judge(side === 'base' ? baseTree : candidateTree);
    (side === 'base' ? bases : candidates).push(run);
    spent += run.duration;
  }
}

async function learn(
  check: Pick<Check, 'name' | 'kind'>,
  { flakes, baseTree, candidateTree }: Settling,
  bases: readonly Judgement[],
  candidates: readonly Judgement[],
): Promise<void> {
  const whole = ({ outcome }: Judgement) => outcome === 'passed' || outcome === 'failed';
  const runs = { bases: bases.filter(whole), candidates: candidates.filter(whole) };
  if (runs.bases.length > 0) await flakes?.learn(check, { baseTree, candidateTree, ...runs });
}

async function knownOf(check: Pick<Check, 'name' | 'kind'>, { flakes, reach }: Settling): Promise<Surroundings> {
  const known = await flakes?.of(check);
  const reachOf = await reach?.();
  return {
    kind: check.kind,
    before: known?.before ?? (() => ({ bad: 0, good: 0 })),
    failedBefore: known?.failedBefore ?? (() => 0),
    reach: reachOf ?? (() => 'unknown'),
  };
}
