/** Slots are used by one at a time, over processes and crashes; dependencies are lent only where git does not track them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptySlots, openSlots } from '../../src/evaluate/index.ts';
import { dependencyBinds } from '../../src/evaluate/slots/dependencies.ts';
import { removeDirectory, slotsFor } from '../../src/evaluate/slots/slots.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('evaluate/slots');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('never more users than slots, never two in one; locks are gone afterwards', async () => {
  const root = join(temporaryDirectory(), 'slots');
  const pools = [openSlots(root, 2), openSlots(root, 2)];
  const inUse = new Set<string>();
  let most = 0;
  const users = Array.from({ length: 12 }, (_, index) =>
    pools[index % 2]?.use(async (dir) => {
      assert.not.ok(inUse.has(dir), `${dir} has two users`);
      inUse.add(dir);
      most = Math.max(most, inUse.size);
      await pause(50);
      inUse.delete(dir);
    }),
  );
  await Promise.all(users);
  assert.is(most, 4);
  assert.equal(readdirSync(root).sort(), ['0', '1', '2', '3']);
});

test('a slot is free again after its user threw', async () => {
  const slots = openSlots(join(temporaryDirectory(), 'slots'), 1);
  for (let time = 0; time < 3; time++) {
    try {
      await slots.use(async () => {
        throw new Error('broke');
      });
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, 'broke');
    }
  }
  assert.match(await slots.use(async (dir) => dir), /\/0$/);
});

test('the lock of a dead process is taken over, that of a living one is not', async () => {
  const root = join(temporaryDirectory(), 'slots');
  mkdirSync(root);
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(root, 'lock-0'), `${process.ppid}\n\n`);
  writeFileSync(join(root, 'lock-1'), `${dead}\n\n`);
  // The pid lives, but belongs to a later process.
  writeFileSync(join(root, 'lock-2'), `${process.ppid}\n1\n`);
  const slots = openSlots(root, 3);
  const dirs = await Promise.all(
    [1, 2].map(() =>
      slots.use(async (dir) => {
        await pause(20);
        return dir;
      }),
    ),
  );
  assert.equal(dirs.map((dir) => dir.slice(-1)).sort(), ['1', '2']);
  assert.equal(
    readdirSync(root).filter((name) => name.includes('lock')),
    ['lock-0'],
  );
});

test('whoever waits and is told to stop does not start', async () => {
  const slots = openSlots(join(temporaryDirectory(), 'slots'), 1);
  const controller = new AbortController();
  const first = slots.use(() => pause(30));
  const second = slots.use(async () => assert.unreachable(), controller.signal);
  controller.abort();
  await first;
  try {
    await second;
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'aborted');
  }
});

test('a directory without permissions is removed all the same', async () => {
  const root = temporaryDirectory();
  const dir = join(root, 'slot');
  mkdirSync(join(dir, 'a', 'b'), { recursive: true });
  writeFileSync(join(dir, 'a', 'b', 'c'), '');
  spawnSync('chmod', ['000', join(dir, 'a', 'b'), join(dir, 'a')]);
  await removeDirectory(dir);
  assert.not.ok(existsSync(dir));
  await removeDirectory(dir);
});

test('emptied: slots, indexes, what was half taken away; never one that somebody works in', async () => {
  const root = join(temporaryDirectory(), 'slots');
  const slots = openSlots(root, 2);
  await slots.use(async (held) => {
    for (const name of ['1/deep', '1.index.d', '1.trash-old', '7.trash-3', `${basename(held)}/mine`])
      mkdirSync(join(root, name), { recursive: true });
    const nest = 'cd "$1"; i=0; while [ $i -lt 60 ]; do mkdir "$2"; cd -P "$2"; i=$((i+1)); done; chmod 000 .';
    spawnSync('sh', ['-c', nest, 'sh', join(root, '1/deep'), 'n'.repeat(200)]);
    await emptySlots(root);
    assert.equal(readdirSync(root).sort(), ['0', 'lock-0']);
    assert.ok(existsSync(join(root, '0/mine')));
  });
  await emptySlots(root);
  assert.equal(readdirSync(root), []);
});

test('as many slots as cores, as far as the memory goes', () => {
  const GIB = 1024 ** 3;
  const count = (cores: number, memory: number) => slotsFor(2 * GIB, { cores, memory: memory * GIB });
  assert.equal([count(2, 4), count(4, 15.5), count(8, 8), count(2, 1), count(64, 256)], [2, 4, 4, 1, 8]);
});

function workTree(...folders: string[]): string {
  const dir = temporaryDirectory();
  for (const folder of folders) mkdirSync(join(dir, folder), { recursive: true });
  return dir;
}

test('dependencies: node_modules of every package, environments, vendor; nothing tracked', async () => {
  const dir = workTree(
    'node_modules/a',
    'packages/one/node_modules',
    'stray/node_modules',
    '.venv/lib',
    'venv',
    'vendor',
  );
  writeFileSync(join(dir, '.venv', 'pyvenv.cfg'), '');
  const tracked = ['package.json', 'packages/one/package.json', 'node_modules/x/package.json'];
  const found = async (paths: string[]) => (await dependencyBinds(dir, paths)).map(({ at }) => at);
  assert.equal(await found(tracked.slice(0, 2)), ['node_modules', 'packages/one/node_modules', '.venv', 'vendor']);
  assert.equal(await found(tracked), ['packages/one/node_modules', '.venv', 'vendor']);
  assert.equal(await found(['vendor/a.go']), ['node_modules', '.venv']);
  assert.equal(await dependencyBinds(null, tracked), []);
});

test('dependencies: a link may lead to a folder of the same name only', async () => {
  const [real, dir] = [workTree('node_modules', 'secrets'), workTree()];
  symlinkSync(join(real, 'secrets'), join(dir, 'vendor'));
  symlinkSync(join(real, 'node_modules'), join(dir, 'node_modules'));
  const found = await dependencyBinds(dir, ['package.json']);
  assert.equal(
    found.map(({ path, at }) => [path, at]),
    [[join(real, 'node_modules'), 'node_modules']],
  );
});

test('dependencies: an installation changes the stamp', async () => {
  const dir = workTree('node_modules');
  const stamp = async () => (await dependencyBinds(dir, []))[0]?.stamp;
  const before = await stamp();
  assert.is(await stamp(), before);
  writeFileSync(join(dir, 'node_modules', '.package-lock.json'), '{}');
  assert.is.not(await stamp(), before);
});

test.run();
