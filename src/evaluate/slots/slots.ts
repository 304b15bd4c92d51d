/**
 * A few directories in which trees are judged. Rule: one user at a time, over all processes; nothing is assumed of what
 * a directory holds, so whatever a crash or a check left there is harmless: the next checkout replaces it.
 */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AmbientError } from '../../base/index.ts';
import { createLock } from '../../store/index.ts';

/** Directories that other processes may hold at the same time before we give up. */
const MOST = 32;

export interface SlotPool {
  /** Runs `work` in a free slot; waits for one. @throws AmbientError `aborted` when `signal` fires while waiting. */
  use<T>(work: (dir: string) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Opens the pool below `root` (`<commonDir>/ambient/slots`), which is made on first use. */
export function openSlots(root: string, most = Math.min(2, availableParallelism())): SlotPool {
  const waiting: Array<() => void> = [];
  let free = Math.max(1, most);
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

/** Removes what judged trees left below `root`. A slot that somebody works in is left alone: its user empties it. */
export async function emptySlots(root: string): Promise<void> {
  const names = await readdir(root).catch(() => [] as string[]);
  for (const index of new Set(names.flatMap((name) => /^(\d+)(?:\.index)?$/.exec(name)?.[1] ?? []))) {
    const held = await createLock(join(root, `lock-${index}`)).acquire();
    if (held === null) continue;
    try {
      await removeDirectory(join(root, index));
      await rm(join(root, `${index}.index`), { force: true });
    } finally {
      await held.release();
    }
  }
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
  for (let index = 0; index < MOST; index++) {
    const dir = join(root, String(index));
    const held = await createLock(join(root, `lock-${index}`)).acquire();
    if (held === null) continue;
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
    } catch (cause) {
      await held.release();
      throw new AmbientError('slot-unusable', `could not make the directory ${dir}`, { kind: 'environment', cause });
    }
    return { dir, release: held.release };
  }
  throw new AmbientError('no-slot', `all ${MOST} slots in ${root} are in use by other processes`, {
    kind: 'environment',
    hint: 'wait for the other `git ambient` processes, or end them',
  });
}
