import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { withBlock } from '../../src/triggers/block.ts';
import { hookPlaces, hookState, inspectHooks, installHooks, removeHooks } from '../../src/triggers/index.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('triggers/hooks');
const hooks = fileURLToPath(new URL('../../hooks', import.meta.url));
const script = join(hooks, 'post-commit');
const places = { node: '/nonexistent/node', cli: "/it's/run.js", hooks };
const both = { events: ['post-commit', 'pre-push'] as const, write: false };
const remove = async (repository: Repository) => removeHooks(repository, await hookPlaces(repository));

async function opened<T>(repo: TestRepository, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(repo.dir);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

test('new hook files are made and removed again, directory included', async () => {
  const repo = makeRepository();
  rmSync(join(repo.dir, '.git/hooks'), { recursive: true });
  await opened(repo, async (repository) => {
    const result = await installHooks(repository, places, both);
    assert.is(result.setup, 'plain');
    assert.equal(
      result.hooks.map(({ event, installed, changed }) => [event, installed, changed]),
      [
        ['post-commit', true, true],
        ['pre-push', true, true],
      ],
    );
    for (const { path } of result.hooks) assert.is(lstatSync(path).mode & 0o777, 0o755);
    assert.is(await hookState(repository), 'installed');
    const again = await installHooks(repository, places, both);
    assert.ok(again.hooks.every((hook) => hook.installed && !hook.changed));
    assert.is((await remove(repository)).length, 2);
    assert.equal(await remove(repository), []);
    assert.is(await hookState(repository), 'missing');
  });
  assert.not(existsSync(join(repo.dir, '.git/hooks')));
});

test('an existing hook keeps its bytes, mode and effect, also when it was made read-only since', async () => {
  const repo = makeRepository();
  const path = join(repo.dir, '.git/hooks/post-commit');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  const own = '#!/bin/sh\n# mine\necho ran >> .git/ran';
  writeFileSync(path, own);
  for (const mode of [0o775, 0o555]) {
    chmodSync(path, mode);
    await opened(repo, (repository) => installHooks(repository, places, both));
    assert.ok(readFileSync(path, 'utf8').startsWith(`${own}\n`));
    repo.commit('second');
    assert.match(readFileSync(join(repo.dir, '.git/ran'), 'utf8'), /ran\n$/);
    await opened(repo, remove);
    assert.is(readFileSync(path, 'utf8'), own);
    assert.is(lstatSync(path).mode & 0o777, mode);
  }
});

test('a hook that said nothing gets its bytes back', async () => {
  for (const own of ['', '#!/bin/sh\n']) {
    const repo = makeRepository();
    const path = join(repo.dir, '.git/hooks/post-commit');
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    writeFileSync(path, own, { mode: 0o755 });
    // Twice: what `init` writes anew must still know of the file.
    for (const cli of ['/old.js', '/new.js'])
      await opened(repo, (repository) => installHooks(repository, { ...places, cli }, both));
    await opened(repo, remove);
    assert.is(readFileSync(path, 'utf8'), own);
    assert.is(lstatSync(path).mode & 0o777, 0o755);
  }
});

test('a copy of the folder leaves the original alone, its linked worktrees too', async () => {
  const repo = makeRepository({ files: { 'a.txt': 'a\n' } });
  const linked = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', linked);
  repo.git('config', 'core.hooksPath', '.hooks');
  for (const dir of [repo.dir, linked]) {
    const repository = await openRepository(dir);
    await installHooks(repository, places, { ...both, write: true });
    await repository.close();
  }
  repo.git('config', '--unset', 'core.hooksPath');
  await opened(repo, (repository) => installHooks(repository, places, both));
  const copy = join(repo.home, 'copy');
  cpSync(repo.dir, copy, { recursive: true });
  const written = (dir: string) => [join(dir, '.hooks/post-commit'), join(dir, '.hooks/pre-push')];
  const plain = (dir: string) => [join(dir, '.git/hooks/post-commit'), join(dir, '.git/hooks/pre-push')];
  const original = [...plain(repo.dir), ...written(repo.dir), ...written(linked)];
  const before = original.map((path) => readFileSync(path, 'utf8'));

  const repository = await openRepository(copy);
  const removed = await remove(repository);
  await repository.close();
  assert.equal(removed.sort(), plain(copy));
  assert.equal(
    original.map((path) => readFileSync(path, 'utf8')),
    before,
  );
  assert.equal((await opened(repo, remove)).sort(), [...original].sort());
});

test('what is not ours to write is left alone, with the lines to add', async () => {
  const cases: Array<[string, (repo: TestRepository, path: string) => void]> = [
    ['outside of this repository', (repo) => repo.git('config', 'core.hooksPath', temporaryDirectory())],
    ['hooks are switched off', (repo) => repo.git('config', 'core.hooksPath', '/dev/null')],
    ['not a shell script', (_repo, path) => writeFileSync(path, '#!/usr/bin/env python3\nprint(1)\n', { mode: 0o755 })],
    ['not executable', (_repo, path) => writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 })],
    ['not a regular', (_repo, path) => symlinkSync('/dev/null', path)],
    ['not a regular', (_repo, path) => writeFileSync(path, Buffer.from([35, 33, 255, 0]), { mode: 0o755 })],
    [
      'managed with the code',
      (repo, path) => {
        rmSync(join(path, '..'), { recursive: true });
        mkdirSync(join(repo.dir, 'scripts'));
        symlinkSync('../scripts', join(path, '..'));
      },
    ],
  ];
  for (const [reason, prepare] of cases)
    for (const write of reason === 'managed with the code' ? [false] : [false, true]) {
      const repo = makeRepository();
      const path = join(repo.dir, '.git/hooks/post-commit');
      mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
      prepare(repo, path);
      const before = existsSync(path) ? readFileSync(path) : null;
      const result = await opened(repo, (repository) => installHooks(repository, places, { ...both, write }));
      const [first] = result.hooks;
      assert.not(first?.installed, reason);
      assert.match(first?.reason ?? '', reason);
      assert.match(first?.snippet ?? '', 'post-commit');
      assert.ok(result.next.length > 0);
      assert.equal(existsSync(path) ? readFileSync(path) : null, before);
      assert.is.not(await opened(repo, hookState), 'installed');
    }
});

