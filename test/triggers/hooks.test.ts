import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { withBlock, withoutBlock } from '../../src/triggers/block.ts';
import { hookState, installHook, removeHook } from '../../src/triggers/index.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('triggers/hooks');
const script = fileURLToPath(new URL('../../hooks/post-commit', import.meta.url));
const places = { node: '/nonexistent/node', cli: "/it's/run.js", script };

async function opened<T>(repo: TestRepository, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(repo.dir);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

test('the block goes in and comes out without changing a byte', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('#!/bin/bash\necho', '#!/bin/sh\nexit 0\n', '\n')), (text) => {
      fc.pre(!text.includes('git-ambient') && text !== '' && text !== '#!/bin/sh\n');
      const once = withBlock(text, places);
      assert.is(withBlock(once, places), once, 'twice is once');
      assert.is(withoutBlock(once).text, text);
    }),
  );
});

test('a new hook file is made and removed again, directory included', async () => {
  const repo = makeRepository();
  rmSync(join(repo.dir, '.git/hooks'), { recursive: true });
  await opened(repo, async (repository) => {
    const result = await installHook(repository, places);
    assert.ok(result.installed && result.changed);
    assert.is(lstatSync(result.path).mode & 0o777, 0o755);
    assert.is(await hookState(repository), 'installed');
    assert.equal(await installHook(repository, places), { ...result, changed: false });
    await removeHook(repository);
  });
  assert.not(existsSync(join(repo.dir, '.git/hooks')));
});

test('an existing hook keeps its bytes, mode and effect', async () => {
  const repo = makeRepository();
  const path = join(repo.dir, '.git/hooks/post-commit');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  const own = '#!/bin/sh\n# mine\necho ran >> .git/ran';
  writeFileSync(path, own);
  chmodSync(path, 0o775);
  await opened(repo, (repository) => installHook(repository, places));
  assert.ok(readFileSync(path, 'utf8').startsWith(`${own}\n`));
  repo.commit('second');
  assert.is(readFileSync(join(repo.dir, '.git/ran'), 'utf8'), 'ran\n');
  await opened(repo, (repository) => removeHook(repository));
  assert.is(readFileSync(path, 'utf8'), own);
  assert.is(lstatSync(path).mode & 0o777, 0o775);
});

test('what is not ours to write is left alone, with the snippet to add', async () => {
  const cases: Array<[string, (repo: TestRepository, path: string) => void]> = [
    ['core.hooksPath', (repo) => repo.git('config', 'core.hooksPath', temporaryDirectory())],
    ['not a shell script', (_repo, path) => writeFileSync(path, '#!/usr/bin/env python3\nprint(1)\n', { mode: 0o755 })],
    ['not executable', (_repo, path) => writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 })],
    ['not a regular', (_repo, path) => symlinkSync('/dev/null', path)],
  ];
  for (const [reason, prepare] of cases) {
    const repo = makeRepository();
    const path = join(repo.dir, '.git/hooks/post-commit');
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    prepare(repo, path);
    const before = existsSync(path) ? readFileSync(path) : null;
    const result = await opened(repo, (repository) => installHook(repository, places));
    assert.not(result.installed, reason);
    if (!result.installed) {
      assert.match(result.reason, reason);
      assert.match(result.snippet, 'post-commit');
    }
    assert.equal(existsSync(path) ? readFileSync(path) : null, before);
  }
});

test('the hook says nothing, returns at once and never fails a commit', () => {
  const repo = makeRepository();
  const hook = join(repo.dir, '.git/hooks/post-commit');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  mkdirSync(join(repo.dir, '.git/ambient'));
  const fake = join(repo.dir, '.git/fake-node');
  writeFileSync(fake, `#!/bin/sh\necho "$@" >> "${repo.dir}/.git/started"\nsleep 30\n`, { mode: 0o755 });
  writeFileSync(hook, withBlock(null, { node: fake, cli: script, script }), { mode: 0o755 });
  // The runner is to outlive the commit, and must not keep its streams open: this would wait for it.
  const output = repo.exec(['sh', '-c', 'git commit --allow-empty -qm second 2>&1'], { timeout: 900 });
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
  repo.exec(['pkill', '-f', fake]);
});

test('a linked worktree wakes the same crew', () => {
  const repo = makeRepository();
  const linked = join(temporaryDirectory(), 'linked');
  repo.git('worktree', 'add', '-q', linked, '-b', 'side');
  mkdirSync(join(repo.dir, '.git/ambient'));
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/hooks/post-commit'), withBlock(null, places), { mode: 0o755 });
  repo.exec(['git', '-C', linked, 'commit', '--allow-empty', '-qm', 'there']);
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
});

test.run();
