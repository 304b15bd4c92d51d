/**
 * Closed proposals lose their refs: after a while, and at once where a ref is all that keeps a commit alive that its author
 * took away (an amend that removed a secret). Rule: the line in the archive stays, and what was learnt with it.
 */
import { refNames } from '../store/index.ts';
import type { Crew } from './open.ts';

const KEPT_DAYS = 30;
const DAY = 24 * 3_600_000;

/** Drops the refs of closed proposals that nobody needs any more. Returns their ids. */
export async function releaseClosed(crew: Crew, now = Date.now()): Promise<string[]> {
  const { repository, store } = crew;
  const closed = (await store.proposals.heads()).filter((head) => head.closed !== null);
  if (closed.length === 0) return [];
  const decided = new Map((await store.archive()).map(({ line }) => [line.proposal, Date.parse(line.at)]));
  const bases = [...new Set(closed.map(({ proposal }) => proposal.base))];
  // What a fixup may still be taken back to is kept alive by that, whatever becomes of the proposals.
  const lost = new Set(await repository.history.lost(bases, [`${refNames.proposals}*`, `${refNames.drafts}*`]));
  // A fixup that may still be taken back needs its proposal to say so.
  const undoable = new Set((await repository.refs.list(refNames.undos)).map(({ ref }) => refNames.parseUndo(ref)?.id));
  const doomed = closed
    .map(({ proposal }) => proposal)
    .filter(({ id }) => !undoable.has(id))
    .filter(({ base, commit }) => lost.has(base) || now - (decided.get(commit) ?? now) > KEPT_DAYS * DAY);
  // The name proves the content: whoever else drops it drops the same.
  const refs = doomed.map(({ id }) => ({ ref: refNames.proposal(id), to: null }));
  if (refs.length > 0) await store.write({ refs });
  return doomed.map(({ id }) => id);
}
