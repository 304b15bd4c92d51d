/**
 * How often a placebo is taken for faster, and a real gain found: real runs of short workloads in pairs, judged by the test
 * that proposals are judged by. `RECORD=1` keeps the samples for the tests.
 */
import { writeFileSync } from 'node:fs';
import { comparePairs, isFaster, isHopeless, PAIRS } from '../../src/evaluate/performance/statistics.ts';
import type { Row } from './measure.ts';

const TRIALS = 200;
/** Percent: the default of `min_speedup_percent`. */
const WANTED = 10;
const LOOPS = 6000;

export interface Trial {
  base: number[];
  candidate: number[];
}

/** Keeps the compiler from leaving the work out. */
let sink = 0;

function work(loops: number): void {
  let state = 1;
  for (let at = 0; at < loops; at += 1) state = (state * 48_271) % 2_147_483_647;
  sink += state;
}

/** Nanoseconds of the best of a few batches, as the generated benchmarks take them. */
function sample(loops: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 5; batch += 1) {
    const started = process.hrtime.bigint();
    work(loops);
    best = Math.min(best, Number(process.hrtime.bigint() - started));
  }
  return best;
}

/** One measurement of a candidate that does `share` of the base's work. */
export function trial(share: number): Trial {
  const result: Trial = { base: [], candidate: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? ['base', 'candidate'] : ['candidate', 'base'];
    for (const side of order)
      result[side as keyof Trial].push(sample(side === 'base' ? LOOPS : Math.round(LOOPS * share)));
  }
  return result;
}

/** As a measurement decides: with the early end, which can only turn a yes into a no. */
export function accepted({ base, candidate }: Trial): boolean {
  for (let pairs = 2; pairs < PAIRS; pairs += 1)
    if (isHopeless(comparePairs(base.slice(0, pairs), candidate.slice(0, pairs)), pairs, WANTED)) return false;
  return isFaster(comparePairs(base, candidate), WANTED);
}

/** Adds a row for each kind of error. */
export function benchPerformance(rows: Row[]): void {
  for (let warm = 0; warm < 20; warm += 1) sample(LOOPS);
  const placebo = Array.from({ length: TRIALS }, () => trial(1));
  const real = Array.from({ length: TRIALS }, () => trial(1 / 1.2));
  if (process.env['RECORD']) record(placebo, real);
  const share = (trials: readonly Trial[]) => trials.filter(accepted).length / trials.length;
  const row = (what: string, value: number, bound: string, holds: boolean): Row => ({
    ...{ what, ours: `${(100 * value).toFixed(1)} %`, peer: '-', ratio: '-', bound, holds },
  });
  const [false_, found] = [share(placebo), share(real)];
  rows.push(row(`placebo taken for faster (${TRIALS} trials of ${PAIRS} pairs)`, false_, '≤ 5 %', false_ <= 0.05));
  rows.push(row(`real 20 % found (${TRIALS} trials of ${PAIRS} pairs)`, found, '≥ 90 %', found >= 0.9));
  if (sink === 0) throw new Error('nothing was computed');
}

function record(placebo: readonly Trial[], real: readonly Trial[]): void {
  const short = (trials: readonly Trial[]) =>
    trials.map(({ base, candidate }) => ({ base: base.map(micro), candidate: candidate.map(micro) }));
  const text = `${JSON.stringify({ placebo: short(placebo), real: short(real) })}\n`;
  writeFileSync(new URL('../evaluate/recorded/speed.json', import.meta.url), text);
}

const micro = (time: number) => Math.round(time / 100) / 10;
