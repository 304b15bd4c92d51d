/** Finding a working tree without git says what git says, or nothing. */
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCheckout } from '../../src/git/find-checkout.ts';
import { openCheckout } from '../../src/git/index.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('git/checkout');

function asGit(repo: TestRepository, dir: string) {
  const [gitDir, commonDir, workTree] = repo
    .exec(['git', '-C', dir, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--show-toplevel'])
    .trim()
    .split('\n');
  return { gitDir, commonDir, workTree };
}

function agrees(repo: TestRepository, dir: string): void {
  assert.equal(findCheckout(dir, repo.env), asGit(repo, dir), dir);
}

test('at the top, below it, through a link, in a linked worktree, in a submodule', () => {
  const repo = makeRepository({ files: { 'a/b/c.txt': 'x\n' } });
  agrees(repo, repo.dir);
  agrees(repo, join(repo.dir, 'a/b'));
  const elsewhere = temporaryDirectory();
  symlinkSync(join(repo.dir, 'a'), join(elsewhere, 'link'));
  agrees(repo, join(elsewhere, 'link'));
  const linked = join(elsewhere, 'linked tree');
  repo.git('worktree', 'add', '-q', '-b', 'linked', linked);
  agrees(repo, linked);
  agrees(repo, join(linked, 'a'));
  const nested = join(repo.dir, 'a/nested');
  mkdirSync(nested);
  repo.exec(['git', 'init', '-q', nested]);
  agrees(repo, nested);
  const outer = makeRepository();
  outer.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repo.dir, 'sub');
  const inside = join(outer.dir, 'sub/a');
  // Its settings name a working tree, so git is asked.
  assert.is(findCheckout(inside, outer.env), null);
});

test('anything unusual is left to git', async () => {
  const repo = makeRepository({ files: { 'a/b.txt': 'x\n' } });
  assert.is(findCheckout(join(repo.dir, '.git'), repo.env), null, 'inside .git');
  assert.is(findCheckout(join(repo.dir, '.git/refs'), repo.env), null, 'inside .git');
  assert.is(findCheckout(join(repo.dir, 'nowhere'), repo.env), null, 'no such directory');
  assert.is(findCheckout(repo.dir, { ...repo.env, GIT_CEILING_DIRECTORIES: '/' }), null, 'ceilings');
  assert.is(findCheckout(temporaryDirectory(), repo.env), null, 'no repository');
  const bare = temporaryDirectory();
  repo.exec(['git', 'init', '-q', '--bare', bare]);
  assert.is(findCheckout(bare, repo.env), null, 'bare');
  const broken = temporaryDirectory();
  mkdirSync(join(broken, '.git'));
  assert.is(findCheckout(broken, repo.env), null, 'an empty .git');
  writeFileSync(join(temporaryDirectory(), '.git'), 'gitdir: /nowhere\n');
  repo.git('config', 'core.worktree', '../a');
  assert.is(findCheckout(repo.dir, repo.env), null, 'core.worktree');
  const opened = await openCheckout(join(repo.dir, 'a'), { env: repo.env });
  assert.is(opened.top, realpathSync(join(repo.dir, 'a')));
});

test('names, blobs, identities, patches and settings', async () => {
  const repo = makeRepository({ files: { 'a b/ü.txt': 'one\n', 'c.txt': 'two\n' } });
  const first = repo.git('rev-parse', 'HEAD');
  const second = repo.commit('change', { 'c.txt': 'zwei\n' });
  repo.write('untracked.txt', 'x');
  const checkout = await openCheckout(join(repo.dir, 'a b'), { env: repo.env });
  assert.equal(await checkout.paths(), ['a b/ü.txt', 'c.txt']);
  const oid = repo.git('rev-parse', 'HEAD:c.txt');
  assert.is((await checkout.blob(oid.slice(0, 8)))?.toString(), 'zwei\n');
  assert.is(await checkout.blob(second), null, 'a commit is no blob');
  assert.is(await checkout.blob('--help'), null);
  assert.is(await checkout.blob('0000000000'), null);
  assert.equal(await checkout.identify([Buffer.from('zwei\n'), Buffer.from('nowhere stored')]), [
    { oid, stored: true },
    { oid: repo.exec(['git', 'hash-object', '--stdin'], { input: 'nowhere stored' }).trim(), stored: false },
  ]);
  assert.match((await checkout.patch(first, second)).toString(), /-two\n\+zwei\n/);
  assert.is(await checkout.setting('user.name'), 'Test Person');
  assert.is(await checkout.setting('no.such'), null);
});

test('not a repository, and a bare one, are the user’s mistakes', async () => {
  const nowhere = temporaryDirectory();
  const { env } = useRepository(nowhere, nowhere);
  const codeOf = (dir: string) =>
    openCheckout(dir, { env }).then(
      () => 'opened',
      (error: { code?: string }) => error.code,
    );
  assert.is(await codeOf(nowhere), 'not-a-repository');
  assert.is(await codeOf(join(nowhere, 'missing')), 'not-a-repository');
  const repo = makeRepository();
  assert.is(await codeOf(join(repo.dir, '.git')), 'bare-repository');
});

test.run();
