/** Measurements in pairs, on stand-ins for the slots: order, early end, other answers, and what becomes of the evaluation. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measurePairs, type Sample } from '../../src/evaluate/performance/measure.ts';
import { withSpeed } from '../../src/evaluate/performance/measure-speed.ts';
import { readGo, readPytest, readScript } from '../../src/evaluate/performance/own-benchmarks.ts';
import type { Stand } from '../../src/evaluate/programs.ts';
import type { EvaluationResult } from '../../src/evaluate/types.ts';

const test = suite('evaluate/performance');
const stand = (dir: string): Stand => ({ dir, run: () => Promise.reject(new Error('nothing is run')) });
const sides = [stand('base'), stand('candidate')] as const;
const passed: EvaluationResult = { outcome: 'passed', evidence: 'tests', reasons: ['fine'], checks: [] };

async function measure(of: (dir: string, at: number) => Sample | null, count?: (dir: string) => number) {
  const order: string[] = [];
  const sample = async ({ dir }: Stand) => of(dir, order.push(dir));
  const counted = count ? { count: async ({ dir }: Stand) => count(dir) } : {};
  return { said: await measurePairs({ what: 'f()', sample, ...counted }, sides, 10), order };
}

test('both sides run in turn, and a clear gain is significant', async () => {
  const { said, order } = await measure((dir) => ({ time: dir === 'base' ? 1.3 : 1, answer: 'a' }));
  assert.equal(order.slice(0, 4), ['base', 'candidate', 'candidate', 'base']);
  assert.is(order.length, 32);
  assert.ok(said.kind === 'measured' && said.result.significant && said.result.ratio === 1.3);
});

test('half of the pairs are enough where each is at least twice as fast', async () => {
  const times = async (gain: number) => {
    const { said, order } = await measure((dir, at) => ({ time: (dir === 'base' ? gain : 1) * (at > 12 ? 1.1 : 1) }));
    return [order.length, said.kind === 'measured' && said.result.significant];
  };
  assert.equal(
    [await times(2.5), await times(1.9)],
    [
      [16, true],
      [32, true],
    ],
  );
});

test('a placebo is given up early, and is no performance fix', async () => {
  const { said, order } = await measure((_dir, at) => ({ time: 1 + (at % 3) / 1000 }));
  assert.is(order.length, 12);
  assert.is(withSpeed(passed, said, 10, true).outcome, 'failed');
  assert.is(withSpeed(passed, said, 10, false).outcome, 'passed');
});

test('where noise leaves it open, instructions decide', async () => {
  const noisy = (dir: string, at: number) => ({
    time: (dir === 'base' ? 1.2 : 1) * (at % 5 === 0 ? 2 : 1) * (at % 7 < 3 ? 1.6 : 1),
  });
  const { said } = await measure(noisy, (dir) => (dir === 'base' ? 1200 : 1000));
  assert.ok(said.kind === 'measured' && said.result.significant, JSON.stringify(said));
});

test('another answer to the same input is refused, and nothing to run is said', async () => {
  const { said } = await measure((dir) => ({ time: 1, answer: dir }));
  assert.is(said.kind, 'different');
  assert.is(withSpeed(passed, said, 10, true).outcome, 'failed');
  const none = (await measure(() => null)).said;
  const kept = withSpeed(passed, none, 10, true);
  assert.is(kept.outcome, 'passed');
  assert.match(kept.reasons.at(-1) ?? '', /^not measured: /);
});

test('times are read from go, pytest-benchmark and scripts', () => {
  const near = (actual: number | null, expected: number) => assert.ok(Math.abs((actual ?? 0) - expected) < 1e-9);
  near(readGo('BenchmarkSum-8   \t  100\t  250 ns/op\n'), 250);
  near(readGo('BenchmarkA 1 100 ns/op\nBenchmarkB 1 400 ns/op\n'), 200);
  near(readPytest('--- benchmark: 1 tests ---\nName (time in us)   Min\ntest_sum   2,000.0\n'), 0.002);
  assert.is(readPytest('no benchmark here'), null);
  near(readScript('sum x 1,000 ops/sec ±1%', 9), 0.001);
  assert.is(readScript('done', 9), 9);
});

test.run();
