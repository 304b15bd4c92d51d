/**
 * When the crew works by itself, and how much of the machine it takes. Pure. Rule: a person who asks is served at once;
 * what starts by itself waits for the end of the quiet hours and gives way to everybody else.
 */
import type { Config } from '../config/index.ts';

/** What the machine says of itself; null where it does not tell. */
export interface Machine {
  onBattery(): boolean | null;
  /** Processes that want to run, averaged over a minute, for each core. */
  loadPerCore(): number | null;
}

/** Above this, others already want every core. */
const BUSY = 1;

/** Why the crew should make itself small, or null. */
export function reasonToYield(machine: Machine): 'battery' | 'load' | null {
  if (machine.onBattery() === true) return 'battery';
  const load = machine.loadPerCore();
  return load !== null && load > BUSY ? 'load' : null;
}

/** Should this crew make itself small: is nobody waiting for it, and is there a reason? */
export function isYielding(crew: { considerate: boolean }, machine: Machine): boolean {
  return crew.considerate && reasonToYield(machine) !== null;
}

const DAY = 24 * 60;

/** Milliseconds until the quiet hours end, by the clock on the wall; 0 outside of them. */
export function quietFor({ monitoring }: Pick<Config, 'monitoring'>, now: Date): number {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(monitoring.quiet_hours);
  if (match === null) return 0;
  const [start = 0, end = 0] = [0, 2].map((at) => Number(match[at + 1]) * 60 + Number(match[at + 2]));
  const minute = now.getHours() * 60 + now.getMinutes();
  const since = (minute - start + DAY) % DAY;
  // The same time twice is no time at all.
  const length = (end - start + DAY) % DAY;
  if (since >= length) return 0;
  const over = new Date(now);
  over.setHours(Math.floor(end / 60), end % 60, 0, 0);
  if (over <= now) over.setDate(over.getDate() + 1);
  return over.getTime() - now.getTime();
}
