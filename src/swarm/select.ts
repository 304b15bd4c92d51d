/**
 * Which fixes go forward. Rule: pure; nothing is mangled to fit: of two fixes that touch the same bytes one wins and the
 * other waits for a later cycle.
 */
import type { Edit, Fix, Severity } from '../records/index.ts';
import { isFromModel } from './propose/propose.ts';

const WEIGHT: Record<Severity, number> = { critical: 8, high: 4, medium: 2, low: 1 };

export interface SelectOptions {
  /** How many may go forward (open proposals count against `max_open_proposals`). */
  room: number;
  /** Fingerprints that must not come again: rejected, or proposed and still open. */
  closed: ReadonlySet<string>;
}

export interface Selection {
  /** Best first, free of conflicts. */
  chosen: Fix[];
  /** What stays a finding, and why: for `run`'s report and telemetry. */
  suppressed: Array<{ fix: Fix; reason: 'known' | 'overlaps' | 'no room' }>;
}

/** Chooses greedily by severity, then smaller change, then rule and path, so that the same input gives the same set. */
export function selectFixes(fixes: readonly Fix[], options: SelectOptions): Selection {
  const selection: Selection = { chosen: [], suppressed: [] };
  for (const fix of [...fixes].sort(byValue)) {
    if (fix.findings.some((finding) => options.closed.has(finding.fingerprint)))
      selection.suppressed.push({ fix, reason: 'known' });
    else if (selection.chosen.some((winner) => overlaps(winner, fix)))
      selection.suppressed.push({ fix, reason: 'overlaps' });
    else if (selection.chosen.length >= options.room) selection.suppressed.push({ fix, reason: 'no room' });
    else selection.chosen.push(fix);
  }
  return selection;
}

/** Do two fixes touch the same bytes (or the same point) of the same file, or make the same new one? */
export function overlaps(a: Fix, b: Fix): boolean {
  const made = new Set(a.creates?.map(({ path }) => path));
  if (b.creates?.some(({ path }) => made.has(path))) return true;
  return a.edits.some((one) => b.edits.some((other) => touches(one, other)));
}

function touches(a: Edit, b: Edit): boolean {
  return a.path === b.path && a.start <= b.end && b.start <= a.end;
}

function byValue(a: Fix, b: Fix): number {
  return (
    WEIGHT[b.severity] - WEIGHT[a.severity] ||
    // A rule knows why it is right.
    Number(isFromModel(a.rule)) - Number(isFromModel(b.rule)) ||
    a.edits.length - b.edits.length ||
    (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
  );
}

function key(fix: Fix): string {
  return `${fix.rule}\0${fix.findings[0]?.path ?? ''}`;
}
