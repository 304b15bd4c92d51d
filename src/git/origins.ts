/**
 * Who wrote the lines that a change takes away, and who else has that commit. Rule: reads only; what the user's
 * configuration would leave out of a blame (`blame.ignoreRevsFile`) is not left out here: a commit is to be rewritten.
 */
import type { GitContext } from './context.ts';
import { diffTrees } from './diff.ts';
import type { Oid } from './types.ts';

/** Commits that wrote the lines of `at` which `tree` changes or removes. `unread`: changed files without such a line. */
export async function findOrigins(git: GitContext, at: Oid, tree: Oid): Promise<{ commits: Oid[]; unread: string[] }> {
  // Backwards: what the change takes away is then what is added.
  const changes = await diffTrees(git, tree, at);
  const found = new Set<Oid>();
  const unread: string[] = [];
  for (const { path, lines } of changes) {
    if (lines.length === 0) unread.push(path);
    else for (const oid of await blame(git, at, path, lines)) found.add(oid);
  }
  return { commits: [...found], unread };
}

async function blame(git: GitContext, at: Oid, path: string, lines: ReadonlyArray<[number, number]>): Promise<Oid[]> {
  const ranges = lines.map(([from, to]) => `-L${from},${to}`);
  const args = ['blame', '--porcelain', '--no-textconv', '--ignore-revs-file=', ...ranges, at, '--', path];
  const text = (await git.onTree(args)).stdout.toString('latin1');
  // A line of the file itself starts with a tab.
  return [...text.matchAll(/^([0-9a-f]{40,64}) \d+ \d+/gm)].map((match) => match[1] as Oid);
}

/** Remote-tracking branches and tags that contain `commit`: others may have it. */
export async function findHolders(git: GitContext, commit: Oid): Promise<string[]> {
  const args = ['for-each-ref', `--contains=${commit}`, '--format=%(refname)', 'refs/remotes', 'refs/tags'];
  return (await git.run(args)).stdout.toString().split('\n').filter(Boolean);
}
