/** What the readers of each language are given, and the arithmetic of repository-relative paths. Pure; the top is ''. */
import { dirname, join } from 'node:path/posix';

/** From, to, and how far that is. Names that are no paths stand for several files at once. */
export type Edge = readonly [from: string, to: string, distance: number];

/** What the readers of each language are given. */
export interface GraphInput {
  paths: ReadonlySet<string>;
  /** What each source file of the language imports, as it is written. */
  imports: ReadonlyMap<string, readonly string[]>;
  read(path: string): Promise<string | null>;
}

/** `folder` and all above it, the top ('') last. */
export function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [''] : [folder, ...foldersAbove(folder)];
}

/** As `join`, but the top is '' and what leads out of the tree is null. */
export function inside(folder: string, path: string): string | null {
  const joined = join(folder === '' ? '.' : folder, path);
  if (joined.startsWith('..') || joined.startsWith('/')) return null;
  return joined === '.' ? '' : joined.replace(/\/$/, '');
}

export function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}
