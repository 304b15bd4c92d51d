/**
 * The one way to start a program: argv, never a shell; own process group; a deadline; bounded output.
 * Node's own child_process rather than a library: it is on the start path of every command.
 */
import { spawn as nodeSpawn } from 'node:child_process';
import { AmbientError } from './errors.ts';
import { markOf, type ProcessMark } from './process.ts';

export interface SpawnOptions {
  cwd?: string;
  /** The whole environment of the child: nothing is inherited unless it is given here. */
  env: Record<string, string | undefined>;
  input?: string | Uint8Array;
  /** Milliseconds until the process group is killed with SIGKILL. */
  timeout?: number;
  signal?: AbortSignal;
  /** `ask`: what `signal` stops may clean up behind itself (SIGTERM) and is killed if it does not end. Default `kill`. */
  stop?: 'kill' | 'ask';
  /** Told at once which process it is: it may outlive us. */
  started?: (mark: ProcessMark) => void;
  /** Bytes kept of each stream; what comes after is dropped and `truncated` set. Default 64 MiB. */
  maxOutput?: number;
  /** Ends the program as soon as it printed more than `maxOutput`. */
  endAtMost?: boolean;
}

export interface SpawnResult {
  /** Exit code, or null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  truncated: boolean;
  stdout: Buffer;
  stderr: Buffer;
}

/**
 * Runs `argv` to its end. A non-zero exit is a result.
 * @throws AmbientError `command-not-found` (environment) when the program cannot be started, `aborted` when `signal` fired.
 */
export function spawn(argv: readonly string[], options: SpawnOptions): Promise<SpawnResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new AmbientError('empty-command', 'no command was given', { kind: 'bug' });
  if (options.signal?.aborted) return Promise.reject(aborted(file, options.signal.reason));
  return new Promise((resolve, reject) => {
    const child = nodeSpawn(file, args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let timedOut = false;
    const limit = options.maxOutput ?? 64 * 1024 * 1024;
    const kill = () => killGroup(child.pid);
    const full = options.endAtMost ? kill : () => {};
    const stdout = collect(child.stdout, limit, full);
    const stderr = collect(child.stderr, limit, full);
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill();
          }, options.timeout);
    let last: NodeJS.Timeout | undefined;
    const stop = () => {
      if (options.stop !== 'ask') return kill();
      killGroup(child.pid, 'SIGTERM');
      last = setTimeout(kill, GRACE);
    };
    options.signal?.addEventListener('abort', stop, { once: true });
    const finish = () => {
      clearTimeout(timer);
      clearTimeout(last);
      options.signal?.removeEventListener('abort', stop);
    };
    try {
      if (child.pid !== undefined) options.started?.(markOf(child.pid));
    } catch (error) {
      // Nobody knows of it now: it is not to go on alone, nor beside who is told.
      kill();
      finish();
      child.on('exit', () => reject(error));
      return;
    }
    child.on('error', (cause: NodeJS.ErrnoException) => {
      finish();
      reject(notStarted(file, options.cwd, cause));
    });
    child.on('close', (code, signal) => {
      finish();
      if (options.signal?.aborted) return reject(aborted(file, options.signal.reason));
      const truncated = stdout.truncated() || stderr.truncated();
      resolve({ code, signal, timedOut, truncated, stdout: stdout.bytes(), stderr: stderr.bytes() });
    });
    if (options.input !== undefined && child.stdin) {
      // A child that stops reading early (EPIPE) tells us so by its exit code.
      child.stdin.on('error', () => {});
      child.stdin.end(options.input);
    }
  });
}

/** Milliseconds that a program has to end when it is asked to. */
const GRACE = 5_000;

/** Kills a process group and everything in it; a group that is gone already is fine. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // gone already
  }
}

function collect(stream: NodeJS.ReadableStream | null, limit: number, full: () => void) {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  stream?.on('data', (chunk: Buffer) => {
    const room = limit - size;
    if (chunk.length > room && !cut) {
      cut = true;
      full();
    }
    if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    size += Math.min(chunk.length, Math.max(room, 0));
  });
  return { bytes: () => Buffer.concat(chunks), truncated: () => cut };
}

function notStarted(file: string, cwd: string | undefined, cause: NodeJS.ErrnoException): AmbientError {
  const message =
    cause.code === 'ENOENT'
      ? `could not start ${file}: it is not installed, not on PATH, or the directory ${cwd ?? process.cwd()} does not exist`
      : `could not start ${file}: ${cause.message}`;
  return new AmbientError('command-not-found', message, { kind: 'environment', data: { file, cwd }, cause });
}

function aborted(file: string, reason: unknown): AmbientError {
  return new AmbientError('aborted', `${file} was stopped before it ended`, { kind: 'environment', cause: reason });
}
