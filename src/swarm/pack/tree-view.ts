/** The tree of files in few lines. Rule: pure; folders are folded, deepest first, until it fits. */

const DEEPEST = 12;

/** `src/ (12 files)` for a folded folder, else the path; at most `most` lines. */
export function treeView(paths: readonly string[], most: number): string {
  const sorted = [...paths].sort();
  // From the top down: deeper views are never shorter, and the first that is too long is given up early.
  let best: string[] | null = null;
  for (let depth = 1; depth <= DEEPEST; depth++) {
    const lines = folded(sorted, depth, most);
    if (lines === null) break;
    best = lines;
  }
  if (best !== null) return best.join('\n');
  const top = folded(sorted, 1, Number.POSITIVE_INFINITY) ?? [];
  return [...top.slice(0, Math.max(0, most - 1)), `... ${top.length - most + 1} more`].join('\n');
}

/** Null: more than `most` lines. */
function folded(paths: readonly string[], depth: number, most: number): string[] | null {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const key = headOf(path, depth);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.size > most) return null;
  }
  return [...counts].map(([key, count]) =>
    key.endsWith('/') ? `${key} (${count} ${count === 1 ? 'file' : 'files'})` : key,
  );
}

/** The first `depth` folders with a slash at the end, or the path where it has no more than those. */
function headOf(path: string, depth: number): string {
  let at = -1;
  for (let count = 0; count < depth; count++) {
    const next = path.indexOf('/', at + 1);
    if (next < 0) return path;
    at = next;
  }
  return path.slice(0, at + 1);
}
