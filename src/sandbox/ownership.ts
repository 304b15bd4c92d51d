/**
 * Marks what a process of ours starts, so that it can be told from what another starts. Rule: an owner is dead only
 * when its pid is gone or was given to a later process, in our own pid namespace; others are never judged.
 */
import { readlinkSync } from 'node:fs';
import { isRunning, ownMark } from '../base/index.ts';

/** Returns `<pid namespace>-<pid>-<start time>` of this process. */
export function ownerMark(): string {
  const { pid, start } = ownMark();
  return `${pidNamespace()}-${pid}-${start}`;
}

/** Is the process that made `mark` known to be gone? */
export function ownerIsDead(mark: string): boolean {
  const [, namespace, pid, start] = /^(\d+)-(\d+)-(\d+)/.exec(mark) ?? [];
  if (start === undefined || namespace !== pidNamespace()) return false;
  return !isRunning({ pid: Number(pid), start });
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}
