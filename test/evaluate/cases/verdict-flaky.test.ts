/** Verdicts where tests fail now and then, by chance that is the same every time: 5, 10 and 30 of 100 runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Check, type EvaluationResult, evaluate, type Judgement } from '../../../src/evaluate/index.ts';
import { BASE, CANDIDATE, input, judgement, memoryCache, ran } from '../fakes.ts';

const test = suite('evaluate/cases/flaky');
const TRIALS = 60;

/** Numbers below 1, the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}

function check(answer: (tree: string) => Judgement): Check {
  return { name: 'pytest', kind: 'tests', digest: 'chance', judge: async (tree) => answer(tree) };
}

async function trials(rate: number, run: (tree: string, flakes: boolean) => Judgement): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  for (let seed = 1; seed <= TRIALS; seed++) {
    const next = chance(seed * 7919);
    for (let warm = 0; warm < 5; warm++) next();
    const one = check((tree) => run(tree, next() < rate));
    results.push(await evaluate(input([one]), { cache: memoryCache() }));
  }
  return results;
}
const count = (results: readonly EvaluationResult[], outcome: string) =>
  results.filter((result) => result.outcome === outcome).length;

for (const rate of [0.05, 0.1, 0.3]) {
  const percent = `${Math.round(rate * 100)} %`;
  test(`a good change beside a test that fails in ${percent} of its runs is blamed in less than 1 of 20`, async () => {
    const results = await trials(rate, (_, flakes) => ran(flakes ? 'a b !c' : 'a b c'));
    assert.ok(count(results, 'failed') <= TRIALS / 20, `${count(results, 'failed')} blamed`);
    assert.ok(count(results, 'passed') >= TRIALS / 2, `${count(results, 'passed')} passed`);
  });

  test(`a breaking change beside a test that fails in ${percent} of its runs never passes`, async () => {
    const results = await trials(rate, (tree, flakes) =>
      ran(`${tree === CANDIDATE ? '!a' : 'a'} b ${flakes ? '!c' : 'c'}`),
    );
    assert.is(count(results, 'passed'), 0);
    assert.ok(count(results, 'failed') >= TRIALS * 0.9, `${count(results, 'failed')} failed`);
  });

  test(`the same without names of tests: never passed, seldom blamed (${percent})`, async () => {
    const results = await trials(rate, (tree, flakes) => judgement(tree === CANDIDATE || flakes ? 'failed' : 'passed'));
    const passed = results.filter(({ outcome, evidence }) => outcome === 'passed' && evidence === 'tests');
    assert.equal(passed, []);
    const good = await trials(rate, (_, flakes) => judgement(flakes ? 'failed' : 'passed'));
    assert.ok(count(good, 'failed') <= TRIALS / 20, `${count(good, 'failed')} blamed`);
  });
}

for (const outcome of ['oom', 'timeout', 'absent', 'error'] as const)
  test(`${outcome} on the candidate, at the first run or at a further one, is inconclusive`, async () => {
    const at = async (which: number) => {
      let runs = 0;
      const one = check((tree) => {
        if (tree === BASE) return ran('a b');
        runs += 1;
        return runs === which ? judgement(outcome, { detail: 'why' }) : ran('!a b');
      });
      return (await evaluate(input([one]), { cache: memoryCache() })).outcome;
    };
    assert.is(await at(1), 'inconclusive');
    assert.not.equal(await at(2), 'passed');
  });

test.run();
