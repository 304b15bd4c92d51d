/**
 * Whose file is it? Rule: reads only; a path that was written down before a folder was copied or moved may be another
 * repository's by now, and nothing of theirs is touched.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { HooksOf } from './setup.ts';

/** Does the file at `path` belong to this repository: to what its worktrees share, or to one of its worktrees? */
export async function isWithin(repository: HooksOf, path: string): Promise<boolean> {
  const { commonDir, workTree } = repository.info;
  const dir = await realpath(dirname(path)).catch(() => null);
  // A folder that is gone holds nothing that could be written.
  if (dir === null) return false;
  const common = await realpath(commonDir);
  if (isIn(common, dir)) return true;
  const owner = await ownerOf(dir);
  // A worktree without `.git` of its own: `--git-dir` and `--work-tree`, or `core.worktree`.
  if (owner === null) return workTree !== null && isIn(await realpath(workTree), dir);
  return owner === common;
}

function isIn(parent: string, dir: string): boolean {
  const inside = relative(parent, dir);
  return !inside.startsWith('..') && !isAbsolute(inside);
}

/** What the worktree that holds `dir` shares with its siblings; null where there is no worktree. */
async function ownerOf(dir: string): Promise<string | null> {
  const git = join(dir, '.git');
  const info = await stat(git).catch(() => null);
  if (info?.isDirectory()) return realpath(git);
  if (info?.isFile()) {
    const place = /^gitdir: (.*)$/m.exec(await readFile(git, 'utf8'))?.[1];
    if (place === undefined) return '';
    const own = resolve(dir, place);
    const common = await readFile(join(own, 'commondir'), 'utf8').catch(() => '.');
    return realpath(resolve(own, common.trim())).catch(() => '');
  }
  const parent = dirname(dir);
  return parent === dir ? null : ownerOf(parent);
}
