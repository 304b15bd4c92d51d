/** Trees: listed, compared, merged, written. Rule: nothing here touches an index or a worktree. */
import type { GitContext } from './context.ts';
import { changedPaths, diffTrees, printPatch } from './diff.ts';
import { runDifftool } from './difftool.ts';
import { ImportSession } from './fast-import.ts';
import { findPaths } from './folders.ts';
import { mergeTrees } from './merge.ts';
import { type Change, ImportStream, identityLine, removeFile, setFile, startFrom } from './stream.ts';
import type { Oid, Repository, TreeEntry } from './types.ts';

export function createTrees(git: GitContext): Repository['trees'] {
  return {
    list: (tree, paths) => (paths === undefined ? listTree(git, tree) : listPaths(git, tree, paths)),
    absent: (tree) => countAbsent(git, tree),
    diff: (from, to) => diffTrees(git, from, to),
    changedPaths: (commits) => changedPaths(git, commits),
    grep: (tree, word, pathspecs) => grepTree(git, tree, word, pathspecs),
    hasLine: (tree, pattern, pathspecs) => hasLine(git, tree, pattern, pathspecs),
    patch: (from, to, options) => printPatch(git, from, to, options),
    difftool: (from, to) => runDifftool(git, from, to),
    merge: (input) => mergeTrees(git, input),
    write: (files) => writeTree(git, files),
    edit: (tree, files) => editTree(git, tree, files),
  };
}

/** Paths are decoded by `encoding`: 'latin1' keeps every byte of a name that is not UTF-8. */
export async function listTree(git: GitContext, tree: Oid, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<TreeEntry[]> {
  return parseTree((await git.run([...LIST, tree])).stdout.toString(encoding));
}

const LIST = ['ls-tree', '-r', '-z', '--full-tree'];
/** Up to here names are looked up folder by folder, which starts no process. */
const FEW = 20;
/** More names than fit on a command line with certainty: then the whole tree is read. */
const MANY = 500;

async function listPaths(git: GitContext, tree: Oid, paths: ReadonlySet<string>): Promise<TreeEntry[]> {
  // No tree holds these, and git would not take them for names.
  const names = [...paths].filter((path) => !/^$|^\/|\0|(^|\/)\.{1,2}(\/|$)/.test(path));
  if (names.length === 0) return [];
  const found = names.length <= FEW ? await findPaths(git, tree, names) : null;
  // What is not there to be read is git's to explain.
  if (found !== null) return found;
  const result = await git.run([
    '--literal-pathspecs',
    ...LIST,
    tree,
    ...(names.length > MANY ? [] : ['--', ...names]),
  ]);
  // A name that is a directory by now lists what is below it.
  return parseTree(result.stdout.toString()).filter((entry) => paths.has(entry.path));
}

async function countAbsent(git: GitContext, tree: Oid): Promise<number> {
  const result = await git.run(['rev-list', '--objects', '--no-walk', '--missing=print', tree]);
  return result.stdout.toString('latin1').match(/^\?/gm)?.length ?? 0;
}

function parseTree(text: string): TreeEntry[] {
  // `<mode> <type> <oid>\t<path>\0`, tens of thousands of times: nothing is made that is not kept.
  const entries: TreeEntry[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\0', start);
    const tab = text.indexOf('\t', start);
    if (end < 0 || tab < 0) break;
    const mode = text.startsWith(FILE, start) ? FILE : text.slice(start, text.indexOf(' ', start));
    entries.push({ path: text.slice(tab + 1, end), mode, oid: text.slice(text.lastIndexOf(' ', tab) + 1, tab) });
    start = end + 1;
  }
  return entries;
}

const FILE = '100644';

async function grepTree(git: GitContext, tree: Oid, word: string, pathspecs: readonly string[]): Promise<string[]> {
  const args = ['grep', '-I', '-l', '-z', '-w', '-F', '--no-textconv', '--full-name', '-e', word, tree, '--'];
  const { stdout } = await git.run([...args, ...pathspecs.map(fromTheTop)], { ok: [0, 1] });
  // Each is `<tree>:<path>`.
  return stdout
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((found) => found.slice(tree.length + 1));
}

/** A pattern, unless it says itself what it is. */
const fromTheTop = (pathspec: string) => (pathspec.startsWith(':(') ? pathspec : `:(top)${pathspec}`);

async function hasLine(git: GitContext, tree: Oid, pattern: string, pathspecs: readonly string[]): Promise<boolean> {
  const args = ['grep', '-I', '-q', '-E', '--no-textconv', '-e', pattern, tree, '--'];
  return (await git.run([...args, ...pathspecs.map((one) => `:(top)${one}`)], { ok: [0, 1] })).code === 0;
}

const NOBODY = { name: 'tree', email: 'tree@localhost' };

/** A commit carries the tree through fast-import; nothing points at it, and it is the same for the same tree. */
async function writeTree(git: GitContext, files: ReadonlyArray<{ path: string; content: Uint8Array }>): Promise<Oid> {
  if (files.length === 0) return (await git.run(['mktree'], { input: '' })).stdout.toString().trim();
  return importTree(
    git,
    files.map(({ path, content }) => setFile(path, '100644', content)),
  );
}

async function editTree(git: GitContext, tree: Oid, files: Parameters<Repository['trees']['edit']>[1]): Promise<Oid> {
  const modes = new Map(
    (await listPaths(git, tree, new Set(files.map(({ path }) => path)))).map(({ path, mode }) => [path, mode]),
  );
  const changes = files.map(({ path, content }) =>
    content === null ? removeFile(path) : setFile(path, modes.get(path) ?? '100644', content),
  );
  return importTree(git, [startFrom(tree), ...changes]);
}

async function importTree(git: GitContext, changes: readonly Change[]): Promise<Oid> {
  const who = identityLine(NOBODY, 0);
  const stream = new ImportStream();
  stream.commit({ mark: 1, author: who, committer: who, message: '', parents: [], changes }).printTree();
  const session = new ImportSession(git);
  const [line = ''] = await session.send(stream.end(git.zero));
  await session.end();
  return line.split(/[ \t]/)[2] as Oid;
}
