/** The tree of files in few lines. Rule: pure; folders are folded, deepest first, until it fits. */

/** `src/ (12 files)` for a folded folder, else the path; at most `most` lines. */
export function treeView(paths: readonly string[], most: number): string {
  const sorted = [...paths].sort();
  for (let depth = 12; depth >= 1; depth--) {
    const lines = folded(sorted, depth);
    if (lines.length <= most) return lines.join('\n');
  }
  const top = folded(sorted, 1);
  return [...top.slice(0, Math.max(0, most - 1)), `... ${top.length - most + 1} more`].join('\n');
}

function folded(paths: readonly string[], depth: number): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const parts = path.split('/');
    const key = parts.length > depth ? `${parts.slice(0, depth).join('/')}/` : path;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) =>
    key.endsWith('/') ? `${key} (${count} ${count === 1 ? 'file' : 'files'})` : key,
  );
}
