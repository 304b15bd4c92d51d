/** Flaky tests at 5, 10 and 30 %, over fixed seeds: none of them hides a break, and hardly one of them costs a good change. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { believe, flipRate } from '../../src/evaluate/flakes/belief.ts';
import { openFlakeMemory } from '../../src/evaluate/flakes/memory.ts';
import { settleRuns } from '../../src/evaluate/flakes/settle-runs.ts';
import { type Check, evaluate, type Judgement } from '../../src/evaluate/index.ts';
import { BASE, CANDIDATE, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/flakes');

/** mulberry32: the same numbers on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Suite {
  /** How often each test fails on the base and on the candidate. */
  rates: Array<[number, number]>;
  named?: boolean;
}

/** A check whose tests `t0`, `t1` … fail at random beside `steady`, which always passes. */
function flakyCheck({ rates, named = true }: Suite, seed: number): Check & { runs: number } {
  const random = randomOf(seed * 7919 + 17);
  const check = {
    ...{ name: 'pytest', kind: 'tests' as const, digest: 'digest of pytest', runs: 0 },
    async judge(tree: string): Promise<Judgement> {
      check.runs += 1;
      const words = rates.map((pair, index) => `${random() < pair[tree === BASE ? 0 : 1] ? '!' : ''}t${index}`);
      const run = ran(`steady ${words.join(' ')}`);
      return named ? run : { ...run, tests: {} };
    },
  };
  return check;
}

