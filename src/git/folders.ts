/**
 * Tree objects one at a time, by the process that runs already. Rule: names are bytes, one character each (latin1), so
 * that a name that is not UTF-8 is equal to itself alone.
 */
import type { GitContext } from './context.ts';
import type { Oid, TreeEntry } from './types.ts';

export interface FolderEntry {
  /** As git prints it, whatever an old git wrote: six digits. */
  mode: string;
  oid: Oid;
}

export const FOLDER = '040000';

/** What stands in the tree that `name` (an oid, or `<commit>^{tree}`) names; null where there is none, or a broken one. */
export async function readFolder(git: GitContext, name: string): Promise<Map<string, FolderEntry> | null> {
  const tree = await git.reader.read(name);
  if (tree?.type !== 'tree') return null;
  const { content } = tree;
  const entries = new Map<string, FolderEntry>();
  const size = git.zero.length / 2;
  // `<mode> <name>\0<oid in bytes>`, one behind the other.
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0, at);
    const space = content.indexOf(32, at);
    if (end < 0 || space < 0) return null;
    const mode = canonical(Number.parseInt(content.toString('latin1', at, space), 8));
    const oid = content.toString('hex', end + 1, end + 1 + size);
    entries.set(content.toString('latin1', space + 1, end), { mode, oid });
    at = end + 1 + size;
  }
  return entries;
}

function canonical(mode: number): string {
  const kind = mode & 0o170000;
  if (kind === 0o100000) return mode & 0o100 ? '100755' : '100644';
  return kind === 0o040000 ? FOLDER : kind === 0o120000 ? '120000' : '160000';
}

/** As `readFolder`, each read once: what is looked for stands in few of them. */
export function rememberFolders(git: GitContext): (name: string) => ReturnType<typeof readFolder> {
  const folders = new Map<string, ReturnType<typeof readFolder>>();
  return (name) => {
    const known = folders.get(name) ?? readFolder(git, name);
    folders.set(name, known);
    return known;
  };
}

/** The files of `paths` (UTF-8) that are below `tree`, sorted by path; null where a folder cannot be read. */
export async function findPaths(git: GitContext, tree: Oid, paths: readonly string[]): Promise<TreeEntry[] | null> {
  const folderAt = rememberFolders(git);
  const find = async (path: string): Promise<TreeEntry[] | null> => {
    let at = `${tree}^{tree}`;
    const names = Buffer.from(path).toString('latin1').split('/');
    for (const [index, name] of names.entries()) {
      const folder = await folderAt(at);
      if (folder === null) return null;
      const entry = folder.get(name);
      if (entry === undefined) return [];
      const isFolder = entry.mode === FOLDER;
      if (index === names.length - 1) return isFolder ? [] : [{ path, mode: entry.mode, oid: entry.oid }];
      if (!isFolder) return [];
      at = entry.oid;
    }
    return [];
  };
  const found = await Promise.all(paths.map(find));
  if (found.some((one) => one === null)) return null;
  return found.flatMap((one) => one ?? []).sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
