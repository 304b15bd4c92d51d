/**
 * Worker processes that are kept: loading an analyser costs more than most files. Rule: a worker has one batch at a time;
 * one that gives no answer is killed, and the next batch gets another.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createTurns, packageRoot } from '../base/index.ts';
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

/** None is started before the first batch. Whoever opens them closes them: they keep the process alive. */
export function openWorkers({ width = availableParallelism(), worker = workerPath() }: WorkersOptions = {}): Workers {
  const idle: Worker[] = [];
  const turns = createTurns(Math.max(1, width));
  const all = new Set<Worker>();
  let closed = false;
  return {
    ask: (job, timeout, signal) =>
      turns.take(async () => {
        if (closed || signal?.aborted) return { id: 0, error: 'stopped' };
        // One that died between two batches takes no batch along.
        let own = idle.pop();
        while (own && !own.alive()) own = idle.pop();
        own ??= startWorker(worker);
        all.add(own);
        const reply = await own.ask(job, timeout, signal);
        if (own.alive() && !closed) idle.push(own);
        else all.delete(own);
        return reply;
      }),
    close() {
      closed = true;
      for (const one of all) one.stop();
    },
  };
}

interface Worker {
  ask(job: Job, timeout: number, signal: AbortSignal | undefined): Promise<WorkerReply>;
  alive(): boolean;
  stop(): void;
}

function workerPath(): string {
  const { root, built } = packageRoot();
  return join(root, built ? 'dist/swarm/worker.js' : 'src/swarm/worker.ts');
}

function startWorker(path: string): Worker {
  const child: ChildProcess = fork(path, [], {
    // A specialist needs nothing of the environment; PATH only lets node find itself.
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
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
