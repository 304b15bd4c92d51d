/**
 * Is the candidate faster? The exact Wilcoxon signed-rank test on the logarithms of paired ratios, with the
 * Hodges-Lehmann estimate and the interval that belongs to the test. Rule: pure; ranks, because a machine that is
 * disturbed for a moment makes a few pairs as wrong as it likes, and must not decide.
 */

/** One-sided error that is admitted. */
export const ALPHA = 0.01;
/** Pairs of a whole measurement. */
export const PAIRS = 16;
/** Pairs before which nobody gives up. */
const FIRST_LOOK = 6;

export interface Comparison {
  /** Base ÷ candidate: above 1 the candidate is faster. */
  ratio: number;
  /** 95 % interval of `ratio`. */
  ci: [number, number];
  /** One-sided: how often a candidate that is no faster looks at least so. */
  p: number;
}

/** Compares times of base and candidate that were measured in pairs. @param base as many as `candidate`, at least 2. */
export function comparePairs(base: readonly number[], candidate: readonly number[]): Comparison {
  const differences = base.map((time, at) => Math.log(time / (candidate[at] ?? time)));
  const walsh = walshAverages(differences);
  const cut = cutOf(differences.length, 0.025);
  const low = walsh[cut] ?? walsh[0] ?? 0;
  const high = walsh[walsh.length - 1 - cut] ?? walsh.at(-1) ?? 0;
  return { ratio: Math.exp(median(walsh)), ci: [Math.exp(low), Math.exp(high)], p: signedRank(differences) };
}

/** Significant and worth it: the effect is asked for besides the test, never instead of it. */
export function isFaster({ ratio, p }: Comparison, minSpeedupPercent: number): boolean {
  return p < ALPHA && ratio >= 1 + minSpeedupPercent / 100;
}

/** No further pair is likely to change a no. Giving up early never makes a placebo pass. */
export function isHopeless({ ci, ratio }: Comparison, pairs: number, minSpeedupPercent: number): boolean {
  const wanted = 1 + minSpeedupPercent / 100;
  return pairs >= FIRST_LOOK && ci[1] < wanted && ratio < wanted;
}

/** Pairs after which what every one of them shows is enough. */
const PLAIN = 8;
const TWICE = 2;

/**
 * Is every pair at least twice as fast? Then the other half would say the same: for a placebo, of which not every fourth
 * pair looks so by chance, that happens in fewer than 2 of 100,000 measurements.
 */
export function isPlain(base: readonly number[], candidate: readonly number[], minSpeedupPercent: number): boolean {
  const wanted = Math.max(TWICE, 1 + minSpeedupPercent / 100);
  return base.length >= PLAIN && base.every((time, at) => time / (candidate[at] ?? time) >= wanted);
}

/** Averages of all pairs of values, each with itself too, sorted. */
function walshAverages(values: readonly number[]): number[] {
  return values.flatMap((one, at) => values.slice(at).map((other) => (one + other) / 2)).sort((a, b) => a - b);
}

/** P(W+ ≥ observed) where every sign is as likely; differences of exactly nothing say nothing. */
function signedRank(differences: readonly number[]): number {
  const moved = differences.filter((one) => one !== 0);
  if (moved.length === 0) return 1;
  const ranks = ranksOf(moved.map(Math.abs));
  const observed = ranks.reduce((sum, rank, at) => sum + ((moved[at] ?? 0) > 0 ? rank : 0), 0);
  // Twice the ranks, which ties make halves of.
  const counts = distribution(ranks.map((rank) => Math.round(2 * rank)));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const above = counts.slice(Math.round(2 * observed)).reduce((sum, count) => sum + count, 0);
  return above / all;
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return below + (same + 1) / 2;
  });
}

/** How many choices of signs give each sum of ranks. */
function distribution(ranks: readonly number[]): number[] {
  const counts = new Array<number>(ranks.reduce((sum, rank) => sum + rank, 0) + 1).fill(0);
  counts[0] = 1;
  let top = 0;
  for (const rank of ranks) {
    top += rank;
    for (let sum = top; sum >= rank; sum--) counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
  }
  return counts;
}

/** How many Walsh averages lie outside of the interval on each side, at most `tail` of the distribution. */
function cutOf(pairs: number, tail: number): number {
  const counts = distribution(Array.from({ length: pairs }, (_, at) => at + 1));
  const all = 2 ** pairs;
  let sum = 0;
  for (let at = 0; at < counts.length; at++) {
    sum += counts[at] ?? 0;
    if (sum / all > tail) return Math.max(0, at - 1);
  }
  return 0;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
