/** The cursor over the reflogs: what was made here, once, and nothing that came from elsewhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Repository } from '../../src/git/index.ts';
import { makeRepository, useRepository } from '../support/repository.ts';
import { open } from './support.ts';

const test = suite('git/history');

/** Reads on from the last cursor at every call. */
async function follow(opened: Repository): Promise<() => Promise<string[]>> {
  let { cursor } = await opened.history.madeHere(null);
  return async () => {
    const read = await opened.history.madeHere(cursor);
    cursor = read.cursor;
    return read.commits;
  };
}

test('it starts at the present end, and sees each commit once', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const first = await opened.history.madeHere(null);
  assert.equal(first.commits, []);
  const next = await follow(opened);
  assert.equal(await next(), []);
  const a = repository.commit('a');
  const b = repository.commit('b');
  assert.equal(await next(), [a, b]);
  assert.equal(await next(), []);
  await opened.close();
});

test('an empty repository, then its first commit', async () => {
  const repository = makeRepository({ empty: true });
  const opened = await open(repository);
  const next = await follow(opened);
  const a = repository.commit('a');
  assert.equal(await next(), [a]);
  await opened.close();
});

test('an amended-away commit is left out', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const next = await follow(opened);
  repository.commit('a', { 'a.txt': 'secret\n' });
  repository.write('a.txt', 'clean\n');
  repository.git('commit', '-qa', '--amend', '-m', 'b');
  assert.equal(await next(), [repository.git('rev-parse', 'HEAD')]);
  await opened.close();
});

test('pull, fast-forward, checkout, reset and clone are not made here; merges and cherry-picks are', async () => {
  const origin = makeRepository();
  const dir = `${origin.dir}-clone`;
  origin.git('clone', '-q', '.', dir);
  const clone = useRepository(dir, origin.home);
  clone.git('config', 'user.name', 'C');
  clone.git('config', 'user.email', 'c@x.test');
  const opened = await open(clone);
  const next = await follow(opened);
  origin.commit('theirs', { 't.txt': 't\n' });
  clone.git('pull', '-q', '--ff-only');
  clone.git('checkout', '-q', '-b', 'side', 'HEAD^');
  clone.git('merge', '-q', 'main');
  clone.git('reset', '-q', '--hard', 'HEAD^');
  assert.equal(await next(), []);
  const side = clone.commit('side', { 's.txt': 's\n' });
  clone.git('checkout', '-q', 'main');
  clone.git('cherry-pick', side);
  const picked = clone.git('rev-parse', 'HEAD');
  clone.git('revert', '--no-edit', 'HEAD');
  const reverted = clone.git('rev-parse', 'HEAD');
  clone.git('merge', '-q', '--no-edit', 'side');
  const merged = clone.git('rev-parse', 'HEAD');
  assert.equal(new Set(await next()), new Set([side, picked, reverted, merged]));
  await opened.close();
});

test('a rebase counts once, by its end; an empty one does not', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  repository.git('branch', 'base');
  const next = await follow(opened);
  for (const name of ['a', 'b', 'c']) repository.commit(name, { [`${name}.txt`]: name });
  assert.is((await next()).length, 3);
  repository.git('checkout', '-q', 'base');
  const base = repository.commit('base', { 'base.txt': 'base' });
  assert.equal(await next(), [base]);
  repository.git('rebase', '-q', 'base', 'main');
  assert.equal(await next(), [repository.git('rev-parse', 'main')]);
  repository.git('checkout', '-q', '-b', 'behind', 'HEAD~2');
  repository.git('rebase', '-q', 'main');
  assert.equal(await next(), []);
  await opened.close();
});

test('half a rebase says nothing yet', async () => {
  const repository = makeRepository({ files: { 'a.txt': '1\n' } });
  const opened = await open(repository);
  const next = await follow(opened);
  repository.git('branch', 'base');
  repository.commit('clean', { 'c.txt': 'c\n' });
  repository.commit('conflicting', { 'a.txt': 'mine\n' });
  repository.git('checkout', '-q', 'base');
  repository.commit('theirs', { 'a.txt': 'theirs\n' });
  await next();
  assert.throws(() => repository.git('rebase', 'base', 'main'));
  assert.is((await opened.work.state()).underWay, 'rebase');
  assert.equal(await next(), []);
  repository.write('a.txt', 'both\n');
  repository.git('add', 'a.txt');
  repository.exec(['git', 'rebase', '--continue'], { env: { GIT_EDITOR: 'true' } });
  assert.equal(await next(), [repository.git('rev-parse', 'main')]);
  await opened.close();
});

test('linked worktrees, detached heads among them', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const next = await follow(opened);
  const dir = `${repository.dir}-linked`;
  repository.git('worktree', 'add', '-q', '--detach', dir);
  const linked = useRepository(dir, repository.home);
  const made = linked.commit('in the linked worktree', { 'l.txt': 'l' });
  assert.equal(await next(), [made]);
  await opened.close();
});

test('an expired, a truncated and a rewritten log', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  repository.commit('a');
  repository.commit('b');
  const next = await follow(opened);
  const log = join(repository.dir, '.git/logs/HEAD');
  const lines = readFileSync(log, 'utf8').split('\n');
  writeFileSync(log, lines.slice(1).join('\n'));
  const c = repository.commit('c');
  assert.equal(await next(), [c], 'the front was expired');
  writeFileSync(log, '');
  const d = repository.commit('d');
  assert.equal(await next(), [d], 'all of it was expired');
  writeFileSync(log, `${readFileSync(log, 'utf8')}0000 torn`);
  assert.equal(await next(), [], 'a line that is still being written');
  await opened.close();
});

test('ancestry, and commits by their message', async () => {
  const repository = makeRepository();
  const first = repository.git('rev-parse', 'HEAD');
  const landed = repository.commit('fix\n\n  Ambient-Proposal: abc123');
  const last = repository.commit('last');
  const opened = await open(repository);
  assert.is(await opened.history.isAncestor(first, last), true);
  assert.is(await opened.history.isAncestor(last, first), false);
  const found = await opened.history.grep(`${first}..${last}`, '^\\s*Ambient-Proposal: (abc|def)');
  assert.equal(
    found.map(({ oid }) => oid),
    [landed],
  );
  await opened.close();
});

test.run();
