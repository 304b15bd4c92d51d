/**
 * Judgements that are kept: (tree, check) → judgement. Rule: only passed and failed are facts about a tree; everything
 * else is about this machine today. What is read back is checked, for the cache is a file that anything may have cut.
 */
import { digest } from '../base/index.ts';
import type { Check, Judgement } from './types.ts';

export interface JudgementCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

/** Returns the kept judgement of `tree`, or judges and keeps it. */
export async function judgeOnce(
  check: Check,
  tree: string,
  options: { cache: JudgementCache; signal: AbortSignal },
): Promise<Judgement> {
  const key = digest(['judgement 1', tree, check.name, check.digest], 32);
  const kept = await options.cache.get(key);
  if (isJudgement(kept)) return kept;
  const judgement = await check.judge(tree, { signal: options.signal });
  if (judgement.outcome === 'passed' || judgement.outcome === 'failed')
    await options.cache.put(key, keepable(judgement));
  return judgement;
}

/** Of what a check printed, no more than is ever quoted: tests print whatever they hold. */
function keepable(judgement: Judgement): Judgement {
  return { ...judgement, detail: judgement.detail.trim().split('\n').at(-1) ?? '' };
}

function isJudgement(value: unknown): value is Judgement {
  if (value === null || typeof value !== 'object') return false;
  const { outcome, tests, findings, detail, duration } = value as Partial<Judgement>;
  const known = outcome === 'passed' || outcome === 'failed';
  const shaped = typeof tests === 'object' && tests !== null && Array.isArray(findings);
  return known && shaped && typeof detail === 'string' && typeof duration === 'number';
}
