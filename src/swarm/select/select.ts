/**
 * Which fixes go forward. Rule: pure; nothing is mangled to fit: of fixes that touch the same bytes the most valuable set
 * without a conflict goes first; what loses is an alternative on the same lines, or waits for the winners by name.
 */
import type { Fix } from '../../records/index.ts';
import { bestSet } from './best-set.ts';
import { conflictsAmong } from './conflicts.ts';
import type { Shape } from './deduplicate.ts';
import { byValue, type RecordOf, worthOf } from './value.ts';

export interface SelectOptions {
  /** How many may go forward (open proposals count against `max_open_proposals`). */
  room: number;
  /** Fingerprints that must not come again: rejected, or proposed and still open. */
  closed: ReadonlySet<string>;
  record?: RecordOf;
  /** Of fixes that share a file. */
  shapes?: ReadonlyMap<Fix, Shape>;
}

/** A fix that conflicts with better ones. */
export interface Loser {
  fix: Fix;
  /** Positions in `chosen` of those that it conflicts with. */
  beside: number[];
  /** It changes the same lines for another reason: a person may prefer it. */
  alternative: boolean;
}

export interface Selection {
  /** Best first, free of conflicts. */
  chosen: Fix[];
  /** Best first. */
  losers: Loser[];
  /** What stays a finding, and why: for `run`'s report and telemetry. */
  suppressed: Array<{ fix: Fix; reason: 'known' | 'no room' }>;
}

/** More than this beside one fix is no choice any more. */
const ALTERNATIVES = 2;

/** The same input gives the same choice, in whatever order it comes. */
export function selectFixes(fixes: readonly Fix[], options: SelectOptions): Selection {
  const sorted = [...fixes].sort(byValue(options.record));
  const isClosed = (fix: Fix) => fix.findings.some(({ fingerprint }) => options.closed.has(fingerprint));
  const open = sorted.filter((fix) => !isClosed(fix));
  const conflicts = conflictsAmong(open);
  const values = open.map((fix) => worthOf(fix, options.record));
  const best = bestSet({ values, conflicts }, options.room);
  const chosen = best.map((at) => open[at] as Fix);
  const selection: Selection = {
    chosen,
    losers: [],
    suppressed: sorted.filter(isClosed).map((fix) => ({ fix, reason: 'known' })),
  };
  const choices = new Map<number, number>();
  for (const [at, fix] of open.entries()) {
    if (best.includes(at)) continue;
    const beside = best.flatMap((winner, index) => (conflicts[at]?.has(winner) ? [index] : []));
    if (beside.length === 0) {
      selection.suppressed.push({ fix, reason: 'no room' });
      continue;
    }
    const [first = 0] = beside;
    const taken = choices.get(first) ?? 0;
    const alternative =
      beside.length === 1 && taken < ALTERNATIVES && isAlternative(fix, chosen[first], options.shapes);
    if (alternative) choices.set(first, taken + 1);
    selection.losers.push({ fix, beside, alternative });
  }
  return selection;
}

/** The same lines, by another specialist. */
function isAlternative(fix: Fix, winner: Fix | undefined, shapes: SelectOptions['shapes']): boolean {
  const [own, other] = [shapes?.get(fix), winner && shapes?.get(winner)];
  return own !== undefined && own.lines === other?.lines && fix.specialist !== winner?.specialist;
}
