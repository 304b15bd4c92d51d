/**
 * The lock on the user's index. Rule: a lock is removed only after a killed landing of ours, when no living process can
 * own it; where that cannot be known, the user is told instead.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import type { RepositoryInfo } from './types.ts';

const PATIENCE = 10_000;
/** A lock that is younger may belong to a process that we have not seen start. */
const YOUNG = 1_000;

export const lockOf = (info: RepositoryInfo): string => join(info.gitDir, 'index.lock');

/** Waits for a living owner, removes what a dead one left. @throws AmbientError `index-locked` (user). */
export async function releaseDeadLock(info: RepositoryInfo, patience = PATIENCE): Promise<void> {
  const deadline = Date.now() + patience;
  for (const lock = lockOf(info); existsSync(lock); await sleep(100)) {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > YOUNG && !mayBeOwned(info)) rmSync(lock, { force: true });
    else if (Date.now() > deadline) throw indexLocked(info);
  }
  // `git commit --only` prepares its index in a file that is named after its process.
  for (const name of readdirSync(info.gitDir)) {
    const pid = /^next-index-(\d+)\.lock$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`) && existsSync('/proc/self'))
      rmSync(join(info.gitDir, name), { force: true });
  }
}

export function indexLocked(info: RepositoryInfo): AmbientError {
  const lock = lockOf(info);
  return new AmbientError('index-locked', `the index is locked by another git process: ${lock} exists`, {
    kind: 'user',
    hint: 'wait for it to end; if no git is running here, remove that file',
    data: { lock },
  });
}

/** A git that works here, or any process with the lock open. Without /proc nobody can say: then it may. */
function mayBeOwned(info: RepositoryInfo): boolean {
  if (!existsSync('/proc/self/cwd')) return true;
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && owns(`/proc/${pid}`, info));
}

function owns(process_: string, info: RepositoryInfo): boolean {
  try {
    const [name, ...args] = readFileSync(join(process_, 'cmdline'), 'utf8').split('\0');
    const isGit = /(^|\/)git(-[a-z-]+)?$/.test(name ?? '') && !args.includes('cat-file');
    if (isGit && isInside(readlinkSync(join(process_, 'cwd')), info)) return true;
    const lock = lockOf(info);
    return readdirSync(join(process_, 'fd')).some((fd) => linkOf(join(process_, 'fd', fd)) === lock);
  } catch {
    // Gone meanwhile, or another user's, whose index this is not.
    return false;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function isInside(path: string, info: RepositoryInfo): boolean {
  return [info.workTree, info.gitDir].some((top) => top !== null && (path === top || path.startsWith(`${top}/`)));
}
