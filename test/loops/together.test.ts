/** Which proposals stay when not all of them pass together: found by halving, bounded, the same after a crash. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mostTrials, planTogether, type Trial } from '../../src/loops/together.ts';

const test = suite('loops/together');
const named = (count: number) => Array.from({ length: count }, (_, at) => `p${at}`);

/** Answers every trial by `passes`, from nothing each time, as a runner that was killed after each would. */
function search(order: readonly string[], passes: (ids: readonly string[]) => boolean) {
  const trials: Trial[] = [];
  for (;;) {
    const step = planTogether(order, trials);
    if (step.do === 'done') return { ...step, trials };
    assert.ok(step.ids.length > 1, 'one alone is known to pass');
    assert.not.ok(
      trials.some(({ ids }) => ids.join() === step.ids.join()),
      `${step.ids} twice`,
    );
    const passed = passes(step.ids);
    trials.push({ ids: step.ids, passed, reasons: passed ? [] : [`broken with ${step.ids.length}`] });
  }
}
const without =
  (...pairs: Array<[string, string]>) =>
  (ids: readonly string[]) =>
    !pairs.some(([a, b]) => ids.includes(a) && ids.includes(b));

test('all pass: one trial', () => {
  const { chosen, unfit, trials } = search(named(10), () => true);
  assert.equal([chosen, unfit, trials.length], [named(10), [], 1]);
});

test('none or one: nothing is tried', () => {
  assert.equal(planTogether([], []), { do: 'done', chosen: [], unfit: [] });
  assert.equal(planTogether(['a'], []), { do: 'done', chosen: ['a'], unfit: [] });
});

test('two that do not fit: one trial, the better one stays, and it is said beside what the other fails', () => {
  const { chosen, unfit, trials } = search(['a', 'b'], () => false);
  assert.equal([chosen, trials.length], [['a'], 1]);
  assert.equal(unfit, [{ id: 'b', beside: ['a'], reasons: ['broken with 2'] }]);
});

test('one pair among ten, wherever it is: only the worse of it waits, by halving', () => {
  const order = named(10);
  for (let first = 0; first < 10; first++)
    for (let second = first + 1; second < 10; second++) {
      const { chosen, unfit, trials } = search(order, without([`p${first}`, `p${second}`]));
      assert.equal(
        chosen,
        order.filter((id) => id !== `p${second}`),
        `${first} and ${second}`,
      );
      assert.equal(
        unfit.map(({ id, beside }) => [id, beside.includes(`p${first}`)]),
        [[`p${second}`, true]],
      );
      assert.ok(trials.length <= 6, `${trials.length} trials`);
    }
});

test('several that do not fit: each that stays was seen to pass with the others', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  for (let round = 0; round < 300; round++) {
    const order = named(2 + Math.floor(random() * 9));
    const pairs = Array.from({ length: Math.floor(random() * 4) }, (): [string, string] => [
      order[Math.floor(random() * order.length)] ?? '',
      order[Math.floor(random() * order.length)] ?? '',
    ]).filter(([a, b]) => a !== b);
    const { chosen, unfit, trials } = search(order, without(...pairs));
    assert.ok(trials.length <= mostTrials(order.length));
    assert.equal([...chosen, ...unfit.map(({ id }) => id)].sort(), [...order].sort(), 'none is lost');
    const seen = chosen.length === 1 || trials.some(({ ids, passed }) => passed && ids.join() === chosen.join());
    assert.ok(seen, `${chosen} was never tried`);
    for (const { id, reasons } of unfit)
      if (!reasons[0]?.startsWith('not tried')) assert.not.ok(without(...pairs)([...chosen, id]), `${id} fits`);
  }
});

test('when nothing fits, the trials end, and what was not tried says so', () => {
  const { chosen, unfit, trials } = search(named(40), (ids) => ids.length < 2);
  assert.equal(chosen, ['p0']);
  assert.is(trials.length, mostTrials(40));
  assert.is(unfit.length, 39);
  assert.match(unfit.at(-1)?.reasons[0] ?? '', /not tried any more after 16 sets/);
});

test('a check that changes its mind leads to nothing that was not seen to pass', () => {
  let calls = 0;
  const { chosen, trials } = search(named(8), () => [false, true, false, true, true][calls++ % 5] === true);
  assert.ok(chosen.length === 1 || trials.some(({ ids, passed }) => passed && ids.join() === chosen.join()));
});

test.run();
