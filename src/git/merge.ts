/**
 * Merges trees in memory. Rule: the base is named, never looked up. History would find another one: after an amend had
 * removed a secret, a plain `merge-tree HEAD proposal` brought it back. So three commits are made for the occasion:
 * X = the base's tree, Y = the candidate's on X, Z = the target's on X; Y is merged into Z.
 */
import type { GitContext } from './context.ts';
import { treeOf } from './objects.ts';
import { gitFailed } from './run.ts';
import type { MergeResult, Oid } from './types.ts';

export async function mergeTrees(
  git: GitContext,
  input: { base: Oid; candidate: Oid; onto: Oid },
): Promise<MergeResult> {
  const [base, candidate, onto] = await Promise.all([
    treeOf(git, input.base),
    treeOf(git, input.candidate),
    treeOf(git, input.onto),
  ]);
  if (base === onto || candidate === onto) return { tree: candidate, conflicts: [] };
  if (base === candidate) return { tree: onto, conflicts: [] };
  const x = await commitTree(git, base, []);
  const [y, z] = await Promise.all([commitTree(git, candidate, [x]), commitTree(git, onto, [x])]);
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', z, y];
  const result = await git.onTree(args, { ok: [0, 1] });
  const [tree, ...conflicts] = result.stdout.toString().split('\0').filter(Boolean);
  if (tree === undefined) throw gitFailed(args, result);
  return result.code === 0 ? { tree, conflicts: [] } : { tree: null, conflicts: [...new Set(conflicts)] };
}

/** The same three trees always give the same three commits: repeating a merge leaves nothing new behind. */
const NOBODY = {
  GIT_AUTHOR_NAME: 'merge',
  GIT_AUTHOR_EMAIL: 'merge@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'merge',
  GIT_COMMITTER_EMAIL: 'merge@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

async function commitTree(git: GitContext, tree: Oid, parents: readonly Oid[]): Promise<Oid> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  return (await git.run(args, { input: '', env: NOBODY })).stdout.toString().trim();
}
