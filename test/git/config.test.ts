/** The user's configuration, and where hooks really live. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository } from '../support/repository.ts';
import { codeOf, open } from './support.ts';

const test = suite('git/config');

test('get, set, unset: local, exact', async () => {
  const repository = makeRepository();
  const { config } = await open(repository);
  assert.is(await config.get('ambient.replica'), null);
  await config.set('ambient.replica', ' a1\nb"c ');
  assert.is(await config.get('ambient.replica'), ' a1\nb"c ');
  assert.is(await config.get('core.hooksPath'), null, 'our own switches are not the user’s');
  await config.set('ambient.replica', 'b2');
  assert.is(repository.git('config', '--local', '--get-all', 'ambient.replica'), 'b2');
  await config.unset('ambient.replica');
  await config.unset('ambient.replica');
  assert.is(await config.get('ambient.replica'), null);
  assert.is(await codeOf(config.set('not a key', 'x')), 'git-failed');
});

test('one reading serves every question; who must know what others wrote since says so', async () => {
  const repository = makeRepository();
  const { config } = await open(repository);
  repository.git('config', 'Some.Sub.Section.KEY', 'one');
  repository.git('config', '--add', 'some.Sub.Section.key', 'two\nlines');
  assert.is(await config.get('some.Sub.Section.Key'), 'two\nlines', 'of several the last');
  assert.is(await config.get('some.sub.section.key'), null, 'case counts in the middle');
  repository.git('config', '--replace-all', 'some.Sub.Section.key', 'three');
  assert.is(await config.get('some.Sub.Section.key'), 'two\nlines');
  assert.is(await config.get('some.Sub.Section.key', { fresh: true }), 'three');
  writeFileSync(join(repository.dir, '.git/config'), '[broken\n');
  assert.is(await codeOf(config.get('a.b', { fresh: true })), 'git-failed');
});

test('the identity that a commit would have', async () => {
  const repository = makeRepository();
  const { config } = await open(repository);
  assert.equal(await config.identity(), { name: 'Test Person', email: 'person@example.test' });
  repository.git('config', 'user.useConfigOnly', 'true');
  repository.git('config', '--unset', 'user.email');
  assert.is(await config.identity(), null);
});

test('the hooks directory, and who has set it', async () => {
  const repository = makeRepository();
  const { config } = await open(repository);
  assert.equal(await config.hooks(), { dir: join(repository.dir, '.git/hooks'), configured: null });
  repository.git('config', 'core.hooksPath', '.husky/_');
  const local = await (await open(repository)).config.hooks();
  assert.is(local.dir, join(repository.dir, '.husky/_'));
  assert.is(local.configured?.scope, 'local');
  assert.match(local.configured?.origin ?? '', /\.git\/config$/);
  repository.git('config', '--unset', 'core.hooksPath');
  const global = join(repository.home, 'global config');
  mkdirSync(join(repository.home, 'hooks'));
  writeFileSync(global, `[core]\n\thooksPath = ${repository.home}/hooks\n`);
  const opened = await openRepository(repository.dir, { env: { ...repository.env, GIT_CONFIG_GLOBAL: global } });
  const set = await opened.config.hooks();
  assert.equal(set, { dir: join(repository.home, 'hooks'), configured: { scope: 'global', origin: `file:${global}` } });
});

test.run();
