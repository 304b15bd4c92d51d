/**
 * Marks what a process of ours starts, so that it can be told from what another starts. Rule: an owner is dead only
 * when its pid is gone or was given to a later process, in our own pid namespace; others are never judged.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** Returns `<pid namespace>-<pid>-<start time>` of this process. */
export function ownerMark(): string {
  return `${pidNamespace()}-${process.pid}-${startTime(process.pid) ?? 0}`;
}

/** Is the process that made `mark` known to be gone? */
export function ownerIsDead(mark: string): boolean {
  const match = /^(\d+)-(\d+)-(\d+)/.exec(mark);
  if (!match || match[1] !== pidNamespace()) return false;
  return startTime(Number(match[2])) !== Number(match[3]);
}

/** Clock ticks since boot at which a process began, or null when there is none. */
export function startTime(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold blanks and brackets of its own.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return null;
  }
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}
