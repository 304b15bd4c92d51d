/** The user's work is sacred: the same bytes before and after a cycle, and before init and after uninstall. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, fingerprintTree, hasSandbox } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';

const test = suite('scenario/sacred');

/** Everything of the user's: the worktree and .git without our own room, refs and the object store. */
const users = (path: string) =>
  !/^\.git\/(ambient|objects|refs\/ambient|refs\/notes|logs\/refs\/(ambient|notes))(\/|$)/.test(path);

/** Dirty, staged, untracked, ignored, executable, linked: a worktree that is being worked in. */
function workIn(repo: TestRepository): void {
  repo.write('.gitignore', 'ignored/\n');
  repo.write('ignored/file', 'x');
  repo.write('shop/stock.py', 'broken in the middle of an edit(\n');
  repo.write('staged.py', 'import os\n');
  repo.git('add', 'staged.py');
  repo.write('staged.py', 'import os\nimport sys\n');
  repo.write('untracked "name"\n.txt', 'u');
  repo.git('config', 'alias.mine', 'status');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  repo.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 0\n');
  chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
  symlinkSync('/etc', join(repo.dir, 'link'));
}

test('init and uninstall leave a plain repository and a linked worktree byte for byte as before', () => {
  const repo = makeRepository({ files: sound });
  repo.git('worktree', 'add', '-q', '../linked', '-b', 'side');
  const linked = useRepository(join(repo.dir, '../linked'), repo.home);
  workIn(repo);
  repo.write('.git/hooks/post-commit', '#!/bin/sh\n: mine');
  chmodSync(join(repo.dir, '.git/hooks/post-commit'), 0o755);
  for (const place of [repo, linked]) {
    const before = { main: fingerprintTree(repo.dir), linked: fingerprintTree(linked.dir) };
    const init = ambient(place, ['init']);
    assert.is(init.code, 0, init.stderr);
    assert.is(ambientJson<{ hook: string }>(place, ['status']).hook, 'installed');
    assert.is(ambient(place, ['uninstall']).code, 0);
    assert.equal({ main: fingerprintTree(repo.dir), linked: fingerprintTree(linked.dir) }, before);
  }
});

test('reading commands change nothing in a repository that was never initialised', () => {
  const repo = makeRepository({ files: { ...sound, 'shop/search.py': injection } });
  const before = fingerprintTree(repo.dir);
  for (const args of [['status'], ['list'], ['findings', '--all'], ['config'], ['telemetry'], ['doctor']])
    assert.ok([0, 3].includes(ambient(repo, args).code ?? -1), args.join(' '));
  const after = fingerprintTree(repo.dir);
  // `doctor` and `findings` may not write either.
  assert.equal(after, before);
});

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else
  test('a cycle with proposals changes no byte of the worktree, index, HEAD, branches, hooks or configuration', () => {
    const repo = makeRepository({ files: { ...sound, 'shop/search.py': injection, 'shop/report.py': unusedImport } });
    ambient(repo, ['init']);
    workIn(repo);
    const before = fingerprintTree(repo.dir, users);
    const run = ambient(repo, ['run', '--all']);
    assert.is(run.code, 0, run.stderr);
    assert.ok(ambientJson<unknown[]>(repo, ['list']).length > 0);
    assert.equal(fingerprintTree(repo.dir, users), before);
  });

test.run();
