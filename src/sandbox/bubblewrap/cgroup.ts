/**
 * Holds a sandbox in a control group of its own, made by hand below the caller's. Rule: memory is held by the kernel
 * or not at all by this file: where no group can be made, null, and the caller counts processes instead.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomId } from '../../base/index.ts';
import { controllerFolders } from '../cgroup-folders.ts';
import { ownerIsDead, ownerMark } from '../ownership.ts';
import type { Limits } from '../types.ts';

export interface Cgroup {
  /** Does the kernel bound the number of processes too? */
  countsProcesses: boolean;
  add(pid: number): void;
  /** Processes that the kernel has killed for want of memory. */
  oomKills(): number;
  /** How often a process could not be started because there were too many. */
  pidsRefused(): number;
  remove(): Promise<void>;
}

const PREFIX = 'ambient-';

/** Makes a group with these limits; null where this user or this system does not allow it. */
export function makeCgroup(limits: Limits): Cgroup | null {
  const name = `${PREFIX}${ownerMark()}-${randomId(8)}`;
  const folders = controllerFolders(readText('/proc/self/cgroup'), readText('/proc/self/mountinfo'));
  if (!folders) return null;
  const made: string[] = [];
  const make = (parent: string | null): string | null => {
    if (parent === null || !existsSync(parent)) return null;
    const folder = join(parent, name);
    if (!made.includes(folder)) {
      mkdirSync(folder);
      made.push(folder);
    }
    return folder;
  };
  try {
    const memory = make(folders.memory);
    if (memory === null) return null;
    if (folders.version === 2) limitMemory2(memory, limits);
    else limitMemory1(memory, limits);
    const pids = attempt(() => make(folders.pids));
    const countsProcesses = pids !== null && attempt(() => write(pids, 'pids.max', limits.pids)) !== null;
    const cpu = attempt(() => make(folders.cpu));
    if (cpu !== null) attempt(() => limitCpu(cpu, folders.version, limits.cpus));
    return {
      countsProcesses,
      add: (pid) => {
        for (const folder of made) write(folder, 'cgroup.procs', pid);
      },
      oomKills: () => Number(/^oom_kill (\d+)/m.exec(readText(join(memory, eventsFile(folders.version))))?.[1] ?? 0),
      pidsRefused: () =>
        countsProcesses ? Number(/^max (\d+)/m.exec(readText(join(pids, 'pids.events')))?.[1] ?? 0) : 0,
      remove: async () => {
        for (const folder of made) await removeFolder(folder);
      },
    };
  } catch {
    for (const folder of made) attempt(() => rmdirSync(folder));
    return null;
  }
}

/** Removes groups whose maker was killed before it could, with whatever still runs in them. */
export async function reapCgroups(): Promise<void> {
  const folders = controllerFolders(readText('/proc/self/cgroup'), readText('/proc/self/mountinfo'));
  for (const parent of new Set([folders?.memory, folders?.pids, folders?.cpu])) {
    if (!parent) continue;
    for (const name of attempt(() => readdirSync(parent)) ?? []) {
      if (!name.startsWith(PREFIX) || !ownerIsDead(name.slice(PREFIX.length))) continue;
      const folder = join(parent, name);
      for (const pid of readText(join(folder, 'cgroup.procs')).split('\n').filter(Boolean))
        attempt(() => process.kill(Number(pid), 'SIGKILL'));
      await removeFolder(folder);
    }
  }
}

const eventsFile = (version: 1 | 2) => (version === 2 ? 'memory.events' : 'memory.oom_control');

function limitMemory1(folder: string, limits: Limits): void {
  write(folder, 'memory.limit_in_bytes', limits.memory);
  attempt(() => write(folder, 'memory.memsw.limit_in_bytes', limits.memory));
  // Not every kernel counts kills here; without the count an end by memory would look like a failed check.
  if (!/^oom_kill \d/m.test(readText(join(folder, eventsFile(1))))) throw new Error('oom_kill is not counted');
}

function limitMemory2(folder: string, limits: Limits): void {
  write(folder, 'memory.max', limits.memory);
  attempt(() => write(folder, 'memory.swap.max', 0));
  attempt(() => write(folder, 'memory.oom.group', 1));
}

function limitCpu(folder: string, version: 1 | 2, cpus: number): void {
  const quota = Math.max(1000, Math.round(cpus * 100_000));
  if (version === 2) {
    write(folder, 'cpu.max', `${quota} 100000`);
    return;
  }
  write(folder, 'cpu.cfs_period_us', 100_000);
  write(folder, 'cpu.cfs_quota_us', quota);
}

/** The kernel lets go of a group a little after its last process has ended. */
async function removeFolder(folder: string): Promise<void> {
  for (let round = 0; round < 50 && existsSync(folder); round += 1) {
    if (attempt(() => rmdirSync(folder) ?? true)) return;
    await sleep(5);
  }
}

function write(folder: string, file: string, value: string | number): void {
  writeFileSync(join(folder, file), String(value));
}

function readText(path: string): string {
  return attempt(() => readFileSync(path, 'utf8')) ?? '';
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
