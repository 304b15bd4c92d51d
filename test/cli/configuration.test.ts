/** The configuration as a person meets it: one key, mistakes with their places, and files of strangers that do nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('cli/configuration');
interface Row {
  key: string;
  value: unknown;
  source: string;
  inactive: boolean;
}

test('config prints one key with its meaning, or a block, by the old name too', () => {
  const repo = makeRepository({ files: { '.ambient.yml': 'sandbox: {timeout_seconds: 60}\n' } });
  ambient(repo, ['init']);
  const one = ambient(repo, ['config', 'sandbox.timeout_seconds']);
  assert.is(one.code, 0);
  assert.match(
    one.stdout,
    /^sandbox\.timeout_seconds = 60\nLongest run[\s\S]*from: file\ndefault: 900\nvariable: AMBIENT_SANDBOX_TIMEOUT_SECONDS\n$/,
  );
  const block = ambientJson<Row[]>(repo, ['config', 'sandbox.resources']);
  assert.equal(
    block.map(({ key }) => key),
    ['sandbox.resources.memory', 'sandbox.resources.cpus', 'sandbox.resources.pids_limit'],
  );
  assert.match(ambient(repo, ['config', 'kimi.provider']).stdout, /^model\.provider = "none"\n/);
  assert.match(ambient(repo, ['config', 'share.remote']).stdout, /^share\.remote = "origin"\nnothing obeys it/);
  const env = ambientJson<Row[]>(repo, ['config', 'sandbox.timeout_seconds'], { AMBIENT_SANDBOX_TIMEOUT_SECONDS: '7' });
  assert.equal([env[0]?.value, env[0]?.source], [7, 'env AMBIENT_SANDBOX_TIMEOUT_SECONDS']);
  const wrong = ambient(repo, ['config', 'sandbox.timeout_secs']);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /there is no key sandbox\.timeout_secs; did you mean sandbox\.timeout_seconds\?/);
});

test('doctor names what a file says and nothing obeys', () => {
  const repo = makeRepository({
    files: {
      '.ambient.yml':
        'share: {enabled: true}\nevents: {emit_interval: 5}\ntelemetry: {enabled: true, include_diffs: true}\n',
    },
  });
  ambient(repo, ['init']);
  const probes = ambientJson<Array<{ name: string; message: string }>>(repo, ['doctor']);
  assert.is(
    probes.find(({ name }) => name === 'keys')?.message,
    'not active yet: telemetry.include_diffs, share, events',
  );
  const quiet = makeRepository({ files: { '.ambient.yaml': 'pre_push: off\n' } });
  const [misnamed] = ambientJson<Array<{ name: string; message: string }>>(quiet, ['doctor']).filter(
    ({ name }) => name === '.ambient.yaml',
  );
  assert.match(misnamed?.message ?? '', /it is not read/);
});

test('mistakes: exit code 2, every place, and the same for programs', () => {
  const repo = makeRepository({ files: { '.ambient.yml': 'sandbx: {}\nshare: {enabled: yes}\n' } });
  const plain = ambient(repo, ['init']);
  assert.is(plain.code, 2);
  assert.match(
    plain.stderr,
    /^error: \.ambient\.yml:1:1: unknown key sandbx; did you mean sandbox\?\n\.ambient\.yml:2:9: share\.enabled must be true or false/,
  );
  assert.match(plain.stderr, /\n {2}→ /);
  const json = ambient(repo, ['init', '--json']);
  assert.is(json.code, 2);
  const { error } = JSON.parse(json.stdout) as {
    error: { code: string; data: { problems: Array<Record<string, unknown>> } };
  };
  assert.is(error.code, 'invalid-configuration');
  assert.equal(
    error.data.problems.map(({ where, line, column, key, meant }) => [where, line, column, key, meant]),
    [
      ['.ambient.yml:1:1', 1, 1, 'sandbx', 'sandbox'],
      ['.ambient.yml:2:9', 2, 9, undefined, undefined],
    ],
  );
  assert.not.ok(existsSync(join(repo.dir, '.git/hooks/post-commit')), 'nothing was installed');
});

/** What a stranger may leave in a repository that somebody clones. `pwned` is what must never appear. */
const HOSTILE: Array<[what: string, plant: (dir: string) => void, initFails: boolean]> = [
  ['commands everywhere', (dir) => writeFileSync(join(dir, '.ambient.yml'), COMMANDS), false],
  ['broken YAML', (dir) => writeFileSync(join(dir, '.ambient.yml'), 'a: [\n\t"'), true],
  ['ten megabytes', (dir) => writeFileSync(join(dir, '.ambient.yml'), Buffer.alloc(10 * 1024 * 1024, 'a: 1\n')), true],
  ['bytes', (dir) => writeFileSync(join(dir, '.ambient.yml'), Buffer.from([0xff, 0xfe, 0, 0xd8, 0])), true],
  ['a link out of the repository', (dir) => symlinkSync('/etc/passwd', join(dir, '.ambient.yml')), true],
  ['a link in a circle', (dir) => symlinkSync('.ambient.yml', join(dir, '.ambient.yml')), true],
  ['a folder', (dir) => mkdirSync(join(dir, '.ambient.yml')), true],
  ['a pipe', (dir) => execFileSync('mkfifo', [join(dir, '.ambient.yml')]), true],
  ['aliases that multiply', (dir) => writeFileSync(join(dir, '.ambient.yml'), BOMB), true],
  [
    'a config.yaml of another program',
    (dir) => writeFileSync(join(dir, 'config.yaml'), 'steps: [touch pwned]\n'),
    false,
  ],
];
const COMMANDS =
  'checks: ["touch pwned"]\nsandbox: {allowed_commands: ["^touch"], read_only_paths: ["/root"]}\ncommit_on_success: true\nrisk_policy: {custom_gates: ["touch pwned"]}\nsteps: {diagnose: {tool: touch, args: [pwned]}}\nevents: {webhook_url: "http://127.0.0.1:9/"}\n';
