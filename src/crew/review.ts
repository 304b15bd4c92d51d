/** One proposal as people see it: `show`, `diff`, `reject`. Rule: reads, except for one archive line. */
import { AmbientError } from '../base/index.ts';
import type { ProposalView } from '../store/index.ts';
import { alternativesOf } from './alternatives.ts';
import { note } from './driver.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { releaseClosed } from './release.ts';
import { type ProposalRow, rowOf } from './rows.ts';
import { createFitting } from './stale.ts';
import { inTurn } from './turn.ts';
import { type WaitingFix, waitingNow } from './waiting.ts';

export interface ProposalDetail extends ProposalRow {
  rationale: string;
  /** Oid of the prompt that a model wrote it under. */
  prompt?: string;
  /** Fixes that come back when this one is decided. */
  waiting?: Array<Omit<WaitingFix, 'for'>>;
  decisions: Array<{ by: string; kind: string; at: string; reason: string | null; commit: string | null }>;
  verified_by: Array<{ by: string; outcome: string; at: string }>;
  diff: string;
  next: string[];
}

export async function showProposal(crew: Crew, prefix: string): Promise<ProposalDetail> {
  return detailOf(crew, await crew.store.proposals.find(prefix));
}

/** Shows the change in the person's own tool. Returns the tool's exit code. */
export async function showInTool(crew: Crew, prefix: string): Promise<number> {
  const { proposal } = await crew.store.proposals.find(prefix);
  return crew.repository.trees.difftool(proposal.base, proposal.commit);
}

export async function detailOf(crew: Crew, view: ProposalView): Promise<ProposalDetail> {
  const { proposal } = view;
  const files = await crew.repository.trees.changedPaths([proposal.commit]);
  const beside = alternativesOf(proposal, await crew.store.proposals.heads());
  const waiting = (await waitingNow(crew)).filter((fix) => fix.for.includes(proposal.id));
  return {
    ...rowOf(view, files.get(proposal.commit) ?? [], isOpen(view) ? beside : []),
    rationale: proposal.rationale,
    ...(proposal.prompt === undefined ? {} : { prompt: proposal.prompt }),
    ...(waiting.length === 0 ? {} : { waiting: waiting.map(({ rule, path }) => ({ rule, path })) }),
    decisions: view.decisions.map(({ by, line }) => ({
      by,
      kind: line.kind,
      at: line.at,
      reason: line.reason ?? null,
      commit: line.commit ?? null,
    })),
    verified_by: view.foreign.map(({ by, evaluation }) => ({ by, outcome: evaluation.outcome, at: evaluation.at })),
    diff: await crew.repository.trees.patch(proposal.base, proposal.commit),
    next: nextOf(view, await fitsHere(crew, view, files.get(proposal.commit) ?? [])),
  };
}

/** Could `merge` land it on HEAD? What nobody can merge is not offered. */
async function fitsHere(crew: Crew, view: ProposalView, paths: readonly string[]): Promise<boolean> {
  if (!isOpen(view)) return false;
  const head = await crew.repository.objects.resolve('HEAD^{commit}');
  return head !== null && (await createFitting(crew)(view.proposal, paths, head)) === 'fits';
}

function nextOf({ status, proposal: { id } }: ProposalView, fits: boolean): string[] {
  if (isOpen({ status }))
    return [...(fits ? [`git ambient merge ${id}`] : []), `git ambient reject ${id} --reason "…"`];
  if (status === 'rejected' || status === 'reverted') return [`git ambient approve ${id}`];
  return [`git show ${id}`];
}

/**
 * Rejects: the same fix does not come back while the code that it touches stays as it is.
 * @throws AmbientError `already-decided`, `no-reason` (user).
 */
export async function rejectProposal(
  crew: Crew,
  prefix: string,
  reason: string,
): Promise<{ id: string; title: string; reason: string }> {
  const said = reason.trim();
  if (said === '')
    throw new AmbientError('no-reason', 'a rejection needs a reason', {
      kind: 'user',
      hint: `git ambient reject ${prefix} --reason "why not"`,
    });
  const proposal = await inTurn(crew, async () => {
    const view = await crew.store.proposals.find(prefix);
    refuseDecided(view);
    await crew.store.decided({ kind: 'rejected', proposal: view.proposal, reason: said });
    return view.proposal;
  });
  await releaseClosed(crew);
  await note(crew, proposal.id, 'decision', { proposal: proposal.id, decision: 'rejected', reason: said });
  return { id: proposal.id, title: proposal.title, reason: said };
}

function refuseDecided({ status, proposal: { id } }: ProposalView): void {
  if (isOpen({ status }) || status === 'failed') return;
  const hint =
    status === 'rejected'
      ? `to take it back: git ambient approve ${id}`
      : status === 'merged'
        ? 'to undo it, use `git revert`: the crew notices'
        : `git ambient show ${id}`;
  throw new AmbientError('already-decided', `${id} is ${status} already`, { kind: 'user', hint });
}
