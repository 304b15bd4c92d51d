/** The paths of a target, indexed for questions about names. Rule: clashes are judged by the least careful file system. */
import type { Known } from './names.ts';

export function knownPaths(paths: readonly string[]): Known {
  const all = new Set(paths);
  let folders: Set<string> | null = null;
  let folded: Map<string, string[]> | null = null;
  return {
    has: (path) => all.has(path),
    hasFolder: (path) => {
      folders ??= foldersOf(paths);
      return folders.has(path);
    },
    endingIn: (name) => paths.filter((path) => path.endsWith(`/${name}`)),
    alike: (path) => {
      folded ??= foldedPaths(paths);
      return (folded.get(fold(path)) ?? []).filter((other) => other !== path);
    },
  };
}

/** What file systems that ignore case and composition make of a path. */
export const fold = (path: string): string => path.normalize('NFKC').toUpperCase().toLowerCase();

function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}

function foldedPaths(paths: readonly string[]): Map<string, string[]> {
  const folded = new Map<string, string[]>();
  for (const path of paths) folded.set(fold(path), [...(folded.get(fold(path)) ?? []), path]);
  return folded;
}
