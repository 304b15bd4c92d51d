import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError, spawn } from '../../src/base/index.ts';

const test = suite('base/spawn');
const env = { PATH: process.env['PATH'] };

test('passes argv as it is: no shell reads it', async () => {
  const result = await spawn(['printf', '%s', '$(id); a b'], { env });
  assert.is(result.stdout.toString(), '$(id); a b');
});

test('inherits nothing from the environment', async () => {
  process.env['AMBIENT_LEAK'] = 'leaked';
  const result = await spawn(['env'], { env });
  assert.not.match(result.stdout.toString(), 'AMBIENT_LEAK');
});

test('a failing command is a result', async () => {
  const result = await spawn(['sh', '-c', 'echo bad >&2; exit 7'], { env });
  assert.is(result.code, 7);
  assert.is(result.stderr.toString(), 'bad\n');
});

test('a missing command is an environment error that names it', async () => {
  try {
    await spawn(['no-such-program'], { env });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, AmbientError);
    assert.is((error as AmbientError).kind, 'environment');
    assert.match((error as AmbientError).message, 'no-such-program');
  }
});

test('a deadline kills the whole group', async () => {
  const result = await spawn(['sh', '-c', 'sleep 60 & sleep 60'], { env, timeout: 200 });
  assert.is(result.timedOut, true);
  assert.is(result.signal, 'SIGKILL');
});

test('an abort signal ends the command', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 50);
  try {
    await spawn(['sleep', '60'], { env, signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.is((error as AmbientError).code, 'aborted');
  }
});

test('output past the cap is dropped and said', async () => {
  const result = await spawn(['sh', '-c', 'yes | head -c 100000'], { env, maxOutput: 1000 });
  assert.is(result.stdout.length, 1000);
  assert.is(result.truncated, true);
});

test.run();
