/**
 * Hunks and a file → the file's new text. Rule: pure; every hunk is placed against the text as it stood, and a result
 * exists only when all of them have exactly one place.
 */
import { everyFinish, finish } from './finish.ts';
import { type Chosen, chooseAll } from './match/choose.ts';
import { withoutGaps } from './match/elision.ts';
import { FileIndex } from './match/file-index.ts';
import { undoTransport } from './match/transport.ts';
import type { Hunk } from './model.ts';
import type { PlacedHunk, Refusal } from './place-types.ts';
import { splitText, type Text } from './text.ts';

export type CoreResult =
  | { ok: true; content: string; hunks: PlacedHunk[] }
  | { ok: false; refusals: Array<Omit<Refusal, 'path'>> };

/** `content` is latin1. `isResult` knows the true result where the patch names it: it settles what is open otherwise. */
export function placeHunks(
  hunks: readonly Hunk[],
  content: string,
  isResult: ((content: string) => boolean) | null = null,
): CoreResult {
  if (content.startsWith(MARK) && !hunks.some(({ lines }) => lines.some(({ text }) => text.startsWith(MARK)))) {
    const placed = placeHunks(hunks, content.slice(MARK.length), isResult && ((rest) => isResult(MARK + rest)));
    return placed.ok ? { ...placed, content: MARK + placed.content } : placed;
  }
  const text = splitText(content);
  const index = new FileIndex(text.lines);
  const restored = undoTransport(hunks, index);
  const read = 'hunks' in restored ? withoutGaps(restored.hunks, index) : restored;
  if ('reason' in read) return { ok: false, refusals: [{ hunk: read.hunk, reason: read.reason, closest: null }] };
  return placeRead(read.hunks, text, index, isResult);
}

/** A byte order mark belongs to no line. */
const MARK = '\xef\xbb\xbf';

function placeRead(
  hunks: readonly Hunk[],
  text: Text,
  index: FileIndex,
  isResult: ((content: string) => boolean) | null,
): CoreResult {
  const found = chooseAll(hunks, index);
  if ('refusals' in found) {
    const checked = isResult && placeChecked(chooseAll(hunks, index, true), text, isResult);
    return checked ?? { ok: false, refusals: found.refusals };
  }
  const finished = finish(found.chosen, text);
  if ('content' in finished && (isResult === null || isResult(finished.content)))
    return { ok: true, content: finished.content, hunks: placedHunks(found.chosen) };
  const checked = isResult && placeChecked(found, text, isResult);
  if (checked) return checked;
  if ('reason' in finished)
    return { ok: false, refusals: [{ hunk: finished.hunk, reason: finished.reason, closest: null }] };
  return { ok: true, content: finished.content, hunks: placedHunks(found.chosen) };
}

/** One of the readings of a damaged patch gives what it names: that is what was meant. */
function placeChecked(
  found: ReturnType<typeof chooseAll>,
  text: Text,
  isResult: (content: string) => boolean,
): CoreResult | null {
  if (!('chosen' in found)) return null;
  for (const content of everyFinish(found.chosen, text))
    if (isResult(content)) return { ok: true, content, hunks: placedHunks(found.chosen) };
  return null;
}

function placedHunks(chosen: readonly Chosen[]): PlacedHunk[] {
  return chosen.map(({ hunk, candidate }) => ({
    hunk: hunk.number,
    line: candidate.start + 1,
    tier: candidate.tier,
  }));
}
