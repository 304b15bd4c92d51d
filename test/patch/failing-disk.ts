/** A disk that fails at a chosen call: once, half-way, or for good, as if the process had been killed there. */
import { writeFileSync } from 'node:fs';
import type { Disk } from '../../src/patch/directory/disk.ts';

export type Failure = 'before' | 'after' | 'half' | 'killed';

/** Calls that change something; the others never fail. */
const EFFECTS = ['create', 'link', 'rename', 'remove', 'makeDirectory', 'removeDirectory'] as const;

/** Wraps `disk`; effect number `at` (from 0) fails in the given way. `effects()` tells how many there were. */
export function failingDisk(disk: Disk, at: number, failure: Failure): Disk & { effects(): number } {
  let count = 0;
  let dead = false;
  const wrapped = { ...disk, effects: () => count } as Disk & { effects(): number };
  for (const name of EFFECTS) {
    const real = disk[name] as (...args: unknown[]) => unknown;
    (wrapped as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
      if (dead) throw new Error('the process is dead');
      const here = count === at;
      count += 1;
      if (!here) return real(...args);
      if (failure === 'killed') dead = true;
      if (failure === 'after') real(...args);
      if (failure !== 'before' && name === 'create') {
        const content = args[1] as Uint8Array;
        writeFileSync(args[0] as string, content.subarray(0, content.length >> 1), {
          flag: failure === 'after' ? 'w' : 'wx',
        });
      }
      throw Object.assign(new Error(`${name} failed`), { code: 'EIO' });
    };
  }
  return wrapped;
}
