/**
 * Which process stands behind a name. Rule: a pid alone proves nothing, because pids are used again; with the start time
 * of the process it does, where the system tells it.
 */
import { readFileSync } from 'node:fs';

export interface ProcessMark {
  pid: number;
  /** Start time in the kernel's own unit, or '' where the system does not tell. */
  start: string;
}

/** Is the very process that left `mark` still running? A zombie is not. */
export function isRunning(mark: ProcessMark): boolean {
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = statOf(mark.pid);
  if (now === null) return true;
  return now.state !== 'Z' && now.state !== 'X' && (mark.start === '' || mark.start === now.start);
}

export function ownMark(): ProcessMark {
  return markOf(process.pid);
}

export function markOf(pid: number): ProcessMark {
  return { pid, start: statOf(pid)?.start ?? '' };
}

/** The name of a program may hold spaces and parentheses: the fields begin after the last one. */
function statOf(pid: number): { state: string; start: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return null;
  }
}
