/**
 * Worker processes that are kept: loading an analyser costs more than most files. Rule: a worker has one batch at a time;
 * one that gives no answer is killed, and the next batch gets another.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AmbientError, packageRoot } from '../base/index.ts';
import type { WorkerReply, WorkerRequest } from './worker.ts';

export type Job = Omit<WorkerRequest, 'id'>;

export interface Workers {
  /** Waits for a free worker. What goes wrong is a reply. @param timeout milliseconds of the batch. */
  ask(job: Job, timeout: number, signal: AbortSignal | undefined): Promise<WorkerReply>;
  close(): void;
}

export interface WorkersOptions {
  /** At the same time; absent: one for each core. */
  width?: number;
  /** Path of the worker; tests hand in one that misbehaves. */
  worker?: string;
}

/** Files that wait or are read for each worker: to load the analysers takes as long as several files, and is only heat. */
const WORTH_A_WORKER = 8;
/** Milliseconds after which a batch has another worker all the same: the one before it may hang. */
const PATIENCE = 2000;

/**
 * None is started before the first batch, and another only where what waits pays for it. Whoever opens them closes them:
 * they keep the process alive. @throws AmbientError `incomplete` (environment).
 */
export function openWorkers({ width = availableParallelism(), worker = workerPath() }: WorkersOptions = {}): Workers {
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const waiting: Waiting[] = [];
  let closed = false;
  /** Files of the batches that wait or are being read. */
  let readings = 0;

  const pays = () => busy.size === 0 || readings > WORTH_A_WORKER * busy.size || waiting[0]?.late === true;
  const next = () => {
    while (waiting.length > 0) {
      // One that died between two batches takes no batch along.
      let own = idle.pop();
      while (own && !own.alive()) own = idle.pop();
      if (own === undefined && !closed && (busy.size >= Math.max(1, width) || !pays())) return;
      const entry = waiting.shift() as Waiting;
      if (closed || entry.signal?.aborted) {
        if (own !== undefined) idle.push(own);
        entry.begin(null);
        continue;
      }
      own ??= startWorker(worker);
      busy.add(own);
      entry.begin(own);
    }
  };
  /** Null once they are closed. */
  const turn = (signal: AbortSignal | undefined) =>
    new Promise<Worker | null>((resolve) => {
      const timer = setTimeout(() => {
        entry.late = true;
        next();
      }, PATIENCE);
      const begin = (own: Worker | null) => {
        clearTimeout(timer);
        resolve(own);
      };
      const entry: Waiting = { late: false, signal, begin };
      waiting.push(entry);
      next();
    });
  return {
    async ask(job, timeout, signal) {
      if (closed || signal?.aborted) return STOPPED;
      readings += job.files.length;
      const own = await turn(signal);
      try {
        return own === null || signal?.aborted ? STOPPED : await own.ask(job, timeout, signal);
      } finally {
        readings -= job.files.length;
        if (own !== null) busy.delete(own);
        if (own?.alive()) idle.push(own);
        next();
      }
    },
    close() {
      closed = true;
      for (const one of [...busy, ...idle]) one.stop();
      next();
    },
  };
}

const STOPPED: WorkerReply = { id: 0, error: 'stopped' };

interface Waiting {
  /** It has waited long enough. */
  late: boolean;
  signal: AbortSignal | undefined;
  begin(own: Worker | null): void;
}

interface Worker {
  ask(job: Job, timeout: number, signal: AbortSignal | undefined): Promise<WorkerReply>;
  alive(): boolean;
  stop(): void;
}

function workerPath(): string {
  const { root, built } = packageRoot();
  if (!built) return join(root, 'src/swarm/worker.ts');
  for (const name of PARTS) {
    const size = statSync(join(root, 'dist/swarm', name), { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) throw incomplete(`dist/swarm/${name}`);
  }
  return join(root, 'dist/swarm/worker.js');
}

/** Without one of these a commit would be looked at, found good, and never looked at again. */
const PARTS = ['worker.js', 'work.cjs', 'eslint.cjs', 'typescript.cjs'];

function incomplete(file: string): AmbientError {
  return new AmbientError('incomplete', `git-ambient is not installed completely: ${file} cannot be loaded`, {
    kind: 'environment',
    hint: 'install it again; in a clone of it run `npm run build`',
  });
}

/** One that cannot be started gives its batch the reason. */
function startWorker(path: string): Worker {
  try {
    return workerOf(forkWorker(path));
  } catch (error) {
    const reason = `the analyser cannot be started: ${error instanceof Error ? error.message : String(error)}`;
    return { alive: () => false, stop: () => {}, ask: async () => ({ id: 0, error: reason }) };
  }
}

function forkWorker(path: string): ChildProcess {
  const child = fork(path, [], {
    // A specialist needs nothing of the environment; PATH only lets node find itself.
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  // Without descriptors it has no channel, and says why later.
  if (typeof child.send !== 'function') {
    child.on('error', () => {});
    throw new Error('there is no channel to it (too many open files?)');
  }
  return child;
}

function workerOf(child: ChildProcess): Worker {
  let counter = 0;
  let gone = false;
  child.on('error', () => (gone = true));
  child.on('exit', () => (gone = true));
  return {
    alive: () => !gone,
    stop: () => void child.kill('SIGKILL'),
    ask: (job, timeout, signal) =>
      new Promise((resolve) => {
        const id = ++counter;
        const settle = (reply: WorkerReply) => {
          clearTimeout(timer);
          child.off('message', onMessage);
          child.off('exit', onExit);
          signal?.removeEventListener('abort', onAbort);
          resolve(reply);
        };
        const give = (reason: string) => {
          gone = true;
          child.kill('SIGKILL');
          settle({ id, error: reason });
        };
        const onMessage = (reply: WorkerReply) => reply.id === id && settle(reply);
        const onExit = (code: number | null, why: string | null) =>
          give(`the analyser ended unexpectedly (${why ?? `exit code ${code}`})`);
        const onAbort = () => give('stopped');
        const timer = setTimeout(() => give(`no answer within ${Math.round(timeout / 1000)} s`), timeout);
        child.on('message', onMessage);
        child.on('exit', onExit);
        signal?.addEventListener('abort', onAbort, { once: true });
        child.send({ ...job, id }, (error) => error && give(error.message));
      }),
  };
}
