/**
 * Keeps a record within one short line. Rule: only prose is shortened, and visibly ("…"); facts (oids, checks, outcomes,
 * fingerprints) are never dropped: a record that is too long without its prose is our bug.
 */
import { AmbientError, redact } from '../base/index.ts';

/** Bytes of one encoded line, without the newline. */
export const LINE_LIMIT = 4096;
/** What the head takes at most: v, id, seq, at. */
const HEAD_ROOM = 120;
const STEPS = [1000, 500, 250, 120, 60, 30] as const;
/** Keys whose strings are prose. Below `data` (telemetry) every string is. */
const PROSE = new Set(['reasons', 'reason', 'note', 'detail', 'message']);

/** Returns `content` with the credentials in its prose masked: records go into refs, and refs are shared. */
export function redactProse<T>(content: T): T {
  return mapProse(content, redact, false) as T;
}

/** Returns `content` with its prose cut just as far as the limit demands. Unchanged when it fits. */
export function fitContent<T>(content: T): T {
  const room = LINE_LIMIT - HEAD_ROOM;
  if (size(content) <= room) return content;
  for (const length of STEPS) {
    const shorter = shorten(content, length) as T;
    if (size(shorter) <= room) return shorter;
  }
  const bare = dropReasons(shorten(content, 30) as Record<string, unknown>, room) as T;
  if (size(bare) <= room) return bare;
  // Very many checks: that each can be compared with a later run is given up before what it said.
  const plain = withoutDigests(bare);
  if (size(plain) <= room) return plain;
  throw new AmbientError(
    'record-too-large',
    `a record takes ${size(bare)} bytes, more than ${room}, without its prose`,
    {
      kind: 'bug',
      data: { kind: (content as { kind?: unknown }).kind },
    },
  );
}

/** Cuts `text` to `length` characters, the last of them "…" when something was cut. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function shorten(value: unknown, length: number): unknown {
  return mapProse(value, (text) => cut(text, length), false);
}

function mapProse(value: unknown, change: (text: string) => string, prose: boolean): unknown {
  if (typeof value === 'string') return prose ? change(value) : value;
  if (Array.isArray(value)) return value.map((item) => mapProse(item, change, prose));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      mapProse(item, change, prose || key === 'data' || PROSE.has(key)),
    ]),
  );
}

function withoutDigests<T>(content: T): T {
  const { checks } = content as { checks?: unknown };
  if (!Array.isArray(checks)) return content;
  return { ...content, checks: checks.map(({ digest: _, ...check }) => check) };
}

/** Many short reasons: keeps the first ones and says how many more there were. */
function dropReasons(content: Record<string, unknown>, room: number): Record<string, unknown> {
  const reasons = content['reasons'];
  if (!Array.isArray(reasons)) return content;
  for (let kept = reasons.length - 1; kept >= 0; kept--) {
    const shorter = { ...content, reasons: [...reasons.slice(0, kept), `… and ${reasons.length - kept} more`] };
    if (size(shorter) <= room) return shorter;
  }
  return content;
}
