/**
 * Three texts → one: what changed between base and theirs, done to ours. Rule: changes that touch each other are a
 * conflict unless they are the same; nothing is written twice and nothing is guessed.
 */
import { matchLines } from './match-lines.ts';

/** Lines `from` up to `to` of the base became `lines`; among equal lines it might be anywhere from `low` to `high`. */
interface Region {
  from: number;
  to: number;
  lines: readonly string[];
  low: number;
  high: number;
}

export interface Merged {
  content: string;
  /** Line of ours (0-based) at which a line of the base stands, or the next one that stands. */
  lineOf(base: number): number;
}

/** Null: a conflict. */
export function mergeTexts(base: string, ours: string, theirs: string): Merged | null {
  const [original, mine, other] = [base, ours, theirs].map(withEndings) as [string[], string[], string[]];
  const matched = matchLines(original, mine);
  const merged = combine(regions(original, mine, matched), regions(original, other, matchLines(original, other)));
  if (merged === null) return null;
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to, lines } of merged) {
    pieces.push(...original.slice(at, from), ...lines);
    at = to;
  }
  pieces.push(...original.slice(at));
  if (pieces.slice(0, -1).some((line) => !line.endsWith('\n'))) return null;
  const lineOf = (line: number) => matched.find((found, index) => index >= line && found >= 0) ?? mine.length;
  return { content: pieces.join(''), lineOf };
}

const withEndings = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function regions(base: readonly string[], now: readonly string[], matched: Int32Array): Region[] {
  const found: Region[] = [];
  let [from, next] = [0, 0];
  const close = (to: number, end: number) => {
    if (to > from || end > next) found.push(withReach(base, from, to, now.slice(next, end)));
  };
  for (const [at, other] of matched.entries()) {
    if (other < 0) continue;
    close(at, other);
    [from, next] = [at + 1, other + 1];
  }
  close(base.length, now.length);
  return found;
}

/** What only comes or only goes can stand beside its like: how far that reaches is not known. */
function withReach(base: readonly string[], from: number, to: number, lines: readonly string[]): Region {
  const gone = base.slice(from, to);
  const slides = lines.length === 0 ? gone : gone.length === 0 ? lines : [];
  let [low, high] = [from, to];
  const size = slides.length;
  if (size > 0) {
    while (high < base.length && base[high] === slides[(high - to) % size]) high += 1;
    while (low > 0 && base[low - 1] === slides[size - 1 - ((from - low) % size)]) low -= 1;
  }
  return { from, to, lines, low, high };
}

/** Both lists sorted into one; null where two regions touch. */
function combine(ours: readonly Region[], theirs: readonly Region[]): Region[] | null {
  const result: Region[] = [];
  let at = 0;
  for (const region of theirs) {
    while (at < ours.length && ours[at]!.high < region.low) result.push(ours[at++]!);
    const rival = ours[at];
    if (rival === undefined || rival.low > region.high) result.push(region);
    else if (!isSame(rival, region)) return null;
    // What both did is done: the next change of either stands beside its own, not beside the other's.
    else result.push(ours[at++]!);
  }
  return [...result, ...ours.slice(at)];
}

function isSame(a: Region, b: Region): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, at) => b.lines[at] === line)
  );
}
