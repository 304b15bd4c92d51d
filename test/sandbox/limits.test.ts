import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { limitsFrom } from '../../src/sandbox/index.ts';

const test = suite('sandbox/limits');

test('has the documented defaults', () => {
  const expected = { timeout: 900_000, memory: 2 * 1024 ** 3, cpus: 2, pids: 100, output: 1024 ** 2 };
  assert.equal(limitsFrom(), { ...expected, diskBytes: 1024 ** 3, diskEntries: 200_000, fileBytes: 256 * 1024 ** 2 });
});

test('reads sizes as Docker does', () => {
  const memory = (value: string | number) => limitsFrom({ resources: { memory: value } }).memory;
  assert.is(memory('512m'), 512 * 1024 ** 2);
  assert.is(memory('1.5G'), 1.5 * 1024 ** 3);
  assert.is(memory('2gb'), 2 * 1024 ** 3);
  assert.is(memory('2GiB'), 2 * 1024 ** 3);
  assert.is(memory('33554432'), 33554432);
  assert.is(memory(33554432), 33554432);
  assert.is(limitsFrom({ resources: { cpus: '0.5', pids_limit: 30 }, timeout_seconds: 5 }).cpus, 0.5);
});

const WRONG = [
  { resources: { memory: 'lots' } },
  { resources: { memory: '-1g' } },
  { resources: { memory: '0' } },
  { resources: { memory: '1m' } },
  { resources: { memory: Number.NaN } },
  { resources: { cpus: '0' } },
  { resources: { cpus: '2 cores' } },
  { resources: { cpus: Number.POSITIVE_INFINITY } },
  { resources: { pids_limit: 0 } },
  { timeout_seconds: 0 },
  { timeout_seconds: -5 },
];
for (const config of WRONG)
  test(`${JSON.stringify(config)} is an error, never "no limit"`, () => {
    assert.throws(
      () => limitsFrom(config),
      (error: unknown) =>
        error instanceof AmbientError && error.code === 'bad-limit' && /sandbox\./.test(error.message),
    );
  });

test.run();
