/** What is kept of judgements, and what is run again. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Check, evaluate, openFlakeMemory } from '../../src/evaluate/index.ts';
import { BASE, CANDIDATE, fakeCheck, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/baseline');
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

test('the baseline runs once for many candidates, and what passed once is known; a broken-looking one runs both again', async () => {
  const cache = memoryCache();
  const check = fakeCheck([ran('a')], [ran('a')]);
  for (let time = 0; time < 3; time++) await evaluate(input([check]), { cache });
  assert.equal(check.judged, [BASE, CANDIDATE]);
  const breaking = { ...fakeCheck([ran('a')], [ran('!a')]), digest: 'breaking' };
  for (const first of [BASE, CANDIDATE]) {
    breaking.judged.length = 0;
    assert.is((await evaluate(input([breaking]), { cache })).outcome, 'failed');
    assert.is(breaking.judged[0], first, 'what failed is run again, but for the first run of the base');
    assert.ok(breaking.judged.lastIndexOf(BASE) > 0);
  }
});

test('who asks for a fresh answer gets one, of the candidate or of both', async () => {
  const cache = memoryCache();
  const check = fakeCheck([ran('a')], [ran('a')]);
  for (const fresh of [undefined, 'candidate', 'all', undefined] as const)
    await evaluate(input([check]), { cache, fresh });
  assert.equal(check.judged, [BASE, CANDIDATE, CANDIDATE, BASE, CANDIDATE]);
});

test('many evaluations at once run their common base once', async () => {
  const [cache, underWay] = [memoryCache(), new Map()];
  const check = fakeCheck([ran('a')], [ran('a')]);
  const slow: Check = {
    ...check,
    async judge(tree) {
      await pause();
      return check.judge(tree, {});
    },
  };
  await Promise.all([1, 2, 3].map(() => evaluate(input([slow]), { cache, underWay })));
  assert.equal(check.judged, [BASE, CANDIDATE]);
  assert.is(underWay.size, 0);
});

test('whoever waits for a run that is given up runs it himself', async () => {
  const [cache, underWay, stopped] = [memoryCache(), new Map(), new AbortController()];
  const check = fakeCheck([ran('a')], [ran('a')]);
  const slow: Check = {
    ...check,
    async judge(tree, { signal }) {
      await pause();
      signal?.throwIfAborted();
      return check.judge(tree, {});
    },
  };
  const first = evaluate(input([slow]), { cache, underWay, signal: stopped.signal });
  const second = evaluate(input([slow]), { cache, underWay });
  stopped.abort();
  assert.ok((await Promise.allSettled([first]))[0]?.status === 'rejected');
  assert.is((await second).outcome, 'passed');
});

test('of a test that is known to pass only sometimes, nothing of a candidate is kept', async () => {
  const cache = memoryCache();
  const flakes = openFlakeMemory(cache, () => Date.now());
  const check = fakeCheck([ran('a b')], [ran('a b')]);
  await flakes.learn(check, {
    baseTree: 'x',
    candidateTree: 'y',
    bases: [ran('a !b'), ran('a b')],
    candidates: [ran('a b')],
  });
  for (let time = 0; time < 2; time++) await evaluate(input([check]), { cache, flakes });
  assert.equal(check.judged, [BASE, CANDIDATE, CANDIDATE]);
});

test('timeout, oom, absent and error are not kept, nor is a kept value believed that is cut', async () => {
  for (const outcome of ['timeout', 'oom', 'absent', 'error'] as const) {
    const cache = memoryCache();
    const check = fakeCheck([judgement(outcome)], [judgement(outcome)]);
    await evaluate(input([check]), { cache });
    assert.is(cache.values.size, 0, outcome);
  }
  const whole = ran('a');
  const cuts = [
    ...['{"outcome":"passed"}', '"x"', '[]', '7', JSON.stringify({ ...whole, tests: { a: 'fine' } })],
    ...[JSON.stringify({ ...whole, findings: [null] }), JSON.stringify({ ...whole, outcome: 'timeout' })],
  ];
  for (const cut of cuts) {
    const cache = memoryCache();
    const check = fakeCheck([whole], [whole]);
    await evaluate(input([check]), { cache });
    for (const key of cache.values.keys()) cache.values.set(key, cut);
    await evaluate(input([check]), { cache });
    assert.equal(check.judged, [BASE, CANDIDATE, BASE, CANDIDATE], cut);
  }
});

test('a judgement that is too large is run again rather than kept', async () => {
  const cache = memoryCache();
  const huge = ran(
    Array.from({ length: 60_000 }, (_, at) => `a-rather-long-name-of-a-test-with-number-${at}`).join(' '),
  );
  const check = fakeCheck([huge], [huge]);
  await evaluate(input([check]), { cache });
  assert.is(cache.values.size, 0);
});

test('another digest of the check is another answer', async () => {
  const cache = memoryCache();
  const check = fakeCheck([ran('a')], [ran('a')]);
  await evaluate(input([check]), { cache });
  await evaluate(input([{ ...check, digest: 'another' }]), { cache });
  assert.is(check.judged.filter((tree) => tree === BASE).length, 2);
});

test.run();
