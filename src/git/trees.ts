/** Trees: listed, compared, merged, written. Rule: nothing here touches an index or a worktree. */
import type { GitContext } from './context.ts';
import { changedPaths, diffTrees, printPatch } from './diff.ts';
import { runDifftool } from './difftool.ts';
import { ImportSession } from './fast-import.ts';
import { mergeTrees } from './merge.ts';
import { ImportStream, identityLine, setFile } from './stream.ts';
import type { Oid, Repository, TreeEntry } from './types.ts';

export function createTrees(git: GitContext): Repository['trees'] {
  return {
    list: (tree) => listTree(git, tree),
    diff: (from, to) => diffTrees(git, from, to),
    changedPaths: (commits) => changedPaths(git, commits),
    grep: (tree, word, pathspecs) => grepTree(git, tree, word, pathspecs),
    patch: (from, to, options) => printPatch(git, from, to, options),
    difftool: (from, to) => runDifftool(git, from, to),
    merge: (input) => mergeTrees(git, input),
    write: (files) => writeTree(git, files),
  };
}

/** Paths are decoded by `encoding`: 'latin1' keeps every byte of a name that is not UTF-8. */
export async function listTree(git: GitContext, tree: Oid, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<TreeEntry[]> {
  const result = await git.run(['ls-tree', '-r', '-z', '--full-tree', tree]);
  return result.stdout
    .toString(encoding)
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , oid = ''] = line.slice(0, tab).split(' ');
      return { path: line.slice(tab + 1), mode, oid };
    });
}

async function grepTree(git: GitContext, tree: Oid, word: string, pathspecs: readonly string[]): Promise<string[]> {
  const args = ['grep', '-I', '-l', '-z', '-w', '-F', '--no-textconv', '--full-name', '-e', word, tree, '--'];
  const { stdout } = await git.run([...args, ...pathspecs.map((pattern) => `:(top)${pattern}`)], { ok: [0, 1] });
  // Each is `<tree>:<path>`.
  return stdout
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((found) => found.slice(tree.length + 1));
}

const NOBODY = { name: 'tree', email: 'tree@localhost' };

/** A commit carries the tree through fast-import; nothing points at it, and it is the same for the same tree. */
async function writeTree(git: GitContext, files: ReadonlyArray<{ path: string; content: Uint8Array }>): Promise<Oid> {
  if (files.length === 0) return (await git.run(['mktree'], { input: '' })).stdout.toString().trim();
  const who = identityLine(NOBODY, 0);
  const changes = files.map(({ path, content }) => setFile(path, '100644', content));
  const stream = new ImportStream();
  stream.commit({ mark: 1, author: who, committer: who, message: '', parents: [], changes }).printTree();
  const session = new ImportSession(git);
  const [line = ''] = await session.send(stream.end(git.zero));
  await session.end();
  return line.split(/[ \t]/)[2] as Oid;
}
