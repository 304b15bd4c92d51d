/**
 * `uninstall`: takes our lines out of every place where they can be. Rule: a file is deleted only when nothing but what
 * `init` made is left; nothing without our marks is touched, and no file of another repository.
 */
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withoutBlock } from './block.ts';
import { hookEvents } from './body.ts';
import { removeConfigHooks } from './config-hooks.ts';
import { readHook, replaceFile } from './files.ts';
import { lefthookFile } from './lefthook.ts';
import { recorded } from './record.ts';
import type { HooksOf } from './setup.ts';
import { isWithin } from './within.ts';

/** Takes our lines out of `places` and out of the configuration; returns the files and keys that had some. */
export async function removeHooks(repository: HooksOf, places: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  const made: string[] = [];
  for (const path of places) {
    const { found, directory } = await removeBlock(path);
    if (found) removed.push(path);
    if (directory) made.push(dirname(path));
  }
  // Last: one of several files in it carries the mark.
  for (const dir of made) await rmdir(dir).catch(() => {});
  return [...removed, ...(await removeConfigHooks(repository))];
}

/**
 * Every file that may have lines of ours: also where a manager that came later moved them, and where hooks lay before
 * `core.hooksPath` changed. To be asked before the clone's own folder goes: it knows of the other worktrees.
 */
export async function hookPlaces(repository: HooksOf): Promise<string[]> {
  const { dir } = await repository.config.hooks();
  const { commonDir, workTree } = repository.info;
  const homes = new Set([join(commonDir, 'hooks'), dir, ...(basename(dir) === '_' ? [dirname(dir)] : [])]);
  const scripts = [...homes].flatMap((home) =>
    hookEvents.flatMap((event) => ['', '.legacy', '.old'].map((suffix) => join(home, `${event}${suffix}`))),
  );
  const lefthook = workTree === null ? [] : [join(workTree, lefthookFile(workTree, existsSync))];
  const all = [...new Set([...(await recorded(repository)), ...scripts, ...lefthook])];
  const ours = await Promise.all(all.map((path) => isWithin(repository, path)));
  return all.filter((_, at) => ours[at]);
}

/** Takes our block out of the file at `path`. `directory`: it was made for the file, which is gone now. */
export async function removeBlock(path: string): Promise<{ found: boolean; directory: boolean }> {
  const file = await readHook(path);
  if (file.kind !== 'text') return { found: false, directory: false };
  const { text, found, empty, directory } = withoutBlock(file.text);
  if (!found) return { found, directory: false };
  if (empty) await rm(path);
  else await replaceFile(path, text, file.mode);
  return { found, directory: empty && directory };
}
