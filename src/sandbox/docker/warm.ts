/**
 * Containers that wait for the next command. Rule: one is used again only for the same slot, mounts and limits, and only
 * after it was seen that nothing runs in it any more; whatever ended otherwise is thrown away with its container.
 *
 * How one is told apart: by a digest of the whole request that makes it, and of the identity of every mounted path, because
 * a folder that was made anew is another one though its name is the same. How it is scrubbed: the command's processes are
 * killed, the kernel is asked from outside whether only the keeper is left, and the next command's wrapper empties what was
 * in memory (wrapper.ts). How it dies when we are killed: its keeper ends with our connection (container.ts), the engine
 * removes it then, and `reap` removes what an engine that was itself killed has left.
 */
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { digest } from '../../base/index.ts';
import { type ContainerLayout, containerOptions, isReusable, KEEPERS } from './container.ts';
import { type Counters, countersOf } from './counters.ts';
import { type Container, type Engine, statusOf } from './engine.ts';

export interface Warm {
  container: Container;
  counters: Counters | null;
  /** Did a command run in it? */
  used: boolean;
  /** Ends everything in it and removes it; resolves when it is gone. */
  discard(): Promise<void>;
}

export interface WarmPool {
  /** @throws what the engine says when a container cannot be made. */
  take(layout: ContainerLayout): Promise<Warm>;
  /** Keeps it for the next, or throws it away when something still runs in it. Resolves when nothing does. */
  giveBack(warm: Warm): Promise<void>;
}

const MOST_IDLE = 4;
/** Milliseconds that one waits for the next command. */
const PATIENCE = 30_000;

/** Makes a pool; it holds nothing that would keep this process from ending. */
export function warmPool(engine: Engine): WarmPool {
  const idle: Array<{ key: string; warm: Warm; timer: NodeJS.Timeout }> = [];
  const keys = new WeakMap<Warm, string | null>();
  const drop = (warm: Warm) => {
    const at = idle.findIndex((entry) => entry.warm === warm);
    if (at >= 0) clearTimeout(idle.splice(at, 1)[0]?.timer);
    return warm.discard().catch(() => {});
  };
  return {
    async take(layout) {
      const key = keyOf(layout);
      for (let entry = takeFrom(idle, key); entry !== undefined; entry = takeFrom(idle, key)) {
        clearTimeout(entry.timer);
        if (await isAlone(entry.warm)) return entry.warm;
        await entry.warm.discard();
      }
      const warm = await startContainer(engine, layout);
      keys.set(warm, isReusable(layout) ? key : null);
      return warm;
    },
    async giveBack(warm) {
      const key = keys.get(warm) ?? null;
      const alone = await isAlone(warm);
      if (key === null || !alone) return warm.discard();
      const timer = setTimeout(() => drop(warm), PATIENCE);
      timer.unref();
      idle.push({ key, warm, timer });
      for (const { warm: oldest } of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) await drop(oldest);
    },
  };
}

function takeFrom<T extends { key: string }>(idle: T[], key: string): T | undefined {
  const at = idle.findIndex((entry) => entry.key === key);
  return at < 0 ? undefined : idle.splice(at, 1)[0];
}

function keyOf(layout: ContainerLayout): string {
  const identities = [layout.dir, ...layout.mounts.map(({ path }) => path)].map((path) => {
    const { dev, ino, birthtimeMs } = statSync(path);
    return `${path} ${dev} ${ino} ${birthtimeMs}`;
  });
  return digest([JSON.stringify(containerOptions(layout)), ...identities]);
}

async function startContainer(engine: Engine, layout: ContainerLayout): Promise<Warm> {
  const container = await engine.createContainer(containerOptions(layout));
  const discard = () => removeContainer(container);
  try {
    const line = await container.attach({ stream: true, stdin: true, hijack: true });
    line.on('error', () => {});
    line.resume();
    await container.start();
    line.unref?.();
    const { State } = await container.inspect();
    return { container, counters: countersOf(State.Pid), used: false, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Waits a little for what was killed to be gone. */
async function isAlone(warm: Warm): Promise<boolean> {
  for (let round = 0; round < 100; round += 1) {
    const left = await processesIn(warm);
    if (left <= KEEPERS) return left === KEEPERS;
    await sleep(5);
  }
  return false;
}

async function processesIn({ container, counters }: Warm): Promise<number> {
  if (counters !== null) return counters.processes().length;
  const found = await container.top().catch(() => null);
  return found?.Processes.length ?? 0;
}

/** Kills and removes; returns when the engine no longer knows it. */
export async function removeContainer(container: Container): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      if (statusOf(error) === 404) return;
      // It is being removed: the engine does so by itself when the keeper ends.
      if (statusOf(error) !== 409 && round > 5) throw error;
    }
    const there = await container.inspect().then(
      () => true,
      (error) => statusOf(error) !== 404,
    );
    if (!there) return;
    await sleep(25);
  }
}
