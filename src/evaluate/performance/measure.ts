/**
 * Measures base and candidate in pairs, interleaved on one machine. Rule: what is compared ran alternately (ABBA), and the
 * same work: a candidate that answers otherwise is not faster, it is another program.
 */
import type { PerformanceResult } from '../../records/index.ts';
import type { Stand } from '../programs.ts';
import { type Comparison, comparePairs, isFaster, isHopeless, isPlain, PAIRS } from './statistics.ts';

/** One run of the work on a tree; null: it could not be done. */
export interface Sampler {
  what: string;
  sample(stand: Stand): Promise<Sample | null>;
  /** Counts the instructions of the same work, where that is possible and says something; null: it is not. */
  count?(stand: Stand): Promise<number | null>;
}
export interface Sample {
  /** Of the same work, in any unit of time. */
  time: number;
  /** Digest of what came out, where that is known. */
  answer?: string;
}

export type Measured =
  | { kind: 'measured'; result: PerformanceResult }
  /** It returns something else than the base, for the same input. */
  | { kind: 'different'; what: string }
  | { kind: 'unmeasured'; why: string };

/** Milliseconds for all pairs together. */
const BUDGET = 300_000;

export async function measurePairs(
  sampler: Sampler,
  [base, candidate]: readonly [Stand, Stand],
  minSpeedupPercent: number,
  pairs = PAIRS,
): Promise<Measured> {
  const { what } = sampler;
  const [bases, candidates]: [Sample[], Sample[]] = [[], []];
  const started = performance.now();
  let comparison: Comparison | null = null;
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0;
    const one = await sampler.sample(first ? base : candidate);
    const other = one && (await sampler.sample(first ? candidate : base));
    if (!one || !other) return { kind: 'unmeasured', why: `${what} could not be run on both sides` };
    bases.push(first ? one : other);
    candidates.push(first ? other : one);
    if (pair === 1 && differs(bases, candidates)) return { kind: 'different', what };
    comparison = pair < 1 ? null : comparePairs(bases.map(timeOf), candidates.map(timeOf));
    if (comparison && isHopeless(comparison, pair + 1, minSpeedupPercent)) break;
    if (isPlain(bases.map(timeOf), candidates.map(timeOf), minSpeedupPercent)) break;
    const each = (performance.now() - started) / (pair + 1);
    if (each * pairs > BUDGET)
      return { kind: 'unmeasured', why: `${what} takes too long to be run ${2 * pairs} times` };
  }
  if (comparison === null) return { kind: 'unmeasured', why: `${what} was not run` };
  const byTime = resultOf(comparison, { pairs: bases.length, unit: 'time', what }, minSpeedupPercent);
  if (byTime.significant || isHopeless(comparison, bases.length, minSpeedupPercent))
    return { kind: 'measured', result: byTime };
  return { kind: 'measured', result: (await countedInstead(sampler, [base, candidate], minSpeedupPercent)) ?? byTime };
}

const timeOf = ({ time }: Sample) => time;

/** Both sides agree with themselves, and not with each other. */
function differs(bases: readonly Sample[], candidates: readonly Sample[]): boolean {
  const [own] = new Set(bases.map(({ answer }) => answer));
  const steady = (samples: readonly Sample[]) => samples.every(({ answer }) => answer === samples[0]?.answer);
  return own !== undefined && steady(bases) && steady(candidates) && candidates[0]?.answer !== own;
}

function resultOf(
  comparison: Comparison,
  about: Pick<PerformanceResult, 'pairs' | 'unit' | 'what'>,
  minSpeedupPercent: number,
): PerformanceResult {
  const { ratio, ci } = comparison;
  return {
    ratio: round(ratio),
    ci: [round(ci[0]), round(ci[1])],
    significant: isFaster(comparison, minSpeedupPercent),
    ...about,
  };
}

/** Where noise leaves it open: instructions are exact, so one pair decides. */
async function countedInstead(
  sampler: Sampler,
  [base, candidate]: readonly [Stand, Stand],
  minSpeedupPercent: number,
): Promise<PerformanceResult | null> {
  const before = (await sampler.count?.(base)) ?? null;
  const after = before && (await sampler.count?.(candidate));
  if (!before || !after) return null;
  const ratio = before / after;
  const exact = { ratio, ci: [ratio, ratio] as [number, number], p: ratio > 1 ? 0 : 1 };
  return resultOf(exact, { pairs: 1, unit: 'instructions', what: sampler.what }, minSpeedupPercent);
}

function round(ratio: number): number {
  return Math.max(0.0001, Math.round(ratio * 10_000) / 10_000);
}
