/** Where a hunk that fits nowhere comes closest, for the report. Rule: shows what differs, never decides anything. */
import type { PatchLine } from '../model.ts';
import type { Refusal } from '../place-types.ts';
import { type FileIndex, keyOf } from './file-index.ts';
import { shorten } from './markers.ts';
import { voteForStarts } from './votes.ts';

const MOST_DIFFERING = 6;

export function closestTo(lines: readonly PatchLine[], index: FileIndex): Refusal['closest'] {
  const old = lines.filter(({ kind }) => kind !== '+');
  const [best] = voteForStarts(old, index, 1);
  if (!best) return null;
  const start = Math.max(0, best[0]);
  const differing: Array<{ line: number; expected: string; found: string }> = [];
  for (const [at, { text }] of old.entries()) {
    const found = index.lines[best[0] + at] ?? '';
    if (keyOf('blanks', text) === keyOf('blanks', found)) continue;
    if (differing.length < MOST_DIFFERING)
      differing.push({ line: best[0] + at + 1, expected: readable(text), found: readable(found) });
  }
  return { line: start + 1, differing: differing.filter(({ line }) => line > 0) };
}

/** latin1 → text for people. */
const readable = (text: string): string => shorten(Buffer.from(text, 'latin1').toString('utf8'));
