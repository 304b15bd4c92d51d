/**
 * Puts the paths of a landing back to what HEAD has, in index and working tree. Rule: the caller has made sure that
 * these paths hold nothing of the user's; no other path is touched.
 */
import { lstatSync, rmdirSync, rmSync, type Stats } from 'node:fs';
import type { GitContext } from './context.ts';
import type { RawChange } from './diff.ts';
import { requireWorkTree } from './state.ts';

export async function restoreHead(git: GitContext, changes: readonly RawChange[]): Promise<void> {
  const top = requireWorkTree(git.info);
  const gone = changes.filter(({ oldMode }) => /^0+$/.test(oldMode));
  const kept = changes.filter(({ oldMode }) => !/^0+$/.test(oldMode));
  const lines = [
    ...gone.map(({ path }) => `0 ${git.zero}\t${path}\0`),
    ...kept.map(({ path, oldMode, oldOid }) => `${oldMode} ${oldOid}\t${path}\0`),
  ];
  await git.asUser(['update-index', '-z', '--index-info'], { input: Buffer.from(lines.join(''), 'latin1') });
  for (const { path } of gone) removeFile(top, path);
  const paths = Buffer.from(kept.map(({ path }) => `${path}\0`).join(''), 'latin1');
  if (kept.length > 0) await git.asUser(['checkout-index', '--force', '--index', '-z', '--stdin'], { input: paths });
}

/** `path` is in Latin-1: one character per byte of the name. */
export function absolutePath(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')]);
}

/** What stands at `path`, or undefined: also where a file stands in place of one of its directories. */
export function lookAt(top: string, path: string): Stats | undefined {
  try {
    return lstatSync(absolutePath(top, path));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Removes the file and the directories that it leaves empty, as git does. */
function removeFile(top: string, path: string): void {
  try {
    rmSync(absolutePath(top, path), { force: true });
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      rmdirSync(absolutePath(top, path.slice(0, end)));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'ERR_FS_EISDIR'].includes(code)) throw error;
  }
}
