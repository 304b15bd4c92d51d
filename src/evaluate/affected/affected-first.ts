/**
 * The tests that a change touches, before all others. Rule: this can only refuse: what it does not show to be broken, on
 * tests that the whole check runs too, is judged by the whole.
 */
import type { FlakeMemory } from '../flakes/memory.ts';
import type { Settled } from '../flakes/settle.ts';
import { settleRuns } from '../flakes/settle-runs.ts';
import type { Check, Judgement } from '../types.ts';
import { type Affected, reachOf } from './affected.ts';

export interface AffectedFirst {
  baseTree: string;
  candidateTree: string;
  /** What the whole check says of the base. */
  base: Judgement;
  judge(check: Check, tree: string): Promise<Judgement>;
  affected: () => Promise<Affected>;
  flakes?: FlakeMemory | undefined;
}

/** Checks that take less are run as a whole at once; milliseconds. */
const WORTH_IT = 20_000;

/** What the touched tests show, and the run of the candidate that shows it; null where the whole must answer. */
export async function affectedFirst(
  check: Check,
  at: AffectedFirst,
  worth = WORTH_IT,
): Promise<{ settled: Settled; candidate: Judgement } | null> {
  const { base } = at;
  if (check.kind !== 'tests' || check.narrow === undefined) return null;
  if (base.duration < worth || (base.outcome !== 'passed' && base.outcome !== 'failed')) return null;
  const affected = await at.affected();
  const { tests } = affected;
  const narrow = tests.length === 0 ? null : await check.narrow(tests);
  if (narrow === null) return null;
  const candidate = await at.judge(narrow, at.candidateTree);
  if (!looksBroken(base, candidate)) return null;
  const before = await at.judge(narrow, at.baseTree);
  if (!isPartOf(before, base)) return null;
  const settled = await settleRuns(narrow, {
    ...{ baseTree: at.baseTree, candidateTree: at.candidateTree, base: before, candidate },
    judge: (tree) => at.judge(narrow, tree),
    reach: async () => reachOf(check, affected),
    // A test may depend on others that are left out here: nothing is learned of it.
    flakes: at.flakes && { ...at.flakes, learn: async () => {} },
  });
  if (settled.kind !== 'broken') return null;
  const files = `${tests.length} test file${tests.length === 1 ? '' : 's'}`;
  return { settled: { ...settled, note: `${settled.note} (the ${files} nearest to the change ran first)` }, candidate };
}

function looksBroken(base: Judgement, candidate: Judgement): boolean {
  if (candidate.outcome !== 'failed') return false;
  const failing = Object.keys(candidate.tests).filter((id) => candidate.tests[id] === 'failed');
  return failing.length === 0 ? base.outcome === 'passed' : failing.some((id) => base.tests[id] !== 'failed');
}

/** Everything that it names is run by the whole check as well: files may lie where that does not look. */
function isPartOf(part: Judgement, whole: Judgement): boolean {
  const named = Object.keys(whole.tests).length > 0;
  const ran = part.outcome === 'passed' || part.outcome === 'failed';
  return ran && (!named || Object.keys(part.tests).every((id) => id in whole.tests));
}
