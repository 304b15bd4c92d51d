/** Bad input: the exit code, the cause and the next step, for people and for programs. */
import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, cliPath } from '../support/cli.ts';
import { makeRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('cli/errors');
const repo = makeRepository();
const package_ = dirname(dirname(cliPath));
const nowhere = useRepository(temporaryDirectory(), repo.home);
const empty = makeRepository({ empty: true });

interface Case {
  name: string;
  args: string[];
  in?: typeof repo;
  env?: Record<string, string>;
  code: number;
  error: string;
  says: RegExp;
}
const cases: Case[] = [
  { name: 'not a repository', args: ['list'], in: nowhere, code: 2, error: 'not-a-repository', says: /-C <dir>/ },
  { name: 'no commit yet', args: ['run', '--all'], in: empty, code: 2, error: 'no-commit', says: /commit something/ },
  { name: 'no git', args: ['list'], env: { PATH: '/nonexistent' }, code: 3, error: 'no-git', says: /install git/ },
  { name: 'unknown id', args: ['show', 'abcdef'], code: 2, error: 'unknown-proposal', says: /git ambient list/ },
  {
    name: 'unknown revision',
    args: ['verify', 'no-such'],
    code: 2,
    error: 'unknown-revision',
    says: /names no commit/,
  },
  { name: 'root commit has no base', args: ['verify', 'HEAD'], code: 2, error: 'no-base', says: /--base/ },
  {
    name: 'not allowed',
    args: ['sandbox', '--', 'curl', 'x'],
    code: 2,
    error: 'not-allowed',
    says: /allowed_commands/,
  },
  { name: 'no command', args: ['sandbox', '--'], code: 2, error: 'no-command', says: /pytest/ },
  { name: 'a word too many', args: ['status', 'shop'], code: 2, error: 'usage', says: /takes flags only: "shop"/ },
  { name: 'two words too many', args: ['show', 'a', 'b', 'c'], code: 2, error: 'usage', says: /id: "b", "c" are too/ },
  { name: 'no id', args: ['merge'], code: 2, error: 'usage', says: /needs the id\n.*git ambient list/ },
  { name: 'a flag misspelt', args: ['run', '--al'], code: 2, error: 'usage', says: /no flag --al\n.*`--all`/ },
  { name: 'a flag forgotten', args: ['reject', 'abc'], code: 2, error: 'usage', says: /--reason is missing/ },
  { name: 'no such choice', args: ['list', '--group', 'x'], code: 2, error: 'usage', says: /specialist, file, none/ },
  { name: 'no such number', args: ['list', '--limit', '-1'], code: 2, error: 'usage', says: /received: -1/ },
  { name: 'flags at odds', args: ['run', '--all', '--since', 'x'], code: 2, error: 'usage', says: /--since/ },
  { name: 'a file for an id', args: ['apply', 'a.patch'], code: 2, error: 'not-an-id', says: /apply - < a\.patch/ },
];

for (const one of cases)
  test(one.name, () => {
    const place = one.in ?? repo;
    const plain = ambient(place, one.args, one.env);
    assert.is(plain.code, one.code, plain.stdout + plain.stderr);
    assert.is(plain.stdout, '');
    assert.match(plain.stderr, one.says);
    assert.match(plain.stderr, /^error: .+\n {2}→ /);
    assert.not.match(plain.stderr, /\n\s+at /, 'no stack trace');
    const json = ambient(place, [...one.args.slice(0, 1), '--json', ...one.args.slice(1)], one.env);
    assert.is(json.code, one.code);
    assert.is((JSON.parse(json.stdout) as { error: { code: string } }).error.code, one.error);
  });

test('a broken configuration names file and line, and init refuses to trust it', () => {
  const place = makeRepository({ files: { '.ambient.yml': 'risk_policy:\n  file_change_limt: 3\n' } });
  const result = ambient(place, ['init']);
  assert.is(result.code, 2);
  assert.match(result.stderr, /\.ambient\.yml:2/);
  assert.match(result.stderr, /file_change_limit/);
});

test('-C works before and after the command, and a directory that is not there is said', () => {
  assert.is(ambient(nowhere, ['-C', repo.dir, 'list']).code, 0);
  assert.is(ambient(nowhere, ['list', '-C', repo.dir]).code, 0);
  assert.is(ambient(nowhere, ['-C', '/nonexistent', 'list']).code, 2);
  assert.is(ambient(nowhere, ['list', '-C', '/nonexistent']).code, 2);
});

test('`help` is another word for --help', () => {
  assert.is(ambient(repo, ['help', 'merge']).stdout, ambient(repo, ['merge', '--help']).stdout);
  assert.match(ambient(repo, ['help']).stdout, /\bmerge\b/);
  assert.is(ambient(repo, ['help', 'mrege']).code, 2);
  assert.is(ambient(repo, ['--json']).code, 2);
});

test('an unknown command and an unknown flag are the user’s mistake', () => {
  assert.is(ambient(repo, ['lsit']).code, 2);
  const flag = ambient(repo, ['list', '--al']);
  assert.is(flag.code, 2);
  assert.match(flag.stderr, /--al/);
});

test('a missing trailing sandbox: nothing runs, the message says what to install', () => {
  const place = makeRepository({
    files: { 'test_a.py': 'import unittest\n\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n' },
  });
  place.commit('x', { 'a.py': 'import os\n' });
  const bin = temporaryDirectory();
  place.exec(['sh', '-c', `for tool in git sh env; do ln -s "$(command -v $tool)" "${bin}/$tool"; done`]);
  const result = ambient(place, ['run', '--all'], { PATH: bin });
  assert.is(result.code, 3, result.stdout + result.stderr);
  assert.match(result.stderr, /bubblewrap/);
  assert.match(result.stderr, /install/);
});

test('help by either flag, of our own words only', () => {
  for (const flag of ['--help', '-h']) {
    const help = ambient(repo, ['list', flag]);
    assert.is(help.code, 0, help.stderr);
    assert.match(help.stdout, /USAGE/);
  }
  const other = ambient(repo, ['sandbox', '--', 'curl', '--help']);
  assert.is(other.code, 2, other.stderr);
  assert.match(other.stderr, /allowed_commands/);
});

test('help loads no room', () => {
  const help = ambient(repo, ['--help'], { NODE_DEBUG: 'esm' });
  assert.is(help.code, 0);
  assert.not.match(help.stderr, /dist\/(crew|git|store|config|evaluate)\//);
  assert.match(help.stdout, /merge/);
});

test('half an installation says so', () => {
  const place = temporaryDirectory();
  for (const part of ['bin', 'package.json', 'dist/start.cjs'])
    cpSync(join(package_, part), join(place, part), { recursive: true });
  const start = (...words: string[]) =>
    spawnSync(process.execPath, [join(place, 'bin/run.js'), ...words], { encoding: 'utf8', cwd: repo.dir });
  assert.is(start('--version').status, 0);
  const told = (name: string, result: ReturnType<typeof start>) => {
    assert.is(result.status, 3, result.stderr);
    assert.match(result.stderr, `dist/${name} cannot be loaded`);
    assert.match(result.stderr, /install it again/);
    assert.is(result.stderr.split('\n').length, 3, result.stderr);
  };
  told('work.cjs', start('doctor'));
  // What reads files is looked for before a commit counts as read.
  cpSync(join(package_, 'dist'), join(place, 'dist'), { recursive: true });
  cpSync(join(package_, 'oclif.manifest.json'), join(place, 'oclif.manifest.json'));
  symlinkSync(join(package_, 'node_modules'), join(place, 'node_modules'));
  repo.commit('to read', { 'to-read.py': 'import os\n' });
  truncateSync(join(place, 'dist/swarm/eslint.cjs'), 0);
  told('swarm/eslint.cjs', start('run', '--all'));
  cpSync(join(package_, 'dist/swarm'), join(place, 'dist/swarm'), { recursive: true });
  assert.match(start('run', '--all').stdout, /1 finding/);
  for (const size of [100_000, 0]) {
    truncateSync(join(place, 'dist/start.cjs'), size);
    told('start.cjs', start('--version'));
  }
});

test.run();
