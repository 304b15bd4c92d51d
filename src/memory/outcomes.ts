/** What the archive teaches. Rule: pure; the last decision about a fix counts, and the same decision in two clones counts once. */
import type { ArchiveLine, SpecialistName } from '../records/index.ts';

/**
 * Fingerprints that people turned down: rejected, or merged and taken out again. Approving or merging lifts that. Code that
 * changes has other fingerprints, so nothing is silenced for ever.
 * @param lines oldest first.
 */
export function rejectedFingerprints(lines: readonly ArchiveLine[]): Set<string> {
  const closed = new Set<string>();
  for (const { kind, fingerprints } of lines)
    for (const fingerprint of fingerprints)
      if (kind === 'rejected' || kind === 'reverted') closed.add(fingerprint);
      else if (kind === 'approved' || kind === 'merged') closed.delete(fingerprint);
  return closed;
}

export interface RuleRecord {
  specialist: SpecialistName;
  rule: string;
  /** Proposals; one that was merged and then reverted counts in both. */
  merged: number;
  rejected: number;
  reverted: number;
}

/** Counts what became of each rule's proposals; sorted by specialist and rule. */
export function trackRecord(lines: readonly ArchiveLine[]): RuleRecord[] {
  const records = new Map<string, RuleRecord>();
  const counted = new Set<string>();
  for (const { kind, specialist, rule, proposal } of lines) {
    if (kind !== 'merged' && kind !== 'rejected' && kind !== 'reverted') continue;
    const once = `${kind} ${proposal}`;
    if (counted.has(once)) continue;
    counted.add(once);
    const key = `${specialist} ${rule}`;
    const record = records.get(key) ?? { specialist, rule, merged: 0, rejected: 0, reverted: 0 };
    records.set(key, { ...record, [kind]: record[kind] + 1 });
  }
  return [...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

/** A proposal that stands as merged, and the commit that did it. */
export interface Standing {
  proposal: string;
  commit: string;
}

/** The merges that no later line takes back. @param lines oldest first. */
export function standingMerges(lines: readonly ArchiveLine[]): Standing[] {
  const standing = new Map<string, Standing>();
  for (const { kind, proposal, commit } of lines)
    if (kind === 'merged' && commit !== undefined) standing.set(proposal, { proposal, commit });
    else if (kind === 'reverted') standing.delete(proposal);
  return [...standing.values()];
}
