/**
 * Time is handed in, so that a test owns it. `AMBIENT_CLOCK` (ms since the epoch) freezes the clock of a whole process
 * tree; it exists for tests and for reproducing a report.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = {
  now: () => {
    const fixed = process.env['AMBIENT_CLOCK'];
    return fixed === undefined || fixed === '' ? Date.now() : Number(fixed);
  },
};

/** Returns `ms` since the epoch as ISO 8601 in UTC, without milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
