/** Installed from its tarball, git finds the command and its manual. Dependencies are left out: no network is needed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeRepository, temporaryDirectory, testEnvironment } from '../support/repository.ts';

const test = suite('cli/manual');
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = temporaryDirectory();
const prefix = join(work, 'prefix');
const npm = (args: string[], cwd: string) =>
  execFileSync('npm', [...args, '--silent', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    env: { ...testEnvironment(work), npm_config_cache: join(work, 'cache'), npm_config_update_notifier: 'false' },
  });

test.before(() => {
  npm(['pack', '--pack-destination', work], root);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['xzf', tarball], { cwd: work });
  const file = join(work, 'package/package.json');
  const { dependencies: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(rest));
  npm(['pack', '--pack-destination', prefix.replace(/prefix$/, '')], join(work, 'package'));
  npm(['install', '--global', '--prefix', prefix, join(work, tarball)], work);
});

function git(args: string[]): { code: number | null; output: string } {
  const repo = makeRepository();
  const result = spawnSync('git', args, {
    cwd: repo.dir,
    encoding: 'utf8',
    env: {
      ...repo.env,
      PATH: `${join(prefix, 'bin')}:${repo.env['PATH']}`,
      MANPATH: join(prefix, 'share/man'),
      MANPAGER: 'cat',
      MANWIDTH: '80',
    },
  });
  return { code: result.status, output: `${result.stdout}${result.stderr}`.replace(/.\u0008/g, '') };
}

test('git finds the command', () => {
  const { code, output } = git(['ambient', '--version']);
  assert.is(code, 0, output);
  assert.match(output, /^git-ambient\/\d/);
  assert.match(git(['ambient', 'list', '--help']).output, 'USAGE');
});

const hasMan = spawnSync('man', ['--version']).status === 0;
if (!hasMan) test.skip('no man here', () => {});
(hasMan ? test : test.skip)('`git ambient --help` and `git help ambient` show the manual', () => {
  assert.ok(existsSync(join(prefix, 'share/man/man1/git-ambient.1')));
  for (const args of [
    ['ambient', '--help'],
    ['help', 'ambient'],
  ]) {
    const { code, output } = git(args);
    assert.is(code, 0, output);
    assert.match(output, 'git-ambient - a maintenance crew');
    assert.match(output, 'git ambient merge <id>');
  }
});

(hasMan ? test : test.skip)('man finds nothing to complain about', () => {
  const page = join(root, 'man/git-ambient.1');
  const result = spawnSync('man', ['--warnings', '-l', page], {
    encoding: 'utf8',
    env: { ...testEnvironment(work), MANPAGER: 'cat', MANWIDTH: '80' },
  });
  assert.is(result.stderr, '');
  assert.match(result.stdout.replace(/.\u0008/g, ''), 'NAME');
});

test.run();
