import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AmbientEvent, idle, next, replay } from '../../src/loops/index.ts';
import type { EvaluationContent, Fix } from '../../src/records/index.ts';

const test = suite('loops/ambient');
const fix = { title: 'a fix' } as unknown as Fix;
const drafts = ['a', 'b', 'c'].map((id) => ({ id, commit: `${id}-commit` }));
const evaluation = (outcome: EvaluationContent['outcome']) =>
  ({ outcome, reasons: [] }) as unknown as EvaluationContent;
const started: AmbientEvent = {
  step: 'started',
  base: 'base',
  configuration: 'cfg',
  scope: { kind: 'all', paths: [] },
};
const diagnosed: AmbientEvent = { step: 'diagnosed', fixes: [fix] };
const placed: AmbientEvent = { step: 'placed', drafts };
const evaluated = (id: string, outcome: EvaluationContent['outcome']): AmbientEvent => ({
  step: 'evaluated',
  id,
  evaluation: evaluation(outcome),
});

/** What happens from the start to the end when every todo is answered by `answer`. */
function runThrough(outcomes: Record<string, EvaluationContent['outcome']>, together = true): AmbientEvent[] {
  const events: AmbientEvent[] = [started];
  for (let step = replay(events); step.todo !== null; step = replay(events)) {
    const { todo } = step;
    if (todo.do === 'diagnose') events.push(diagnosed);
    else if (todo.do === 'place') events.push(placed);
    else if (todo.do === 'evaluate') events.push(evaluated(todo.id, outcomes[todo.id] ?? 'failed'));
    else if (todo.do === 'evaluate-together')
      events.push({ step: 'evaluated-together', ids: todo.drafts.map((d) => d.id), passed: together, reasons: [] });
    else if (todo.do === 'publish') events.push({ step: 'published', id: todo.id });
    else if (todo.do === 'land') events.push({ step: 'landed', id: todo.id, commit: null });
    else events.push({ step: 'finished' });
  }
  return events;
}
const published = (events: AmbientEvent[]) =>
  events.filter((event) => event.step === 'published').map((event) => event.id);

test('publishes what passed, in order', () => {
  assert.equal(published(runThrough({ a: 'passed', b: 'failed', c: 'passed' })), ['a', 'c']);
});

test('inconclusive is never published', () => {
  assert.equal(published(runThrough({ a: 'inconclusive', b: 'inconclusive' })), []);
});

test('a set that fails together offers only its best', () => {
  assert.equal(published(runThrough({ a: 'passed', b: 'passed', c: 'passed' }, false)), ['a']);
});

test('of a set that fails together, what passes with the better ones is offered; the other says beside which it does not', () => {
  const events: AmbientEvent[] = [started, diagnosed, placed, ...drafts.map(({ id }) => evaluated(id, 'passed'))];
  const asked: string[][] = [];
  for (let step = replay(events); step.todo?.do === 'evaluate-together'; step = replay(events)) {
    const ids = step.todo.drafts.map(({ id }) => id);
    asked.push(ids);
    const passed = !(ids.includes('a') && ids.includes('b'));
    events.push({ step: 'evaluated-together', ids, passed, reasons: passed ? [] : ['they clash'] });
  }
  assert.equal(asked, [
    ['a', 'b', 'c'],
    ['a', 'b'],
    ['a', 'c'],
  ]);
  for (const id of ['a', 'c']) events.push({ step: 'published', id });
  for (const id of ['a', 'c']) events.push({ step: 'landed', id, commit: null });
  const { todo } = replay(events);
  assert.ok(todo?.do === 'finish');
  assert.equal(todo.unfit, [{ id: 'b', beside: ['a'], reasons: ['they clash'] }]);
  assert.equal(todo.wait, ['b']);
});

