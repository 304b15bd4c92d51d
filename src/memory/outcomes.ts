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
  /** Proposals; one that was merged and then reverted or rewritten counts in both. */
  merged: number;
  /** A rejection that an approval took back does not count. */
  rejected: number;
  reverted: number;
  /** Landed, and its lines were changed by somebody soon after. */
  rewritten: number;
}

type Fate = Record<'merged' | 'rejected' | 'reverted' | 'rewritten', boolean>;

/** What became of each rule's proposals; sorted by specialist and rule. @param lines of all replicas, oldest first. */
export function trackRecord(lines: readonly ArchiveLine[]): RuleRecord[] {
  const fates = new Map<string, { line: ArchiveLine; fate: Fate }>();
  for (const line of lines) {
    const known = fates.get(line.proposal)?.fate;
    const fate = known ?? { merged: false, rejected: false, reverted: false, rewritten: false };
    fates.set(line.proposal, { line: fates.get(line.proposal)?.line ?? line, fate: { ...fate, ...CHANGE[line.kind] } });
  }
  const records = new Map<string, RuleRecord>();
  for (const { line, fate } of fates.values()) {
    if (!Object.values(fate).some(Boolean)) continue;
    const { specialist, rule } = line;
    const key = `${specialist} ${rule}`;
    const record = records.get(key) ?? { specialist, rule, merged: 0, rejected: 0, reverted: 0, rewritten: 0 };
    for (const kind of ['merged', 'rejected', 'reverted', 'rewritten'] as const) record[kind] += Number(fate[kind]);
    records.set(key, record);
  }
  return [...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

const MERGED: Partial<Fate> = { merged: true, rejected: false, reverted: false };
/** What a decision makes of what was known. */
const CHANGE: Partial<Record<ArchiveLine['kind'], Partial<Fate>>> = {
  ...{ merged: MERGED, promoted: MERGED },
  ...{ rejected: { rejected: true }, approved: { rejected: false } },
  ...{ reverted: { reverted: true }, rolled_back: { reverted: true } },
  rewritten: { rewritten: true },
};

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
