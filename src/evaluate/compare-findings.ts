/**
 * What analyses say about a candidate. Rule: fingerprints are counted, not merely looked up: of two equal defects one
 * can be mended, and a third one can be added. A fingerprint covers whole lines, so mending one of two defects on a line
 * changes the other's: it is recognised by its rule and file, and only what was claimed cannot come back that way.
 */
import type { Finding } from '../records/index.ts';
import type { Judgement } from './types.ts';

/** Reasons against the candidate; empty when the claimed findings are gone and none is new. */
export function againstFindings(base: Judgement, candidate: Judgement, claimed: readonly string[]): string[] {
  const changed = unmatched(candidate.findings, base.findings);
  const claims = new Set(claimed);
  const elsewhere = unmatched(base.findings, candidate.findings).filter(({ fingerprint }) => !claims.has(fingerprint));
  const room = new Map<string, number>();
  for (const finding of elsewhere) room.set(place(finding), (room.get(place(finding)) ?? 0) + 1);
  const fresh = changed.filter((finding) => {
    const left = room.get(place(finding)) ?? 0;
    room.set(place(finding), left - 1);
    return left <= 0;
  });
  return fresh.map((finding) => `introduces ${finding.rule} at ${finding.path}:${finding.line}: ${finding.message}`);
}

/** Reasons for claimed findings that are still there, over all analyses together. */
export function stillThere(
  base: readonly Finding[],
  candidate: readonly Finding[],
  claimed: readonly string[],
): string[] {
  const [before, after] = [tally(base), grouped(candidate)];
  const claims = new Map<string, number>();
  for (const fingerprint of claimed) claims.set(fingerprint, (claims.get(fingerprint) ?? 0) + 1);
  return [...claims].flatMap(([fingerprint, count]) => {
    const left = after.get(fingerprint) ?? [];
    const allowed = Math.max(0, (before.get(fingerprint) ?? 0) - count);
    const [first] = left;
    return first === undefined || left.length <= allowed
      ? []
      : [`the finding is still there: ${first.rule} at ${first.path}:${first.line}`];
  });
}

/** Findings of `some` beyond those of `others` with the same fingerprint. */
function unmatched(some: readonly Finding[], others: readonly Finding[]): Finding[] {
  const known = tally(others);
  return [...grouped(some)].flatMap(([fingerprint, list]) => list.slice(known.get(fingerprint) ?? 0));
}

function place({ path, rule }: Finding): string {
  return `${path}\0${rule}`;
}

function tally(findings: readonly Finding[]): Map<string, number> {
  return new Map([...grouped(findings)].map(([fingerprint, list]) => [fingerprint, list.length]));
}

function grouped(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings)
    groups.set(finding.fingerprint, [...(groups.get(finding.fingerprint) ?? []), finding]);
  return groups;
}
