/**
 * Chosen places → the new text. Rule: context keeps the file's bytes; what is added takes the file's line ending where the
 * patch's own line endings proved to be no guide.
 */
import { changesOf } from './match/candidate.ts';
import type { Chosen } from './match/choose.ts';
import { applyEdits, type LineEdit, type Text } from './text.ts';

export type Finished = { content: string } | { hunk: number; reason: string };

export function finish(chosen: readonly Chosen[], text: Text): Finished {
  const edits: Array<LineEdit & { hunk: number }> = [];
  let ended = text.ended;
  for (const { hunk, candidate } of chosen) {
    const changes = changesOf(candidate, text.lines.length);
    if (changes === null) return { hunk: hunk.number, reason: 'it is not certain where its lines go in' };
    for (const { from, to, insert } of changes) {
      const lines = insert.map((index) => candidate.lines[index]!);
      edits.push({ from, to, insert: lines.map(({ text, cr }) => ({ text, cr })), hunk: hunk.number });
      if (to === text.lines.length && (lines.length > 0 || to > from)) ended = !lines.at(-1)?.bare;
    }
  }
  edits.sort((a, b) => a.from - b.from || a.to - b.to);
  for (const [index, edit] of edits.entries()) {
    const before = edits[index - 1];
    if (before && edit.from < before.to) return { hunk: edit.hunk, reason: `it overlaps hunk ${before.hunk}` };
  }
  return { content: applyEdits(text, edits, ended) };
}
