/**
 * A few directories in which trees are judged. Rule: one user at a time, over all processes; nothing is assumed of what
 * a directory holds, so whatever a crash or a check left there is harmless: the next checkout replaces it.
 */
import { chmod, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';

/** Directories that other processes may hold at the same time before we give up. */
const MOST = 32;

export interface SlotPool {
  /** Runs `work` in a free slot; waits for one. @throws AmbientError `aborted` when `signal` fires while waiting. */
  use<T>(work: (dir: string) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Opens the pool below `root` (`<commonDir>/ambient/slots`), which is made on first use. */
export function openSlots(root: string, size = Math.min(2, availableParallelism())): SlotPool {
  const waiting: Array<() => void> = [];
  let free = size;
  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async use(work, signal) {
      await enter();
      try {
        if (signal?.aborted)
          throw new AmbientError('aborted', 'the evaluation was stopped', {
            kind: 'environment',
            cause: signal.reason,
          });
        const slot = await claim(root);
        try {
          return await work(slot.dir);
        } finally {
          await slot.release();
        }
      } finally {
        leave();
      }
    },
  };
}

/** Removes a directory even where a check has taken its own permissions away. */
export async function removeDirectory(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch {
    await unlock(dir);
    await rm(dir, { recursive: true, force: true });
  }
}

async function unlock(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  for (const entry of await readdir(dir, { withFileTypes: true }))
    if (entry.isDirectory()) await unlock(join(dir, entry.name));
}

async function claim(root: string): Promise<{ dir: string; release(): Promise<void> }> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (let index = 0; index < MOST; index++) {
    const dir = join(root, String(index));
    const lock = `${dir}.lock`;
    if (!(await lockFile(lock))) continue;
    const release = () => rm(lock, { force: true });
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
    } catch (cause) {
      await release();
      throw new AmbientError('slot-unusable', `could not make the directory ${dir}`, { kind: 'environment', cause });
    }
    return { dir, release };
  }
  throw new AmbientError('no-slot', `all ${MOST} slots in ${root} are in use by other processes`, {
    kind: 'environment',
    hint: 'wait for the other `git ambient` processes, or end them',
  });
}

/** Takes `lock` unless a living process holds it. Of several that find a dead holder, one wins the rename. */
async function lockFile(lock: string): Promise<boolean> {
  const own = `${lock}.${randomId(8)}`;
  await writeFile(own, `${process.pid}\n`, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      // A link appears with its content: no reader ever sees a lock without a holder.
      if (await linked(own, lock)) return true;
      const text = await readFile(lock, 'utf8').catch(() => '');
      if (text !== '' && alive(Number(text))) return false;
      await bury(lock, text);
    }
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead lock away; when a quicker process has replaced it meanwhile, that one gets its lock back. */
async function bury(lock: string, dead: string): Promise<void> {
  const grave = `${lock}.${randomId(8)}`;
  await rename(lock, grave).catch(() => {});
  const buried = await readFile(grave, 'utf8').catch(() => dead);
  if (buried !== dead) await linked(grave, lock);
  await rm(grave, { force: true });
}

function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
