/** Checks of Go, Rust, makefiles, scripts, tox and nox; fixtures as plain texts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaults } from '../../src/config/index.ts';
import { type BaseFiles, type DetectedCheck, detectChecks, type Toolchain } from '../../src/evaluate/index.ts';
import { isAllowed } from '../../src/sandbox/index.ts';

const test = suite('evaluate/detect-languages');
const allowed = defaults().sandbox.allowed_commands;
const PYTHON = { pytest: '9', mypy: '1', ruff: '1', flake8: '1' };
const everything: Toolchain = {
  find: async (name) => ({ path: name, stamp: '1', modules: name === 'python' ? PYTHON : {} }),
};
const view = (files: Record<string, string>): BaseFiles => ({
  paths: Object.keys(files).sort(),
  read: async (path) => files[path] ?? null,
});
const detect = (files: Record<string, string>) =>
  detectChecks(view(files), {
    ...{ checks: [], allowed, toolchain: everything },
    installed: ['node_modules', 'node_modules/typescript', 'node_modules/eslint'],
    caches: { goModules: '/m', goBuild: '/b', cargo: { registry: '/r' } },
  });
const shown = (check: DetectedCheck) =>
  `${(check.runnable ? check.asked : check.argv).join(' ')} [${check.kind}]${check.runnable ? '' : ' not run'}`;
const scripts = (all: Record<string, string>, more = {}) => JSON.stringify({ scripts: all, ...more });
const TYPESCRIPT = { devDependencies: { typescript: '6' } };
const GO = { 'go.mod': 'module m\n', 'a.go': '' };

const FOUND: Array<[what: string, files: Record<string, string>, found: string[]]> = [
  ['Go with tests', { ...GO, 'a_test.go': '' }, ['go test ./... [tests]', 'go vet ./... [lint]']],
  ['Go without tests', GO, ['go vet ./... [lint]']],
  ['test data of Go', { ...GO, 'testdata/x_test.go': '' }, ['go vet ./... [lint]']],
  ['a go.mod alone', { 'go.mod': 'module m\n' }, []],
  ['a crate', { 'Cargo.toml': '[package]\nname = "x"\n' }, ['cargo test [tests]', 'cargo clippy --all-targets [lint]']],
  [
    'a workspace of cargo',
    { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n' },
    ['cargo test --workspace [tests]', 'cargo clippy --workspace --all-targets [lint]'],
  ],
  ['make test', { Makefile: '.PHONY: test\ntest: build\n\t./run-tests\n' }, ['make test [tests]']],
  ['make check', { Makefile: 'check:\n\t./run-tests\n' }, ['make check [tests]']],
  ['make test before check', { Makefile: 'check test:\n\t./run-tests\n' }, ['make test [tests]']],
  ['make lint', { GNUmakefile: 'lint:\n\t@ruff check .\n' }, ['make lint [lint]']],
  ['a check that only lints', { Makefile: 'check:\n\t@ruff check .\n\t-flake8\n' }, ['make check [lint]']],
  ['a variable called test', { Makefile: 'test := 1\nTEST: x\nmytest:\n\tx\n' }, []],
  [
    'a makefile adds nothing to tests that were found',
    { ...GO, 'a_test.go': '', Makefile: 'test:\n\tgo test ./...\n' },
    ['go test ./... [tests]', 'go vet ./... [lint]'],
  ],
  [
    'scripts by name',
    { 'package.json': scripts({ test: 'mocha', lint: 'eslint .', typecheck: 'tsc -p .', start: 'node .' }) },
    ['npm test [tests]', 'npm run lint [lint]', 'npm run typecheck [types]'],
  ],
  [
    'another spelling',
    { 'package.json': scripts({ 'type-check': 'vue-tsc', types: 'tsc' }) },
    ['npm run type-check [types]'],
  ],
  [
    'a check that runs the others',
    { 'package.json': scripts({ check: 'npm run lint && npm t', lint: 'eslint .', test: 'mocha' }) },
    ['npm test [tests]', 'npm run lint [lint]', 'npm run check [tests]'].slice(0, 2),
  ],
  ['a check of its own', { 'package.json': scripts({ check: 'biome check .' }) }, ['npm run check [lint]']],
  [
    'a test that only lints, two calls away',
    { 'package.json': scripts({ test: 'npm run -s checks', checks: 'yarn lint', lint: 'eslint . && prettier -c .' }) },
    ['npm test [lint]', 'npm run lint [lint]'],
  ],
  [
    'a build that checks types, where nothing else does',
    {
      'package.json': scripts({ build: 'tsc -b && vite build' }, TYPESCRIPT),
      'tsconfig.json': '{"files": [], "references": [{}]}',
    },
    ['npm run build [types]'],
  ],
  [
    'a build beside a type check',
    { 'package.json': scripts({ build: 'tsc' }, TYPESCRIPT), 'tsconfig.json': '{}' },
    ['tsc --noEmit [types]'],
  ],
  ['a build that checks nothing', { 'package.json': scripts({ build: 'rollup -c' }) }, []],
  ['a script that watches', { 'package.json': scripts({ test: 'jest --watch' }) }, ['npm test [tests] not run']],
  [
    'a script that does not watch',
    { 'package.json': scripts({ test: 'jest --watchAll=false' }) },
    ['npm test [tests]'],
  ],
  [
    "eslint with the repository's own settings",
    { 'package.json': scripts({}, { devDependencies: { eslint: '9' } }), 'eslint.config.js': '' },
    ['eslint . [lint]'],
  ],
  [
    'eslint inside of package.json',
    { 'package.json': scripts({}, { devDependencies: { eslint: '8' }, eslintConfig: {} }) },
    ['eslint . [lint]'],
  ],
  ['eslint without settings', { 'package.json': scripts({}, { devDependencies: { eslint: '9' } }) }, []],
  [
    'eslint behind a script',
    { 'package.json': scripts({ lint: 'eslint src' }, { devDependencies: { eslint: '9' } }), '.eslintrc.json': '' },
    ['npm run lint [lint]'],
  ],
  ["yarn's plug'n'play", { 'package.json': scripts({ test: 'jest' }), '.pnp.cjs': '' }, ['yarn test [tests]']],
  [
    'tox',
    {
      'a.py': '',
      'tox.ini':
        '[tox]\n[testenv]\ndeps = x\ncommands =\n    pytest {posargs:-q tests} --cov=x\n[testenv:lint]\ncommands = flake8 --max-line-length 100 src\n',
    },
    ['pytest -q tests [tests]', 'flake8 --max-line-length 100 src [lint]'],
  ],
  [
    'tox with coverage around it',
    { 'a.py': '', 'tox.ini': '[testenv]\ncommands = coverage run -m unittest discover\n  coverage report\n' },
    ['python -m unittest discover [tests]'],
  ],
  [
    'tox beside tests that were found',
    { 'a.py': '', 'tox.ini': '[pytest]\n[testenv]\ncommands = pytest {posargs}\n' },
    ['pytest [tests]'],
  ],
  [
    'tox that computes its command',
    { 'a.py': '', 'tox.ini': '[testenv]\ncommands = {toxworkdir}/x {env:Y}\n' },
    ['tox [tests] not run'],
  ],
  [
    'nox',
    {
      'noxfile.py':
        '@nox.session\ndef tests(session):\n    session.install(".")\n    session.run("pytest", "-q", *session.posargs)\n@nox.session(python=["3.11"])\ndef lint(session):\n    session.run("mypy", "src", external=True)\n',
    },
    ['pytest -q [tests]', 'mypy src [types]'],
  ],
  [
    'nox that computes its command',
    { 'noxfile.py': '@nox.session\ndef tests(session):\n    session.run("pytest", f"{x}")\n' },
    ['nox [tests] not run'],
  ],
];
for (const [what, files, found] of FOUND)
  test(`${what}: ${found.join(', ') || 'no check'}`, async () => {
    assert.equal((await detect(files)).map(shown), found);
  });

test('the list of allowed commands admits what is detected and nothing like it', async () => {
  for (const [, files] of FOUND)
    for (const check of await detect(files))
      if (check.runnable) assert.ok(isAllowed(check.asked, allowed).allowed, check.asked.join(' '));
  const refused = [
    ...['npm install', 'npm run deploy', 'npm run testing', 'npm run build-evil', 'npm publish', 'yarn add x', 'npx x'],
    ...[
      'go run .',
      'go generate ./...',
      'go get x',
      'cargo run',
      'cargo install x',
      'cargo publish',
      'make',
      'make deploy',
    ],
    ...[
      'make test install',
      'tox',
      'nox',
      'python x.py',
      'python -m pip install x',
      'git push',
      'eslint-evil',
      'bash -c x',
    ],
  ];
  for (const command of refused) assert.not.ok(isAllowed(command.split(' '), allowed).allowed, command);
});

test('Go and cargo read what this machine has fetched, and only that', async () => {
  const [go] = await detect({ ...GO, 'a_test.go': '' });
  if (!go?.runnable) return assert.unreachable();
  assert.equal(go.argv, ['go', 'test', '-json', '-count=1', './...']);
  assert.equal(go.lent, [
    { path: '/m', at: '/m' },
    { path: '/b', at: '/b' },
  ]);
  assert.is(go.env['GOFLAGS'], '-mod=mod -buildvcs=false');
  assert.is(go.env['GOPROXY'], 'off');
  const [cargo, clippy] = await detect({ 'Cargo.toml': '[package]\n' });
  if (!cargo?.runnable || !clippy?.runnable) return assert.unreachable();
  assert.equal(cargo.lent, [{ path: '/r', at: '/tmp/cargo/registry' }]);
  assert.equal(cargo.argv, ['cargo', 'test', '--no-fail-fast']);
  assert.equal(clippy.argv, ['cargo', 'clippy', '--all-targets', '--message-format=short']);
});

test('a vendored module and a workspace of Go are built as they say', async () => {
  const flags = async (files: Record<string, string>) => {
    const check = (await detect({ ...GO, ...files })).at(-1);
    return check?.runnable ? check.env['GOFLAGS'] : undefined;
  };
  assert.is(await flags({ 'vendor/modules.txt': '' }), '-buildvcs=false');
  assert.is(await flags({ 'go.work': 'use .\n' }), '-buildvcs=false');
});

test('an environment of tox is used where it is there', async () => {
  const asked: Array<string | undefined> = [];
  const toolchain: Toolchain = {
    find: async (name, folder) => {
      if (name === 'python') asked.push(folder);
      return { path: 'python3', stamp: '1', modules: PYTHON };
    },
  };
  const files = { 'a.py': '', 'tox.ini': '[testenv:lint]\ncommands = flake8\n' };
  const [lint] = await detectChecks(view(files), { checks: [], allowed, toolchain, installed: [] });
  assert.equal(asked, ['.tox/lint']);
  assert.is(lint?.runnable && lint.environment, '.tox/lint');
});

test.run();
