/**
 * Starts bwrap, holds the command in its limits and reads the result. Rule: the command does not begin before all that
 * bounds it is in place, and nothing of it lives on when this resolves or rejects.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { killGroup } from '../../base/index.ts';
import { type DiskWatch, entriesIn, watchDisk } from '../disk.ts';
import { ownerMark } from '../ownership.ts';
import { aborted, collect, failed, SIGXFSZ } from '../result.ts';
import type { Limits, SandboxResult } from '../types.ts';
import { type Cgroup, makeCgroup } from './cgroup.ts';
import { sealDescriptors } from './descriptors.ts';
import { filterProgram } from './filter.ts';
import { bwrapArguments, FD, type SandboxLayout } from './flags.ts';
import { readHostFacts } from './host.ts';
import { usageOf } from './processes.ts';
import { readStatus } from './status.ts';

/** Name of the variable by which `reap` knows what we started. */
export const MARK = 'AMBIENT_SANDBOX';
const TICK = 100;

type Stop = 'timeout' | 'memory' | 'processes' | 'disk' | 'aborted';

export interface RunOptions {
  bwrap: string;
  /** False: count what the processes use even where a control group could be made. */
  cgroups: boolean;
  signal: AbortSignal | undefined;
}

/**
 * Runs the command of a layout.
 * @throws AmbientError `aborted` (environment) when the request's signal fired.
 */
export async function runLayout(layout: SandboxLayout, options: RunOptions): Promise<SandboxResult> {
  const { limits, dir } = layout;
  const { bwrap, signal } = options;
  if (signal?.aborted) throw aborted(layout.argv, signal);
  const started = performance.now();
  const cgroup = options.cgroups ? makeCgroup(limits) : null;
  const filter = filterProgram(process.arch, { uncounted: cgroup !== null });
  if (filter === null) return failed(`no system call filter for ${process.arch}`, started);
  const sealed = sealDescriptors(['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe']);
  const child = spawn(bwrap, bwrapArguments(layout, readHostFacts()), {
    env: { [MARK]: ownerMark() },
    cwd: '/',
    detached: true,
    stdio: sealed.stdio,
  });
  sealed.close();
  let stopped: Stop | undefined;
  const stop = (why: Stop) => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const abort = () => stop('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  const stdout = collect(child.stdout, limits.output);
  const stderr = collect(child.stderr, limits.output);
  const ended = endOf(child);
  const status = readStatus(pipeOf(child, FD.status));
  pipeOf(child, FD.seccomp).end(filter);
  let guard: { end(): Promise<void> } | undefined;
  let broken: string | undefined;
  let disk: DiskWatch | undefined;
  try {
    const [pid, watched] = await Promise.all([
      status.pid,
      watchDisk(dir, { bytes: limits.diskBytes, entries: limits.diskEntries, largest: limits.fileBytes }),
    ]);
    disk = watched;
    if (pid !== null && stopped === undefined) {
      cgroup?.add(pid);
      goFirst(pid);
      guard = watch(pid, limits, cgroup, watched, stop);
      pipeOf(child, FD.block).end('go');
    }
  } catch (cause) {
    broken = `could not bound the command: ${cause instanceof Error ? cause.message : cause}`;
    killGroup(child.pid);
  }
  const end = await ended;
  await guard?.end();
  signal?.removeEventListener('abort', abort);
  const oom = stopped === 'memory' || (cgroup?.oomKills() ?? 0) > 0;
  const pidsFull = stopped === 'processes' || (cgroup?.pidsRefused() ?? 0) > 0;
  await cgroup?.remove();
  if (stopped === 'aborted') throw aborted(layout.argv, signal);
  const code = status.exitCode();
  const errors = stderr.text();
  if (stopped === undefined && code === null && end.signal === null)
    broken ??= end.error ?? (errors.trim() || `bwrap ended with code ${end.code}`);
  if (broken !== undefined) return failed(broken, started);
  return {
    code: stopped === undefined ? code : null,
    signal: stopped === undefined ? end.signal : 'SIGKILL',
    timedOut: stopped === 'timeout',
    oom,
    diskFull: stopped === 'disk',
    fileTooLarge: code === 128 + SIGXFSZ || (disk?.fileTooLarge() ?? false),
    pidsFull,
    truncated: stdout.truncated() || stderr.truncated(),
    setupError: null,
    stdout: stdout.text(),
    stderr: errors,
    duration: Math.round(performance.now() - started),
  };
}

function watch(pid: number, limits: Limits, cgroup: Cgroup | null, disk: DiskWatch, stop: (why: Stop) => void) {
  let looking: Promise<unknown> = Promise.resolve();
  let busy = false;
  const lookAtDisk = async (last: boolean) => {
    // Nothing outlives the namespace of its processes.
    if (await disk.exceeded({ last, gone: last })) stop('disk');
    // Names in memory cost more than their bytes: a hundred thousand empty files count as much there as in the slot.
    else if (!last && (await entriesIn(`/proc/${pid}/root/tmp`)) > limits.diskEntries) stop('disk');
  };
  const deadline = setTimeout(() => stop('timeout'), limits.timeout);
  const timer = setInterval(() => {
    if (!cgroup?.countsProcesses) {
      const usage = usageOf(pid);
      if (!cgroup && usage.memory > limits.memory) stop('memory');
      if (usage.processes > limits.pids) stop('processes');
    }
    // What the kernel spared would run on in a command that has already failed.
    if ((cgroup?.oomKills() ?? 0) > 0) stop('memory');
    if ((cgroup?.pidsRefused() ?? 0) > 0) stop('processes');
    if (busy) return;
    busy = true;
    looking = lookAtDisk(false).finally(() => {
      busy = false;
    });
  }, TICK);
  return {
    async end() {
      clearTimeout(deadline);
      clearInterval(timer);
      await looking;
      await lookAtDisk(true);
    },
  };
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on('error', (error) =>
      resolve({ code: null, signal: null, error: `could not start bwrap: ${error.message}` }),
    );
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
}

/** When memory is short on this machine, it is the command that goes, and it cannot take that back where we are root. */
function goFirst(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '500');
  } catch {
    // not ours to say here: the limits hold all the same
  }
}

/** A pipe beyond the three of every process. Its end may close first: the exit says why. */
function pipeOf(child: ChildProcess, fd: number): Duplex {
  const pipe = child.stdio[fd] as Duplex;
  if (pipe.listenerCount('error') === 0) pipe.on('error', () => {});
  return pipe;
}
