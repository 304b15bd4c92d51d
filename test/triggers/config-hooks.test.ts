/** Hooks of the configuration (git ≥ 2.54, which this machine need not have), and hooks directories that serve many. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { hookPlaces, hookState, inspectHooks, installHooks, removeHooks } from '../../src/triggers/index.ts';
import { decideSetup, type Sight } from '../../src/triggers/setup.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('triggers/config-hooks');
const places = {
  node: process.execPath,
  cli: "/it's/run.js",
  hooks: fileURLToPath(new URL('../../hooks', import.meta.url)),
};
const both = { events: ['post-commit', 'pre-push'] as const, write: false };

/** The repository as a git of `version` sees it. */
async function opened<T>(
  repo: TestRepository,
  version: [number, number, number],
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(repo.dir, { env: repo.env });
  try {
    return await work({ ...repository, info: { ...repository.info, version } });
  } finally {
    await repository.close();
  }
}

const uninstall = async (repository: Repository) => removeHooks(repository, await hookPlaces(repository));
const NEW: [number, number, number] = [2, 54, 0];
const OLD: [number, number, number] = [2, 53, 9];

/** What git ≥ 2.54 does with a configured hook: the command by the shell, the hook's arguments behind it. */
function fire(repo: TestRepository, name: string, args: string[], input = '') {
  const command = repo.git('config', `hook.${name}.command`);
  return spawnSync('sh', ['-c', `${command} "$@"`, command, ...args], {
    cwd: repo.dir,
    env: repo.env,
    input,
    encoding: 'utf8',
  });
}

test('two sections of the local configuration and no file; uninstall leaves every byte as it was', async () => {
  const texts = [
    '',
    '[alias]\n\tmine = status\n# a comment at the end\n',
    '[hook "other"]\n\tevent = pre-commit\n\tcommand = true\n',
  ];
  for (const text of texts) {
    const repo = makeRepository();
    repo.git('config', 'core.hooksPath', '.husky/_');
    const config = join(repo.dir, '.git/config');
    writeFileSync(config, readFileSync(config, 'utf8') + text);
    const before = readFileSync(config);
    for (let round = 0; round < 2; round++) {
      const done = await opened(repo, NEW, (repository) => installHooks(repository, places, both));
      assert.is(done.setup, 'config');
      assert.equal(done.next, []);
      assert.ok(done.hooks.every((hook) => hook.installed && hook.changed));
      assert.is(repo.git('config', '--local', 'hook.ambient.event'), 'post-commit');
      assert.is(repo.git('config', '--local', 'hook.ambient-push.event'), 'pre-push');
      assert.not(existsSync(join(repo.dir, '.husky')));
      assert.is(await opened(repo, NEW, hookState), 'installed');
      const again = await opened(repo, NEW, (repository) => installHooks(repository, places, both));
      assert.ok(again.hooks.every((hook) => hook.installed && !hook.changed));
      assert.is((await opened(repo, NEW, uninstall)).length, 4);
      assert.is(readFileSync(config, 'utf8'), before.toString());
    }
  }
});

