/**
 * Two texts → context, deleted and added lines. Rule: the shortest script of E. W. Myers (1986) up to a bound; beyond
 * it everything between the common ends goes and comes.
 */
import type { Kind, PatchLine } from '../model.ts';

const MOST = 1200;

export function diffLines(old: readonly PatchLine[], now: readonly PatchLine[]): PatchLine[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start]!.text === now[start]!.text) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end]!.text === now[now.length - 1 - end]!.text
  )
    end += 1;
  const [a, b] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const tail = old.slice(old.length - end);
  return [...mark(old.slice(0, start), ' '), ...middle(a, b), ...mark(tail, ' ')];
}

/** `raw` is what a hunk would hold. */
function mark(lines: readonly PatchLine[], kind: Kind): PatchLine[] {
  return lines.map((line) => ({ ...line, kind, raw: `${kind}${line.text}` }));
}

function middle(a: readonly PatchLine[], b: readonly PatchLine[]): PatchLine[] {
  const whole = () => [...mark(a, '-'), ...mark(b, '+')];
  if (a.length === 0 || b.length === 0) return whole();
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MOST);
  const at = (diagonal: number) => diagonal + most + 1;
  const furthest = new Int32Array(2 * most + 3);
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest.slice());
    for (let diagonal = -d; diagonal <= d; diagonal += 2) {
      const down = goesDown(furthest, at(diagonal), diagonal, d);
      let x = down ? furthest[at(diagonal + 1)]! : furthest[at(diagonal - 1)]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x]!.text === b[x - diagonal]!.text) x += 1;
      furthest[at(diagonal)] = x;
      if (x >= a.length && x - diagonal >= b.length) return groups(walkBack(trace, a, b, at));
    }
  }
  return whole();
}

function goesDown(furthest: Int32Array, at: number, diagonal: number, d: number): boolean {
  return diagonal === -d || (diagonal !== d && furthest[at - 1]! < furthest[at + 1]!);
}

function walkBack(
  trace: readonly Int32Array[],
  a: readonly PatchLine[],
  b: readonly PatchLine[],
  at: (diagonal: number) => number,
): PatchLine[] {
  const back: PatchLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d]!;
    const diagonal = x - y;
    const previous = goesDown(furthest, at(diagonal), diagonal, d) ? diagonal + 1 : diagonal - 1;
    const fromX = d === 0 ? 0 : furthest[at(previous)]!;
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      back.push(...mark([a[x - 1]!], ' '));
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    if (x > fromX) back.push(...mark([a[--x]!], '-'));
    else back.push(...mark([b[--y]!], '+'));
  }
  return back.reverse();
}

/** Deleted lines before added ones, as diffs are written. */
function groups(lines: readonly PatchLine[]): PatchLine[] {
  const result: PatchLine[] = [];
  let added: PatchLine[] = [];
  for (const line of lines) {
    if (line.kind === '+') added.push(line);
    else {
      if (line.kind === ' ') {
        result.push(...added);
        added = [];
      }
      result.push(line);
    }
  }
  return [...result, ...added];
}
