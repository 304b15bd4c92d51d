/**
 * What a stranger's machine and repository may throw at us: an exit code, the cause and the next step; nothing is lost,
 * nothing of theirs is run.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, type CliResult, fingerprintTree, makeInitialised } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, temporaryDirectory } from '../support/repository.ts';

const test = suite('cli/bad-input');

function fails(result: CliResult, code: number, says: RegExp): void {
  assert.is(result.code, code, result.stdout + result.stderr);
  assert.match(result.stderr, says);
  assert.match(result.stderr, /\n {2}→ /, 'a next step');
  assert.not.match(result.stderr, /\n\s+at |fault of git-ambient/, 'not our bug');
}

/** A PATH with these programs of the system and no others. */
function pathWith(...tools: string[]): string {
  const bin = temporaryDirectory();
  for (const tool of tools) {
    const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(found, join(bin, tool));
  }
  return bin;
}

test('git too old: said by every command, nothing is written', () => {
  const repo = makeRepository();
  const bin = pathWith('sh');
  writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.25.1\n', { mode: 0o755 });
  const before = fingerprintTree(repo.dir);
  for (const args of [['init'], ['run'], ['list'], ['doctor'], ['uninstall']])
    fails(ambient(repo, args, { PATH: bin }), 3, /needs git 2\.38 or newer; this is git version 2\.25\.1/);
  assert.equal(fingerprintTree(repo.dir), before);
});

test('a repository that this git cannot read', () => {
  const repo = makeRepository();
  repo.git('config', 'core.repositoryFormatVersion', '1');
  repo.git('config', 'extensions.refStorage', 'nosuch');
  fails(ambient(repo, ['list']), 3, /this git cannot read the repository/);
});

test('a line break in the path of the repository', () => {
  const repo = makeRepository();
  const dir = join(repo.home, 'a\nb');
  cpSync(repo.dir, dir, { recursive: true });
  fails(ambient(repo, ['list', '-C', dir]), 2, /holds a line break/);
});

test('the configuration of a fresh clone does nothing before init, whatever it says', () => {
  const repo = makeRepository({
    files: {
      ...sound,
      '.ambient.yml':
        'checks: ["touch /tmp/owned"]\nsandbox: { allowed_commands: ["^.*$"], driver: none }\ncommit_on_success: true\n',
      'shop/search.py': injection,
    },
  });
  const before = fingerprintTree(repo.dir);
  for (const args of [['status'], ['findings', '--all'], ['list'], ['config'], ['doctor']]) {
    const result = ambient(repo, args);
    assert.ok([0, 3].includes(result.code ?? -1), `${args}: ${result.stderr}`);
    assert.not.match(result.stdout, /touch/);
  }
  assert.match(ambient(repo, ['status']).stdout, /the configuration does nothing until `git ambient init`/);
  assert.equal(fingerprintTree(repo.dir), before);
  const init = ambient(repo, ['init']);
  assert.is(init.code, 2, 'there is no such driver');
  assert.match(init.stderr, /\.ambient\.yml:2/);
});

for (const [name, text, says] of [
  ['broken YAML', 'checks: [\n', /\.ambient\.yml:\d+/],
  ['an unknown key', 'agnets: {}\n', /\.ambient\.yml:1.*agnets[\s\S]*agents/],
  ['a list instead of a map', '- a\n', /\.ambient\.yml/],
  ['not UTF-8', Buffer.from([0x63, 0xff, 0xfe, 0x3a, 0x20, 0x31, 0x0a]), /\.ambient\.yml/],
  ['an anchor bomb', 'a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n', /\.ambient\.yml/],
] as const)
  test(`a configuration that is ${name}: init refuses to trust it, and the old one stays in force`, () => {
    const repo = makeInitialised();
    const trusted = repo.git('config', 'ambient.trust');
    repo.write('.ambient.yml', text);
    fails(ambient(repo, ['init', '--no-hook']), 2, says);
    assert.is(repo.git('config', 'ambient.trust'), trusted);
    assert.is(ambient(repo, ['list']).code, 0);
    assert.is(ambient(repo, ['run']).code, 0);
  });

test('a configuration that is a link, a folder or huge is not followed', () => {
  const repo = makeRepository();
  symlinkSync('/etc/passwd', join(repo.dir, '.ambient.yml'));
  fails(ambient(repo, ['init', '--no-hook']), 2, /\.ambient\.yml cannot be trusted: it is not a regular file/);
});

test('files that nobody can edit: named, and the rest is looked at', () => {
  const repo = makeRepository({ files: { 'good.py': unusedImport } });
  repo.write('big.py', `# ${'x'.repeat(78)}\n`.repeat(700_000));
  repo.write('binary.py', new Uint8Array([0, 1, 2, 3]));
  repo.write('latin.py', Buffer.from('# caf\xe9\nimport os\n', 'latin1'));
  mkdirSync(join(repo.dir, 'loop'));
  symlinkSync('../loop', join(repo.dir, 'loop/loop.py'));
  symlinkSync('self.py', join(repo.dir, 'self.py'));
  symlinkSync('/etc/passwd', join(repo.dir, 'outside.py'));
  repo.commit('odd files');
  const result = ambient(repo, ['findings', '--all']);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stdout, /not read: big\.py: larger than 1 MiB/);
  assert.match(result.stdout, /not read: binary\.py: not UTF-8 text/);
  assert.match(result.stdout, /not read: latin\.py: not UTF-8 text/);
  assert.match(result.stdout, /good\.py:\d+ .*unused/);
  assert.not.match(result.stdout, /passwd|self\.py|loop/);
});

const odd = [
  'new\nline.py',
  "it's.py",
  'dou"ble.py',
  '-dash.py',
  '--all.py',
  'sp ace.py',
  'emoji🙂.py',
  'ümläut.py',
  'tab\t.py',
  '$(id).py',
  'a;b.py',
  ':(glob)*.py',
  '日本/語.py',
];

test('names that no careless program survives', () => {
  const repo = makeRepository();
  for (const name of odd) repo.write(name, unusedImport);
  repo.commit('odd names');
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  const found = new Set(ambientJson<Array<{ path: string }>>(repo, ['findings', '--all']).map(({ path }) => path));
  for (const name of odd) if (name.endsWith('.py')) assert.ok(found.has(name), JSON.stringify(name));
  const run = ambient(repo, ['run', '--all'], { AMBIENT_RISK_POLICY_FILE_CHANGE_LIMIT: '30' });
  assert.is(run.code, 0, run.stderr);
  const [row] = ambientJson<Array<{ id: string; files: string[] }>>(repo, ['list']);
  assert.ok(row, run.stdout);
  // What some file system or a header could take for something else is refused, and said.
  const refused = odd.filter((name) => /[\n\t:]/.test(name));
  assert.equal([...row.files].sort(), odd.filter((name) => !refused.includes(name)).sort());
  for (const name of refused) assert.match(run.stdout, JSON.stringify(name));
  const merged = ambient(repo, ['merge', row.id]);
  assert.is(merged.code, 0, `${merged.stdout}${merged.stderr}`);
  const landed = repo.exec(['git', 'diff-tree', '-r', '-z', '--name-only', '--no-commit-id', 'HEAD']);
  assert.equal(landed.split('\0').filter(Boolean).sort(), [...row.files].sort());
  assert.is(repo.git('status', '--porcelain'), '');
});

test.run();
