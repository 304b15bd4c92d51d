/**
 * Which lines two texts share, in order. Rule: the longest way through both of E. W. Myers, "An O(ND) difference
 * algorithm and its variations" (1986), up to a bound; beyond it nothing but the common ends.
 */

const MOST = 1200;

/** For each of `a` the line of `b` that it is, or -1. */
export function matchLines(a: readonly string[], b: readonly string[]): Int32Array {
  const matched = new Int32Array(a.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) matched[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) matched[--endA] = --endB;
  const middle = matchMiddle(a.slice(start, endA), b.slice(start, endB));
  for (const [at, other] of middle.entries()) if (other >= 0) matched[start + at] = start + other;
  return matched;
}

function matchMiddle(a: readonly string[], b: readonly string[]): Int32Array {
  const matched = new Int32Array(a.length).fill(-1);
  if (a.length === 0 || b.length === 0) return matched;
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MOST);
  const at = (diagonal: number) => diagonal + most + 1;
  const furthest = new Int32Array(2 * most + 3);
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest.slice());
    for (let diagonal = -d; diagonal <= d; diagonal += 2) {
      const down = goesDown(furthest, at(diagonal), diagonal, d);
      let x = down ? furthest[at(diagonal + 1)]! : furthest[at(diagonal - 1)]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest[at(diagonal)] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, matched, b.length, at);
    }
  }
  return matched;
}

function goesDown(furthest: Int32Array, at: number, diagonal: number, d: number): boolean {
  return diagonal === -d || (diagonal !== d && furthest[at - 1]! < furthest[at + 1]!);
}

function walkBack(
  trace: readonly Int32Array[],
  matched: Int32Array,
  lengthB: number,
  at: (diagonal: number) => number,
): Int32Array {
  let [x, y] = [matched.length, lengthB];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d]!;
    const diagonal = x - y;
    const previous = goesDown(furthest, at(diagonal), diagonal, d) ? diagonal + 1 : diagonal - 1;
    const fromX = d === 0 ? 0 : furthest[at(previous)]!;
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY && x > 0 && y > 0) matched[--x] = --y;
    if (d > 0) [x, y] = [fromX, fromY];
  }
  return matched;
}
