/** A point in time as people type it. Pure. Rule: what is not understood is refused, never taken for now. */
import { AmbientError } from '../base/index.ts';

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Milliseconds since the epoch. @throws AmbientError `bad-time` (user). */
export function parseSince(text: string, now: number): number {
  const words = text.trim().toLowerCase();
  if (words === 'yesterday') return now - 86_400_000;
  if (words === 'today') return new Date(now).setHours(0, 0, 0, 0);
  const ago = /^(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(\s+ago)?$/.exec(words);
  if (ago) return now - Number(ago[1]) * (UNITS[ago[2]?.[0] ?? ''] as number);
  const date = /^(\d{4}-\d\d-\d\d)(?:[t ]?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(z|[+-]\d\d:?\d\d)?)?$/.exec(words);
  // A date alone is the person's midnight, not Greenwich's.
  const time = date ? Date.parse(`${date[1]}T${date[2] ?? '00:00'}${(date[3] ?? '').toUpperCase()}`) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new AmbientError('bad-time', `${JSON.stringify(text)} is no time that is understood here`, {
    kind: 'user',
    hint: 'give `yesterday`, `today`, `12h`, `3 days ago`, `2w` or a date like 2026-01-31 or 2026-01-31T09:00',
  });
}
