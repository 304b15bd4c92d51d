/**
 * A process that dies at its n-th effect, without a process: from then on nothing that it tries has any effect. What it
 * leaves is what kill -9 leaves, and a test can go through every step in seconds.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EFFECTS = ['renameSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'rmSync', 'writeSync'] as const;
const MORE = ['writeFileSync', 'copyFileSync', 'openSync'] as const;

/** Runs `work` with effects that end after `steps`; returns whether it came to its end before, and what it tried. */
export async function dieAfter(
  steps: number,
  work: () => Promise<unknown>,
): Promise<{ ended: boolean; tried: string[] }> {
  // What removes trees is loaded by its first use, and would keep hold of what is put in place here.
  fs.rmSync(fs.mkdtempSync(join(tmpdir(), 'dying-')), { recursive: true });
  let left = steps;
  const tried: string[] = [];
  const kept: Array<() => void> = [];
  const patch = (owner: Record<string, unknown>, name: string) => {
    const original = owner[name] as (...args: unknown[]) => unknown;
    owner[name] = (...args: unknown[]) => {
      // Looking has no effect.
      if (name === 'openSync' && (args[1] ?? 'r') === 'r') return original(...args);
      left -= 1;
      tried.push(`${name} ${args.slice(0, 2).map(String).join(' ')}`);
      if (left < 0) throw new Error(`dead before ${name}`);
      return original(...args);
    };
    kept.push(() => {
      owner[name] = original;
    });
  };
  for (const name of [...EFFECTS, ...MORE]) patch(fs as unknown as Record<string, unknown>, name);
  patch(childProcess as unknown as Record<string, unknown>, 'spawn');
  syncBuiltinESMExports();
  try {
    await work();
    return { ended: true, tried };
  } catch {
    // What it was refused for is no death.
    return { ended: left >= 0, tried };
  } finally {
    for (const restore of kept) restore();
    syncBuiltinESMExports();
  }
}
