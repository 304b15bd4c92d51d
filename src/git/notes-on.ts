/**
 * Notes on some commits, read from the trees that hold them. Rule: git spreads notes over folders of two digits as they
 * become many; a folder is read once, and a name that is not in it costs no question.
 */
import type { GitContext } from './context.ts';
import type { Oid } from './types.ts';

export async function findNotes(
  git: GitContext,
  tip: Oid,
  targets: readonly Oid[],
): Promise<Array<{ target: Oid; text: string }>> {
  const folders = new Map<string, Promise<Map<string, Oid>>>();
  const folderAt = (name: string) => {
    const known = folders.get(name) ?? readFolder(git, name);
    folders.set(name, known);
    return known;
  };
  const blobsIn = async (folder: string, rest: string): Promise<Oid[]> => {
    const names = await folderAt(folder);
    const own = names.get(rest);
    const deeper = rest.length > 2 ? names.get(rest.slice(0, 2)) : undefined;
    const below = deeper === undefined ? [] : await blobsIn(deeper, rest.slice(2));
    return own === undefined ? below : [own, ...below];
  };
  const found = targets.map(async (target) => {
    const oids = await blobsIn(`${tip}^{tree}`, target);
    const objects = await Promise.all(oids.map((oid) => git.reader.read(oid)));
    return objects.flatMap((one) => (one?.type === 'blob' ? [{ target, text: one.content.toString() }] : []));
  });
  return (await Promise.all(found)).flat();
}

/** Oids by name; of what is no tree, nothing. */
async function readFolder(git: GitContext, name: string): Promise<Map<string, Oid>> {
  const tree = await git.reader.read(name);
  const names = new Map<string, Oid>();
  if (tree?.type !== 'tree') return names;
  const { content } = tree;
  const size = git.zero.length / 2;
  // `<mode> <name>\0<oid in bytes>`, one behind the other.
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0, at);
    const start = content.indexOf(32, at) + 1;
    names.set(content.toString('latin1', start, end), content.toString('hex', end + 1, end + 1 + size));
    at = end + 1 + size;
  }
  return names;
}
