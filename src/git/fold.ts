/**
 * Folds a change into an earlier commit and replays the later ones on it, in memory. Rule: every merge names its base (a
 * commit's own parent), authors, dates and messages stay as they were, and nothing is moved: that is `work.land`.
 */
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { mergeTrees } from './merge.ts';
import { readAs } from './objects.ts';
import { type CommitWriter, openCommitWriter } from './rewrite-commit.ts';
import { tail } from './run.ts';
import { shallowEnds } from './shallow.ts';
import type { Fold, Folded, Oid } from './types.ts';

interface Link {
  oid: Oid;
  parents: Oid[];
}

export async function foldChange(git: GitContext, fold: Fold): Promise<Folded> {
  const chain = await chainTo(git, fold);
  const merge = chain.find(({ oid, parents }) => parents.length > 1 || (oid !== fold.target && parents.length === 0));
  if (merge) return refusal('merge', merge.oid);
  // Its parents are not here: git knows it by name, another name would not do.
  if (shallowEnds(git.info).has(fold.target)) return refusal('shallow', fold.target);
  const [target, ...later] = chain;
  if (target?.oid !== fold.target)
    throw new AmbientError('not-an-ancestor', `${fold.target} does not lead to ${fold.head}`, { kind: 'bug' });
  const folded = await mergeTrees(git, { base: fold.head, candidate: fold.tree, onto: fold.target });
  if (folded.tree === null) return { ...refusal('conflict', fold.target), paths: folded.conflicts };
  const writer = await openCommitWriter(git);
  const message = await withTrailer(git, (await readAs(git, fold.target, 'commit')).content, fold.trailer);
  const into = await writer.rewrite(fold.target, { tree: folded.tree, parents: target.parents, message });
  const rest = await replay(git, writer, later, { before: fold.target, after: into, tree: folded.tree });
  if (!rest.ok) return rest;
  return { ...rest, into, rewritten: [[fold.target, into], ...rest.rewritten] };
}

async function replay(
  git: GitContext,
  writer: CommitWriter,
  commits: readonly Link[],
  from: { before: Oid; after: Oid; tree: Oid },
): Promise<Extract<Folded, { ok: false }> | { ok: true; tip: Oid; tree: Oid; rewritten: Array<[Oid, Oid]> }> {
  let { before, after, tree } = from;
  const rewritten: Array<[Oid, Oid]> = [];
  for (const { oid } of commits) {
    const merged = await mergeTrees(git, { base: before, candidate: oid, onto: tree });
    if (merged.tree === null) return { ...refusal('conflict', oid), paths: merged.conflicts };
    tree = merged.tree;
    after = await writer.rewrite(oid, { tree, parents: [after] });
    rewritten.push([oid, after]);
    before = oid;
  }
  return { ok: true, tip: after, tree, rewritten };
}

const refusal = (why: 'merge' | 'conflict' | 'shallow', commit: Oid) => ({
  ...{ ok: false as const, why, commit, paths: [] as string[] },
});

/** From the target to the head, oldest first. Where there is a merge, the order of what it joined does not matter. */
async function chainTo(git: GitContext, { head, target }: Fold): Promise<Link[]> {
  const list = ['rev-list', '--parents', '--topo-order', '--reverse'];
  const [first, rest] = await Promise.all([
    git.run([...list, '--max-count=1', target]),
    git.run([...list, `${target}..${head}`]),
  ]);
  return `${first.stdout.toString()}${rest.stdout.toString()}`
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [oid = '', ...parents] = line.split(' ');
      return { oid, parents };
    });
}

/** git's own rules for trailers: at the end of the trailers that are there, else as a paragraph of its own. */
async function withTrailer(git: GitContext, raw: Buffer, trailer: string): Promise<Buffer> {
  const split = raw.indexOf('\n\n');
  const message = split < 0 ? Buffer.alloc(0) : raw.subarray(split + 2);
  const args = ['interpret-trailers', '--no-divider', '--where=end', '--if-exists=addIfDifferent', '--if-missing=add'];
  const result = await git.run([...args, `--trailer=${trailer}`], { input: message, ok: [0, 1, 128] });
  if (result.code === 0) return result.stdout;
  throw new AmbientError('trailer-refused', `git did not add ${trailer}: ${tail(result.stderr)}`, {
    kind: 'environment',
    hint: 'look at your `trailer.*` configuration',
  });
}
