/**
 * Finds merged fixes that somebody took out again. Rule: said in a message (`This reverts commit …`) or shown by the
 * content: a later commit whose files are what undoing the fix would give. A revert that was itself reverted is none.
 */
import type { CommitInfo, FileChange, Repository } from '../git/index.ts';
import type { ArchiveLine } from '../records/index.ts';
import { REVERTS } from './landed.ts';
import { type Standing, standingMerges } from './outcomes.ts';

/** Merges in memory per call: each is a process. What is left over is looked at when the range is read again. */
const MOST_TRIALS = 40;

/**
 * Returns the proposals of `archive` (oldest first) that a commit of `range` reverts, with that commit. Fixes whose commit
 * is gone (amended, rebased away) are left out.
 */
export async function detectReverts(
  repository: Repository,
  archive: readonly ArchiveLine[],
  range: string,
): Promise<Standing[]> {
  const merges = standingMerges(archive);
  if (merges.length === 0) return [];
  const commits = await repository.history.grep(range, '^');
  const undone = undoneBy(commits);
  const undoer = (oid: string) => undone.find(({ prefix }) => oid.startsWith(prefix))?.by;
  const said = merges.flatMap(({ proposal, commit }): Standing[] => {
    const by = undoer(commit);
    return by === undefined ? [] : [{ proposal, commit: by }];
  });
  const open = merges.filter((merge) => !said.some((found) => found.proposal === merge.proposal));
  return [...said, ...(await shownReverts(repository, commits, open, (oid) => undoer(oid) === undefined))];
}

interface Undone {
  /** Of an oid, as the message gives it. */
  prefix: string;
  by: string;
}

/** What messages take back. `commits` are newest first: one that was undone later undoes nothing itself. */
export function undoneBy(commits: readonly Pick<CommitInfo, 'oid' | 'message'>[]): Undone[] {
  const undone: Undone[] = [];
  for (const { oid, message } of commits) {
    if (undone.some(({ prefix }) => oid.startsWith(prefix))) continue;
    for (const [, prefix = ''] of message.matchAll(REVERTS)) undone.push({ prefix, by: oid });
  }
  return undone;
}

async function shownReverts(
  repository: Repository,
  commits: readonly CommitInfo[],
  merges: readonly Standing[],
  stands: (oid: string) => boolean,
): Promise<Standing[]> {
  if (merges.length === 0) return [];
  const touched = await repository.trees.changedPaths(commits.map((commit) => commit.oid));
  const found: Standing[] = [];
  let trials = MOST_TRIALS;
  for (const merge of merges) {
    const fix = await readFix(repository, merge.commit);
    if (fix === null) continue;
    const position = commits.findIndex((commit) => commit.oid === merge.commit);
    for (const later of commits.slice(0, position < 0 ? undefined : position)) {
      const paths = new Set(touched.get(later.oid) ?? []);
      if (later.parents.length !== 1 || !fix.changes.every((change) => paths.has(change.path))) continue;
      if (!stands(later.oid)) continue;
      if (trials <= 0) return found;
      trials -= 1;
      if (await undoes(repository, later, fix)) {
        found.push({ proposal: merge.proposal, commit: later.oid });
        break;
      }
    }
  }
  return found;
}

interface Fix {
  commit: string;
  parent: string;
  changes: FileChange[];
}

async function readFix(repository: Repository, oid: string): Promise<Fix | null> {
  if ((await repository.objects.type(oid)) !== 'commit') return null;
  const { parents } = await repository.objects.commit(oid);
  const [parent] = parents;
  if (parent === undefined || (await repository.objects.type(parent)) !== 'commit') return null;
  const changes = await repository.trees.diff(parent, oid);
  return changes.length === 0 ? null : { commit: oid, parent, changes };
}

/** Would undoing `fix` just before `later` give the files that `later` has? As `git revert` does it, in memory. */
async function undoes(repository: Repository, later: CommitInfo, fix: Fix): Promise<boolean> {
  const before = later.parents[0] as string;
  const merged = await repository.trees.merge({ base: fix.commit, candidate: fix.parent, onto: before });
  if (merged.tree === null) return false;
  for (const { path } of fix.changes) {
    const [was, is, undone] = await Promise.all(
      [before, later.oid, merged.tree].map((tree) => repository.objects.resolve(`${tree}:${path}`)),
    );
    if (is !== undone || is === was) return false;
  }
  return true;
}
