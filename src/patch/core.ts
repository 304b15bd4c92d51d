/**
 * Hunks and a file → the file's new text. Rule: pure; every hunk is placed against the text as it stood, and a result
 * exists only when all of them have exactly one place.
 */
import { finish } from './finish.ts';
import { chooseAll } from './match/choose.ts';
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
  const found = chooseAll(hunks, new FileIndex(text.lines));
  if ('refusals' in found) return { ok: false, refusals: found.refusals };
  const finished = finish(found.chosen, text, isResult);
  if ('reason' in finished)
    return { ok: false, refusals: [{ hunk: finished.hunk, reason: finished.reason, closest: null }] };
  const placed = found.chosen.map(({ hunk, candidate }) => ({
    hunk: hunk.number,
    line: candidate.start + 1,
    tier: candidate.tier,
  }));
  return { ok: true, content: finished.content, hunks: placed };
}
