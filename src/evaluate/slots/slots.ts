/**
 * A few directories in which trees are judged. Rule: one user at a time, over all processes; nothing is assumed of what
 * a directory holds, so whatever a crash or a check left there is harmless: the next checkout replaces it.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { AmbientError, createTurns } from '../../base/index.ts';
import { removeAny } from '../../git/index.ts';
import { createLock } from '../../store/index.ts';

/** Directories that other processes may hold at the same time before we give up. */
const MOST = 32;

export interface SlotPool {
  /** Runs `work` in a free slot; waits for one. @throws AmbientError `aborted` when `signal` fires while waiting. */
  use<T>(work: (dir: string) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** One for each core, as far as the memory goes that a check may take; never so many that a disk is what they wait for. */
export function slotsFor(memory: number, machine = { cores: availableParallelism(), memory: totalmem() }): number {
  return Math.max(1, Math.min(machine.cores, Math.round(machine.memory / memory), 8));
}

/** Opens the pool below `root` (`<commonDir>/ambient/slots`), which is made on first use. */
export function openSlots(root: string, most = Math.min(2, availableParallelism())): SlotPool {
  const turns = createTurns(Math.max(1, most));
  return {
    use: (work, signal) =>
      turns.take(async () => {
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
      }),
  };
}

/** Removes what judged trees left below `root`. A slot that somebody works in is left alone: its user empties it. */
export async function emptySlots(root: string): Promise<void> {
  const names = await readdir(root).catch(() => [] as string[]);
  for (const index of new Set(names.flatMap((name) => /^(\d+)(?:\.|$)/.exec(name)?.[1] ?? []))) {
    const held = await createLock(join(root, `lock-${index}`)).acquire();
    if (held === null) continue;
    try {
      // The slot, its index, and what a killed process was about to take away.
      for (const name of names)
        if (name === index || name.startsWith(`${index}.`)) await removeDirectory(join(root, name));
    } finally {
      await held.release();
    }
  }
}

/** Removes a directory whatever a check did in it: took its rights away, or nested it deeper than a path can say. */
export async function removeDirectory(dir: string): Promise<void> {
  removeAny(dir);
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