async function outcomes(suite: Suite, seeds: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = { passed: 0, failed: 0, inconclusive: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { outcome } = await evaluate(input([flakyCheck(suite, seed)]), { cache: memoryCache() });
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

const SEEDS = 400;

for (const rate of [0.05, 0.1, 0.3])
  for (const named of [true, false]) {
    const how = `${rate * 100} %, ${named ? 'with' : 'without'} names`;
    test(`a good change beside a test that fails ${how}`, async () => {
      const { passed = 0 } = await outcomes({ rates: [[rate, rate]], named }, SEEDS);
      assert.ok(passed >= 0.95 * SEEDS, `${passed} of ${SEEDS} passed`);
    });
    test(`a flaky test that the change breaks for good: ${how}`, async () => {
      const counts = await outcomes({ rates: [[rate, 1]], named }, SEEDS);
      assert.is(counts['passed'], 0, JSON.stringify(counts));
    });
    test(`a sound test that the change breaks, beside a flaky one: ${how}`, async () => {
      const counts = await outcomes(
        {
          rates: [
            [rate, rate],
            [0, 1],
          ],
          named,
        },
        SEEDS,
      );
      assert.is(counts['passed'], 0, JSON.stringify(counts));
      if (named) assert.is(counts['failed'], SEEDS, 'names tell them apart');
    });
  }

test('a good change in a suite with several flaky tests', async () => {
  const many = Array.from({ length: 5 }, (): [number, number] => [0.1, 0.1]);
  const three = Array.from({ length: 3 }, (): [number, number] => [0.3, 0.3]);
  for (const rates of [many, three]) {
    const { passed = 0 } = await outcomes({ rates }, SEEDS);
    assert.ok(passed >= 0.95 * SEEDS, `${passed} of ${SEEDS} passed`);
  }
});

test('what always failed is not blamed, and the base is asked often enough to know', async () => {
  const check = flakyCheck({ rates: [[1, 1]] }, 1);
  const result = await evaluate(input([check]), { cache: memoryCache() });
  assert.is(result.outcome, 'passed');
  assert.match(result.reasons.join('\n'), /1 failure on the base too/);
  assert.is(check.runs, 10, 'nine red runs of the base');
});

test('the next change on a red base is not charged for them again, nor is a sound one for anything', async () => {
  const cache = memoryCache();
  const flakes = openFlakeMemory(cache, () => 0);
  const red = flakyCheck({ rates: [[1, 1]] }, 1);
  for (let time = 0; time < 3; time++) assert.is((await evaluate(input([red]), { cache, flakes })).outcome, 'passed');
  assert.is(red.runs, 12);
  const sound = flakyCheck({ rates: [[0, 0]] }, 1);
  await evaluate(input([sound]), { cache: memoryCache() });
  assert.is(sound.runs, 2);
});

test('red for some commits and then seen green: it is flaky, and its past counts for nothing', async () => {
  const flakes = openFlakeMemory(memoryCache(), () => 0);
  const check = { name: 'pytest', kind: 'tests' as const };
  const red = [ran('a !b'), ran('a !b'), ran('a !b')];
  await flakes.learn(check, { baseTree: '1', candidateTree: 'c', bases: red, candidates: [ran('a !b')] });
  await flakes.learn(check, { baseTree: '2', candidateTree: 'c', bases: red, candidates: [ran('a !b')] });
  assert.is((await flakes.of(check)).failedBefore('b'), 6);
  await flakes.learn(check, { baseTree: '1', candidateTree: 'c', bases: red, candidates: [ran('a !b')] });
  assert.is((await flakes.of(check)).failedBefore('b'), 6, 'the same tree adds nothing');
  await flakes.learn(check, { baseTree: '3', candidateTree: 'c', bases: [ran('a b')], candidates: [ran('a !b')] });
  assert.is((await flakes.of(check)).failedBefore('b'), 0);
});

test('seen both ways on one tree: remembered with its counts, and known the next time', async () => {
  const cache = memoryCache();
  const flakes = openFlakeMemory(cache, () => Date.parse('2026-02-03T04:05:06Z'));
  const check = { name: 'pytest', kind: 'tests' as const };
  const bases = [ran('a b'), ran('a b')];
  await flakes.learn(check, { baseTree: BASE, candidateTree: CANDIDATE, bases, candidates: [ran('a !b'), ran('a b')] });
  assert.equal(await flakes.list(), [
    {
      ...{ check: 'pytest', test: 'b', passed: 2, failed: 1, flip_rate: 0.2 },
      ...{ last_seen: '2026-02-03T04:05:06.000Z', tree: CANDIDATE },
    },
  ]);
  await flakes.learn(check, { baseTree: BASE, candidateTree: 'd', bases: [ran('a b')], candidates: [ran('a b')] });
  assert.equal((await flakes.of(check)).before('b'), { bad: 1, good: 3 });
  const broken = { baseTree: BASE, candidateTree: 'e', bases: [ran('a b')], candidates: [ran('a !b'), ran('a !b')] };
  await flakes.learn(check, broken);
  assert.equal((await flakes.of(check)).before('b'), { bad: 1, good: 3 }, 'what a change breaks is no flake');
  const later = openFlakeMemory(cache, () => Date.parse('2026-06-03T04:05:06Z'));
  assert.equal(await later.list(), [], 'after three months without a failure it is forgotten');
});

test('checks that end at the same time do not lose what each other learned', async () => {
  const flakes = openFlakeMemory(memoryCache(), () => 0);
  const runs = { baseTree: BASE, candidateTree: CANDIDATE, bases: [ran('a')], candidates: [ran('!a'), ran('a')] };
  await Promise.all(['one', 'two', 'three'].map((name) => flakes.learn({ name, kind: 'tests' }, runs)));
  assert.equal((await flakes.list()).map(({ check }) => check).sort(), ['one', 'three', 'two']);
});

test('a memory that was cut is empty, not an error', async () => {
  for (const value of [undefined, 'text', { flaky: 'x' }, { flaky: [null, { check: 1 }], red: null }]) {
    const flakes = openFlakeMemory({ get: async () => value, put: async () => {} }, () => 0);
    assert.equal(await flakes.list(), []);
    assert.is((await flakes.of({ name: 'pytest' })).failedBefore('a'), 0);
  }
});

/** Runs until it is settled: how often, and what of. */
async function settling(reach: 'reached' | 'unreached', known: boolean): Promise<number> {
  let runs = 2;
  const flakes = openFlakeMemory(memoryCache(), () => 0);
  const check = { name: 'pytest', kind: 'tests' as const };
  const some = Array.from({ length: 20 }, (_, index) => (index % 5 === 0 ? ran('a !b') : ran('a b')));
  if (known) await flakes.learn(check, { baseTree: 'x', candidateTree: 'y', bases: some, candidates: [ran('a b')] });
  const settled = await settleRuns(check, {
    ...{ baseTree: BASE, candidateTree: CANDIDATE, base: ran('a b'), candidate: ran('a !b'), flakes },
    reach: async () => () => reach,
    judge: async (tree) => {
      runs += 1;
      return ran(tree === BASE ? 'a b' : 'a !b');
    },
  });
  assert.is(settled.kind, 'broken');
  return runs;
}

test('coverage and history decide how often a break is looked at, never what it is', async () => {
  assert.is(await settling('reached', false), 5);
  assert.ok((await settling('unreached', false)) > 5, 'what cannot run the change is probably flaky');
  assert.ok((await settling('reached', true)) > 5, 'what is known as flaky is probably flaky');
});

test('a test that passed here was not broken; one that fails more often than before is doubted', () => {
  const before = { bad: 0, good: 0 };
  const weigh = (base: [number, number], candidate: [number, number]) =>
    believe({
      ...{ base: { bad: base[0], good: base[1] }, candidate: { bad: candidate[0], good: candidate[1] } },
      ...{ before, reach: 'unknown' as const },
    });
  assert.is(weigh([0, 2], [2, 1]).broken, 0);
  assert.ok(weigh([0, 9], [9, 1]).worse > 0.8);
  assert.ok(weigh([3, 6], [3, 6]).same > 0.99);
  assert.ok(weigh([0, 2], [3, 0]).same < 0.005);
});

test('a flip rate is shrunk towards what flaky tests usually have', () => {
  assert.ok(flipRate({ bad: 1, good: 1 }) < 0.3);
  assert.ok(Math.abs(flipRate({ bad: 300, good: 700 }) - 0.3) < 0.01);
});

test('re-runs that take too long end, and what is left open is inconclusive', async () => {
  const random = randomOf(4);
  const slow: Check & { runs: number } = {
    ...{ name: 'make test', kind: 'tests', digest: 'x', runs: 0 },
    async judge(tree) {
      slow.runs += 1;
      const first = slow.runs <= 2;
      const bad = tree === CANDIDATE && (first || random() < 0.8);
      return { ...ran(bad ? 'a !b' : 'a b'), duration: 300_000 };
    },
  };
  const result = await evaluate(input([slow]), { cache: memoryCache() });
  assert.is.not(result.outcome, 'passed');
  assert.ok(slow.runs <= 2 + 3, `${slow.runs} runs of five minutes`);
});

test('the verdict names the flaky test and how often it was seen to fail', async () => {
  const check = flakyCheck({ rates: [[0, 0]] }, 1);
  const answers = [ran('steady !t0'), ran('steady t0')];
  const judge: Check['judge'] = async (tree) =>
    tree === BASE ? ran('steady t0') : (answers.shift() ?? ran('steady t0'));
  const result = await evaluate(input([{ ...check, judge }]), { cache: memoryCache() });
  assert.is(result.outcome, 'passed');
  assert.is(result.checks[0]?.flaky, true);
  assert.match(result.reasons[0] ?? '', /flaky, set aside: t0 \(bad in 1 of \d runs here, 0 of 2 on the base\)/);
});

test('a timeout among the re-runs is not a flake', async () => {
  const answers = [ran('a !b'), judgement('timeout')];
  const judge: Check['judge'] = async (tree) => (tree === BASE ? ran('a b') : (answers.shift() ?? ran('a b')));
  const check = { name: 'pytest', kind: 'tests' as const, digest: 'x', judge };
  assert.is((await evaluate(input([check]), { cache: memoryCache() })).outcome, 'inconclusive');
});

test.run();
