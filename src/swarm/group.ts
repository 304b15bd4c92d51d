/**
 * Findings with edits → reviewable changes. Rule: one change has one reason. Security findings are one fix per rule and
 * file; style is batched per rule over several files, because nobody wants forty commits that sort imports.
 */
import type { Fix, SpecialistName } from '../records/index.ts';
import type { Diagnosed, Rule } from '../specialists/index.ts';

const BATCHED: readonly SpecialistName[] = ['StyleEnforcer'];
const SUBJECT = 72;

export interface GroupOptions {
  /** Files that one fix may touch. */
  fileLimit: number;
  rule(id: string): Pick<Rule, 'title' | 'rationale' | 'cwe'> | undefined;
}

/** Groups everything that has an edit; findings without one stay findings. The order is stable: by rule, then path. */
export function groupFixes(found: readonly Diagnosed[], options: GroupOptions): Fix[] {
  const byRule = new Map<string, Map<string, Diagnosed[]>>();
  for (const item of found) {
    if (item.edits.length === 0) continue;
    const files = byRule.get(item.finding.rule) ?? new Map<string, Diagnosed[]>();
    byRule.set(item.finding.rule, files);
    files.set(item.finding.path, [...(files.get(item.finding.path) ?? []), item]);
  }
  const fixes: Fix[] = [];
  for (const [, files] of [...byRule].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const paths = [...files.keys()].sort();
    const specialist = files.get(paths[0] ?? '')?.[0]?.finding.specialist;
    const size = specialist !== undefined && BATCHED.includes(specialist) ? Math.max(1, options.fileLimit) : 1;
    for (let start = 0; start < paths.length; start += size) {
      const batch = paths.slice(start, start + size);
      const fix = makeFix(
        batch.flatMap((path) => files.get(path) ?? []),
        batch,
        options,
      );
      if (fix) fixes.push(fix);
    }
  }
  return fixes;
}

function makeFix(items: readonly Diagnosed[], paths: readonly string[], options: GroupOptions): Fix | null {
  const first = items[0]?.finding;
  if (!first) return null;
  const rule = options.rule(first.rule);
  const edits = new Map(
    items.flatMap((item) => item.edits).map((edit) => [`${edit.path}\0${edit.start}\0${edit.end}\0${edit.text}`, edit]),
  );
  const where = paths.length === 1 ? paths[0] : `${paths.length} files`;
  const title = rule?.title ?? `Fix ${first.rule}`;
  const long = `${title} in ${where}`;
  const cwe = first.cwe ?? rule?.cwe;
  return {
    specialist: first.specialist,
    rule: first.rule,
    title: long.length <= SUBJECT ? long : title.slice(0, SUBJECT),
    rationale: rule?.rationale ?? first.message,
    severity: first.severity,
    ...(cwe === undefined ? {} : { cwe }),
    findings: items.map((item) => item.finding),
    edits: [...edits.values()],
  };
}
