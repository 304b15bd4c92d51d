/**
 * Findings as SARIF 2.1.0, which code hosts and editors read. Rule: pure; the fingerprint goes along, so that a finding
 * that moves stays the same finding there too.
 */
import type { Finding, Severity } from '../records/index.ts';
import type { Rule } from '../specialists/index.ts';

/** `error`, `warning` and `note` are all that SARIF has. */
const LEVELS: Record<Severity, string> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
/** What code hosts sort security findings by: the middle of CVSS's bands. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

export interface SarifInput {
  findings: readonly Finding[];
  /** Documentation of the rules that may occur. */
  rules: ReadonlyMap<string, Rule>;
  version: string;
  /** What could not be looked at. */
  skipped: ReadonlyArray<{ path: string; reason: string }>;
}

/** Builds one log with one run. */
export function toSarif({ findings, rules, version, skipped }: SarifInput): Record<string, unknown> {
  const used = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'git-ambient', version, rules: used.map((id) => describeRule(id, rules.get(id))) } },
        originalUriBaseIds: { ROOT: { description: { text: 'The top of the repository.' } } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: skipped.map(notification) }],
        results: findings.map((finding) => resultOf(finding, used.indexOf(finding.rule))),
      },
    ],
  };
}

function describeRule(id: string, rule: Rule | undefined) {
  if (rule === undefined) return { id };
  const tags = rule.cwe === undefined ? [] : ['security', `external/cwe/${rule.cwe.toLowerCase()}`];
  return {
    id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.rationale },
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags, ...(tags.length > 0 && { 'security-severity': SCORES[rule.severity] }) },
  };
}

function resultOf(finding: Finding, ruleIndex: number) {
  const { rule, severity, message, path, line, end_line, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [
      { physicalLocation: { artifactLocation: locationOf(path), region: { startLine: line, endLine: end_line } } },
    ],
    partialFingerprints: { 'ambientFingerprint/v1': fingerprint },
  };
}

function notification({ path, reason }: { path: string; reason: string }) {
  return {
    level: 'note',
    message: { text: `not analysed: ${reason}` },
    locations: [{ physicalLocation: { artifactLocation: locationOf(path) } }],
  };
}

/** A URI: names with spaces, percent signs or anything beyond ASCII are encoded, each part for itself. */
function locationOf(path: string) {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' };
}
