/**
 * Reads from the host what the kernel counts about a container. Rule: only reads, and only a group in which the container's
 * first process really is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupOf } from '../cgroup-folders.ts';

export interface Counters {
  /** Processes that were killed for want of memory so far. */
  oomKills(): number;
  /** How often a process could not be started so far. */
  pidsRefused(): number;
  /** Pids of everything that runs in it, as the host counts. */
  processes(): number[];
}

/** Returns the counters of the container whose first process is `pid`; null where this kernel is not the engine's. */
export function countersOf(pid: number): Counters | null {
  const cgroup = read(`/proc/${pid}/cgroup`);
  const mounts = read('/proc/self/mountinfo');
  const memory = groupOf('memory', cgroup, mounts);
  const pids = groupOf('pids', cgroup, mounts);
  if (memory === null || pids === null) return null;
  const events = memory.version === 2 ? 'memory.events' : 'memory.oom_control';
  const processes = () => read(join(pids.folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  const count = (folder: string, file: string, key: string) =>
    Number(new RegExp(`^${key} (\\d+)`, 'm').exec(read(join(folder, file)))?.[1] ?? Number.NaN);
  const counters: Counters = {
    oomKills: () => count(memory.folder, events, 'oom_kill'),
    pidsRefused: () => count(pids.folder, 'pids.events', 'max'),
    processes,
  };
  const readable = Number.isFinite(counters.oomKills()) && Number.isFinite(counters.pidsRefused());
  return readable && processes().includes(pid) ? counters : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
