/**
 * Where the working tree around a directory lies, without a process: most of what a call on a patch costs is starting
 * git. Rule: answers only in the plain case; at anything unusual it says nothing, and git is asked.
 */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment.ts';

export interface FoundCheckout {
  gitDir: string;
  commonDir: string;
  workTree: string;
}

/** Looks from `dir` upwards for a `.git`; null: ask git. */
export function findCheckout(dir: string, env: Environment): FoundCheckout | null {
  // Who sets these wants git's own rules of looking.
  if (env['GIT_CEILING_DIRECTORIES'] || env['GIT_DISCOVERY_ACROSS_FILESYSTEM']) return null;
  try {
    const start = realpathSync(dir);
    for (let at = start; ; at = dirname(at)) {
      const kind = kindOf(join(at, '.git'));
      if (kind !== null) return readCheckout(at, kind, start);
      if (at === dirname(at)) return null;
    }
  } catch {
    return null;
  }
}

function readCheckout(top: string, kind: 'folder' | 'file', start: string): FoundCheckout | null {
  const gitDir = kind === 'folder' ? join(top, '.git') : followFile(top);
  if (gitDir === null || kindOf(join(gitDir, 'HEAD')) !== 'file') return null;
  const common = kindOf(join(gitDir, 'commondir')) === 'file' ? readLine(join(gitDir, 'commondir')) : '.';
  const commonDir = resolve(gitDir, common);
  if (`${start}/`.startsWith(`${gitDir}/`) || kindOf(join(commonDir, 'objects')) !== 'folder') return null;
  const config = readFileSync(join(commonDir, 'config'), 'utf8');
  // A tree elsewhere, none at all, or settings in other files, which may say so.
  return /worktree|bare\s*=(?!\s*false\b)|include/i.test(config) ? null : { gitDir, commonDir, workTree: top };
}

/** A linked worktree, or a submodule. */
function followFile(top: string): string | null {
  const line = readLine(join(top, '.git'));
  if (!line.startsWith('gitdir: ')) return null;
  const path = line.slice('gitdir: '.length);
  return realpathSync(isAbsolute(path) ? path : join(top, path));
}

function readLine(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

function kindOf(path: string): 'folder' | 'file' | null {
  const info = lstatSync(path, { throwIfNoEntry: false });
  return info?.isDirectory() ? 'folder' : info?.isFile() ? 'file' : null;
}
