/** Which installed folders are lent to which check. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostCaches } from '../../src/evaluate/detect/package-caches.ts';
import { dependencyBinds, installedIn, lentTo, mainWorkTree } from '../../src/evaluate/slots/dependencies.ts';
import { lendTo } from '../../src/evaluate/slots/writable-modules.ts';
import { bubblewrap, limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('evaluate/dependencies');
function worktree(folders: string[]): string {
  const top = temporaryDirectory();
  for (const folder of folders) {
    mkdirSync(join(top, folder), { recursive: true });
    if (/(venv|\.(tox|nox)\/[^/]+)$/.test(folder)) writeFileSync(join(top, folder, 'pyvenv.cfg'), '');
    if (/node_modules\/./.test(folder)) writeFileSync(join(top, folder, 'package.json'), '{}');
  }
  return top;
}
const FOLDERS = [
  ...['node_modules/typescript', 'a/node_modules/eslint', 'a/node_modules/x/node_modules', 'py/.venv', '.venv', 'venv'],
  ...['.tox/py311', '.tox/log-only', 'go/vendor', 'rust/vendor', '.nox/lint'],
];
const TRACKED = [
  'package.json',
  'a/package.json',
  'py/pyproject.toml',
  'go/go.mod',
  'rust/Cargo.toml',
  'venv/tracked.py',
];

test('what stands beside a manifest and is not tracked; environments only with their mark', async () => {
  const top = worktree(FOLDERS);
  // A folder that tox keeps its logs in is no environment.
  const found = await dependencyBinds(top, TRACKED);
  assert.equal(found.map(({ at }) => at).sort(), [
    ...['.nox/lint', '.tox/log-only', '.tox/py311', '.venv', 'a/node_modules', 'go/vendor', 'node_modules', 'py/.venv'],
  ]);
  assert.equal((await installedIn(found)).filter((path) => /node_modules/.test(path)).sort(), [
    ...['a/node_modules', 'a/node_modules/eslint', 'node_modules', 'node_modules/typescript'],
  ]);
  assert.equal(await dependencyBinds(null, TRACKED), []);
});

test('an environment without its mark, and a link to something of another name, are not lent', async () => {
  const top = temporaryDirectory();
  for (const folder of ['.venv', '.tox/log', 'elsewhere']) mkdirSync(join(top, folder), { recursive: true });
  symlinkSync(join(top, 'elsewhere'), join(top, 'node_modules'));
  assert.equal(await dependencyBinds(top, ['package.json', 'setup.py']), []);
});

const PLACES: Array<[folder: string, at: string[]]> = [
  ['', ['.venv', 'node_modules', 'a/node_modules', 'go/vendor']],
  ['py', ['py/.venv', '.venv', 'node_modules', 'a/node_modules', 'go/vendor']],
  ['py/deep', ['py/.venv', '.venv', 'node_modules', 'a/node_modules', 'go/vendor']],
  ['pyx', ['.venv', 'node_modules', 'a/node_modules', 'go/vendor']],
  ['.tox/py311', ['.tox/py311', '.venv', 'node_modules', 'a/node_modules', 'go/vendor']],
];
for (const [folder, at] of PLACES)
  test(`lent to ${folder || 'the top'}: ${at.slice(0, 2).join(', ')} …`, () => {
    const all = ['node_modules', 'a/node_modules', '.venv', 'py/.venv', 'go/vendor', '.tox/py311', '.nox/lint'];
    const lent = lentTo(
      all.map((one) => ({ path: `/${one}`, at: one, stamp: '' })),
      folder,
    );
    assert.equal(
      lent.map((one) => one.at),
      at,
    );
  });

test('the caches of Go and cargo: where they are by default, where they were put, nowhere', async () => {
  const home = temporaryDirectory();
  assert.equal(await hostCaches({}, home), { goModules: null, goBuild: null, cargo: {} });
  for (const folder of ['go/pkg/mod', '.cache/go-build', '.cargo/registry', 'else/mod', 'cargo/git', '.config/go'])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, '.cargo/credentials.toml'), 'token\n');
  assert.equal(await hostCaches({}, home), {
    goModules: join(home, 'go/pkg/mod'),
    goBuild: join(home, '.cache/go-build'),
    cargo: { registry: join(home, '.cargo/registry') },
  });
  writeFileSync(join(home, '.config/go/env'), `GOMODCACHE=${join(home, 'else/mod')}\n`);
  const moved = await hostCaches({ CARGO_HOME: join(home, 'cargo'), GOCACHE: 'off' }, home);
  assert.equal(moved, { goModules: join(home, 'else/mod'), goBuild: null, cargo: { git: join(home, 'cargo/git') } });
});

test('a linked worktree has its own, and what it lacks from the main one', async () => {
  const [main, linked] = [worktree(['node_modules/typescript', '.venv']), worktree(['node_modules/eslint'])];
  const found = await dependencyBinds(linked, ['package.json'], main);
  assert.equal(
    found.map(({ path, at }) => [path, at]),
    [
      [join(linked, 'node_modules'), 'node_modules'],
      [join(main, '.venv'), '.venv'],
    ],
  );
  const info = (commonDir: string, workTree: string | null) => mainWorkTree({ commonDir, workTree });
  assert.equal([info('/r/.git', '/r/linked'), info('/r/.git', '/r'), info('/r.git', '/linked')], ['/r', null, null]);
});

const WRITES = `
const fs = require('node:fs');
fs.mkdirSync('node_modules/.vite', { recursive: true });
fs.writeFileSync('node_modules/.vite/results.json', require('lib') + require('@scope/of') + require('own'));
for (const path of ['node_modules/lib/index.js', 'node_modules/node_modules/new'])
  try {
    fs.writeFileSync(path, 'changed');
    console.log('written');
  } catch (error) {
    console.log(error.code);
  }
console.log(fs.readFileSync('node_modules/.vite/results.json', 'utf8'), fs.existsSync('node_modules/.cache'));
`;

/** The packages of a repository that uses Vite: ordinary ones, scoped ones, and one of its own. */
function withVite(): { host: string; slot: string } {
  const [host, slot] = [temporaryDirectory(), temporaryDirectory()];
  const files = {
    'node_modules/vite/package.json': '{}',
    'node_modules/lib/index.js': "module.exports = 'lib and ' + require('inner') + ' ';",
    'node_modules/inner/index.js': "module.exports = 'inner, ' + require('own');",
    'node_modules/@scope/of/index.js': "module.exports = 'scope and ' + require('inner') + ' ';",
    'node_modules/.bin/tool': '#!/bin/sh\necho a tool\n',
    'node_modules/.cache/old': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(host, path)), { recursive: true });
    writeFileSync(join(host, path), text, { mode: 0o755 });
  }
  symlinkSync('../packages/own', join(host, 'node_modules/own'));
  mkdirSync(join(slot, 'packages/own'), { recursive: true });
  writeFileSync(join(slot, 'packages/own/index.js'), "module.exports = 'of the slot';");
  writeFileSync(join(slot, 'run.js'), WRITES);
  return { host, slot };
}

