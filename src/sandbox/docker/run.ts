/**
 * Runs one command in a container and reads the result. Rule: nothing of it lives on when this resolves or rejects, and a
 * container in which anything was stopped is never used again.
 */
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomId } from '../../base/index.ts';
import { type DiskWatch, watchDisk } from '../disk.ts';
import { relocated } from '../places.ts';
import { aborted, collect, failed, SIGXFSZ } from '../result.ts';
import type { SandboxRequest, SandboxResult } from '../types.ts';
import { type ContainerLayout, SLOT } from './container.ts';
import { type Engine, messageOf } from './engine.ts';
import type { SlotUser } from './slot-user.ts';
import type { Warm, WarmPool } from './warm.ts';
import { DIRTY, MISSING, wrapped } from './wrapper.ts';

export interface ContainerCommand {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  user: SlotUser;
  signal: AbortSignal | undefined;
}

type Stop = 'timeout' | 'memory' | 'processes' | 'disk' | 'aborted';
const TICK = 100;

/**
 * Runs `command` in a container of `layout`.
 * @throws AmbientError `aborted` (environment) when the signal fired.
 */
export async function runInContainer(
  engine: Engine,
  pool: WarmPool,
  layout: ContainerLayout,
  command: ContainerCommand,
): Promise<SandboxResult> {
  const started = performance.now();
  // The second is made for it.
  for (const attempt of [1, 2]) {
    if (command.signal?.aborted) throw aborted(command.argv, command.signal);
    let warm: Warm | undefined;
    try {
      warm = await pool.take(layout);
      const result = await runOnce(engine, warm, layout, command, started);
      if (result === 'dirty') {
        await warm.discard();
        continue;
      }
      const { stopped, ...plain } = result;
      if (stopped === undefined) await pool.giveBack(warm);
      else await warm.discard();
      if (stopped === 'aborted') throw aborted(command.argv, command.signal);
      return { ...plain, duration: Math.round(performance.now() - started) };
    } catch (error) {
      await warm?.discard().catch(() => {});
      if (command.signal?.aborted) throw aborted(command.argv, command.signal);
      if (warm === undefined || attempt === 2) return failed(`the engine refused: ${messageOf(error)}`, started);
    }
  }
  return failed('the container could not be emptied', started);
}

async function runOnce(
  engine: Engine,
  warm: Warm,
  layout: ContainerLayout,
  command: ContainerCommand,
  started: number,
): Promise<(SandboxResult & { stopped: Stop | undefined }) | 'dirty'> {
  const { limits, dir } = layout;
  const shown = (text: string) => relocated(text, dir, SLOT);
  const token = randomId(16);
  const { oomKills = 0, pidsRefused = 0 } = {
    oomKills: warm.counters?.oomKills(),
    pidsRefused: warm.counters?.pidsRefused(),
  };
  const [disk, exec] = await Promise.all([
    watchDisk(dir, { bytes: limits.diskBytes, entries: limits.diskEntries, largest: limits.fileBytes }),
    warm.container.exec({
      Cmd: wrapped(command.argv.map(shown), { used: warm.used, token }),
      User: `${command.user.uid}:${command.user.gid}`,
      WorkingDir: shown(command.cwd),
      Env: Object.entries(command.env).map(([name, value]) => `${name}=${shown(value)}`),
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
    }),
  ]);
  warm.used = true;
  const [out, err] = [new PassThrough(), new PassThrough()];
  const stdout = collect(out, limits.output);
  const stderr = collect(err, limits.output);
  const stream = await exec.start({ hijack: true, stdin: false });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.on(event, () => resolve());
  });
  engine.modem.demuxStream(stream, out, err);
  const counted = () => ({
    oom: (warm.counters?.oomKills() ?? 0) > oomKills,
    pidsFull: (warm.counters?.pidsRefused() ?? 0) > pidsRefused,
  });
  const guard = watch(warm, { limits, disk, counted, signal: command.signal });
  await ended;
  const stopped = await guard.end();
  const end = stopped === undefined ? await endOf(exec) : null;
  const asked = end !== null && warm.counters === null;
  const state = asked ? await warm.container.inspect().catch(() => null) : null;
  const { oom, pidsFull } = counted();
  const code = end?.code ?? null;
  const errors = stderr.text();
  if (code === 125 && errors.startsWith(`${DIRTY} ${token}`)) return 'dirty';
  if (code === 127 && errors.startsWith(`${MISSING} ${token}`)) {
    const where = command.argv[0]?.includes('/') ? '' : ` (looked in ${command.env['PATH']})`;
    return {
      ...failed(
        `${command.argv[0]}: no such program in the image${where}; add it: git ambient sandbox build --with <package>`,
        started,
      ),
      stopped,
    };
  }
  if (/^OCI runtime exec failed/.test(stdout.text()) && (code === 126 || code === 127 || code === null))
    return { ...failed(stdout.text().trim(), started), stopped };
  const killed = warm.counters === null && (state?.State.OOMKilled === true || code === 137);
  return {
    code: stopped === undefined ? code : null,
    signal: stopped === undefined ? null : 'SIGKILL',
    timedOut: stopped === 'timeout',
    oom: oom || stopped === 'memory' || killed,
    diskFull: stopped === 'disk',
    fileTooLarge: code === 128 + SIGXFSZ || disk.fileTooLarge(),
    pidsFull: pidsFull || stopped === 'processes',
    truncated: stdout.truncated() || stderr.truncated(),
    setupError: null,
    stdout: stdout.text(),
    stderr: errors,
    duration: 0,
    stopped,
  };
}

/** The engine closes the streams a moment before it knows how the command ended. */
async function endOf(exec: { inspect(): Promise<{ Running: boolean; ExitCode: number | null }> }) {
  for (let round = 0; round < 400; round += 1) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running) return { code: ExitCode };
    await sleep(round < 20 ? 2 : 25);
  }
  throw new Error('the engine does not say how the command ended');
}

interface Watched {
  limits: SandboxRequest['limits'];
  disk: DiskWatch;
  counted(): { oom: boolean; pidsFull: boolean };
  signal: AbortSignal | undefined;
}

function watch(warm: Warm, { limits, disk, counted, signal }: Watched) {
  let stopped: Stop | undefined;
  let killing: Promise<void> = Promise.resolve();
  let looking: Promise<unknown> = Promise.resolve();
  let busy = false;
  const stop = (why: Stop) => {
    if (stopped !== undefined) return;
    stopped = why;
    killing = warm.discard().catch(() => {});
  };
  const abort = () => stop('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const deadline = setTimeout(() => stop('timeout'), limits.timeout);
  const look = async (last: boolean) => {
    if (await disk.exceeded({ last })) stop('disk');
  };
  const timer = setInterval(() => {
    const { oom, pidsFull } = counted();
    if (oom) stop('memory');
    if (pidsFull) stop('processes');
    if (busy) return;
    busy = true;
    looking = look(false).finally(() => {
      busy = false;
    });
  }, TICK);
  return {
    async end(): Promise<Stop | undefined> {
      clearTimeout(deadline);
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      await looking;
      await look(true);
      await killing;
      return stopped;
    },
  };
}
