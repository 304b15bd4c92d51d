import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AmbientError } from '../../src/base/index.ts';
import { createLock, withLock } from '../../src/store/lock.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { start } from './processes.ts';

const test = suite('store/lock');
const place = () => {
  const dir = join(temporaryDirectory(), 'ambient');
  return { dir, path: join(dir, 'lock'), lock: createLock(join(dir, 'lock')) };
};

test('the file names the process, for the hook to read; releasing leaves nothing', async () => {
  const { dir, path, lock } = place();
  assert.is(await lock.holder(), null);
  const held = await lock.acquire();
  const [pid, begun] = readFileSync(path, 'utf8').split('\n');
  assert.is(pid, String(process.pid));
  if (existsSync('/proc/self/stat')) assert.match(begun ?? '', /^\d+$/);
  assert.is(statSync(path).mode & 0o777, 0o600);
  assert.is(statSync(dir).mode & 0o777, 0o700);
  assert.is(await lock.holder(), process.pid);
  assert.is(await lock.acquire(), null);
  await held?.release();
  assert.equal(readdirSync(dir), []);
});

test('of eight processes exactly one wins, and after kill -9 exactly one of the rest', async () => {
  const { dir, lock } = place();
  let contenders = Array.from({ length: 8 }, () => start('contend', dir));
  for (const child of contenders) assert.is(await child.line(), 'ready');
  for (const child of contenders) child.go();
  const said = await Promise.all(contenders.map((child) => child.line()));
  assert.is(said.filter((word) => word === 'won').length, 1);
  const winner = contenders[said.indexOf('won')];
  assert.is(await lock.holder(), winner?.pid);
  await Promise.all(contenders.map((child) => child.kill()));
  assert.is(await lock.holder(), null);
  assert.ok(existsSync(join(dir, 'lock')));

  contenders = Array.from({ length: 5 }, () => start('contend', dir));
  for (const child of contenders) assert.is(await child.line(), 'ready');
  for (const child of contenders) child.go();
  const again = await Promise.all(contenders.map((child) => child.line()));
  assert.is(again.filter((word) => word === 'won').length, 1, again.join());
  for (const child of contenders) child.go();
  await Promise.all(contenders.map((child) => child.end()));
  assert.equal(readdirSync(dir), []);
});

test('processes that take turns never meet', async () => {
  const { dir } = place();
  const children = Array.from({ length: 3 }, () => start('churn', dir, '20'));
  for (const child of children) await child.line();
  for (const child of children) child.go();
  const said = await Promise.all(children.map((child) => child.line()));
  assert.equal(said, Array(3).fill('entered 20'));
  await Promise.all(children.map((child) => child.end()));
  assert.equal(readdirSync(dir), []);
});

test('many contenders of one process take over a dead lock once', async () => {
  const { dir, path, lock } = place();
  await (await lock.acquire())?.release();
  for (let round = 0; round < 20; round++) {
    writeFileSync(path, `999999999\n1\nnonce${round}\n`);
    const held = (await Promise.all(Array.from({ length: 12 }, () => lock.acquire()))).filter((item) => item !== null);
    assert.is(held.length, 1);
    await held[0]?.release();
  }
  assert.equal(readdirSync(dir), []);
});

test('a pid that another process has now holds nothing', async () => {
  if (!existsSync('/proc/self/stat')) return;
  const { path, lock } = place();
  await (await lock.acquire())?.release();
  writeFileSync(path, `${process.pid}\n1\nnonce\n`);
  assert.is(await lock.holder(), null);
  const held = await lock.acquire();
  assert.ok(held);
  await held.release();
});

test('a lock that names nobody is kept while it is young', async () => {
  const { path, lock } = place();
  await (await lock.acquire())?.release();
  for (const text of ['', 'rubbish', '-1\n\n', '0\n\n']) {
    writeFileSync(path, text);
    assert.is(await lock.acquire(), null);
    utimesSync(path, 1, 1);
    const held = await lock.acquire();
    assert.ok(held);
    await held.release();
  }
});

test('a process that was killed while taking over is taken over in its turn', async () => {
  const { dir, path, lock } = place();
  await (await lock.acquire())?.release();
  const dead = '999999999\n1\nnonce\n';
  writeFileSync(path, dead);
  const { digest } = await import('../../src/base/index.ts');
  writeFileSync(join(dir, `lock.${digest([path, dead])}.guard`), '999999998\n1\nother\n');
  writeFileSync(join(dir, 'lock.999999998-abc.tmp'), '999999998\n1\nother\n');
  const held = await lock.acquire();
  assert.ok(held);
  assert.equal(readdirSync(dir), ['lock']);
  await held.release();
});

test('what is not ours any more is not released', async () => {
  const { path, lock } = place();
  const held = await lock.acquire();
  writeFileSync(path, `${process.pid}\n\nanother\n`);
  await held?.release();
  assert.ok(existsSync(path));
});

test('waiting ends with an error that names the process', async () => {
  const { lock } = place();
  const held = await lock.acquire();
  try {
    await withLock(lock, async () => {}, 60);
    assert.unreachable();
  } catch (error) {
    assert.is((error as AmbientError).code, 'store-busy');
    assert.is((error as AmbientError).kind, 'environment');
    assert.is((error as AmbientError).data['pid'], process.pid);
  }
  await held?.release();
});

test('a file in the place of the directory is an error of the environment', async () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'ambient'), '');
  const lock = createLock(join(root, 'ambient', 'lock'));
  assert.is(await lock.holder(), null);
  try {
    await lock.acquire();
    assert.unreachable();
  } catch (error) {
    assert.is((error as AmbientError).code, 'state-not-writable');
  }
});

test.run();
