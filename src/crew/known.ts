/** What is on the table already. Rule: a fix that stands open, or was rejected, is not proposed again. */
import { rejectedFingerprints } from '../memory/index.ts';
import type { ProposalView } from '../store/index.ts';
import type { Crew } from './open.ts';

/** Proposals that wait for a decision. */
export async function openProposals(crew: Crew): Promise<ProposalView[]> {
  return (await crew.store.proposals.list()).filter(isOpen);
}

export function isOpen(view: Pick<ProposalView, 'status'>): boolean {
  return ['testing', 'validated', 'inconclusive', 'stale'].includes(view.status);
}

export async function closedFingerprints(crew: Crew, open: readonly ProposalView[]): Promise<Set<string>> {
  const archive = await crew.store.archive();
  const rejected = rejectedFingerprints(archive.map((item) => item.line));
  return new Set([...rejected, ...open.flatMap((view) => view.proposal.fingerprints)]);
}
