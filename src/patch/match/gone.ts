/**
 * Whether deleted lines were taken out before. Rule: that they are missing proves nothing; what stood around them must
 * have closed up, at both sides or at the border of the file, and none of them may stand beside it.
 */
import type { Candidate } from './candidate.ts';
import { type FileIndex, keyOf } from './file-index.ts';
import { isInformative } from './informative.ts';
import { addsNews, type Sighting } from './look.ts';
import type { Numbers } from './numbers.ts';
import { similarity } from './similarity.ts';

/** Lines beside the place in which a deleted line may not stand. */
const BESIDE = 3;
const ALIKE = 0.5;

/** `candidate`: where the new side stands. */
export function isGone({ hunk, lines }: Sighting, candidate: Candidate, numbers: Numbers, index: FileIndex): boolean {
  const deleted = lines.filter(({ kind, text }) => kind === '-' && isInformative(text)).map(({ text }) => text);
  const { start, end } = candidate;
  const size = index.lines.length;
  const stays = new Set(lines.filter(({ kind }) => kind !== '-').map(({ text }) => keyOf('strip', text)));
  const goes = (part: Sighting['lines']) =>
    part.some(({ kind, text }) => kind === '-' && !stays.has(keyOf('strip', text)));
  const opens =
    start > 0 &&
    goes(
      lines.slice(
        0,
        lines.findIndex(({ kind }) => kind === ' '),
      ),
    );
  const closes = end < size && goes(lines.slice(lines.findLastIndex(({ kind }) => kind === ' ') + 1));
  if (opens && hunk.oldStart === 1) return false;
  const isBeside = (from: number, to: number, alike: (found: string, text: string) => boolean) =>
    index.lines.slice(Math.max(0, from), to).some((found) => deleted.some((text) => alike(found, text)));
  const same = (found: string, text: string) => keyOf('strip', found) === keyOf('strip', text);
  const onlyDeletes = !addsNews(lines);
  const moved = deleted.filter((text) => !stays.has(keyOf('strip', text)));
  const reach = BESIDE + moved.length;
  const movedBeside = (from: number, to: number) => {
    const beside = index.lines.slice(Math.max(0, from), to);
    return moved.filter((text) => beside.some((found) => same(found, text))).length * 2 > moved.length;
  };
  if (onlyDeletes && !closesUp(lines) && (movedBeside(start - reach, start) || movedBeside(end, end + reach)))
    return false;
  if (!opens && !closes) return true;
  const like = (found: string, text: string) => similarity(found, text) >= ALIKE;
  if (opens && isBeside(start - deleted.length - 1, start, like)) return false;
  if (closes && isBeside(end, end + deleted.length + 1, like)) return false;
  return !onlyDeletes || numbers.distance({ hunk, lines, pending: [], applied: [], fault: null }, candidate) === 0;
}

/** On both sides of every gap the context says something. */
function closesUp(lines: Sighting['lines']): boolean {
  const says = (at: number, step: 1 | -1): boolean => {
    let position = at + step;
    while (lines[position]?.kind === '-') position += step;
    for (; lines[position] && lines[position]!.kind !== '-'; position += step)
      if (isInformative(lines[position]!.text)) return true;
    return false;
  };
  return lines.every(({ kind }, at) => kind !== '-' || (says(at, -1) && says(at, 1)));
}
