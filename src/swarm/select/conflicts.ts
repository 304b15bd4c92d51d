/** Which fixes cannot be had at once. Rule: a range test on the base that they share; pure. */
import type { Edit, Fix } from '../../records/index.ts';

/** Do two fixes touch the same bytes (or the same point) of the same file, or make the same new one? */
export function overlaps(a: Fix, b: Fix): boolean {
  const made = new Set(a.creates?.map(({ path }) => path));
  if (b.creates?.some(({ path }) => made.has(path))) return true;
  return a.edits.some((one) => b.edits.some((other) => touches(one, other)));
}

function touches(a: Edit, b: Edit): boolean {
  return a.path === b.path && a.start <= b.end && b.start <= a.end;
}

/** For each fix the positions of those that it conflicts with. Only fixes that share a file are compared. */
export function conflictsAmong(fixes: readonly Fix[]): Array<Set<number>> {
  const conflicts = fixes.map(() => new Set<number>());
  const byPath = new Map<string, number[]>();
  for (const [at, fix] of fixes.entries())
    for (const path of pathsOf(fix)) byPath.set(path, [...(byPath.get(path) ?? []), at]);
  for (const members of byPath.values())
    for (const [index, a] of members.entries())
      for (const b of members.slice(index + 1))
        if (!conflicts[a]?.has(b) && overlaps(fixes[a] as Fix, fixes[b] as Fix)) {
          conflicts[a]?.add(b);
          conflicts[b]?.add(a);
        }
  return conflicts;
}

export function pathsOf({ edits, creates = [] }: Fix): string[] {
  return [...new Set([...edits, ...creates].map(({ path }) => path))].sort();
}
