/**
 * What several runs of one check on both trees say of each test. Pure. Rule: a test that ever passed on the base must pass;
 * one that never did must not fail where it did not; what cannot be named is observed as a whole.
 */
import { compareRuns } from '../compare.ts';
import type { Judgement, TestOutcome } from '../types.ts';
import type { Seen } from './belief.ts';

/** Id of what no test explains: an exit code, a count. */
export const WHOLE = '';

export interface Observation {
  id: string;
  base: Seen;
  candidate: Seen;
  /** Last runs of the base that were bad without a good one between. */
  lately: number;
  /** Neither side ever failed it: it is only not there in some runs of the base. */
  unstableName: boolean;
}

export interface Observations {
  /** Bad on some run of the candidate, and good on some run of the base. */
  suspects: Observation[];
  /** Failed on every run of the base and never passed on the candidate. */
  red: string[];
}

/** @param bases at least one run, as `candidates`; all of them passed or failed. */
export function observe(bases: readonly Judgement[], candidates: readonly Judgement[]): Observations {
  const ids = new Set([...bases, ...candidates].flatMap(({ tests }) => Object.keys(tests)));
  const reference = referenceOf(bases);
  const suspects: Observation[] = [];
  const red: string[] = [];
  for (const id of ids) {
    const [before, after] = [statesOf(bases, id), statesOf(candidates, id)];
    if (before.every((state) => state === 'failed')) {
      if (!after.includes('passed')) red.push(id);
      continue;
    }
    const isBad = before.includes('passed') ? notPassed : failed;
    const candidate = tally(after.map(isBad));
    if (candidate.bad === 0) continue;
    const unstableName =
      before.includes(undefined) && ![...before, ...after].includes('failed') && losesNone(bases, candidates);
    const bad = before.map(isBad);
    suspects.push({ id, base: tally(bad), candidate, lately: lastOf(bad), unstableName });
  }
  const [before, after] = [worseThan(reference, bases), worseThan(reference, candidates)];
  if (after.includes(true))
    suspects.push({
      ...{ id: WHOLE, base: tally(before), candidate: tally(after) },
      ...{ lately: lastOf(before), unstableName: false },
    });
  else if (unexplained(reference) && candidates.every(({ outcome }) => outcome === 'failed')) red.push(WHOLE);
  return { suspects, red };
}

/** Tests that pass on every run of both. */
export function provenBy(bases: readonly Judgement[], candidates: readonly Judgement[]): number {
  const reference = referenceOf(bases);
  const names = Object.keys(reference.tests);
  const both = [...bases, ...candidates];
  const passing = names.filter((id) => both.every((run) => run.tests[id] === 'passed')).length;
  if (names.length > 0) return passing;
  const green = both.filter(({ outcome }) => outcome === 'passed');
  // Without names a green run of each side is all that can be had: in it, everything passed at once.
  const shown = reference.outcome === 'passed' && candidates.some(({ outcome }) => outcome === 'passed');
  return shown ? Math.min(...green.map(({ counts }) => counts?.passed ?? 1)) : 0;
}

/** The best that the base was seen to be. */
export function referenceOf(bases: readonly Judgement[]): Judgement {
  const worth = ({ outcome, counts, tests }: Judgement) =>
    (outcome === 'passed' ? 1e9 : 0) + (counts?.passed ?? 0) + Object.keys(tests).length;
  return bases.reduce((best, one) => (worth(one) > worth(best) ? one : best));
}

function statesOf(runs: readonly Judgement[], id: string): Array<TestOutcome | undefined> {
  return runs.map(({ tests }) => (Object.hasOwn(tests, id) ? tests[id] : undefined));
}

function notPassed(state: TestOutcome | undefined): boolean {
  return state !== 'passed';
}

function failed(state: TestOutcome | undefined): boolean {
  return state === 'failed';
}

function tally(bad: readonly boolean[]): Seen {
  const count = bad.filter(Boolean).length;
  return { bad: count, good: bad.length - count };
}

function lastOf(bad: readonly boolean[]): number {
  return bad.length - 1 - bad.lastIndexOf(false);
}

function worseThan(reference: Judgement, runs: readonly Judgement[]): boolean[] {
  return runs.map((run) => {
    const said = run === reference ? null : compareRuns(reference, run);
    return said?.kind === 'broken' && said.ids.length === 0;
  });
}

function unexplained({ outcome, tests }: Judgement): boolean {
  return outcome === 'failed' && !Object.values(tests).includes('failed');
}

/** Names that change from run to run: no run of the candidate has fewer tests that pass than the base had at its least. */
function losesNone(bases: readonly Judgement[], candidates: readonly Judgement[]): boolean {
  const passing = ({ tests }: Judgement) => Object.values(tests).filter((state) => state === 'passed').length;
  const least = Math.min(...bases.map(passing));
  return candidates.every((run) => passing(run) >= least);
}
