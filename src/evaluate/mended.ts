/** Findings that a candidate makes go away. Rule: counted as the comparison of analyses counts them. */
import type { Finding } from '../records/index.ts';
import { type JudgementCache, judgeOnce } from './baseline.ts';
import type { Check } from './types.ts';

/** Asks the analyses of an evaluation again, which are kept by now. */
export async function mendedBy(
  checks: readonly Check[],
  trees: { base: string; candidate: string },
  options: { cache: JudgementCache; signal: AbortSignal },
): Promise<Finding[]> {
  const mended: Finding[] = [];
  for (const check of checks.filter(({ kind }) => kind === 'analysis')) {
    const left = new Map<string, number>();
    const after = await judgeOnce(check, trees.candidate, options);
    for (const { fingerprint } of after.findings) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
    const before = await judgeOnce(check, trees.base, options);
    for (const finding of before.findings) {
      const count = left.get(finding.fingerprint) ?? 0;
      left.set(finding.fingerprint, count - 1);
      if (count <= 0) mended.push(finding);
    }
  }
  return mended;
}