test('an event that is not wanted any more loses its lines', async () => {
  const repo = makeRepository();
  await opened(repo, async (repository) => {
    await installHooks(repository, places, both);
    await installHooks(repository, places, { events: ['post-commit'], write: false });
    assert.equal(
      (await inspectHooks(repository)).map((sight) => sight.state),
      ['installed', 'missing'],
    );
  });
  assert.not(existsSync(join(repo.dir, '.git/hooks/pre-push')));
});

test('lines that a person copied count as installed and are left alone', async () => {
  const repo = makeRepository();
  const dir = join(repo.dir, 'team');
  repo.git('config', 'core.hooksPath', 'team');
  await opened(repo, async (repository) => {
    const refused = await installHooks(repository, places, both);
    assert.is(refused.setup, 'in-tree');
    mkdirSync(dir);
    for (const { event, snippet } of refused.hooks)
      writeFileSync(join(dir, event), `#!/bin/sh\n${snippet}`, { mode: 0o755 });
    const before = readFileSync(join(dir, 'post-commit'), 'utf8');
    const after = await installHooks(repository, places, { ...both, write: true });
    assert.ok(after.hooks.every((hook) => hook.installed && !hook.changed));
    assert.equal(await remove(repository), []);
    assert.is(readFileSync(join(dir, 'post-commit'), 'utf8'), before);
  });
  mkdirSync(join(repo.dir, '.git/ambient'), { recursive: true });
  repo.commit('second');
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
});

test('the next step is said when what a hook needs is gone', async () => {
  const repo = makeRepository();
  const node = join(repo.home, 'node');
  writeFileSync(node, '#!/bin/sh\n', { mode: 0o755 });
  const here = { node, cli: script, hooks };
  await opened(repo, async (repository) => {
    await installHooks(repository, here, both);
    assert.equal(
      (await inspectHooks(repository)).map((sight) => sight.works),
      [true, true],
    );
    rmSync(node);
    const [gone] = await inspectHooks(repository);
    assert.equal([gone?.state, gone?.works], ['installed', false]);
    assert.match(gone?.hint ?? '', /node is gone.*git ambient init/);
    chmodSync(join(repo.dir, '.git/hooks/post-commit'), 0o644);
    const [off] = await inspectHooks(repository);
    assert.is(off?.state, 'missing');
    assert.match(off?.hint ?? '', 'chmod +x');
  });
});

test('what cannot be written is an error of the environment, and nothing is left behind', async () => {
  const repo = makeRepository();
  rmSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/hooks'), 'in the way');
  await opened(repo, async (repository) => {
    const error = await installHooks(repository, places, both).then(
      () => null,
      (thrown: { code?: string; kind?: string; hint?: string }) => thrown,
    );
    assert.equal([error?.code, error?.kind], ['hook-not-written', 'environment']);
    assert.ok(error?.hint);
  });
  assert.is(readFileSync(join(repo.dir, '.git/hooks'), 'utf8'), 'in the way');
});

test('the hook says nothing, returns at once and never fails a commit', () => {
  const repo = makeRepository();
  const hook = join(repo.dir, '.git/hooks/post-commit');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  mkdirSync(join(repo.dir, '.git/ambient'));
  const fake = join(repo.dir, '.git/fake-node');
  writeFileSync(
    fake,
    `#!/bin/sh\necho "$@" >> "${repo.dir}/.git/started"\necho $$ > "${repo.dir}/.git/runner"\nexec sleep 30\n`,
    { mode: 0o755 },
  );
  writeFileSync(hook, withBlock(null, { event: 'post-commit', places: { node: fake, cli: script, hooks } }), {
    mode: 0o755,
  });
  // The runner is to outlive the commit, and must not keep its streams open: this would wait for it, and it sleeps longer.
  const output = repo.exec(['sh', '-c', 'git commit --allow-empty -qm second 2>&1'], { timeout: 25_000 });
  assert.is(output, '');
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
  // A holder that lives: only the wake-up, no second runner.
  writeFileSync(join(repo.dir, '.git/ambient/lock'), `${process.pid}\n`);
  rmSync(join(repo.dir, '.git/ambient/wake'));
  repo.commit('third');
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
  for (let wait = 0; wait < 50 && !existsSync(join(repo.dir, '.git/started')); wait++) repo.exec(['sleep', '0.1']);
  assert.is(readFileSync(join(repo.dir, '.git/started'), 'utf8'), `${script} run --background\n`);
  // Broken state: no directory, an unreadable lock, a missing node.
  rmSync(join(repo.dir, '.git/ambient'), { recursive: true });
  repo.commit('fourth');
  process.kill(Number(readFileSync(join(repo.dir, '.git/runner'), 'utf8')));
});

test('a linked worktree wakes the same crew', () => {
  const repo = makeRepository();
  const linked = join(temporaryDirectory(), 'linked');
  repo.git('worktree', 'add', '-q', linked, '-b', 'side');
  mkdirSync(join(repo.dir, '.git/ambient'));
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/hooks/post-commit'), withBlock(null, { event: 'post-commit', places }), {
    mode: 0o755,
  });
  repo.exec(['git', '-C', linked, 'commit', '--allow-empty', '-qm', 'there']);
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
});

test.run();
