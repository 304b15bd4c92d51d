/**
 * Hunks and a file → the file's new text. Rule: pure; every hunk is placed against the text as it stood, and a result
 * exists only when all of them have exactly one place.
 */
import { finish } from './finish.ts';
import { type Chosen, chooseAll } from './match/choose.ts';
import { FileIndex } from './match/file-index.ts';
import type { Hunk } from './model.ts';
import type { PlacedHunk, Refusal } from './place-types.ts';
import { splitText } from './text.ts';

export type CoreResult =
  | { ok: true; content: string; hunks: PlacedHunk[] }
  | { ok: false; refusals: Array<Omit<Refusal, 'path'>> };

/** `content` is latin1. `isResult` knows the true result where the patch names it: it settles what is open otherwise. */
export function placeHunks(
  hunks: readonly Hunk[],
  content: string,
  isResult: (content: string) => boolean = () => false,
): CoreResult {
  const text = splitText(content);
  const index = new FileIndex(text.lines);
  const found = chooseAll(hunks, index);
  if ('refusals' in found) {
    const lenient = chooseAll(hunks, index, true);
    const checked = 'chosen' in lenient ? finish(lenient.chosen, text, isResult) : null;
    if ('chosen' in lenient && checked && 'content' in checked && isResult(checked.content))
      return { ok: true, content: checked.content, hunks: placedHunks(lenient.chosen) };
    return { ok: false, refusals: found.refusals };
  }
  const finished = finish(found.chosen, text, isResult);
  if ('reason' in finished)
    return { ok: false, refusals: [{ hunk: finished.hunk, reason: finished.reason, closest: null }] };
  return { ok: true, content: finished.content, hunks: placedHunks(found.chosen) };
}

function placedHunks(chosen: readonly Chosen[]): PlacedHunk[] {
  return chosen.map(({ hunk, candidate }) => ({
    hunk: hunk.number,
    line: candidate.start + 1,
    tier: candidate.tier,
  }));
}
