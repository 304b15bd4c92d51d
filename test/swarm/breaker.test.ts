import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { afterCycle, type Breaker, breakerState, FAILURES } from '../../src/swarm/breaker.ts';

const test = suite('swarm/breaker');
const START = Date.parse('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const failing = (cycle: string, now: number, configuration = 'c') => ({
  cycle,
  configuration,
  failed: 'it hangs',
  now,
});

function afterFailures(count: number, now = START): Breaker | undefined {
  let breaker: Breaker | undefined;
  for (let at = 0; at < count; at++) breaker = afterCycle(breaker, failing(`cycle ${at}`, now));
  return breaker;
}

test('opens after some failures in a row, not before', () => {
  assert.is(breakerState(undefined, 'c', START), 'closed');
  assert.is(breakerState(afterFailures(FAILURES - 1), 'c', START), 'closed');
  assert.is(breakerState(afterFailures(FAILURES), 'c', START), 'open');
});

test('a cycle counts once, however often something failed in it and however often it is replayed', () => {
  const once = afterCycle(undefined, failing('one', START));
  assert.is(afterCycle(once, failing('one', START + MINUTE)), once);
});

test('is tried again after a while; one success closes it, one failure opens it for twice as long', () => {
  const open = afterFailures(FAILURES) as Breaker;
  const later = START + 5 * MINUTE;
  assert.is(breakerState(open, 'c', later - 1), 'open');
  assert.is(breakerState(open, 'c', later), 'half-open');
  assert.is(afterCycle(open, { ...failing('next', later), failed: null }), undefined);
  const again = afterCycle(open, failing('next', later)) as Breaker;
  assert.is(breakerState(again, 'c', later + 9 * MINUTE), 'open');
  assert.is(breakerState(again, 'c', later + 10 * MINUTE), 'half-open');
});

test('rests no longer than some hours, whatever has failed', () => {
  const open = afterFailures(60) as Breaker;
  assert.is(breakerState(open, 'c', START + 6 * 60 * MINUTE), 'half-open');
});

test('another configuration is a fresh start', () => {
  const open = afterFailures(FAILURES);
  assert.is(breakerState(open, 'other', START), 'closed');
  assert.is(afterCycle(open, failing('next', START, 'other'))?.failures, 1);
});

test.run();
