/** Folders of a tree, repository-relative. Rule: pure; the top is ''. */
import { dirname } from 'node:path/posix';

export const folderOf = (path: string) => (path.includes('/') ? dirname(path) : '');
/** `folder` and all above it, the top ('') last. */
export const foldersAbove = (folder: string): string[] =>
  folder === '' ? [''] : [folder, ...foldersAbove(folderOf(folder))];
