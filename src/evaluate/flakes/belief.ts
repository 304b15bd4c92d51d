/**
 * What runs of one test on both trees say about it. Pure. Rule: three explanations are weighed, none is assumed: it is as
 * flaky as it always was, the change broke it, or the change made it worse; a test that passed here was not broken.
 */

/** How often a test was bad (failed, or gone) and good. */
export interface Seen {
  bad: number;
  good: number;
}

/** Whether the test can run what the change touches. */
export type Reach = 'reached' | 'unreached' | 'unknown';

export interface Observed {
  base: Seen;
  candidate: Seen;
  /** On other trees, while it was flaky there. */
  before: Seen;
  reach: Reach;
  /** Another test of the same runs was seen both ways on one tree. */
  amongFlakes?: boolean;
}

/** Probabilities; they sum to one. */
export interface Belief {
  same: number;
  broken: number;
  worse: number;
}

/**
 * Flaky tests fail now and then: on average one run of seven, before anything is known of them. What is known moves that
 * (beta-binomial), by no more than this many runs: rates change.
 */
const FLIPS = { bad: 1, good: 6 };
const MOST_KNOWN = 60;

/**
 * Weights before any run. A newly failing test that cannot run a changed line is rarely the change's fault (DeFlaker, ICSE
 * 2018: 95.5 % of those are flaky); a known flake is the first thing to think of.
 */
const WEIGHTS: Record<Reach, Belief> = {
  reached: { same: 1, broken: 1, worse: 0.05 },
  unknown: { same: 1, broken: 1, worse: 0.05 },
  unreached: { same: 1, broken: 0.1, worse: 0.01 },
};
const KNOWN_FLAKE = 10;
const AMONG_FLAKES = 5;
/** Of the tests that are not known as flaky, and fail now, this part is flaky on the base as well. */
const FLAKY_BASE = 0.1;

/** Weighs the explanations by Bayes' rule; all integrals over failure rates have closed forms. */
export function believe({ base, candidate, before, reach, amongFlakes = false }: Observed): Belief {
  const known = before.bad > 0 && before.good > 0;
  const scale = Math.min(1, MOST_KNOWN / Math.max(1, before.bad + before.good));
  const bad = FLIPS.bad + Math.round(before.bad * scale);
  const good = FLIPS.good + Math.round(before.good * scale);
  const rate = (seen: Seen) => logBeta(bad + seen.bad, good + seen.good) - logBeta(bad, good);
  const both = { bad: base.bad + candidate.bad, good: base.good + candidate.good };
  const flakyBase = known ? 1 : FLAKY_BASE;
  const onBase = (base.bad === 0 ? 1 - flakyBase : 0) + flakyBase * Math.exp(rate(base));
  const weights = WEIGHTS[reach];
  const likely = known ? KNOWN_FLAKE : amongFlakes ? AMONG_FLAKES : 1;
  const same = weights.same * likely * Math.exp(rate(both));
  const broken = candidate.good === 0 ? weights.broken * onBase : 0;
  const worse = weights.worse * onBase * Math.exp(logBeta(1 + candidate.bad, 1 + candidate.good));
  const sum = same + broken + worse;
  return { same: same / sum, broken: broken / sum, worse: worse / sum };
}

/** The expected failure rate of a flaky test that was seen so. */
export function flipRate({ bad, good }: Seen): number {
  return (FLIPS.bad + bad) / (FLIPS.bad + FLIPS.good + bad + good);
}

/** Of whole numbers. */
function logBeta(a: number, b: number): number {
  return logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1);
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
}
