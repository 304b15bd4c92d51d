/**
 * A circuit breaker for each specialist and rule (Nygard, "Release It!"): what fails in several cycles in a row is left out
 * for a while, then tried once. Rule: pure; a cycle counts once, whatever it did how often; another configuration is a
 * fresh start.
 */

/** As it is kept; times are ISO 8601. */
export interface Breaker {
  /** Cycles in a row that failed. */
  failures: number;
  /** The last one that counted. */
  cycle: string;
  reason: string;
  /** Left out until then; null: it works. */
  until: string | null;
  configuration: string;
}

/** `half-open`: its time is over; the next cycle tries it, and one failure is enough to leave it out again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Cycles in a row that must fail. */
export const FAILURES = 3;
const FIRST_REST = 5 * 60_000;
const LONGEST_REST = 6 * 3_600_000;

export function breakerState(breaker: Breaker | undefined, configuration: string, now: number): BreakerState {
  if (breaker === undefined || breaker.until === null || breaker.configuration !== configuration) return 'closed';
  return now < Date.parse(breaker.until) ? 'open' : 'half-open';
}

export interface CycleOutcome {
  cycle: string;
  configuration: string;
  /** Null: it worked. */
  failed: string | null;
  now: number;
}

/** What is known after a cycle; undefined: nothing has to be kept. One success, however small, closes it. */
export function afterCycle(breaker: Breaker | undefined, outcome: CycleOutcome): Breaker | undefined {
  const { cycle, configuration, failed, now } = outcome;
  if (failed === null) return undefined;
  const known = breaker?.configuration === configuration ? breaker : undefined;
  if (known?.cycle === cycle) return known;
  const failures = (known?.failures ?? 0) + 1;
  const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** (failures - FAILURES));
  const until = failures < FAILURES ? null : new Date(now + rest).toISOString().replace(/\.\d+Z$/, 'Z');
  return { failures, cycle, configuration, until, reason: failed.slice(0, 200) };
}
