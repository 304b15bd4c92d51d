/**
 * A lock file: pid, start time, nonce, one a line. Rule: it appears complete (by link) and a dead holder's lock is
 * replaced by exactly one: whoever holds the guard that is named after that very lock. A guard is a lock itself, so a
 * process that dies while it takes over is taken over in its turn.
 */
import { link, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError, digest, isRunning, ownMark, type ProcessMark, randomId } from '../base/index.ts';
import { codeOf, makeDirectory, orNull, readText, writing } from './disk.ts';

export interface Held {
  release(): Promise<void>;
}

export interface Lock {
  /** Null when a living process holds it. */
  acquire(): Promise<Held | null>;
  /** The pid of the living holder, or null. */
  holder(): Promise<number | null>;
}

/** Milliseconds after which a lock that names nobody is nobody's. It can be seen only where there are no hard links. */
const NAMELESS = 10_000;

export function createLock(path: string): Lock {
  return {
    acquire: async () => {
      await makeDirectory(dirname(path));
      const held = await writing(path, () => take(path));
      if (held !== null) await sweep(path);
      return held;
    },
    holder: async () => {
      const text = await readText(path);
      const mark = text === null ? null : parseMark(text);
      return mark !== null && isRunning(mark) ? mark.pid : null;
    },
  };
}

/**
 * Runs `work` while holding the lock; waits for it.
 * @throws AmbientError `store-busy` (environment) when it does not come free within `patience` milliseconds.
 */
export async function withLock<T>(lock: Lock, work: () => Promise<T>, patience = 60_000): Promise<T> {
  const deadline = performance.now() + patience;
  let held = await lock.acquire();
  for (let pause = 2; held === null; pause = Math.min(pause * 1.5, 40)) {
    if (performance.now() > deadline) {
      const pid = await lock.holder();
      throw new AmbientError('store-busy', `process ${pid ?? 'unknown'} has been writing for ${patience / 1000} s`, {
        kind: 'environment',
        hint: 'wait for it, or end it, and try again',
        data: { pid },
      });
    }
    await sleep(pause * (0.5 + Math.random()));
    held = await lock.acquire();
  }
  try {
    return await work();
  } finally {
    await held.release();
  }
}

async function take(path: string): Promise<Held | null> {
  const { pid, start } = ownMark();
  const text = `${pid}\n${start}\n${randomId(16)}\n`;
  const draft = `${path}.${pid}-${randomId()}.tmp`;
  await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    const taken = (await linkNew(draft, path, text)) || (await takeOver(draft, path));
    return taken ? { release: () => release(path, text) } : null;
  } finally {
    await orNull(() => unlink(draft));
  }
}

async function linkNew(draft: string, path: string, text: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
  }
  // A file system without hard links.
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** While the guard is held and the dead lock is still there, nobody else can replace it. */
async function takeOver(draft: string, path: string): Promise<boolean> {
  const dead = await readText(path);
  if (dead === null || !(await isAbandoned(path, dead))) return false;
  const guard = await take(join(dirname(path), `${basename(path).split('.')[0]}.${digest([path, dead])}.guard`));
  if (guard === null) return false;
  try {
    if ((await readText(path)) !== dead) return false;
    await rename(draft, path);
    return true;
  } finally {
    await guard.release();
  }
}

async function isAbandoned(path: string, text: string): Promise<boolean> {
  const mark = parseMark(text);
  if (mark !== null) return !isRunning(mark);
  const age = await orNull(async () => Date.now() - (await stat(path)).mtimeMs);
  return age !== null && age > NAMELESS;
}

async function release(path: string, text: string): Promise<void> {
  if ((await readText(path)) === text) await orNull(() => unlink(path));
}

export function parseMark(text: string): ProcessMark | null {
  const match = /^([1-9]\d{0,9})\n(\d*)\n/.exec(text);
  return match ? { pid: Number(match[1]), start: match[2] ?? '' } : null;
}

/**
 * Removes what killed processes left. While the lock is held its old guards open nothing, so this takes nothing from
 * anybody; those of other locks are left alone.
 */
async function sweep(path: string): Promise<void> {
  const names = (await orNull(() => readdir(dirname(path)))) ?? [];
  const isGuard = (name: string) => name.startsWith(`${basename(path)}.`) && name.endsWith('.guard');
  const ours = names.filter((name) => name.endsWith('.tmp') || isGuard(name));
  for (const name of ours) {
    const file = join(dirname(path), name);
    const text = await readText(file);
    if (text !== null && (await isAbandoned(file, text))) await orNull(() => unlink(file));
  }
}
