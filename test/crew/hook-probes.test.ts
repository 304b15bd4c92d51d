/** What `doctor` says about hooks, from what was seen and what the runner wrote down. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HookSight, hookProbes } from '../../src/crew/hook-probes.ts';

const test = suite('crew/hook-probes');
const commit: HookSight = { event: 'post-commit', state: 'installed', works: true, message: 'calls', hint: null };
const push: HookSight = { ...commit, event: 'pre-push' };
const woken = (text: string) =>
  [...text].map((letter) => ({ commit: 'c', by: letter === 'h' ? ('hook' as const) : ('cursor' as const) }));
const wakeUps = (text: string, sights = [commit, push]) => hookProbes(sights, woken(text), 'warn').at(-1);

test('the last commits are counted by who found them', () => {
  assert.is(wakeUps('')?.message, 'no commit seen yet');
  assert.match(wakeUps('hhch')?.message ?? '', 'of the last 4 commits 3 woke the crew by the hook, 1 were found later');
  assert.is(wakeUps('hhch')?.level, 'ok');
});

test('a hook that is there and does not fire is noticed, with the next step', () => {
  const silent = wakeUps('hhhccc');
  assert.is(silent?.level, 'warn');
  assert.match(silent?.hint ?? '', 'git ambient status');
  assert.is(wakeUps('hhhcc')?.level, 'ok', 'two may be an accident');
  assert.is(wakeUps('ccch')?.level, 'ok', 'it fires again');
  assert.is(wakeUps('ccc', [{ ...commit, works: false }, push])?.level, 'ok', 'the line of the hook says why');
});

test('pre-push is named with its mode; off and not installed is as wished', () => {
  const probe = (sight: HookSight, mode: 'off' | 'warn' | 'block') => hookProbes([sight], [], mode)[0];
  assert.equal(probe(push, 'block'), { name: 'pre-push', level: 'ok', message: 'calls (pre_push: block)', hint: null });
  const missing: HookSight = { ...push, state: 'missing', works: false, hint: 'git ambient init' };
  assert.is(probe(missing, 'warn')?.level, 'warn');
  assert.is(probe(missing, 'off')?.level, 'ok');
});

test.run();
