/**
 * Hunks that stand in the file in parts: two that were merged into one (split), and one whose outer context differs
 * (trimmed). Rule: a part counts only with something informative in it, and parts keep their order.
 */
import type { PatchLine } from '../model.ts';
import { type Candidate, changesOf, signature } from './candidate.ts';
import type { FileIndex } from './file-index.ts';
import { isInformative } from './informative.ts';
import { findWhole, MOST_PLACES, WHOLE_TIERS, type WholeTier } from './tiers.ts';

/** Lines beyond the trimmed ones in which they may stand displaced. */
const NEARBY = 4;
const MOST_TRIMMED = 16;
const MOST_WAYS = 64;
const MOST_STEPS = 4000;

/** Every way to cut `lines` between two context lines so that each part stands whole, in order. */
export function splitAnywhere(lines: readonly PatchLine[], index: FileIndex): Candidate[] {
  for (const whole of WHOLE_TIERS) {
    const found = splitAt(whole, lines, index);
    if (found.length > 0) return found;
  }
  return [];
}

function splitAt(whole: WholeTier, lines: readonly PatchLine[], index: FileIndex): Candidate[] {
  const borders = lines.flatMap(({ kind }, at) => (at > 0 && kind === ' ' && lines[at - 1]!.kind === ' ' ? [at] : []));
  const places = placesOf(whole, lines, index);
  const ways = new Map<string, Candidate>();
  const dead = new Set<string>();
  let steps = 0;
  /** False: nothing from `start` on stands behind `floor`. */
  const walk = (start: number, floor: number, parts: Candidate[]): boolean => {
    if (start === lines.length) {
      if (parts.length < 2) return false;
      const joined = join(parts, lines);
      const changes = changesOf(joined, index.lines.length);
      if (changes) ways.set(signature(joined, changes), joined);
      return true;
    }
    const key = `${start},${floor}`;
    if (dead.has(key)) return false;
    let found = false;
    for (const end of reach(start).reverse()) {
      if (steps++ > MOST_STEPS || index.exhausted || ways.size > MOST_WAYS) return true;
      for (const place of places(start, end))
        if (place.start >= floor && walk(end, place.end, [...parts, place])) found = true;
      // A shorter part would only leave context to the next.
      if (found && end < lines.length) break;
    }
    if (!found) dead.add(key);
    return found;
  };
  /** Borders up to which the lines from `start` on stand: what does not stand stands no longer with more. */
  const reach = (start: number): number[] => {
    const ends: number[] = [];
    for (const end of [...borders, lines.length]) {
      if (end <= start || (start === 0 && end === lines.length)) continue;
      if (places(start, end).length === 0) break;
      if (places(start, end).length < MOST_PLACES && isPart(lines.slice(start, end))) ends.push(end);
    }
    return ends;
  };
  walk(0, 0, []);
  return [...ways.values()];
}

function placesOf(whole: WholeTier, lines: readonly PatchLine[], index: FileIndex) {
  const known = new Map<string, Candidate[]>();
  return (start: number, end: number): Candidate[] => {
    const key = `${start},${end}`;
    const places = known.get(key) ?? findWhole(whole, lines.slice(start, end), index);
    known.set(key, places);
    return places;
  };
}

const isPart = (lines: readonly PatchLine[]): boolean =>
  lines.some(({ kind, text }) => kind !== '+' && isInformative(text)) && lines.some(({ kind }) => kind !== ' ');

function join(parts: readonly Candidate[], lines: readonly PatchLine[]): Candidate {
  const at = new Int32Array(lines.length);
  const all: PatchLine[] = [];
  for (const part of parts) {
    at.set(part.at, all.length);
    all.push(...part.lines);
  }
  return { tier: 'split', lines: all, at, start: parts[0]!.start, end: parts.at(-1)!.end, score: 1 };
}

/** Leaves out as few outer context lines as it takes. At least half of what informs must stand. */
export function trimAnywhere(lines: readonly PatchLine[], index: FileIndex): Candidate[] {
  const isContext = ({ kind }: PatchLine) => kind === ' ';
  const first = lines.findIndex((line) => !isContext(line));
  if (first < 0) return [];
  const last = lines.length - 1 - lines.findLastIndex((line) => !isContext(line));
  const weight = (part: readonly PatchLine[]) =>
    part.filter(({ kind, text }) => kind !== '+' && isInformative(text)).length;
  const all = weight(lines);
  for (let trimmed = 1; trimmed <= Math.min(first + last, MOST_TRIMMED); trimmed += 1) {
    if (index.exhausted) return [];
    for (const whole of WHOLE_TIERS) {
      const found: Candidate[] = [];
      for (let head = Math.max(0, trimmed - last); head <= Math.min(first, trimmed); head += 1) {
        const part = lines.slice(head, lines.length - (trimmed - head));
        const left = weight(part);
        if (left < 2 || left * 2 < all) continue;
        const places = findWhole(whole, part, index);
        if (places.length >= MOST_PLACES) continue;
        for (const place of places) {
          const wide = widen(place, lines, head, left / Math.max(1, all));
          if (!isDisplaced(wide, head, head + part.length, index)) found.push(wide);
        }
      }
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** What lines beside an addition were left out for stands near, but not where it should: the place of the addition hangs on it. */
function isDisplaced({ lines, start, end }: Candidate, from: number, to: number, index: FileIndex): boolean {
  const isNear = (text: string, expected: number, low: number, high: number) =>
    isInformative(text) &&
    index.occurrences('strip', text).some((line) => line >= low && line < high && line !== expected);
  const hangs = (step: 1 | -1): boolean => {
    let at = step === 1 ? from : to - 1;
    if (lines[at]?.kind !== '+') return false;
    while (lines[at]?.kind === '+') at += step;
    return lines[at]?.kind === ' ';
  };
  const reach = Math.max(from, lines.length - to) + NEARBY;
  const head =
    from > 0 &&
    hangs(1) &&
    lines.slice(0, from).some(({ text }, at) => isNear(text, start - from + at, start - reach, start));
  const tail =
    to < lines.length && hangs(-1) && lines.slice(to).some(({ text }, at) => isNear(text, end + at, end, end + reach));
  return head || tail;
}

function widen(place: Candidate, lines: readonly PatchLine[], head: number, score: number): Candidate {
  const at = new Int32Array(lines.length).fill(-1);
  at.set(place.at, head);
  const all = [...lines.slice(0, head), ...place.lines, ...lines.slice(head + place.lines.length)];
  return { tier: 'trimmed', lines: all, at, start: place.start, end: place.end, score };
}
