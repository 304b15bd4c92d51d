/**
 * The long-running form: looks at `wake` and the spool, and keeps one schedule. Rule: it never runs a loop itself; it calls what it was
 * handed, one call at a time, and ends at once when its signal fires.
 */
import type { Store } from '../store/index.ts';

export interface WatchOptions {
  store: Store;
  /** Seconds between two scheduled cycles. */
  interval: number;
  /** Seconds to wait after a wake-up, so that a burst of commits is one cycle. */
  debounce: number;
  signal: AbortSignal;
  /** False: commits are left to the schedule. Default true. */
  heedWakes?: boolean;
  /** Returns the milliseconds in which nothing more is to be started: quiet hours. */
  onWake(reason: 'wake' | 'schedule'): Promise<number>;
  /** Milliseconds between two looks at `wake`. */
  poll?: number;
}

/** Returns when `signal` fires. An error of `onWake` ends the watch: the caller decides what is survivable. */
export async function watch(options: WatchOptions): Promise<void> {
  const { schedule } = await import('node-cron');
  let due = true;
  let waiting = 0;
  /** Did somebody put a file into the spool? What nobody can take out of it wakes once. */
  const dropped = async () => {
    const before = waiting;
    waiting = await options.store.spool.waiting();
    return waiting > before;
  };
  const task = schedule(cronOf(options.interval), () => {
    due = true;
  });
  try {
    while (!options.signal.aborted) {
      let rest = 0;
      if (options.heedWakes !== false && ((await options.store.wake.pending()) || (await dropped()))) {
        await pause(options.debounce * 1000, options.signal);
        if (!options.signal.aborted) rest = await options.onWake('wake');
      } else if (due) {
        due = false;
        rest = await options.onWake('schedule');
      }
      // Looked at again in between: the clock may be set, a machine may sleep, and the configuration may change.
      await pause(Math.max(options.poll ?? 500, Math.min(rest, 60_000)), options.signal);
    }
  } finally {
    await task.destroy();
  }
}

/** A cron expression that fires about every `seconds`; cron cannot say 90 s, so minutes are rounded. */
export function cronOf(seconds: number): string {
  if (seconds < 60) return `*/${Math.max(1, Math.round(seconds))} * * * * *`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `*/${minutes} * * * *`;
  const hours = Math.min(23, Math.round(minutes / 60));
  return `0 */${hours} * * *`;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
