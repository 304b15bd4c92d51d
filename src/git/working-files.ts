/**
 * Files of the working tree, exchanged without ever writing over one. Rule: what stands somewhere is first taken away
 * whole (a rename), then looked at; what comes takes a free name (a link) or does not come. So whatever somebody saves in
 * between is still there, on one side or the other.
 */
import { createHash } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs';

/** What stands at a path, to the byte, kind and execute bit included; null: nothing, or a directory. */
export type Sight = string | null;

/** `path` is in Latin-1: one character per byte of the name. */
export function absolutePath(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')]);
}

/** What stands at `path`, or undefined: also where a file stands in place of one of its directories. */
export function lookAt(top: string, path: string): Stats | undefined {
  return look(absolutePath(top, path));
}

export function look(at: Buffer | string): Stats | undefined {
  try {
    return lstatSync(at);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

export function sightOf(at: Buffer | string): Sight {
  const stat = look(at);
  if (stat === undefined || stat.isDirectory()) return null;
  if (stat.isSymbolicLink()) return `link ${hash(readlinkSync(at, 'buffer'))}`;
  return stat.isFile() ? `file ${stat.mode & 0o100 ? 'x' : '-'} ${hash(readFileSync(at))}` : 'special';
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Is every directory on the way to `path` a directory, and no link that leads elsewhere? Missing ones count as such. */
export function isInside(top: string, path: string): boolean {
  return [...path.matchAll(/\//g)].every(({ index }) => {
    const stat = lookAt(top, path.slice(0, index));
    return stat === undefined || stat.isDirectory();
  });
}

/** Moves what stands at `path` to `aside`, which is free; the directories that are left empty go, as with git. */
export function takeAway(top: string, path: string, aside: string): boolean {
  if (!isInside(top, path) || lookAt(top, path)?.isDirectory()) return false;
  try {
    renameSync(absolutePath(top, path), aside);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return false;
    throw error;
  }
  removeEmpty(top, path);
  return true;
}

/** Gives the file at `from` the name `path`, if that is free; returns whether it was. */
export function putAt(top: string, path: string, from: Buffer | string): boolean {
  if (!isInside(top, path)) return false;
  const target = absolutePath(top, path);
  const end = path.lastIndexOf('/');
  try {
    if (end > 0) mkdirSync(absolutePath(top, path.slice(0, end)), { recursive: true });
    linkSync(from, target);
    unlinkSync(from);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' || code === 'ENOTDIR') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  // A file system without hard links, or somebody else's file: a look must do.
  if (look(target) !== undefined) return false;
  renameSync(from, target);
  return true;
}

const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Removes the directories on the way to `path` that hold nothing. */
export function removeEmpty(top: string, path: string): void {
  try {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      rmdirSync(absolutePath(top, path.slice(0, end)));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY', 'EINVAL'].includes(codeOf(error))) throw error;
  }
}

export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? '');
}