test('what cannot be put together is left out of every set; a part that cannot be is one that fails', () => {
  const before: AmbientEvent[] = [started, diagnosed, placed, ...drafts.map(({ id }) => evaluated(id, 'passed'))];
  const step = (...events: AmbientEvent[]) => replay([...before, ...events]);
  const tried = (ids: string[], passed: boolean): AmbientEvent => ({
    ...{ step: 'evaluated-together', ids, passed, reasons: [] },
  });
  assert.equal(step(tried(['a', 'c'], true)).state.chosen, ['a', 'c']);
  assert.equal(step(tried(['a', 'b', 'c'], false), tried(['a'], true), tried(['a', 'c'], true)).state.chosen, [
    'a',
    'c',
  ]);
});

test('those whose turn comes next are named, and who will be together if all goes well', () => {
  const { todo } = replay([started, diagnosed, placed, evaluated('a', 'failed')]);
  assert.ok(todo?.do === 'evaluate');
  const ids = (list: ReadonlyArray<{ id: string }>) => list.map(({ id }) => id);
  assert.equal([todo.id, ids(todo.ahead), ids(todo.together)], ['b', ['c'], ['b', 'c']]);
});

test('one alone is not evaluated together', () => {
  const steps = runThrough({ b: 'passed' }).map((event) => event.step);
  assert.not.ok(steps.includes('evaluated-together'));
});

test('nothing found ends at once', () => {
  const step = replay([started, { step: 'diagnosed', fixes: [] }]);
  assert.is(step.todo?.do, 'finish');
});

test('what was not published is dropped at the end', () => {
  const events = runThrough({ a: 'passed' });
  const last = replay(events.slice(0, -1)).todo;
  assert.ok(last?.do === 'finish');
  assert.equal(
    last.drop.map((draft) => draft.id),
    ['b', 'c'],
  );
  assert.equal(last.published, ['a']);
});

test('what a model wrote and fails goes back, each time with what was printed, and no more often than it may', () => {
  const failed = (id: string): AmbientEvent => ({ ...evaluated(id, 'failed'), log: `log of ${id}` }) as AmbientEvent;
  const repaired = (id: string, ...ids: string[]): AmbientEvent => ({
    ...{ step: 'repaired', id, drafts: ids.map((one) => ({ id: one, commit: `${one}-commit` })) },
  });
  const [a, ...others] = drafts;
  const events: AmbientEvent[] = [
    ...[started, diagnosed],
    { step: 'placed', drafts: [{ ...(a as (typeof drafts)[number]), repairs: 2 }, ...others] },
    failed('a'),
  ];
  const todoAfter = (...more: AmbientEvent[]) => replay([...events, ...more]).todo;
  const first = todoAfter();
  assert.ok(first?.do === 'repair');
  assert.equal([first.id, first.log], ['a', 'log of a']);
  const second = todoAfter(repaired('a', 'a2'));
  assert.ok(second?.do === 'evaluate');
  assert.equal(
    [second.id, second.ahead.map(({ id }) => id)],
    ['a2', ['b', 'c']],
    'in the place of the one that failed',
  );
  const third = todoAfter(repaired('a', 'a2'), failed('a2'));
  assert.ok(third?.do === 'repair' && third.id === 'a2');
  const last = todoAfter(repaired('a', 'a2'), failed('a2'), repaired('a2', 'a3'), failed('a3'));
  assert.ok(last?.do === 'evaluate' && last.id === 'b', 'two times and no more');
  assert.is(todoAfter(repaired('a'))?.do, 'evaluate', 'nothing came back');
  const same = replay([...events, repaired('a', 'b', 'a')]).state.drafts;
  assert.equal(
    same.map(({ id }) => id),
    ['a', 'b', 'c'],
    'what is a draft already is no second one',
  );
});

test('what was never to go back does not, and what could not be judged does not', () => {
  assert.is(replay([started, diagnosed, placed, evaluated('a', 'failed')]).todo?.do, 'evaluate');
  const mine: AmbientEvent = { step: 'placed', drafts: drafts.map((draft) => ({ ...draft, repairs: 2 })) };
  assert.is(replay([started, diagnosed, mine, evaluated('a', 'inconclusive')]).todo?.do, 'evaluate');
});

