/**
 * The drafts of one cycle: whose turn it is, which go back to their model, which may be offered beside each other. Pure.
 * Rule: drafts stand in the order in which they deserve attention; one that is behind others has its turn when they fail.
 */
import type { EvaluationContent } from '../records/index.ts';

/** A draft in the order in which it deserves attention, best first. */
export interface RankedDraft {
  id: string;
  commit: string;
  /** How often it may go back to the model that wrote it; absent: never. */
  repairs?: number;
  /** Drafts with the same value change the same lines: one of them at most can land. */
  choice?: string;
  /** Ids of better drafts that it cannot stand beside: it has its turn only if all of them fail. */
  behind?: string[];
}

export interface Judged {
  drafts: readonly RankedDraft[];
  evaluations: Readonly<Record<string, Pick<EvaluationContent, 'outcome'>>>;
  /** Those that went back to their model. */
  repaired: readonly string[];
}

const outcomeOf = ({ evaluations }: Judged, id: string) => evaluations[id]?.outcome ?? 'unknown';

/** The one that failed and may still go back. */
export function toRepair(judged: Judged): RankedDraft | undefined {
  const { drafts, repaired } = judged;
  return drafts.find(
    (draft) =>
      outcomeOf(judged, draft.id) === 'failed' && (draft.repairs ?? 0) > 0 && repaired.includes(draft.id) === false,
  );
}

/** `drafts` with what came back for `id` in its place: each one may go back once less. */
export function withRepaired(
  drafts: readonly RankedDraft[],
  id: string,
  fresh: readonly Pick<RankedDraft, 'id' | 'commit'>[],
): RankedDraft[] {
  const left = Math.max(0, (drafts.find((draft) => draft.id === id)?.repairs ?? 0) - 1);
  const known = new Set(drafts.map((draft) => draft.id));
  const added = fresh.filter((draft) => !known.has(draft.id)).map(({ id, commit }) => ({ id, commit, repairs: left }));
  return drafts.flatMap((draft) => (draft.id === id ? [draft, ...added] : [draft]));
}

/** Those that have no answer yet and may be asked for one: nothing better that passed, or may still pass, is in the way. */
export function waitingTurns(judged: Judged): RankedDraft[] {
  const isFree = ({ behind = [] }: RankedDraft) =>
    behind.every((id) => ['failed', 'inconclusive'].includes(outcomeOf(judged, id)));
  return judged.drafts.filter((draft) => outcomeOf(judged, draft.id) === 'unknown' && isFree(draft));
}

export function passedDrafts(judged: Judged): RankedDraft[] {
  return judged.drafts.filter(({ id }) => outcomeOf(judged, id) === 'passed');
}

/** Of drafts that are alternatives only the first. */
export function firstOfEach(drafts: readonly RankedDraft[]): RankedDraft[] {
  return drafts.filter(
    ({ choice }, at) => choice === undefined || drafts.findIndex((one) => one.choice === choice) === at,
  );
}

/** `chosen` with the alternatives of those in it that passed too, each after its first. */
export function withAlternatives(judged: Judged, chosen: readonly string[]): string[] {
  const passed = passedDrafts(judged);
  return chosen.flatMap((id) => {
    const choice = passed.find((draft) => draft.id === id)?.choice;
    const others = choice === undefined ? [] : passed.filter((draft) => draft.choice === choice && draft.id !== id);
    return [id, ...others.map((draft) => draft.id)];
  });
}

/** Those that were never asked because something better passed, with its id. */
export function heldBack(judged: Judged): Array<{ id: string; beside: string[] }> {
  return judged.drafts.flatMap(({ id, behind = [] }) => {
    const beside = behind.filter((one) => outcomeOf(judged, one) === 'passed');
    return outcomeOf(judged, id) === 'unknown' && beside.length > 0 ? [{ id, beside }] : [];
  });
}
