/**
 * Settles by further runs whether a check that looks broken is. Pure. Rule: broken is what was bad on every run of the
 * candidate and on no run of the base, and not by chance; flaky is what passed here too and is no worse than it was; what
 * stays between the two is unknown, and so is a red base that was not seen red often enough.
 */
import { compareRuns } from '../compare.ts';
import type { CheckKind, Judgement } from '../types.ts';
import { believe, type Reach, type Seen } from './belief.ts';
import { type Observation, observe, provenBy, referenceOf, WHOLE } from './observe.ts';

export interface Settled {
  kind: 'fine' | 'broken' | 'unknown';
  note: string;
  flaky: boolean;
  /** Tests that passed on every run of both. */
  proves: number;
  /** Of what is broken, the tests by name. */
  broken?: string[];
}

/** What is known besides the runs. */
export interface Surroundings {
  kind: CheckKind;
  /** Of a test, on other trees. */
  before(id: string): Seen;
  /** Runs of bases that a test failed in, without one in which it passed. */
  failedBefore(id: string): number;
  reach(id: string): Reach;
}

export const NOTHING_KNOWN: Surroundings = {
  kind: 'tests',
  before: () => ({ bad: 0, good: 0 }),
  failedBefore: () => 0,
  reach: () => 'unknown',
};

/** Below this, chance is no explanation. */
const BY_CHANCE = 0.005;
/** Below this, a change for the worse is none. The more runs, the more tests fail once: after many of them less is asked. */
const WORSE = { early: 0.07, late: 0.2, runs: 6 };
/** No break is believed on less. */
const LEAST = { base: 2, candidate: 3 };
const MOST = { base: 10, candidate: 10 };
/**
 * Red runs of the base after which a test is red and not flaky: one that fails 30 % of the time gets there once in 50,000
 * times. Where the change cannot reach the test, less is at stake.
 */
const RED = { reached: 9, unknown: 9, unreached: 5 };

type Standing = 'broken' | 'unclear' | 'flaky' | 'open';

interface Assessment {
  suspects: Array<Observation & { standing: Standing }>;
  /** Red tests of the base that may still be flaky ones. */
  unsure: string[];
}

/** Which tree to run once more; null when another run would change nothing. */
export function nextRun(
  bases: readonly Judgement[],
  candidates: readonly Judgement[],
  known: Surroundings = NOTHING_KNOWN,
): 'base' | 'candidate' | null {
  if (![...bases, ...candidates].every(hasRun)) return null;
  const { suspects, unsure } = assess(bases, candidates, known);
  if (suspects.some(({ standing }) => standing === 'broken')) return null;
  const open = suspects.filter(({ standing }) => standing === 'open');
  if (open.length === 0)
    return unsure.length > 0 && suspects.every(({ standing }) => standing === 'flaky') ? 'base' : null;
  if (bases.length < LEAST.base) return 'base';
  if (candidates.length < LEAST.candidate) return 'candidate';
  // A break shows on the candidate; that a test was flaky before shows on the base.
  const failing = open.some(({ candidate }) => candidate.good === 0);
  const wanted = open.some(({ lately }) => lately > 0)
    ? MOST.base
    : failing
      ? candidates.length / 2
      : candidates.length;
  if (bases.length < Math.min(wanted, MOST.base)) return 'base';
  if (candidates.length < MOST.candidate) return 'candidate';
  return bases.length < MOST.base ? 'base' : null;
}

/** What the runs say, taken together. The first of each are the ones that looked broken, or red. */
export function settle(
  bases: readonly Judgement[],
  candidates: readonly Judgement[],
  known: Surroundings = NOTHING_KNOWN,
): Settled {
  const unseen = [...bases, ...candidates].find((run) => !hasRun(run));
  if (unseen !== undefined)
    return { kind: 'unknown', note: `a further run ${whyNot(unseen)}`, flaky: false, proves: 0 };
  const { suspects, unsure } = assess(bases, candidates, known);
  const are = (standing: Standing) => suspects.filter((one) => one.standing === standing);
  const [broken, flaky] = [are('broken'), are('flaky')];
  if (broken.length > 0) {
    const ids = broken.map(({ id }) => id).filter((id) => id !== WHOLE);
    const note = noteOf(broken, suspects, bases, candidates);
    return { kind: 'broken', note, flaky: false, proves: 0, broken: ids };
  }
  const proves = provenBy(bases, candidates);
  const unclear = suspects.filter((one) => !flaky.includes(one));
  if (unclear.length > 0) return { kind: 'unknown', note: `flaky: ${described(unclear)}`, flaky: true, proves: 0 };
  if (unsure.length > 0) {
    const note = `fails here and on the base, and may be flaky there: ${listed(unsure)} (${bases.length} runs of the base)`;
    return { kind: 'unknown', note, flaky: suspects.length > 0, proves: 0 };
  }
  if (flaky.length > 0) {
    const kind = proves > 0 || known.kind !== 'tests' ? 'fine' : 'unknown';
    return { kind, note: `flaky, set aside: ${described(flaky)}`, flaky: true, proves };
  }
  const [candidate] = candidates;
  const said = candidate === undefined ? null : compareRuns(referenceOf(bases), candidate);
  return { kind: 'fine', note: said?.kind === 'fine' ? (said.note ?? '') : '', flaky: false, proves };
}

