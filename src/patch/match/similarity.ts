/** How alike two lines are: 1 − edits / length, blanks aside. Bounded: long lines are compared by their ends. */

const LONGEST = 400;

export function similarity(a: string, b: string): number {
  let [x, y] = [a.trim(), b.trim()];
  if (x === y) return 1;
  const longest = Math.max(x.length, y.length);
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start += 1;
  let end = 0;
  while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end += 1;
  [x, y] = [x.slice(start, x.length - end), y.slice(start, y.length - end)];
  if (x.length > LONGEST || y.length > LONGEST) return 1 - Math.max(x.length, y.length) / longest;
  return 1 - distance(x, y) / longest;
}

/** Cheap: how much of the longer one the common beginning and end make up. */
export function sharedEnds(a: string, b: string): number {
  const [x, y] = [a.trim(), b.trim()];
  const [shorter, longest] = [Math.min(x.length, y.length), Math.max(x.length, y.length)];
  let start = 0;
  while (start < shorter && x[start] === y[start]) start += 1;
  let end = 0;
  while (end < shorter - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end += 1;
  return longest === 0 ? 1 : (start + end) / longest;
}

function distance(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return Math.max(a.length, b.length);
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
