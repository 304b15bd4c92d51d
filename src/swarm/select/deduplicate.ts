/**
 * One proposal for what several proposed. Rule: the same when the files come out the same, or when the same findings are
 * mended in the same place; the best of them is kept, answers for the findings of all, and names the others.
 */
import type { Finding, Fix } from '../../records/index.ts';
import { conflictsAmong } from './conflicts.ts';
import { byValue, type RecordOf } from './value.ts';

/** What a fix makes of the tree. */
export interface Shape {
  /** Equal exactly where the touched files come out equal. */
  result: string;
  /** The lines of the base that it touches, in one form. */
  lines: string;
}

/** The fixes without doubles, best first, and the shapes of those that overlap another. */
export interface Distinct {
  fixes: Fix[];
  shapes: Map<Fix, Shape>;
}

/** @param shapeOf null: it cannot be placed */
export async function deduplicate(
  fixes: readonly Fix[],
  shapeOf: (fix: Fix) => Promise<Shape | null>,
  record?: RecordOf,
): Promise<Distinct> {
  const sorted = [...fixes].sort(byValue(record));
  const conflicts = conflictsAmong(sorted);
  const shapes = new Map<Fix, Shape>();
  /** What became of each: itself, what it was joined with, or nothing. */
  const now: Array<Fix | null> = [...sorted];
  for (const [at, fix] of sorted.entries()) {
    const others = [...(conflicts[at] ?? [])].sort((a, b) => a - b);
    // Most conflict with nothing: no file is read for them.
    const shape = others.length === 0 ? null : await shapeOf(fix);
    if (shape !== null) shapes.set(fix, shape);
    const twin = others.find((other) => other < at && isSame(fix, sorted[other] as Fix, shapes, now[other]));
    if (twin === undefined) continue;
    const [better, both] = [now[twin] as Fix, joined(now[twin] as Fix, fix)];
    const known = shapes.get(better);
    if (known) shapes.set(both, known);
    now[twin] = both;
    now[at] = null;
  }
  return { fixes: now.filter((fix) => fix !== null), shapes };
}

/** `now`: null where the other is a double itself. Both are known to overlap. */
function isSame(fix: Fix, other: Fix, shapes: ReadonlyMap<Fix, Shape>, now: Fix | null | undefined): boolean {
  if (!now) return false;
  const [shape, known] = [shapes.get(fix), shapes.get(other)];
  if (shape !== undefined && shape.result === known?.result) return true;
  return printsOf(fix) === printsOf(other);
}

function printsOf({ findings }: Fix): string {
  return [...new Set(findings.map(({ fingerprint }) => fingerprint))].sort().join(' ');
}

function joined(better: Fix, other: Fix): Fix {
  const prints = new Set(better.findings.map(keyOf));
  const findings = [...better.findings, ...other.findings.filter((finding) => !prints.has(keyOf(finding)))];
  const others = [...(better.also ?? []), other.specialist, ...(other.also ?? [])];
  const also = [...new Set(others)].filter((name) => name !== better.specialist).sort();
  return { ...better, findings, ...(also.length > 0 ? { also } : {}) };
}

function keyOf({ path, line, fingerprint }: Finding): string {
  return `${path}\0${line}\0${fingerprint}`;
}
