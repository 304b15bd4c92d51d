/**
 * A block that stands in the file with slips: a context line wrong, left out or invented, a typo in a deleted line.
 * Rule: what informs must agree for three quarters; a deleted line may differ only alone and slightly; the way through
 * the band is a global alignment (S. B. Needleman, C. D. Wunsch, 1970) weighted by what lines say.
 */
import type { PatchLine } from '../model.ts';
import { type Candidate, changesOf } from './candidate.ts';
import type { FileIndex } from './file-index.ts';
import { keyOf } from './file-index.ts';
import { isInformative, weightOf } from './informative.ts';
import { sharedEnds, similarity } from './similarity.ts';
import { voteForStarts } from './votes.ts';

const BAND = 6;
const MOST_STARTS = 24;
const LONGEST_BLOCK = 600;
const ALIKE = 0.75;

export interface Aligned extends Candidate {
  /** Nobody can say where an added line goes in: a rival, but no answer. */
  uncertain: boolean;
}

/** Distinct alignments, the best first. `lenient`: somebody else checks the result. */
export function alignAnywhere(lines: readonly PatchLine[], index: FileIndex, lenient = false): Aligned[] {
  const old = lines.filter(({ kind }) => kind !== '+');
  if (old.length === 0 || old.length > LONGEST_BLOCK) return [];
  const found = new Map<string, Aligned>();
  for (const [start] of voteForStarts(old, index, MOST_STARTS)) {
    const rows = alignAt(old, index, start);
    if (rows === null) continue;
    const aligned = judge(lines, old, rows, index, lenient);
    if (aligned === null) continue;
    const key = aligned.at.join();
    if (!found.has(key)) found.set(key, aligned);
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}

/** The file's line for each of `old`, -1 for none. */
function alignAt(old: readonly PatchLine[], index: FileIndex, start: number): Int32Array | null {
  const low = Math.max(0, start - BAND);
  const high = Math.min(index.lines.length, start + old.length + BAND);
  const width = high - low;
  if (width <= 0) return null;
  const window = index.lines.slice(low, high);
  const keys = window.map((text) => keyOf('strip', text));
  const weights = window.map(weightOf);
  const stride = width + 1;
  const cost = new Float64Array((old.length + 1) * stride).fill(Number.POSITIVE_INFINITY);
  const step = new Uint8Array((old.length + 1) * stride);
  for (let p = 0; p <= width; p += 1) cost[p] = 0;
  for (let j = 1; j <= old.length; j += 1) {
    const line = old[j - 1]!;
    const weight = weightOf(line.text);
    const [text, raw] = [keyOf('strip', line.text), keyOf('strip', line.raw)];
    const expected = start - low + j;
    for (let p = Math.max(0, expected - BAND); p <= Math.min(width, expected + BAND); p += 1) {
      const here = j * stride + p;
      const skip = cost[here - stride]! + (line.kind === '-' ? weight * 1.5 : weight);
      let [best, way] = [skip, 1];
      if (p > 0) {
        const same = keys[p - 1] === text || (line.kind === '-' && keys[p - 1] === raw);
        const diagonal = cost[here - stride - 1]! + (same ? 0 : mismatch(line, index.lines[low + p - 1]!, weight));
        if (diagonal <= best) [best, way] = [diagonal, 2];
        const gap = cost[here - 1]! + (j === old.length ? 0 : weights[p - 1]!);
        if (gap < best) [best, way] = [gap, 3];
      }
      cost[here] = best;
      step[here] = way;
    }
  }
  let p = 0;
  for (let at = 1; at <= width; at += 1) if (cost[old.length * stride + at]! < cost[old.length * stride + p]!) p = at;
  if (!Number.isFinite(cost[old.length * stride + p]!)) return null;
  const rows = new Int32Array(old.length).fill(-1);
  for (let j = old.length; j > 0; ) {
    const way = step[j * stride + p];
    if (way === 2) rows[--j] = low + --p;
    else if (way === 3) p -= 1;
    else j -= 1;
  }
  return rows;
}

function mismatch(line: PatchLine, found: string, weight: number): number {
  const shared = sharedEnds(line.text, found);
  if (line.kind === ' ') return Math.max(weight, weightOf(found)) * (shared >= 0.4 ? 0.9 : 1);
  return shared >= 0.3 && similarity(line.text, found) >= ALIKE ? weight : Number.POSITIVE_INFINITY;
}

function judge(
  lines: readonly PatchLine[],
  old: readonly PatchLine[],
  rows: Int32Array,
  index: FileIndex,
  lenient: boolean,
): Aligned | null {
  let [total, matched, informative, slips, deletedSlips] = [0, 0, 0, 0, 0];
  let before = -1;
  const kinds = new Map<number, PatchLine>();
  for (const [at, line] of old.entries()) {
    const weight = weightOf(line.text);
    total += weight;
    if (weight === 1) informative += 1;
    const row = rows[at]!;
    if (row < 0) {
      if (line.kind === '-') return null;
      if (weight === 1) slips += 1;
      continue;
    }
    if (before >= 0) for (let gap = before + 1; gap < row; gap += 1) if (isInformative(index.lines[gap]!)) slips += 1;
    before = row;
    const key = keyOf('strip', index.lines[row]!);
    if (key === keyOf('strip', line.text)) matched += weight;
    else if (line.kind === '-' && key === keyOf('strip', line.raw)) {
      matched += weight;
      kinds.set(at, { ...line, kind: ' ', text: line.raw });
    } else if (line.kind === '-') {
      deletedSlips += 1;
      slips += 1;
    } else if (weight === 1) slips += 1;
  }
  const most = lenient ? informative / 2 : Math.max(1, Math.floor(informative / 4));
  if (slips > most || informative - slips < (lenient ? 1 : 2)) return null;
  if (deletedSlips > 0 && (deletedSlips > 1 || slips > 1)) return null;
  return build(lines, old, rows, kinds, matched / total, index);
}

function build(
  lines: readonly PatchLine[],
  old: readonly PatchLine[],
  rows: Int32Array,
  kinds: ReadonlyMap<number, PatchLine>,
  score: number,
  index: FileIndex,
): Aligned | null {
  const at = new Int32Array(lines.length).fill(-1);
  const placed: PatchLine[] = [];
  let next = 0;
  for (const [position, line] of lines.entries()) {
    if (line.kind === '+') {
      placed.push(line);
      continue;
    }
    at[position] = rows[next]!;
    placed.push(kinds.get(next) ?? line);
    next += 1;
  }
  const standing = [...rows].filter((row) => row >= 0);
  if (standing.length * 2 < old.length) return null;
  const start = standing[0]!;
  const candidate: Candidate = { tier: 'aligned', lines: placed, at, start, end: standing.at(-1)! + 1, score };
  return { ...candidate, uncertain: isUncertain(candidate, index) };
}

/**
 * Also where lines are added behind context that differs, with none behind them (it may be wrong, or not be there), and
 * beside context that differs here and stands near by: what was left out stood between.
 */
function isUncertain(candidate: Candidate, index: FileIndex): boolean {
  const { lines, at } = candidate;
  if (changesOf(candidate, index.lines.length) === null) return true;
  const stands = (position: number) =>
    at[position]! >= 0 && keyOf('strip', index.lines[at[position]!]!) === keyOf('strip', lines[position]!.text);
  const taken = new Set(at);
  const isDisplaced = (position: number): boolean => {
    const line = lines[position];
    if (line?.kind !== ' ' || stands(position) || !isInformative(line.text)) return false;
    const isFree = (row: number) => row >= candidate.start - BAND && row < candidate.end + BAND;
    return index.occurrences('strip', line.text).some((row) => isFree(row) && !taken.has(row));
  };
  return lines.some(({ kind }, from) => {
    if (kind === '+' && (isDisplaced(from - 1) || isDisplaced(from + 1))) return true;
    if (kind !== '+' || lines[from - 1]?.kind !== ' ' || stands(from - 1)) return false;
    const next = lines.findIndex((line, position) => position > from && line.kind !== '+');
    return next < 0 || (lines[next]!.kind === ' ' && !stands(next));
  });
}
