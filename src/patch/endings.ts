/**
 * A file without a single line ending says nothing of how its lines end. Rule: then the other files of the patch do, if
 * they show that the patch's own endings were lost on the way.
 */
import type { Job } from './jobs.ts';
import type { Hunk } from './model.ts';
import type { StoredFile } from './place-types.ts';

/** CR LF or not, as all files have it against what the patch has; null: the patch is not proved wrong. */
export function endingOfOthers(befores: ReadonlyMap<Job, StoredFile | null>): boolean | null {
  const found = new Set<boolean>();
  let isProved = false;
  for (const [{ sections }, before] of befores) {
    const ending = before && uniform(before.content);
    if (ending === null) continue;
    found.add(ending);
    const lines = sections.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));
    if (lines.some(({ kind, cr }) => kind === '+' && cr !== ending)) isProved = true;
  }
  const [only = null] = found;
  return isProved && found.size === 1 ? only : null;
}

/** Null: it has none, or both. */
function uniform(content: Buffer): boolean | null {
  const text = content.toString('latin1');
  const ends = text.split('\n').length - 1;
  const pairs = text.split('\r\n').length - 1;
  if (ends === 0 || (pairs > 0 && pairs < ends)) return null;
  return pairs === ends;
}

/** For a file of one line that has no ending. */
export function withEnding(hunks: readonly Hunk[], content: string, ending: boolean | null): readonly Hunk[] {
  if (ending === null || content === '' || content.includes('\n')) return hunks;
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map((line) => ({ ...line, cr: ending })) }));
}
