/**
 * Hunk → the lines it means. Rule: a line without marker is context if the file has it; prose is cut off only where it
 * stands behind everything that the file knows; where a change could be lost with it, the hunk has a fault instead.
 */
import type { Hunk, PatchLine } from '../model.ts';
import type { FileIndex } from './file-index.ts';
import { isInformative } from './informative.ts';
import { similarity } from './similarity.ts';

const ALIKE = 0.75;
/** A neighbour that stands more often than this says too little. */
const MOST_NEIGHBOURS = 64;

export function resolveMarkers(hunk: Hunk, index: FileIndex): { lines: PatchLine[] } | { fault: string } {
  const has = (text: string) => index.occurrences('strip', text).length > 0;
  const lines = cutTail(hunk, has);
  const slips = new Set(lines.filter((line, at) => line.kind === '?' && !has(line.text) && isSlip(lines, at, index)));
  const isKnown = (line: PatchLine) => line.kind !== '?' || has(line.text) || slips.has(line);
  const lost = lines.findIndex((line) => !isKnown(line));
  const asContext = (line: PatchLine): PatchLine => (line.kind === '?' ? { ...line, kind: ' ' } : line);
  if (lost < 0) return { lines: withoutEmptyEnd(lines.map(asContext)) };
  const unknown = lines.filter((line) => !isKnown(line));
  const asAll = countsOf(lines.map((line) => (line.kind === '?' ? asContext(line) : line)));
  if (asAll.old === hunk.oldCount && asAll.now === hunk.newCount) return { lines: lines.map(asContext) };
  const counted = countsOf(lines.map((line) => (isKnown(line) ? asContext(line) : { ...line, kind: '+' })));
  if (counted.old === hunk.oldCount && counted.now === hunk.newCount)
    return { lines: lines.map((line) => (isKnown(line) ? asContext(line) : { ...line, kind: '+' })) };
  const start = proseStart(lines, lost, has);
  const tail = lines.slice(start);
  const isReal = (line: PatchLine) => /[ -]/.test(line.kind) && isInformative(line.text) && has(line.text);
  const separated = lines[start]?.raw === '' || lines[start - 1]?.raw === '';
  const changes = tail.some(({ kind }) => kind === '+' || kind === '-');
  if (tail.some(isReal) || (changes && !separated))
    return { fault: `its line ${JSON.stringify(shorten(unknown[0]!.text))} has no marker and is not in the file` };
  return { lines: withoutEmptyEnd(lines.slice(0, start).map(asContext)) };
}

/** A typo in a line that lost its marker: between its neighbours the file has one line, and one much like it. */
function isSlip(lines: readonly PatchLine[], at: number, index: FileIndex): boolean {
  const before = lines.findLast(({ kind }, position) => position < at && kind !== '+');
  const behind = lines.find(({ kind }, position) => position > at && kind !== '+');
  if (!behind) return false;
  const [above, below] = [
    before ? index.occurrences('strip', before.text) : [],
    index.occurrences('strip', behind.text),
  ];
  const isRarer = before !== undefined && above.length <= below.length;
  const places = isRarer ? above.map((line) => line + 1) : below.map((line) => line - 1);
  if (places.length > MOST_NEIGHBOURS) return false;
  const stands = (line: number, other: PatchLine | undefined) =>
    other === undefined || (line >= 0 && line < index.lines.length && index.isAt('strip', line, other.text));
  return places.some(
    (line) =>
      stands(line - 1, before) &&
      stands(line + 1, behind) &&
      similarity(index.lines[line] ?? '', lines[at]!.text) >= ALIKE,
  );
}

/** Cuts where the header's counts end, if nothing that belongs to the file follows. */
function cutTail(hunk: Hunk, has: (text: string) => boolean): PatchLine[] {
  const { lines, oldCount, newCount } = hunk;
  let [old, now] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const ends = line.raw === '' || line.kind === '?' || /^-- ?$/.test(line.raw);
    if (old === oldCount && now === newCount && ends && old + now > 0) {
      const tail = lines.slice(index);
      const strange = tail.some(({ kind, text }) => kind === '?' && !has(text));
      const real = tail.some(
        ({ kind, text }) => (kind !== '+' && isInformative(text) && has(text)) || (kind === '+' && !strange),
      );
      if (!real) return lines.slice(0, index);
    }
    if (line.kind !== '+') old += 1;
    if (line.kind !== '-') now += 1;
  }
  return lines;
}

/** Prose may open with a line that looks deleted ("- first", "--"), behind an empty line. */
function proseStart(lines: readonly PatchLine[], lost: number, has: (text: string) => boolean): number {
  let at = lost;
  while (at > 0) {
    const line = lines[at - 1]!;
    if (line.raw === '') return at - 1;
    if (line.kind !== '-' || has(line.text)) return lost;
    at -= 1;
  }
  return lost;
}

function withoutEmptyEnd(lines: PatchLine[]): PatchLine[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]!.raw === '' && lines[end - 1]!.kind === ' ') end -= 1;
  return lines.slice(0, end);
}

export function countsOf(lines: readonly PatchLine[]): { old: number; now: number } {
  let [old, now] = [0, 0];
  for (const { kind } of lines) {
    if (kind !== '+') old += 1;
    if (kind !== '-') now += 1;
  }
  return { old, now };
}

export const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);
