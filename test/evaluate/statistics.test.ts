/** The test that decides whether a candidate is faster: known values, errors on simulated and on recorded samples. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePairs, isFaster, isHopeless, isPlain, PAIRS } from '../../src/evaluate/performance/statistics.ts';

const test = suite('evaluate/statistics');
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}`);

test('the exact signed-rank test of six pairs that all agree', () => {
  const { p, ratio } = comparePairs([2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 1, 1]);
  near(p, 1 / 64);
  assert.ok(ratio > 3 && ratio < 5);
});

test('equal times say nothing, and slower is never faster', () => {
  assert.is(comparePairs([1, 1, 1], [1, 1, 1]).p, 1);
  assert.equal(comparePairs([1, 1, 1], [1, 1, 1]).ci, [1, 1]);
  assert.is(comparePairs([1, 1, 1, 1], [2, 2, 2, 2]).p, 1);
  assert.not.ok(isFaster(comparePairs(new Array(16).fill(1), new Array(16).fill(2)), 0));
});

test('one disturbed pair does not decide', () => {
  const base = new Array<number>(16).fill(1.2);
  const candidate = [...new Array<number>(15).fill(1), 100];
  const compared = comparePairs(base, candidate);
  near(compared.ratio, 1.2);
  assert.ok(isFaster(compared, 10), JSON.stringify(compared));
});

test('significant and too small is not enough', () => {
  const base = Array.from({ length: 16 }, (_, at) => 1.05 + at / 10_000);
  const compared = comparePairs(base, new Array<number>(16).fill(1));
  assert.ok(compared.p < 0.01 && !isFaster(compared, 10) && isFaster(compared, 3));
  assert.ok(isHopeless(compared, 6, 10) && !isHopeless(compared, 5, 10));
});

/** Lognormal noise of a machine that is used by others, from a fixed seed. */
function simulated(gain: number, noise: number, trials: number): boolean[] {
  let state = 7;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const time = (of: number) =>
    of * Math.exp(noise * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
  return Array.from({ length: trials }, () => {
    const base = Array.from({ length: PAIRS }, () => time(gain));
    return isFaster(
      comparePairs(
        base,
        base.map(() => time(1)),
      ),
      10,
    );
  });
}

test('at 10 % noise a placebo is refused and a gain of 20 % found', () => {
  const share = (accepted: boolean[]) => accepted.filter(Boolean).length / accepted.length;
  assert.ok(share(simulated(1, 0.1, 400)) <= 0.01);
  assert.ok(share(simulated(1.2, 0.1, 400)) >= 0.9);
});

interface Recorded {
  placebo: Array<{ base: number[]; candidate: number[] }>;
  real: Array<{ base: number[]; candidate: number[] }>;
}

test('on recorded runs a placebo is refused and a gain of 20 % found', () => {
  const text = readFileSync(new URL('recorded/speed.json', import.meta.url), 'utf8');
  const { placebo, real } = JSON.parse(text) as Recorded;
  const accepted = ({ base, candidate }: Recorded['real'][number]) => isFaster(comparePairs(base, candidate), 10);
  assert.ok(placebo.length >= 200 && real.length >= 200);
  assert.ok(placebo.filter(accepted).length / placebo.length <= 0.05);
  assert.ok(real.filter(accepted).length / real.length >= 0.9);
  for (const { base, candidate } of [...placebo, ...real])
    assert.not.ok(
      isPlain(base.slice(0, 8), candidate.slice(0, 8), 10),
      'no tenfold chance makes every pair twice as fast',
    );
});

test.run();