test('what is written works as git calls it', async () => {
  const repo = makeRepository();
  await opened(repo, NEW, (repository) => installHooks(repository, places, both));
  assert.is(fire(repo, 'ambient', []).status, 0);
  mkdirSync(join(repo.dir, '.git/ambient'));
  const woken = fire(repo, 'ambient', []);
  assert.equal([woken.status, woken.stdout, woken.stderr], [0, '', '']);
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
  const quiet = fire(repo, 'ambient-push', ['origin', 'url'], 'refs/heads/a 1 refs/heads/a 2\n');
  assert.equal([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('an older git is told to init again, and its init leaves no setting behind', async () => {
  const repo = makeRepository();
  await opened(repo, NEW, (repository) => installHooks(repository, places, both));
  const [sight] = await opened(repo, OLD, inspectHooks);
  assert.equal([sight?.state, sight?.hint], ['missing', 'git ambient init']);
  const done = await opened(repo, OLD, (repository) => installHooks(repository, places, both));
  assert.is(done.setup, 'plain');
  assert.throws(() => repo.git('config', 'hook.ambient.command'));
  // And the other way round: one hook, not two.
  await opened(repo, NEW, (repository) => installHooks(repository, places, both));
  assert.not(existsSync(join(repo.dir, '.git/hooks/post-commit')));
});

test('switched off by the person is not installed; lines in a shared file are not doubled', async () => {
  const repo = makeRepository({ files: { '.githooks/readme': 'x' } });
  await opened(repo, NEW, (repository) => installHooks(repository, places, both));
  repo.git('config', 'hook.ambient.enabled', 'false');
  assert.is(await opened(repo, NEW, hookState), 'missing');
  await opened(repo, NEW, uninstall);
  assert.is(repo.git('config', 'hook.ambient.enabled'), 'false', 'their setting stays');
  repo.git('config', '--unset', 'hook.ambient.enabled');
  repo.git('config', 'core.hooksPath', '.githooks');
  await opened(repo, OLD, (repository) => installHooks(repository, places, { ...both, write: true }));
  const done = await opened(repo, NEW, (repository) => installHooks(repository, places, both));
  assert.ok(done.hooks.every((hook) => hook.installed && hook.path.includes('.githooks')));
  assert.throws(() => repo.git('config', 'hook.ambient.command'));
});

test('a global hooks directory is refused with the reason and the next step; copied lines are seen', async () => {
  const repo = makeRepository();
  const shared = temporaryDirectory();
  const global = join(repo.home, 'gitconfig');
  writeFileSync(global, `[core]\n\thooksPath = ${shared}\n`);
  Object.assign(repo.env, { GIT_CONFIG_GLOBAL: global });
  for (const write of [false, true]) {
    const done = await opened(repo, OLD, (repository) => installHooks(repository, places, { ...both, write }));
    assert.is(done.setup, 'elsewhere');
    assert.ok(done.hooks.every((hook) => !hook.installed && hook.reason?.includes('serve other repositories')));
    assert.match(done.next.join(' '), 'git config --local core.hooksPath');
    assert.is(readFileSync(global, 'utf8'), `[core]\n\thooksPath = ${shared}\n`);
    assert.is(await opened(repo, OLD, hookState), 'elsewhere');
    writeFileSync(join(shared, 'post-commit'), `#!/bin/sh\n${done.hooks[0]?.snippet}`);
    chmodSync(join(shared, 'post-commit'), 0o755);
    assert.is(await opened(repo, OLD, hookState), 'installed');
    repo.commit('second');
    assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')));
    writeFileSync(join(shared, 'post-commit'), '');
  }
  // The next step that was named.
  repo.git('config', '--local', 'core.hooksPath', join(repo.dir, '.git/hooks'));
  const done = await opened(repo, OLD, (repository) => installHooks(repository, places, both));
  assert.is(done.setup, 'plain');
  assert.ok(done.hooks.every((hook) => hook.installed));
});

test('the set-up is decided from what was seen', () => {
  const sight: Sight = {
    version: [2, 39, 5],
    workTree: '/r',
    commonDir: '/r/.git',
    dir: '/r/.git/hooks',
    real: '/r/.git/hooks',
    configured: null,
    generators: [],
  };
  const at = (dir: string, scope: string) => ({ dir, real: dir, configured: { scope, origin: 'file:x' } });
  const table: Array<[Partial<Sight>, string]> = [
    [{}, 'plain'],
    [{ version: [2, 54, 0], ...at('/etc/hooks', 'system') }, 'config'],
    [{ version: [3, 0, 0] }, 'config'],
    [{ generators: ['lefthook'] }, 'lefthook'],
    [{ generators: ['pre-commit'] }, 'pre-commit'],
    [{ real: '/r/scripts' }, 'in-tree'],
    [{ real: '/elsewhere' }, 'elsewhere'],
    [at('/r/.git/hooks', 'local'), 'plain'],
    [at('/r/.git/hooks', 'global'), 'plain'],
    [at('/r/.husky/_', 'local'), 'husky'],
    [at('/r/.husky', 'local'), 'in-tree'],
    [at('/r/.githooks', 'worktree'), 'in-tree'],
    [{ ...at('/r/.githooks', 'local'), real: '/home/team/hooks' }, 'elsewhere'],
    [at('/r/.githooks', 'global'), 'elsewhere'],
    [at('/r/.githooks', 'system'), 'elsewhere'],
    [at('/r/.githooks', 'command'), 'elsewhere'],
    [at('/r-other/hooks', 'local'), 'elsewhere'],
    [at('/dev/null', 'local'), 'elsewhere'],
    [{ ...at('/r/.githooks', 'local'), workTree: null }, 'elsewhere'],
    [{ ...at('/r/.git/team', 'local'), workTree: null }, 'in-tree'],
  ];
  for (const [seen, kind] of table) assert.is(decideSetup({ ...sight, ...seen }).kind, kind, JSON.stringify(seen));
});

test.run();
