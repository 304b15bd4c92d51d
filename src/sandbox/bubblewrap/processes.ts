/**
 * Counts what a sandbox uses, for hosts without a writable cgroup. Rule: reads only /proc; a process that ends while
 * it is read counts as nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** Threads too: they count against the same limit. */
  processes: number;
  /** Bytes, shared pages divided among those that share them where the kernel says so. */
  memory: number;
}

const PAGE = 4096;

/** Sums over the first process of a pid namespace and all its descendants: whoever loses a parent goes to the first. */
export function usageOf(pid: number): Usage {
  const usage = { processes: 0, memory: 0 };
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const threads = threadsOf(next);
    usage.processes += threads.length;
    usage.memory += memoryOf(next);
    waiting.push(...childrenOf(next, threads));
  }
  return usage;
}

function memoryOf(pid: number): number {
  const share = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  if (share !== undefined) return Number(share) * 1024;
  // Resident set, without what is backed by files: those pages can be given back.
  const [, resident = 0, shared = 0] = read(`/proc/${pid}/statm`).split(' ').map(Number);
  return Math.max(0, resident - shared) * PAGE;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function childrenOf(pid: number, threads: readonly string[]): number[] {
  return threads.flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
