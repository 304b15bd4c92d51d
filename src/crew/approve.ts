/**
 * `approve`: a person says yes without merging. Rule: it answers for the risk, never for the evaluation; what people said
 * no to before is open again.
 */
import { AmbientError } from '../base/index.ts';
import type { ProposalView } from '../store/index.ts';
import { landByPolicy } from './autoland.ts';
import { note } from './driver.ts';
import type { Crew } from './open.ts';
import { inTurn } from './turn.ts';

export interface Approval {
  id: string;
  title: string;
  /** It was rejected or taken back before. */
  reopened: boolean;
  /** The commit that landed it, where the configuration lets approved proposals land by themselves. */
  landed: string | null;
}

/** Records the approval. @throws AmbientError `already-decided` (user) when there is nothing left to approve. */
export async function approveProposal(crew: Crew, prefix: string, reason?: string): Promise<Approval> {
  const { proposal, status } = await inTurn(crew, async () => {
    const view = await crew.store.proposals.find(prefix);
    refuseClosed(view);
    const why = reason === undefined ? {} : { reason };
    await crew.store.decided({ kind: 'approved', proposal: view.proposal, ...why });
    return view;
  });
  const { id, title } = proposal;
  await note(crew, id, 'decision', { proposal: id, decision: 'approved', ...(reason ? { reason } : {}) });
  const landed = crew.config.commit_on_success ? await landByPolicy(crew, id, id) : null;
  return { id, title, reopened: status === 'rejected' || status === 'reverted', landed };
}

function refuseClosed({ proposal: { id, draft }, status }: ProposalView): void {
  if (draft)
    throw new AmbientError('not-published', `${id} is a draft: it was never published`, {
      kind: 'user',
      hint: 'wait for its cycle, or run `git ambient run`',
    });
  const hint = CLOSED[status];
  if (hint !== undefined)
    throw new AmbientError('already-decided', `${id} is ${status}: there is nothing to approve`, {
      kind: 'user',
      hint,
    });
}

const CLOSED: Record<string, string> = {
  merged: 'to undo it, use `git revert`: the crew notices',
  superseded: 'look at `git ambient list`: a newer proposal does the same',
  expired: 'run `git ambient run --all`: what is still there is proposed again',
};
