/**
 * Locks on what is the user's: the index, HEAD, the branch. Rule: ours carries the mark of its room, so that it can be told
 * from anybody's; another one is removed only after a killed landing, when no living process can own it.
 */
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import { isAlive, type Stage } from './stage.ts';
import type { RepositoryInfo } from './types.ts';
import { codeOf } from './working-files.ts';

/** A lock that is younger may belong to a process that we have not seen start. */
const YOUNG = 1_000;

const lockOf = (info: RepositoryInfo): string => join(info.gitDir, 'index.lock');

/** Locks the user's index as git does, for `stage`. @throws AmbientError `index-locked` (user). */
export async function holdIndex(info: RepositoryInfo, stage: Stage, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  while (!holdsIndex(info, stage) && !tryLock(info, stage)) {
    if (Date.now() > deadline) throw indexLocked(info);
    await sleep(20);
  }
}

export function holdsIndex(info: RepositoryInfo, stage: Stage): boolean {
  try {
    return readFileSync(lockOf(info), 'utf8') === stage.mark;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

export function releaseIndex(info: RepositoryInfo, stage: Stage): void {
  if (holdsIndex(info, stage)) rmSync(lockOf(info), { force: true });
}

/** By link: the lock appears complete. */
function tryLock(info: RepositoryInfo, stage: Stage): boolean {
  try {
    linkSync(join(stage.dir, 'owner'), lockOf(info));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
  }
  try {
    writeFileSync(lockOf(info), stage.mark, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
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

/** Is whoever made the room still at work, or the git that it left behind? */
export function isAtWork(stage: Stage): boolean {
  if (isAlive(stage)) return true;
  const sign = `GIT_INDEX_FILE=${stage.index}`;
  return processes().some((pid) => {
    const { name, args } = commandOf(pid);
    if (name === '') return isStarting(pid);
    if (!isGit(name) || !args.some((arg) => MOVERS.has(arg))) return false;
    const environ = readProc(pid, 'environ');
    return environ === '' ? isStarting(pid) : environ.split('\0').includes(sign);
  });
}

/** For a moment the kernel has put a program in place and not yet its words: whether that is ours is seen the next time. */
function isStarting(pid: string): boolean {
  return isGit(linkOf(`/proc/${pid}/exe`));
}

/** What moves a branch for us. */
const MOVERS: ReadonlySet<string> = new Set(['commit', 'update-ref']);

/** Removes locks on refs that a git which was killed left since the room was made. Waits until a young one tells. */
export async function releaseDeadRefLocks(info: RepositoryInfo, stage: Stage, refs: readonly string[]): Promise<void> {
  const since = statSync(join(stage.dir, 'owner')).mtimeMs;
  const locks = [join(info.gitDir, 'HEAD.lock'), ...refs.map((ref) => join(info.commonDir, `${ref}.lock`))];
  const made = locks.map((lock) => statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0).filter((at) => at >= since);
  if (made.length === 0) return;
  // A clock that was set back is not waited for.
  await sleep(Math.min(YOUNG, Math.max(0, Math.max(...made) + YOUNG - Date.now())));
  for (const lock of locks) {
    const at = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined || at < since || at > Math.max(...made)) continue;
    if (!isGitAtWork(info)) rmSync(lock, { force: true });
  }
}

/** Any git that works here; the one that started us is none. Without /proc nobody can say: then there is. */
function isGitAtWork(info: RepositoryInfo): boolean {
  if (!existsSync('/proc/self/cwd')) return true;
  const above = ancestors();
  return processes().some((pid) => {
    const { name, args } = commandOf(pid);
    if (!isGit(name) || args.includes('cat-file') || above.has(pid)) return false;
    return isInside(linkOf(`/proc/${pid}/cwd`), info);
  });
}

const isGit = (name: string) => /^git(-[a-z-]+)?$/.test(basename(name));

/** Who started us, and who started them: `git ambient` waits for us, and holds nothing. */
function ancestors(): Set<string> {
  const found = new Set<string>();
  for (let pid = String(process.pid); pid !== '' && pid !== '0' && !found.has(pid); ) {
    found.add(pid);
    const stat = readProc(pid, 'stat');
    pid = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
  }
  return found;
}

function processes(): string[] {
  return existsSync('/proc/self/cwd') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}

function commandOf(pid: string): { name: string; args: string[] } {
  const [name = '', ...args] = readProc(pid, 'cmdline').split('\0');
  return { name, args };
}

/** Empty when it is gone meanwhile, or another user's, whose repository this is not. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function isInside(path: string, info: RepositoryInfo): boolean {
  return [info.workTree, info.gitDir].some((top) => top !== null && (path === top || path.startsWith(`${top}/`)));
}
