/**
 * Which of the paths that a landing changes hold something of the user's. Rule: edited, staged, untracked, ignored,
 * hidden from `status` (assume-unchanged, sparse): whatever could be lost counts.
 */
import type { GitContext } from './context.ts';
import type { RawChange } from './diff.ts';
import { readStatus, requireWorkTree } from './state.ts';
import { lookAt } from './working-files.ts';

/** Paths in Latin-1, sorted. */
export async function findOverlap(git: GitContext, changes: readonly RawChange[]): Promise<string[]> {
  const top = requireWorkTree(git.info);
  const [status, flags] = await Promise.all([readStatus(git, { ignored: true }), git.plain(['ls-files', '-v', '-z'])]);
  const found = overlapOf(
    changes,
    status.entries.map(({ path }) => path),
    hiddenPaths(flags.stdout.toString('latin1')),
  );
  for (const { path, oldMode } of changes) if (ABSENT.test(oldMode) && isFile(top, path)) found.add(path);
  return [...found].sort();
}

const ABSENT = /^0+$/;

function overlapOf(changes: readonly RawChange[], dirty: readonly string[], hidden: ReadonlySet<string>): Set<string> {
  const ours = new Set(changes.map(({ path }) => path));
  const added = changes.filter(({ oldMode }) => ABSENT.test(oldMode)).map(({ path }) => path);
  const found = new Set([...ours].filter((path) => hidden.has(path)));
  const dirtyFiles = new Set(dirty.filter((path) => !path.endsWith('/')));
  for (const path of ours) if ([path, ...parents(path)].some((part) => dirtyFiles.has(part))) found.add(path);
  // A file is to stand where the user has a directory with something in it.
  for (const path of added) if (dirty.some((entry) => entry.startsWith(`${path}/`))) found.add(path);
  return found;
}

const parents = (path: string) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

function hiddenPaths(listed: string): Set<string> {
  const lines = listed.split('\0').filter((line) => /^[a-zS] /.test(line));
  return new Set(lines.map((line) => line.slice(2)));
}

function isFile(top: string, path: string): boolean {
  const found = lookAt(top, path);
  return found !== undefined && !found.isDirectory();
}
