/**
 * Which proposals a history contains, however they came in. Rule: the trailer is looked for anywhere in a message (a squash
 * indents it); a message that takes something back lands nothing, even when it quotes the trailer.
 */
import type { Repository } from '../git/index.ts';
import { findLanded } from '../records/index.ts';

export interface Landed {
  /** Id of the proposal: twelve hex digits. */
  proposal: string;
  /** The user's commit that brought it in; the oldest one of the range. */
  commit: string;
}

/** How git says that a commit undoes another. */
export const REVERTS = /\bThis reverts commit ([0-9a-f]{7,64})\b/g;

/** Finds the proposals that landed within `range` (as for `git rev-list`), oldest first. */
export async function landedIn(repository: Repository, range: string): Promise<Landed[]> {
  const commits = await repository.history.grep(range, '^[[:space:]]*Ambient-Proposal:');
  const found = new Map<string, Landed>();
  for (const { oid, message } of commits.toReversed()) {
    if (message.search(REVERTS) >= 0) continue;
    for (const name of findLanded(message)) {
      const proposal = name.slice(0, 12);
      if (!found.has(proposal)) found.set(proposal, { proposal, commit: oid });
    }
  }
  return [...found.values()];
}
