/** Proposals with everything that is known of them. Pure. Rule: only the evaluations of this clone give a status. */
import type { CommitInfo } from '../git/index.ts';
import { foldDecisions, foldStatus, orderDecisions, type Proposal, proposalFromCommit } from '../records/index.ts';
import type { Notes } from './notes.ts';
import { refNames } from './refs.ts';
import type { ProposalHead, ProposalView } from './types.ts';

export interface Views {
  views: ProposalView[];
  /** Refs that are left out: their name does not prove their commit, or the commit is none that we can read. */
  skipped: number;
}

/** Builds the heads of published proposals: who waits for a decision, and what became of the others. */
export function buildHeads(refs: ReadonlyArray<{ ref: string; commit: CommitInfo }>, notes: Notes): ProposalHead[] {
  return refs.flatMap(({ ref, commit }) => {
    const read = refNames.proves(ref, commit.oid) ? proposalFromCommit(commit, { draft: false }) : null;
    if (!read?.ok) return [];
    return [{ proposal: read.proposal, closed: foldDecisions(notes.decisions.get(commit.oid) ?? []) }];
  });
}

/** Builds the views of refs below `refs/ambient/`. A draft that is published already is shown once, as published. */
export function buildViews(
  refs: ReadonlyArray<{ ref: string; commit: CommitInfo }>,
  notes: Notes,
  own: string | null,
): Views {
  const proposals = new Map<string, Proposal>();
  let skipped = 0;
  for (const { ref, commit } of refs) {
    const draft = ref.startsWith(refNames.drafts);
    const read = refNames.proves(ref, commit.oid) ? proposalFromCommit(commit, { draft }) : null;
    if (!read?.ok) skipped += 1;
    else if (!draft || !proposals.has(commit.oid)) proposals.set(commit.oid, read.proposal);
  }
  const views = [...proposals.values()].sort(byAge).map((proposal) => buildView(proposal, notes, own));
  return { views, skipped };
}

export function buildView(proposal: Proposal, notes: Notes, own: string | null): ProposalView {
  const all = notes.evaluations.get(proposal.commit) ?? [];
  const evaluations = all
    .filter(({ by }) => by === own)
    .map(({ evaluation }) => evaluation)
    .sort((a, b) => a.seq - b.seq);
  const decisions = orderDecisions(notes.decisions.get(proposal.commit) ?? []);
  return {
    proposal,
    status: foldStatus({ draft: proposal.draft, evaluations, decisions }),
    evaluations,
    foreign: all.filter(({ by }) => by !== own),
    decisions,
  };
}

function byAge(a: Proposal, b: Proposal): number {
  return a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id < b.id ? -1 : 1;
}