const BOMB = Array.from(
  { length: 9 },
  (_, level) =>
    `l${level}: &l${level} [${Array(9)
      .fill(level === 0 ? 'x' : `*l${level - 1}`)
      .join(',')}]`,
).join('\n');

function cloneOf(plant: (dir: string) => void): TestRepository {
  const origin = makeRepository({ files: { 'app.py': 'import os\nx = 1\n' } });
  const dir = join(temporaryDirectory(), 'clone');
  origin.git('clone', '-q', origin.dir, dir);
  // Whatever a checkout could have put there.
  plant(dir);
  return useRepository(dir, origin.home);
}

for (const [what, plant, initFails] of HOSTILE)
  test(`a fresh clone with ${what}: nothing happens before init, and nothing is said but that`, () => {
    const repo = cloneOf(plant);
    const before = readdirSync(join(repo.dir, '.git')).sort();
    for (const args of [['list'], ['status'], ['config', 'checks'], ['findings', '--all'], ['doctor']]) {
      const { code, stdout, stderr } = ambient(repo, args);
      assert.is(code, 0, `${args}: ${stdout}${stderr}`);
      assert.not.match(stdout + stderr, /Error|touch/);
    }
    assert.equal(ambientJson<Row[]>(repo, ['config', 'checks'])[0]?.value, []);
    assert.equal(readdirSync(join(repo.dir, '.git')).sort(), before, 'looking leaves nothing behind');
    assert.not.ok(existsSync(join(repo.dir, 'pwned')));
    const init = ambient(repo, ['init']);
    assert.is(init.code, initFails ? 2 : 0, init.stderr);
    if (initFails) assert.match(init.stderr, /^error: [\s\S]+\n {2}→ /);
    assert.not.ok(existsSync(join(repo.dir, 'pwned')), 'trusting runs nothing either');
    if (what === 'a pipe') rmSync(join(repo.dir, '.ambient.yml'));
  });

test.run();
