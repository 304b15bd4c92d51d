/**
 * The fixes of a cycle → its drafts. Rule: what lost against a better fix is put on top of that one by git, with the base
 * that they share: where that works it is judged as well, else it is an alternative or stands behind the better one.
 */
import { digest } from '../base/index.ts';
import type { AmbientEvent, AmbientTodo, Behind, RankedDraft } from '../loops/index.ts';
import type { Fix } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { isFromModel } from '../swarm/index.ts';
import { suppress } from './choose-fixes.ts';
import { type CycleReport, note } from './driver.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { placeFix } from './place.ts';

export async function placeFixes(
  crew: Crew,
  cycle: string,
  todo: Extract<AmbientTodo, { do: 'place' }>,
  report: CycleReport,
): Promise<Extract<AmbientEvent, { step: 'placed' }>> {
  const standing = await crew.store.proposals.list();
  const drafts: RankedDraft[] = [];
  const add = async (fix: Fix, choice: string | null, behind: string[] = []): Promise<RankedDraft | null> => {
    const placed = await placeFix(crew, todo.base, choice === null ? fix : { ...fix, choice });
    if (!placed.ok) {
      suppress(report, fix, placed.reason);
      await note(crew, cycle, 'apply_failed', { rule: fix.rule, reason: placed.reason });
      return null;
    }
    const { draft } = placed;
    const twin = standing.find(({ proposal }) => proposal.tree === draft.tree && proposal.id !== draft.id);
    const reason = twin === undefined ? null : asKnown(twin);
    if (reason !== null) {
      suppress(report, fix, reason);
      await crew.store.proposals.dropDrafts([draft].filter((one) => one.draft));
      return null;
    }
    const known = drafts.find((one) => one.id === draft.id);
    if (known) return known;
    const ranked: RankedDraft = {
      ...{ id: draft.id, commit: draft.commit },
      ...(isFromModel(fix.rule) ? { repairs: crew.config.refine.max_repair_rounds } : {}),
      ...(choice === null ? {} : { choice }),
      ...(behind.length === 0 ? {} : { behind }),
    };
    drafts.push(ranked);
    return ranked;
  };
  const choices = choicesOf(todo.fixes, todo.behind);
  const winners: Array<RankedDraft | null> = [];
  for (const [at, fix] of todo.fixes.entries()) winners.push(await add(fix, choices.get(at) ?? null));
  for (const { fix, beside, alternative } of todo.behind) {
    const better = beside.flatMap((at) => winners[at] ?? []);
    if (alternative) await add(fix, choices.get(beside[0] ?? -1) ?? null);
    else await addBehind(crew, fix, better, add);
  }
  return { step: 'placed', drafts };
}

/** Where git can put it on top of the better ones, it stands beside them. */
async function addBehind(
  crew: Crew,
  fix: Fix,
  better: readonly RankedDraft[],
  add: (fix: Fix, choice: null, behind: string[]) => Promise<RankedDraft | null>,
): Promise<void> {
  const own = await add(
    fix,
    null,
    better.map(({ id }) => id),
  );
  if (own === null || own.behind === undefined) return;
  const { base } = (await crew.store.proposals.find(own.id)).proposal;
  const inTheWay: string[] = [];
  for (const { id, commit } of better) {
    const { tree } = await crew.repository.trees.merge({ base, candidate: own.commit, onto: commit });
    if (tree === null) inTheWay.push(id);
  }
  if (inTheWay.length > 0) own.behind = inTheWay;
  else delete own.behind;
}

/** The same files came out before, under whatever name; null: that says nothing about now. */
function asKnown(view: ProposalView): string | null {
  if (isOpen(view)) return `open as ${view.proposal.id}`;
  return view.status === 'rejected' ? 'rejected before; comes back when its code changes' : null;
}

/** By position of the better one: what it and its alternatives have in common. */
function choicesOf(fixes: readonly Fix[], behind: readonly Behind[]): Map<number, string> {
  const groups = new Map<number, Fix[]>();
  for (const { fix, beside, alternative } of behind) {
    const [at] = beside;
    const winner = at === undefined ? undefined : fixes[at];
    if (alternative && at !== undefined && winner) groups.set(at, [...(groups.get(at) ?? [winner]), fix]);
  }
  const printsOf = ({ findings }: Fix) => findings.map(({ fingerprint }) => fingerprint).join(' ');
  return new Map([...groups].map(([at, members]) => [at, digest(members.map(printsOf).sort())]));
}
