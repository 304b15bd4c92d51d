/** When a call is made again: a table over kind, attempt and what the server asks for. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FailureKind, ModelFailure } from '../../src/llm/failure.ts';
import { delayBefore, retryAfter } from '../../src/llm/retry.ts';

const test = suite('llm/retry');
const failure = (kind: FailureKind, wait: number | null = null) => new ModelFailure(kind, 'x', { retryAfter: wait });
const half = { retries: 6, random: () => 0.5 };

test('waits twice as long each time, to a cap', () => {
  const delays = [1, 2, 3, 4, 5, 6].map((attempt) => delayBefore(failure('overloaded'), attempt, half));
  assert.equal(delays, [500, 1000, 2000, 4000, 8000, 16000]);
  assert.is(delayBefore(failure('overloaded'), 12, { retries: 20, random: () => 1 }), 60_000);
});

test('the whole wait is chance: two clients that fail together come back apart', () => {
  assert.is(delayBefore(failure('overloaded'), 3, { retries: 6, random: () => 0 }), 0);
});

test('ends after the last retry, and never begins for what cannot pass', () => {
  assert.is(delayBefore(failure('timeout'), 7, half), null);
  for (const kind of ['refused', 'too-long'] as const) assert.is(delayBefore(failure(kind), 1, half), null);
});

test('where nobody listens, two more tries are enough', () => {
  assert.is(delayBefore(failure('unreachable'), 2, half), 1000);
  assert.is(delayBefore(failure('unreachable'), 3, half), null);
  assert.is(delayBefore(new ModelFailure('unreachable', 'x', { status: 502 }), 3, half), 2000);
});

test('never before the server allows it', () => {
  assert.is(delayBefore(failure('overloaded', 30_000), 1, half), 30_500);
  assert.is(delayBefore(failure('overloaded', 3_600_000), 1, half), null);
});

test('reads Retry-After in its three forms', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const read = (headers: Record<string, string>) => retryAfter(new Headers(headers), now);
  assert.is(read({ 'retry-after': '12' }), 12_000);
  assert.is(read({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }), 9_000);
  assert.is(read({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }), 0);
  assert.is(read({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
  for (const headers of [{}, { 'retry-after': 'soon' }, { 'retry-after': '' }]) assert.is(read(headers), null);
});

test.run();
