/**
 * What became of proposals without our doing: landed by a squash or cherry-pick, reverted later. Rule: found in the
 * history by trailers and patch-ids, written as archive lines once.
 */
import { detectReverts, detectRewrites, landedIn } from '../memory/index.ts';
import { type ArchiveLine, standingStatus } from '../records/index.ts';
import type { Decided } from '../store/index.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { noticeUndone } from './undone.ts';

/** Commits that are looked at, newest first. */
const WINDOW = 500;

/** What a decision needs to know of a proposal. */
function subjectOf(lines: readonly ArchiveLine[]): Decided | null {
  const [line] = lines;
  if (line === undefined) return null;
  const { proposal: commit, specialist, rule } = line;
  return { commit, specialist, rule, fingerprints: [...new Set(lines.flatMap(({ fingerprints }) => fingerprints))] };
}

/** Records merges and reverts that happened outside `git ambient merge`. */
export async function noticeOutcomes(crew: Crew): Promise<void> {
  await noticeUndone(crew);
  const views = await crew.store.proposals.list();
  if (
    views.length + (await crew.store.archive()).length === 0 ||
    (await crew.repository.objects.resolve('HEAD^{commit}')) === null
  )
    return;
  const from = await crew.repository.objects.resolve(`HEAD~${WINDOW}^{commit}`);
  const range = from === null ? 'HEAD' : `${from}..HEAD`;
  for (const { proposal: id, commit } of await landedIn(crew.repository, range)) {
    const view = views.find((candidate) => candidate.proposal.id === id);
    if (view && isOpen(view)) await crew.store.decided({ kind: 'merged', proposal: view.proposal, commit });
  }
  const archive = (await crew.store.archive()).map((item) => item.line);
  for (const { proposal, commit } of await detectReverts(crew.repository, archive, range)) {
    const view = views.find(
      (candidate) => candidate.proposal.commit === proposal || candidate.proposal.id === proposal,
    );
    // One that has lost its ref is known by its lines.
    const lines = archive.filter((line) => line.proposal === proposal);
    const known = view?.proposal ?? subjectOf(lines);
    const status = view?.status ?? standingStatus(lines.map((line) => line.kind));
    if (known && status !== 'reverted') await crew.store.decided({ kind: 'reverted', proposal: known, commit });
  }
  for (const { proposal, commit } of await detectRewrites(crew.repository, archive, range)) {
    const known = subjectOf(archive.filter((line) => line.proposal === proposal));
    if (known) await crew.store.decided({ kind: 'rewritten', proposal: known, commit });
  }
}