test('where Vite is installed, tools may write into node_modules, and nothing that is installed changes', async () => {
  const { host, slot } = withVite();
  const lent = await lendTo(slot, { path: join(host, 'node_modules'), at: 'node_modules', stamp: '' });
  assert.equal(lent, { path: join(host, 'node_modules'), at: join(slot, 'node_modules/node_modules') });
  assert.is(readlinkSync(join(slot, 'node_modules/own')), '../packages/own');
  assert.is(readlinkSync(join(slot, 'node_modules/@scope/of')), '../node_modules/@scope/of');
  // Again over what a run has left, and over what a tree brings along.
  assert.equal(await lendTo(slot, { path: join(host, 'node_modules'), at: 'node_modules', stamp: '' }), lent);
  writeFileSync(join(slot, 'a'), '');
  const taken = { path: join(host, 'node_modules'), at: 'a/node_modules', stamp: '' };
  assert.equal(await lendTo(slot, taken), { path: taken.path, at: join(slot, taken.at) });
});

test('other folders are lent as they are', async () => {
  const [host, slot] = [worktree(['node_modules/typescript', 'vendor/vite']), temporaryDirectory()];
  for (const at of ['node_modules', 'vendor'])
    assert.equal(await lendTo(slot, { path: join(host, at), at, stamp: '' }), {
      path: join(host, at),
      at: join(slot, at),
    });
  assert.equal(readdirSync(slot), []);
});

const isolated = spawnSync('bwrap', ['--version']).status === 0 || process.env['CI'] === 'true';
(isolated ? test : test.skip)(
  'in the sandbox: packages find each other and the slot, programs are found, caches are written',
  async () => {
    const { host, slot } = withVite();
    const readOnly = [await lendTo(slot, { path: join(host, 'node_modules'), at: 'node_modules', stamp: '' })];
    const run = (...argv: string[]) =>
      bubblewrap().run({ argv, dir: slot, readOnly, limits: limitsFrom({ timeout_seconds: 60 }) });
    const result = await run('node', 'run.js');
    assert.is(
      result.stdout,
      'EROFS\nEROFS\nlib and inner, of the slot scope and inner, of the slot of the slot false\n',
      JSON.stringify(result),
    );
    assert.is((await run('tool')).stdout, 'a tool\n');
    assert.equal(readdirSync(join(host, 'node_modules')).sort(), [
      '.bin',
      '.cache',
      '@scope',
      'inner',
      'lib',
      'own',
      'vite',
    ]);
  },
);

test.run();
