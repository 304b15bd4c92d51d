/** Finding a repository, and saying clearly that there is none. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository, temporaryDirectory, testEnvironment } from '../support/repository.ts';
import { codeOf, errorOf, open } from './support.ts';

const test = suite('git/open');

test('an ordinary repository, from a subdirectory', async () => {
  const repository = makeRepository({ files: { 'src/a b/c.txt': 'x\n' } });
  const { info } = await open(repository, join(repository.dir, 'src/a b'));
  assert.is(info.workTree, repository.dir);
  assert.is(info.gitDir, join(repository.dir, '.git'));
  assert.is(info.commonDir, info.gitDir);
  assert.is(info.objectFormat, 'sha1');
  assert.ok(info.version[0] >= 2);
});

test('a bare repository has no working tree', async () => {
  const repository = makeRepository();
  const bare = `${repository.dir}.git`;
  repository.git('clone', '-q', '--bare', '.', bare);
  const opened = await open(repository, bare);
  assert.is(opened.info.workTree, null);
  assert.is(opened.info.gitDir, bare);
  assert.is(await codeOf(opened.work.state()), 'bare-repository');
  assert.is((await opened.objects.commit(repository.git('rev-parse', 'HEAD'))).message, 'first\n');
  await opened.close();
});

test('a linked worktree has a directory of its own and shares the rest', async () => {
  const repository = makeRepository();
  const linked = `${repository.dir}-linked`;
  repository.git('worktree', 'add', '-q', '-b', 'side', linked);
  const opened = await open(repository, linked);
  assert.is(opened.info.workTree, linked);
  assert.is(opened.info.commonDir, join(repository.dir, '.git'));
  assert.is(opened.info.gitDir, join(repository.dir, '.git/worktrees', `repo-linked`));
  assert.is((await opened.work.state()).branch, 'refs/heads/side');
  assert.is((await opened.config.hooks()).dir, join(repository.dir, '.git/hooks'));
});

test('a directory inside .git is the repository without its working tree', async () => {
  const repository = makeRepository();
  const { info } = await open(repository, join(repository.dir, '.git/refs'));
  assert.is(info.gitDir, join(repository.dir, '.git'));
  assert.is(info.workTree, null);
});

test('what a hook leaves in the environment does not redirect us', async () => {
  const repository = makeRepository();
  const other = makeRepository({ files: { 'other.txt': 'other\n' } });
  const env = {
    ...repository.env,
    GIT_DIR: join(other.dir, '.git'),
    GIT_INDEX_FILE: '/nonexistent/index',
    GIT_CONFIG_PARAMETERS: "'core.bare=true'",
  };
  const opened = await openRepository(repository.dir, { env });
  assert.is(opened.info.workTree, repository.dir);
  assert.equal((await opened.work.state()).dirty, []);
});

test('no repository, no directory, no git, an old git', async () => {
  const empty = temporaryDirectory();
  const env = { ...testEnvironment(empty), GIT_CEILING_DIRECTORIES: empty };
  assert.is(await codeOf(openRepository(empty, { env })), 'not-a-repository');
  assert.is(await codeOf(openRepository(join(empty, 'missing'), { env })), 'not-a-repository');
  const bin = join(empty, 'bin');
  mkdirSync(bin);
  assert.is(await codeOf(openRepository(empty, { env: { ...env, PATH: bin } })), 'no-git');
  writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.37.9\n', { mode: 0o755 });
  symlinkSync('/bin/sh', join(bin, 'sh'));
  assert.is(await codeOf(openRepository(empty, { env: { ...env, PATH: bin } })), 'git-too-old');
});

test('a repository of another owner is refused with the way to admit it', async () => {
  const repository = makeRepository();
  const bin = temporaryDirectory();
  const git = repository.exec(['sh', '-c', 'command -v git']).trim();
  const shim = `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec '${git}' "$@"\n`;
  writeFileSync(join(bin, 'git'), shim, { mode: 0o755 });
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` };
  const failed = await errorOf(openRepository(repository.dir, { env }));
  assert.is(failed.code, 'unsafe-repository');
  assert.match(failed.hint ?? '', 'safe.directory');
});

test('an aborted signal ends every call', async () => {
  const repository = makeRepository();
  const controller = new AbortController();
  const opened = await openRepository(repository.dir, { env: repository.env, signal: controller.signal });
  const head = repository.git('rev-parse', 'HEAD');
  await opened.objects.commit(head);
  controller.abort(new Error('enough'));
  assert.is(await codeOf(opened.refs.list('refs/')), 'aborted');
  assert.is(await codeOf(opened.objects.commit(head)), 'git-failed');
});

test.run();
