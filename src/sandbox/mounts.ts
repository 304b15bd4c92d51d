/**
 * What a request may have mounted. Rule: looks only; what would open more than the slot is refused here, whatever isolates.
 */
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { inside } from './places.ts';
import type { SandboxRequest } from './types.ts';

/** Returns why the directory cannot be a slot, or null. */
export function wrongDirectory(dir: string, cwd: string, home: string): string | null {
  if (!dir.startsWith('/') || resolve(dir) !== dir) return `the directory ${dir} is not a plain absolute path`;
  const found = lstatSync(dir, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return `the directory ${dir} does not exist, or is a symlink`;
  if (inside(home, realpathSync(dir)))
    return `the directory ${dir} holds a home directory: it must not be writable inside`;
  if (!inside(resolve(cwd), dir)) return `the working directory ${cwd} is not inside ${dir}`;
  // A planted symlink would be followed by the host's own look-ups.
  if (!existsSync(cwd) || !inside(realpathSync(cwd), realpathSync(dir)))
    return `the working directory ${cwd} leads out of ${dir}`;
  return null;
}

const PRIVATE = new Set([
  '.git',
  '.ssh',
  '.gnupg',
  '.aws',
  '.kube',
  '.docker',
  'docker.sock',
  'podman.sock',
  'keyrings',
]);

/** Returns why a read-only path must not be shown, or null. */
export function wrongMounts({ dir, readOnly = [] }: SandboxRequest, home: string): string | null {
  for (const { path, at = path } of readOnly) {
    if (!path.startsWith('/') || !at.startsWith('/')) return `the read-only path ${path} is not absolute`;
    if (!existsSync(path)) return `the read-only path ${path} does not exist`;
    const real = realpathSync(path);
    if (inside(home, real)) return `the read-only path ${path} holds a home directory`;
    const secret = `${real}/${resolve(path)}`.split('/').find((part) => PRIVATE.has(part));
    if (secret) return `the read-only path ${path} is private (${secret})`;
    const parent = firstExisting(resolve(at));
    if (inside(resolve(at), dir) && realpathSync(parent) !== realpathSync(dir) + parent.slice(dir.length))
      return `the read-only path ${path} cannot be shown at ${at}: a symlink is in the way`;
  }
  return null;
}

function firstExisting(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) || path === '/' ? path : firstExisting(dirname(path));
}

/** `cwd` and the folders above it up to `dir`, innermost first. */
export function foldersBetween(cwd: string, dir: string): string[] {
  return cwd === dir || !inside(cwd, dir) ? [dir] : [cwd, ...foldersBetween(dirname(cwd), dir)];
}

/** Where the programs of a mounted node_modules or virtual environment are. */
export function programFolderOf(path: string, at: string): string[] {
  if (basename(at) === 'node_modules') return [join(at, '.bin')];
  return existsSync(join(path, 'pyvenv.cfg')) ? [join(at, 'bin')] : [];
}
