/**
 * Proposals that change the same lines of the same commit for different reasons: at most one of them can land. Rule: a
 * person chooses; what was chosen closes the others, and is named in their archive.
 */
import { AmbientError } from '../base/index.ts';
import type { Proposal } from '../records/index.ts';
import type { ProposalHead } from '../store/index.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { inTurn } from './turn.ts';

/** Those of `heads` that are open beside `proposal`. */
export function alternativesOf(
  proposal: Pick<Proposal, 'id' | 'base' | 'choice'>,
  heads: readonly ProposalHead[],
): Proposal[] {
  if (proposal.choice === undefined) return [];
  return heads
    .filter(({ closed }) => closed === null)
    .map((head) => head.proposal)
    .filter(({ id, base, choice }) => id !== proposal.id && base === proposal.base && choice === proposal.choice)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Closes the alternatives of what has landed; returns their ids. */
export async function supersedeAlternatives(crew: Crew, landed: Proposal): Promise<string[]> {
  const closed: string[] = [];
  for (const proposal of alternativesOf(landed, await crew.store.proposals.heads()))
    try {
      await inTurn(crew, async () => {
        if (!isOpen(await crew.store.proposals.find(proposal.id))) return;
        const reason = `${landed.id} changes the same lines and was merged`;
        await crew.store.decided({ kind: 'superseded', proposal, reason });
        closed.push(proposal.id);
      });
    } catch (error) {
      // Somebody is landing: what cannot be merged any more is closed with the stale ones.
      if (!(error instanceof AmbientError) || error.kind === 'bug') throw error;
    }
  return closed;
}
