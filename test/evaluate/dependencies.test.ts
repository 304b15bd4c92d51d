/** Which installed folders are lent to which check. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostCaches } from '../../src/evaluate/detect/package-caches.ts';
import { dependencyBinds, installedIn, lentTo } from '../../src/evaluate/slots/dependencies.ts';
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

test.run();
