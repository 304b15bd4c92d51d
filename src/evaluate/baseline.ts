/**
 * Judgements that are kept: (tree, check) → judgement. Rule: only passed and failed are facts about a tree, and of a
 * candidate only passed; everything else is about this machine today. What is read back is checked, for the cache is a
 * file that anything may have cut.
 */
import { digest } from '../base/index.ts';
import type { Check, Judgement } from './types.ts';

export interface JudgementCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

/** Runs that are under way in this process, by key: what two wait for is run once. */
export type UnderWay = Map<string, Promise<Judgement>>;

export interface JudgeOptions {
  cache: JudgementCache;
  signal: AbortSignal;
  underWay?: UnderWay | undefined;
  /** Run it, whatever is kept. */
  fresh?: boolean | undefined;
  /** What may be kept and read, of what passed or failed; absent: all of it. */
  keeps?: ((judgement: Judgement) => boolean) | undefined;
}

/** Bytes of a kept judgement: a suite of tens of thousands of tests is rather run again. */
const LARGEST = 2 * 1024 * 1024;

/** Returns the kept judgement of `tree`, or that of a run that is under way, or judges and keeps it. */
export async function judgeOnce(check: Check, tree: string, options: JudgeOptions): Promise<Judgement> {
  const { cache, signal, underWay = new Map<string, Promise<Judgement>>() } = options;
  const keeps = (one: Judgement) => isFact(one) && (options.keeps?.(one) ?? true);
  const key = digest(['judgement 2', tree, check.name, check.digest], 32);
  const shared = underWay.get(key);
  if (shared !== undefined) {
    const judgement = await shared.catch((error: unknown) => {
      // Its starter gave up, which says nothing about us.
      if (signal.aborted) throw error;
      return undefined;
    });
    return judgement ?? judgeOnce(check, tree, options);
  }
  const running = (async () => {
    const kept = options.fresh ? undefined : await cache.get(key);
    if (isJudgement(kept) && keeps(kept)) return kept;
    const judgement = await check.judge(tree, { signal });
    if (keeps(judgement)) await keep(cache, key, judgement);
    return judgement;
  })();
  underWay.set(key, running);
  try {
    return await running;
  } finally {
    underWay.delete(key);
  }
}

/** Of what a check printed, no more than is ever quoted: tests print whatever they hold. */
async function keep(cache: JudgementCache, key: string, judgement: Judgement): Promise<void> {
  const kept = { ...judgement, detail: judgement.detail.trim().split('\n').at(-1) ?? '' };
  if (JSON.stringify(kept).length <= LARGEST) await cache.put(key, kept);
}

function isFact({ outcome }: Pick<Judgement, 'outcome'>): boolean {
  return outcome === 'passed' || outcome === 'failed';
}

const STATES: ReadonlySet<unknown> = new Set(['passed', 'failed', 'skipped']);

function isJudgement(value: unknown): value is Judgement {
  if (value === null || typeof value !== 'object') return false;
  const { outcome, tests, counts, findings, detail, duration } = value as Partial<Judgement>;
  if (outcome === undefined || !isFact({ outcome }) || typeof detail !== 'string') return false;
  if (typeof duration !== 'number' || !Array.isArray(findings) || typeof tests !== 'object' || tests === null)
    return false;
  const counted = counts === undefined || Object.values(counts).every((one) => typeof one === 'number');
  const found = findings.every((one) => typeof one?.fingerprint === 'string' && typeof one.path === 'string');
  return counted && found && Object.values(tests).every((state) => STATES.has(state));
}