test('what is behind another has its turn only when that one fails; else it waits for it by name', () => {
  const behind: AmbientEvent = {
    step: 'placed',
    drafts: drafts.map((draft) => (draft.id === 'c' ? { ...draft, behind: ['a'] } : draft)),
  };
  const before = [started, diagnosed, behind];
  const first = replay(before).todo;
  assert.ok(first?.do === 'evaluate');
  assert.equal(
    [first.ahead, first.together].map((list) => list.map(({ id }) => id)),
    [['b'], ['a', 'b']],
    'nobody begins with it',
  );
  const passed = replay([
    ...before,
    evaluated('a', 'passed'),
    evaluated('b', 'failed'),
    { step: 'published', id: 'a' },
  ]);
  assert.is(passed.todo?.do, 'land');
  const end = replay([
    ...before,
    ...[evaluated('a', 'passed'), evaluated('b', 'failed')],
    ...([{ step: 'published', id: 'a' }] as const),
    { step: 'landed', id: 'a', commit: null },
  ]).todo;
  assert.ok(end?.do === 'finish');
  assert.equal([end.held, end.wait], [[{ id: 'c', beside: ['a'] }], ['c']]);
  const failed = replay([...before, evaluated('a', 'failed'), evaluated('b', 'passed')]).todo;
  assert.ok(failed?.do === 'evaluate' && failed.id === 'c');
});

test('of alternatives the best is judged together with the others; those that pass too are offered beside it', () => {
  const both: AmbientEvent = {
    step: 'placed',
    drafts: drafts.map((draft) => (draft.id === 'b' ? draft : { ...draft, choice: 'x' })),
  };
  const judged = (a: EvaluationContent['outcome']) => [
    ...[started, diagnosed, both],
    ...[evaluated('a', a), evaluated('b', 'passed'), evaluated('c', 'passed')],
  ];
  const { todo } = replay(judged('passed'));
  assert.ok(todo?.do === 'evaluate-together');
  assert.equal(
    todo.drafts.map(({ id }) => id),
    ['a', 'b'],
  );
  const tried: AmbientEvent = { step: 'evaluated-together', ids: ['a', 'b'], passed: true, reasons: [] };
  assert.equal(replay([...judged('passed'), tried]).state.chosen, ['a', 'c', 'b']);
  const second = replay(judged('failed')).todo;
  assert.ok(second?.do === 'evaluate-together');
  assert.equal(
    second.drafts.map(({ id }) => id),
    ['b', 'c'],
    'an alternative to what failed stands for itself',
  );
});

test('a crash after any step: the replayed journal has the same todo', () => {
  const events = runThrough({ a: 'passed', b: 'passed', c: 'failed' });
  let running = { state: idle, todo: null } as ReturnType<typeof next>;
  for (let at = 0; at < events.length; at++) {
    running = next(running.state, events[at] as AmbientEvent);
    assert.equal(replay(events.slice(0, at + 1)), running);
  }
  assert.is(running.state.at, 'done');
});

test('an abandoned cycle drops its drafts, from wherever it was', () => {
  const events = runThrough({ a: 'passed', b: 'passed' });
  for (let at = 1; at < events.length - 1; at++) {
    const step = replay([...events.slice(0, at), { step: 'abandoned', reason: 'why' }]);
    assert.ok(step.todo?.do === 'finish', `after ${at}`);
    assert.is(step.todo.reason, 'why');
  }
});

test('every other edge is refused', () => {
  const events = runThrough({ a: 'passed', b: 'passed' });
  const kinds = new Map(events.map((event) => [event.step, event]));
  const seen = new Map<string, Set<string>>();
  for (let at = 0; at < events.length; at++) {
    const state = at === 0 ? idle : replay(events.slice(0, at)).state;
    const allowed = seen.get(state.at) ?? new Set();
    seen.set(state.at, allowed.add((events[at] as AmbientEvent).step));
  }
  for (let at = 0; at <= events.length; at++) {
    const state = at === 0 ? idle : replay(events.slice(0, at)).state;
    for (const [kind, event] of kinds)
      if (!seen.get(state.at)?.has(kind)) assert.throws(() => next(state, event), /cannot have/, `${state.at} ${kind}`);
  }
});

test.run();
