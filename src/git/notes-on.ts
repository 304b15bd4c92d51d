/**
 * Notes on some commits, read from the trees that hold them. Rule: git spreads notes over folders of two digits as they
 * become many; a folder is read once, and a name that is not in it costs no question.
 */
import type { GitContext } from './context.ts';
import { rememberFolders } from './folders.ts';
import type { Oid } from './types.ts';

export async function findNotes(
  git: GitContext,
  tip: Oid,
  targets: readonly Oid[],
): Promise<Array<{ target: Oid; text: string }>> {
  const folderAt = rememberFolders(git);
  const blobsIn = async (folder: string, rest: string): Promise<Oid[]> => {
    const names = await folderAt(folder);
    const own = names?.get(rest);
    const deeper = rest.length > 2 ? names?.get(rest.slice(0, 2)) : undefined;
    const below = deeper === undefined ? [] : await blobsIn(deeper.oid, rest.slice(2));
    return own === undefined ? below : [own.oid, ...below];
  };
  const found = targets.map(async (target) => {
    const oids = await blobsIn(`${tip}^{tree}`, target);
    const objects = await Promise.all(oids.map((oid) => git.reader.read(oid)));
    return objects.flatMap((one) => (one?.type === 'blob' ? [{ target, text: one.content.toString() }] : []));
  });
  return (await Promise.all(found)).flat();
}
