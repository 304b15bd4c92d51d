/** Added and removed lines of a change, for limits. Rule: the smallest true number, or, past the cap, an upper bound: never fewer. */

/** Differences that are searched for; a change beyond that is over every sensible limit anyway. */
const MOST = 4000;

/** Counts lines as `git diff --numstat --minimal` does: a lost final newline changes its line. */
export function countLines(before: string | Buffer, after: string | Buffer): { added: number; removed: number } {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [oldLines, newLines] = [a.slice(start, endA), b.slice(start, endB)];
  const differences = distance(oldLines, newLines);
  const added = (differences + newLines.length - oldLines.length) / 2;
  return { added, removed: differences - added };
}

/** Bytes are compared, not characters: latin1 keeps every byte. */
function linesOf(text: string | Buffer): string[] {
  const bytes = typeof text === 'string' ? text : text.toString('latin1');
  return bytes.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Insertions plus deletions: E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), without the path. */
function distance(a: readonly string[], b: readonly string[]): number {
  const all = a.length + b.length;
  if (a.length === 0 || b.length === 0) return all;
  const cap = Math.min(all, MOST);
  const furthest = new Int32Array(2 * cap + 3);
  const at = (diagonal: number) => diagonal + cap + 1;
  for (let d = 0; d <= cap; d += 1) {
    for (let diagonal = -d; diagonal <= d; diagonal += 2) {
      const [left, right] = [furthest[at(diagonal - 1)] ?? 0, furthest[at(diagonal + 1)] ?? 0];
      const down = diagonal === -d || (diagonal !== d && left < right);
      let x = down ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest[at(diagonal)] = x;
      if (x >= a.length && x - diagonal >= b.length) return d;
    }
  }
  return all;
}
