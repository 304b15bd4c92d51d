/**
 * Where two texts differ, by lines (Myers, An O(ND) Difference Algorithm, 1986). Rule: pure; more differences than asked
 * for are no answer.
 */
import type { TextEdit } from '../rule.ts';

/** Lines [start, end) of the old text are replaced by `lines`, which keep their line ends. */
export interface LineChange {
  start: number;
  end: number;
  lines: string[];
}

/** Lines with their ends. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where each line begins, and where the last one ends, as `lengthOf` counts; in UTF-16 units otherwise. */
export function startsOf(lines: readonly string[], lengthOf = (line: string) => line.length): number[] {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + lengthOf(line));
  return starts;
}

/** A change as an edit of the text whose lines begin at `starts`. */
export function editOf(starts: readonly number[], { start, end, lines }: LineChange): TextEdit {
  return { start: starts[start] ?? 0, end: starts[end] ?? 0, text: lines.join('') };
}

/** The text with one of its changes. */
export function withChange(before: readonly string[], { start, end, lines }: LineChange): string {
  return [...before.slice(0, start), ...lines, ...before.slice(end)].join('');
}

/** The changes from `before` to `after` in order, or null when they take more than `most` removed and added lines. */
export function lineChanges(before: readonly string[], after: readonly string[], most: number): LineChange[] | null {
  const trail: Array<Map<number, number>> = [];
  const furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= most; edits += 1) {
    trail.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = comesDown(furthest, diagonal, edits);
      let x = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return joined(before, after, trail, edits);
    }
  }
  return null;
}

function comesDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (furthest.get(diagonal - 1) ?? 0) < (furthest.get(diagonal + 1) ?? 0);
}

/** Walks back from the end and joins neighbouring steps. */
function joined(
  before: readonly string[],
  after: readonly string[],
  trail: ReadonlyArray<ReadonlyMap<number, number>>,
  edits: number,
): LineChange[] {
  const steps: Array<{ x: number; y: number; down: boolean }> = [];
  let [x, y] = [before.length, after.length];
  for (let step = edits; step > 0; step -= 1) {
    const furthest = trail[step] ?? new Map<number, number>();
    const down = comesDown(furthest, x - y, step);
    const diagonal = down ? x - y + 1 : x - y - 1;
    x = furthest.get(diagonal) ?? 0;
    y = x - diagonal;
    steps.unshift({ x, y, down });
  }
  const changes: LineChange[] = [];
  for (const { x: at, y: from, down } of steps) {
    let last = changes.at(-1);
    if (last?.end !== at) {
      last = { start: at, end: at, lines: [] };
      changes.push(last);
    }
    if (down) last.lines.push(after[from] ?? '');
    else last.end += 1;
  }
  return changes;
}
