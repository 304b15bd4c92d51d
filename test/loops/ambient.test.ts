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
