/**
 * The ratchet: on a commit, only what is new against the parent or touches changed lines may become a proposal.
 * Rule: pure. Nobody gets 54 proposals because a hook was installed.
 */
import type { Finding } from '../records/index.ts';

/** 1-based inclusive line ranges that a change touched, by path. */
export type ChangedLines = ReadonlyMap<string, ReadonlyArray<readonly [number, number]>>;

/** Keeps what `before` did not have (as a multiset of path and fingerprint) or what lies on changed lines. */
export function ratchet<T extends { finding: Finding }>(
  after: readonly T[],
  before: readonly Finding[],
  changed: ChangedLines,
): T[] {
  const known = new Map<string, number>();
  for (const finding of before) known.set(key(finding), (known.get(key(finding)) ?? 0) + 1);
  return after.filter((item) => {
    const left = known.get(key(item.finding)) ?? 0;
    if (left > 0) known.set(key(item.finding), left - 1);
    return left === 0 || onChangedLines(item.finding, changed);
  });
}

function onChangedLines(finding: Finding, changed: ChangedLines): boolean {
  return (changed.get(finding.path) ?? []).some(([start, end]) => finding.line <= end && start <= finding.end_line);
}

function key(finding: Finding): string {
  return `${finding.path}\0${finding.rule}\0${finding.fingerprint}`;
}