function assess(bases: readonly Judgement[], candidates: readonly Judgement[], known: Surroundings): Assessment {
  const { suspects, red } = observe(bases, candidates);
  const enough = (id: string) => Math.max(bases.length, known.failedBefore(id)) >= RED[known.reach(id)];
  return {
    suspects: suspects.map((one) => {
      const amongFlakes = suspects.some((other) => other !== one && seenBothWays(other));
      return { ...one, standing: standingOf(one, { bases: bases.length, amongFlakes }, known) };
    }),
    // A linter says the same thing every time.
    unsure: known.kind === 'tests' ? red.filter((id) => !enough(id)) : [],
  };
}

function seenBothWays({ base, candidate }: Observation): boolean {
  return [base, candidate].some(({ bad, good }) => bad > 0 && good > 0);
}

function standingOf(
  one: Observation,
  { bases, amongFlakes }: { bases: number; amongFlakes: boolean },
  known: Surroundings,
): Standing {
  if (one.unstableName) return 'flaky';
  const { base, candidate, id } = one;
  const belief = believe({ base, candidate, before: known.before(id), reach: known.reach(id), amongFlakes });
  const runs = candidate.bad + candidate.good;
  if (candidate.good > 0) {
    const worse = runs < WORSE.runs ? WORSE.early : WORSE.late;
    return bases >= LEAST.base && belief.same >= 1 - worse ? 'flaky' : 'open';
  }
  // Its kept run was good, and since then it is red: what decides changed around both trees.
  if (one.lately >= RED[known.reach(id)]) return 'flaky';
  if (one.lately > 0) return 'open';
  if (bases < LEAST.base || runs < (known.kind === 'tests' ? LEAST.candidate : 2) || belief.same > BY_CHANCE)
    return 'open';
  return base.bad === 0 ? 'broken' : 'unclear';
}

function noteOf(
  broken: readonly Observation[],
  suspects: readonly Observation[],
  bases: readonly Judgement[],
  candidates: readonly Judgement[],
): string {
  const [reference, candidate] = [referenceOf(bases), candidates[0]];
  const said = candidate === undefined ? null : compareRuns(reference, candidate);
  if (said?.kind === 'broken' && broken.length === suspects.length) return said.note;
  return broken.every(({ id }) => id === WHOLE)
    ? 'fails on every run here and on none of the base'
    : `newly failing or gone: ${listed(broken.map(({ id }) => id))}`;
}

function described(suspects: readonly Observation[]): string {
  const one = ({ id, base, candidate, unstableName }: Observation) => {
    const times = ({ bad, good }: Seen) => `${bad} of ${bad + good}`;
    const what = unstableName
      ? 'named anew in every run'
      : `bad in ${times(candidate)} runs here, ${times(base)} on the base`;
    return `${id === WHOLE ? 'the whole' : short(id)} (${what})`;
  };
  const shown = suspects.slice(0, 3).map(one).join(', ');
  return suspects.length > 3 ? `${shown} and ${suspects.length - 3} more` : shown;
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => (id === WHOLE ? 'the whole' : short(id)));
  return ids.length > 3 ? `${shown.join(', ')} and ${ids.length - 3} more` : shown.join(', ');
}

function short(id: string): string {
  return id.length > 120 ? `${id.slice(0, 119)}…` : id;
}

function hasRun({ outcome }: Judgement): boolean {
  return outcome === 'passed' || outcome === 'failed';
}

function whyNot({ outcome }: Judgement): string {
  const words = { timeout: 'timed out', oom: 'ran out of memory', absent: 'could not be run', error: 'broke' };
  return words[outcome as keyof typeof words] ?? outcome;
}
