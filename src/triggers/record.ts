/**
 * What `init` keeps in the clone's own folder for the hooks: the scripts that shared files call, and the list of files
 * with a block of ours. Rule: the list only helps to find blocks again; a block proves itself by its marks.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hookEvents, type Places, shim } from './body.ts';
import { replaceFile } from './files.ts';
import type { HooksOf } from './setup.ts';

function folder(repository: HooksOf): string {
  return join(repository.info.commonDir, 'ambient', 'hooks');
}

/** Writes the scripts that blocks in shared files and hook managers call. */
export async function writeShims(repository: HooksOf, places: Places): Promise<void> {
  const dir = folder(repository);
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch(() => {});
  for (const event of hookEvents) await replaceFile(join(dir, event), shim(event, places), 0o600);
}

/** The text of the script for `event`, or null. */
export async function readShim(repository: HooksOf, event: string): Promise<string | null> {
  return readFile(join(folder(repository), event), 'utf8').catch(() => null);
}

/** Files that got a block in this clone, in any of its worktrees. */
export async function recorded(repository: HooksOf): Promise<string[]> {
  const text = await readFile(join(folder(repository), 'written.json'), 'utf8').catch(() => '[]');
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

export async function record(repository: HooksOf, paths: readonly string[]): Promise<void> {
  const known = await recorded(repository);
  const all = [...new Set([...known, ...paths])];
  if (all.length === known.length) return;
  await mkdir(folder(repository), { recursive: true, mode: 0o700 }).catch(() => {});
  await replaceFile(join(folder(repository), 'written.json'), `${JSON.stringify(all, null, 1)}\n`, 0o600);
}
