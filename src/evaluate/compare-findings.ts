/**
 * What analyses say about a candidate. Rule: fingerprints are counted, not merely looked up: of two equal defects one
 * can be mended, and a third one can be added.
 */
import type { Finding } from '../records/index.ts';
import type { Judgement } from './types.ts';

/** Reasons against the candidate; empty when the claimed findings are gone and none is new. */
export function againstFindings(base: Judgement, candidate: Judgement): string[] {
  const known = tally(base.findings);
  const fresh: Finding[] = [];
  for (const [fingerprint, findings] of grouped(candidate.findings))
    fresh.push(...findings.slice(known.get(fingerprint) ?? 0));
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

function tally(findings: readonly Finding[]): Map<string, number> {
  return new Map([...grouped(findings)].map(([fingerprint, list]) => [fingerprint, list.length]));
}

function grouped(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings)
    groups.set(finding.fingerprint, [...(groups.get(finding.fingerprint) ?? []), finding]);
  return groups;
}
