/**
 * Finds merged fixes that somebody changed soon after. Rule: asked of blame, line by line; a commit of ours, a merge, one
 * that takes something back, and one that touches everything rewrite nothing.
 */
import type { CommitInfo, Repository } from '../git/index.ts';
import { type ArchiveLine, findLanded } from '../records/index.ts';
import { REVERTS } from './landed.ts';
import { type Standing, standingMerges } from './outcomes.ts';

/** Seconds after a landing within which a change of its lines speaks against it: what comes later is life. */
const SOON = 14 * 24 * 3600;
/** Files from which on a commit is about something else: a formatter, a move. */
const SWEEPING = 20;
/** Questions to blame per call. What is left over is asked when the range is read again. */
const MOST_QUESTIONS = 40;

/**
 * Returns the proposals of `archive` (oldest first) whose lines a commit of `range` changed soon after they landed, with
 * that commit.
 */
export async function detectRewrites(
  repository: Repository,
  archive: readonly ArchiveLine[],
  range: string,
): Promise<Standing[]> {
  const known = new Set(archive.flatMap(({ kind, proposal }) => (kind === 'rewritten' ? [proposal] : [])));
  const merges = standingMerges(archive).filter(({ proposal }) => !known.has(proposal));
  if (merges.length === 0) return [];
  const commits = await repository.history.grep(range, '^');
  const landings = merges.filter(({ commit }) => commits.some(({ oid }) => oid === commit));
  if (landings.length === 0) return [];
  const touched = await repository.trees.changedPaths(commits.map(({ oid }) => oid));
  const found: Standing[] = [];
  let questions = MOST_QUESTIONS;
  for (const landing of landings) {
    const at = commits.findIndex(({ oid }) => oid === landing.commit);
    const paths = new Set(touched.get(landing.commit) ?? []);
    for (const later of commits.slice(0, at).reverse()) {
      const files = touched.get(later.oid) ?? [];
      if (!isOrdinary(later) || files.length > SWEEPING || !files.some((path) => paths.has(path))) continue;
      if (later.committer.time - (commits[at] as CommitInfo).committer.time > SOON) break;
      if (questions <= 0) return found;
      questions -= 1;
      if (!(await changes(repository, later, landing.commit))) continue;
      found.push({ proposal: landing.proposal, commit: later.oid });
      break;
    }
  }
  return found;
}

function isOrdinary({ parents, message }: CommitInfo): boolean {
  return parents.length === 1 && message.search(REVERTS) < 0 && findLanded(message).length === 0;
}

/** Does `later` change or take away lines that `landing` wrote? */
async function changes(repository: Repository, later: CommitInfo, landing: string): Promise<boolean> {
  const { commits } = await repository.rewrite.origins(later.parents[0] as string, later.tree);
  return commits.includes(landing);
}
