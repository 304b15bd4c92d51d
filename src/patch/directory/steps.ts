/**
 * Placed files → what happens to each path, and which folders come and go. Rule: looks, never touches; whatever stands in
 * the way is said here, before the first byte is written.
 */
import { dirname, join } from 'node:path';
import type { PlacedFile, Refusal, StoredFile } from '../place-types.ts';
import { vetPath } from '../vet.ts';
import type { Disk, Permissions } from './disk.ts';
import { gitMode } from './target.ts';

export interface Step {
  path: string;
  /** What stands there now; null: nothing. */
  before: (Permissions & { content: Buffer }) | null;
  /** What is to stand there; null: nothing. */
  after: { content: Buffer; as: Permissions | { executable: boolean } } | null;
}

export interface Steps {
  steps: Step[];
  /** Outermost first. */
  made: string[];
  /** Left empty, innermost first. */
  removed: Array<{ path: string; mode: number }>;
}

type Wanted = Map<string, { before: StoredFile | null; after: StoredFile | null }>;

export function planSteps(disk: Disk, top: string, files: readonly PlacedFile[]): Steps | Refusal[] {
  const wanted = wantedPaths(files);
  const refusals: Refusal[] = [];
  const removed = emptied(disk, top, wanted);
  const steps: Step[] = [];
  for (const [path, { before, after }] of wanted) {
    // Vetted already when it was placed; here it is about to be written.
    const unsafe = vetPath(path);
    if (unsafe !== null) {
      refusals.push({ path, hunk: null, reason: unsafe, closest: null });
      continue;
    }
    const standing = look(disk, top, path, wanted, removed);
    const reason =
      'reason' in standing
        ? standing.reason
        : (mismatch(path, before, standing.step) ?? (before === null ? clash(disk, top, path, wanted) : null));
    if (reason !== null) refusals.push({ path, hunk: null, reason, closest: null });
    else if (!('reason' in standing)) steps.push({ path, before: standing.step, after: afterOf(standing.step, after) });
  }
  if (refusals.length > 0) return refusals;
  return { steps, made: missingFolders(disk, top, steps, removed), removed };
}

/** One entry a path: a file that is renamed away may be followed by a new one of its name. */
function wantedPaths(files: readonly PlacedFile[]): Wanted {
  const wanted: Wanted = new Map();
  for (const { path, from, before, after } of files) {
    const renamed = from !== null && from !== path;
    if (renamed) wanted.set(from, { before, after: wanted.get(from)?.after ?? null });
    const known = wanted.get(path);
    wanted.set(path, { before: known?.before ?? (renamed ? null : before), after });
  }
  return wanted;
}

type Looked = { step: Step['before'] } | { reason: string };

function look(disk: Disk, top: string, path: string, wanted: Wanted, removed: Steps['removed']): Looked {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    const info = disk.look(join(top, folder));
    if (info === null) return { step: null };
    if (info.isSymbolicLink()) return { reason: `${folder} is a symbolic link: nothing is written through it` };
    if (info.isDirectory()) {
      if (disk.look(join(top, folder, '.git')) !== null) return { reason: `${folder} is another repository` };
    } else if (wanted.get(folder)?.after === null) return { step: null };
    else return { reason: `${folder} is a file: nothing can stand below it` };
  }
  const info = disk.look(join(top, path));
  if (info === null) return { step: null };
  if (info.isDirectory() && removed.some((folder) => folder.path === path)) return { step: null };
  if (!info.isFile()) return { reason: `${path} is ${info.isDirectory() ? 'a folder' : 'not a regular file'}` };
  const { mode, uid, gid } = info;
  return { step: { mode: mode & 0o777, uid, gid, content: disk.read(join(top, path)) } };
}

function mismatch(path: string, expected: StoredFile | null, found: Step['before']): string | null {
  if (expected === null) return found === null ? null : `${path} exists already`;
  if (found === null) return `${path} has gone since it was read`;
  const same = found.content.equals(expected.content) && gitMode(found.mode) === expected.mode;
  return same ? null : `${path} has changed since it was read`;
}

/** A name beside which the new one cannot stand on every file system: `readme` and `README`. */
function clash(disk: Disk, top: string, path: string, wanted: Wanted): string | null {
  const parts = path.split('/');
  const goes = (other: string) => wanted.get(other)?.after === null;
  for (let depth = 0; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth);
    if (!disk.look(join(top, ...folder))?.isDirectory()) break;
    const name = parts[depth] as string;
    const names = disk.look(join(top, ...folder, name)) === null ? disk.list(join(top, ...folder)) : [];
    const other = names.find((found) => found !== name && fold(found) === fold(name));
    const otherPath = [...folder, other].join('/');
    if (other !== undefined && !goes(otherPath)) return `${path} and ${otherPath} differ by case alone`;
  }
  for (const [other, { after }] of wanted)
    if (other !== path && after !== null && fold(other) === fold(path))
      return `${path} and ${other} differ by case alone`;
  return null;
}

const fold = (name: string) => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** The file's own permissions; only the execute bits follow the patch. */
function afterOf(before: Step['before'], after: StoredFile | null): Step['after'] {
  if (after === null) return null;
  const executable = after.mode === '100755';
  if (before === null) return { content: after.content, as: { executable } };
  const { mode, uid, gid } = before;
  const changed = gitMode(mode) !== after.mode;
  const next = !changed ? mode : executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
  return { content: after.content, as: { mode: next, uid, gid } };
}

/** Folders of which nothing is left, as git removes them; never the top, never the one that we stand in. */
function emptied(disk: Disk, top: string, wanted: Wanted): Steps['removed'] {
  const gone = new Set([...wanted].filter(([, { after }]) => after === null).map(([path]) => path));
  const stays = [...wanted].filter(([, { after }]) => after !== null).map(([path]) => path);
  const removed: Steps['removed'] = [];
  const candidates = new Set([...gone].flatMap(foldersOf));
  for (const folder of [...candidates].sort((a, b) => b.split('/').length - a.split('/').length)) {
    const place = join(top, folder);
    const info = disk.look(place);
    if (!info?.isDirectory() || stays.some((path) => path.startsWith(`${folder}/`)) || isAround(place)) continue;
    if (disk.list(place).some((name) => !gone.has(`${folder}/${name}`))) continue;
    gone.add(folder);
    removed.push({ path: folder, mode: info.mode & 0o7777 });
  }
  return removed;
}

function isAround(place: string): boolean {
  return `${process.cwd()}/`.startsWith(`${place}/`);
}

function missingFolders(disk: Disk, top: string, steps: readonly Step[], removed: Steps['removed']): string[] {
  const needed = new Set(steps.filter(({ after }) => after !== null).flatMap(({ path }) => foldersOf(path)));
  const goes = (folder: string) => removed.some(({ path }) => path === folder);
  return [...needed].filter((folder) => goes(folder) || !disk.look(join(top, folder))?.isDirectory()).sort();
}

/** Outermost first; the top itself is left out. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(path); at !== '.' && at !== '/'; at = dirname(at)) folders.unshift(at);
  return folders;
}
