/**
 * What has changed together with a file before. Rule: twice is a habit, once is chance; commits that change very much say
 * nothing.
 */
import type { Repository } from '../../git/index.ts';

const COMMITS = 150;
const LARGEST = 40;
const HABIT = 2;

/** Paths that changed with one of `paths` in at least two of the last commits before and with `base`, the most often first. */
export async function changedTogether(
  repository: Pick<Repository, 'trees' | 'objects'>,
  base: string,
  paths: readonly string[],
): Promise<string[]> {
  const commits: string[] = [];
  for (let at: string | undefined = base; at !== undefined && commits.length < COMMITS; ) {
    const info: { parents: string[] } = await repository.objects.commit(at);
    // In the first commit, and where a shallow clone ends, everything is added at once.
    if (info.parents.length === 0) break;
    commits.push(at);
    at = info.parents[0];
  }
  const wanted = new Set(paths);
  const counts = new Map<string, number>();
  for (const changed of (await repository.trees.changedPaths(commits)).values()) {
    if (changed.length > LARGEST || !changed.some((path) => wanted.has(path))) continue;
    for (const path of changed) if (!wanted.has(path)) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const habits = [...counts].filter(([, count]) => count >= HABIT);
  return habits.sort(([, a], [, b]) => b - a).map(([path]) => path);
}
