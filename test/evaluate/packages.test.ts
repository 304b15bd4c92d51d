/** The packages of a repository: which folders are some, what they are built from, and which checks a change needs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaults } from '../../src/config/index.ts';
import { findPackages } from '../../src/evaluate/detect/packages.ts';
import { type BaseFiles, type Check, detectChecks, evaluate, selectChecks } from '../../src/evaluate/index.ts';
import { BASE, CANDIDATE, fakeCheck, input, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/packages');
const view = (files: Record<string, string>): BaseFiles => ({
  paths: Object.keys(files).sort(),
  read: async (path) => files[path] ?? null,
});
const npm = (name: string, more = {}) => JSON.stringify({ name, scripts: { test: 'mocha' }, ...more });
const folders = async (files: Record<string, string>) => (await findPackages(view(files))).map(({ folder }) => folder);
const scopes = async (files: Record<string, string>) =>
  Object.fromEntries((await findPackages(view(files))).map(({ folder, scope }) => [folder, scope]));

test('manifests make packages; examples, fixtures and installed copies do not', async () => {
  assert.equal(
    await folders({
      'package.json': npm('top'),
      'web/package.json': npm('web'),
      'web/node_modules/x/package.json': npm('x'),
      'examples/hello/package.json': npm('hello'),
      'tests/fixtures/p/pyproject.toml': '',
      'vendor/github.com/x/y/go.mod': '',
      'services/api/pyproject.toml': '',
      '.github/actions/a/package.json': npm('a'),
      'docs/package.json': npm('docs'),
    }),
    ['services/api', 'web'],
  );
});

const NAMED: Array<[what: string, files: Record<string, string>]> = [
  ['npm', { 'package.json': '{"workspaces": ["./examples/*", "!examples/b"]}' }],
  ['yarn', { 'package.json': '{"workspaces": {"packages": ["examples/a/"]}}' }],
  [
    'pnpm',
    { 'pnpm-workspace.yaml': 'packages:\n  # all\n  - \'examples/*\' # x\n  - "!examples/b"\nonlyBuilt:\n  - b\n' },
  ],
  ['lerna', { 'lerna.json': '{"packages": ["examples/a"]}' }],
];
for (const [what, files] of NAMED)
  test(`a workspace of ${what} names its packages, and nothing below them`, async () => {
    const rest = {
      'examples/a/package.json': '{}',
      'examples/b/package.json': '{}',
      'examples/a/test/x/package.json': '{}',
    };
    assert.equal(await folders({ ...files, ...rest }), ['examples/a']);
  });

test('cargo and Go name theirs', async () => {
  assert.equal(
    await folders({ 'Cargo.toml': '[workspace]\nmembers = [\n  "examples/a",\n]\n', 'examples/a/Cargo.toml': '' }),
    ['examples/a'],
  );
  assert.equal(await folders({ 'go.work': 'go 1.22\n\nuse (\n\t./samples/a // x\n)\n', 'samples/a/go.mod': '' }), [
    'samples/a',
  ]);
});

test('a workspace that cannot be read names nothing and breaks nothing', async () => {
  for (const workspaces of [1, null, ['('], [{}], { packages: 'a' }, ['**'], ['']])
    assert.equal(
      await folders({ 'package.json': JSON.stringify({ workspaces }), 'a/package.json': '[', 'b/Cargo.toml': '[' }),
      ['a', 'b'],
    );
});

test('what a package is built from: by name, by path, also indirectly, also in circles', async () => {
  assert.equal(
    await scopes({
      'a/package.json': npm('@x/a'),
      'b/package.json': npm('@x/b', { dependencies: { '@x/a': 'workspace:*' } }),
      'c/package.json': npm('@x/c', { devDependencies: { '@x/b': '1', '@x/c2': '1' } }),
      'd/package.json': npm('@x/d', { dependencies: { e: 'file:../c' } }),
    }),
    { a: ['a'], b: ['b', 'a'], c: ['c', 'b', 'a'], d: ['d', 'c', 'b', 'a'] },
  );
  assert.equal(
    await scopes({
      'core/go.mod': 'module example.org/core\n',
      'cmd/go.mod': 'module example.org/cmd\n\nrequire example.org/core v0.0.0\n',
      'tool/go.mod': 'module example.org/tool\n\nreplace example.org/other => ../cmd\n',
    }),
    { cmd: ['cmd', 'core'], core: ['core'], tool: ['tool', 'cmd', 'core'] },
  );
  assert.equal(
    await scopes({
      'a/Cargo.toml': '[package]\nname = "a"\n[dev-dependencies]\nb = { path = "../b" }\n',
      'b/Cargo.toml': '[package]\nname = "b"\n[dependencies]\na = { path = "../a", version = "1" }\n',
      'p/pyproject.toml': '[project]\nname = "pee"\n',
      'q/pyproject.toml': '[project]\nname = "queue"\ndependencies = ["pee>=1"]\n',
    }),
    { a: ['a', 'b'], b: ['b', 'a'], p: ['p'], q: ['q', 'p'] },
  );
});

const MONOREPO = {
  'package.json': JSON.stringify({
    workspaces: ['packages/*'],
    scripts: { lint: 'eslint .' },
    devDependencies: { typescript: '6' },
  }),
  'packages/a/package.json': npm('a'),
  'packages/a/tsconfig.json': '{}',
  'packages/b/package.json': npm('b', { dependencies: { a: '1' } }),
  'packages/c/package.json': npm('c'),
  'py/one/pyproject.toml': '[tool.pytest.ini_options]\n',
  'py/one/src/one/__init__.py': '',
  'py/two/pyproject.toml': '',
  'py/two/two/__init__.py': '',
  'py/two/tests/test_two.py': 'def test_a(): pass\n',
};
const detect = (files: Record<string, string>) =>
  detectChecks(view(files), {
    ...{ checks: [], allowed: defaults().sandbox.allowed_commands },
    toolchain: { find: async (name) => ({ path: name, stamp: '1', modules: { pytest: '9' } }) },
    installed: ['node_modules', 'node_modules/typescript', 'packages/a/node_modules'],
  });

test('checks of packages run in their folders, the tools of the top serve them', async () => {
  const found = await detect(MONOREPO);
  assert.equal(
    found.map(({ name, cwd }) => [name, cwd]),
    [
      ['npm run lint', undefined],
      ['npm test (packages/a)', 'packages/a'],
      ['tsc --noEmit (packages/a)', 'packages/a'],
      ['npm test (packages/b)', 'packages/b'],
      ['npm test (packages/c)', 'packages/c'],
      ['pytest (py/one)', 'py/one'],
      ['pytest (py/two)', 'py/two'],
    ],
  );
  const types = found[2];
  assert.equal(types?.argv.slice(0, 2), ['node', '../../node_modules/typescript/bin/tsc']);
  const [one, two] = found.slice(-2);
  assert.equal(one?.runnable && one.pythonPath, ['py/one/src', 'py/one', 'py/two']);
  assert.equal(two?.runnable && two.pythonPath, ['py/two', 'py/one/src', 'py/one']);
});

const check = (name: string, scope?: string[], kind: Check['kind'] = 'tests'): Check => ({
  ...{ name, kind, digest: name, judge: async () => ran('') },
  ...(scope === undefined ? {} : { scope }),
});
const PACKAGES = [check('a', ['a']), check('b', ['b', 'a']), check('c', ['c'])];
const SELECTED: Array<[what: string, checks: Check[], paths: string[], names: string[]]> = [
  ['touched, then built from it, then the top', [check('top'), ...PACKAGES], ['a/x.js'], ['a', 'b', 'top']],
  ['a leaf', [check('top'), ...PACKAGES], ['b/x.js'], ['b', 'top']],
  ['two at once', PACKAGES, ['a/x.js', 'c/y.js'], ['a', 'c', 'b']],
  ['a folder of a longer name is another', PACKAGES, ['ab/x.js', 'c/x'], ['c', 'a', 'b']],
  ['a file of the top, with tests of the top', [check('top'), ...PACKAGES], ['tsconfig.json'], ['top']],
  [
    'a file of the top, with no tests there',
    [check('top', undefined, 'lint'), ...PACKAGES],
    ['x'],
    ['top', 'a', 'b', 'c'],
  ],
  ['nothing', [check('top'), ...PACKAGES], [], ['top']],
];
for (const [what, checks, paths, names] of SELECTED)
  test(`selected: ${what}`, () => {
    assert.equal(
      selectChecks(checks, new Set(paths)).map(({ name }) => name),
      names,
    );
  });

test('where a touched package says no, nobody waits for the top, and that is said', async () => {
  const top = fakeCheck([ran('x')], [ran('x')], 'tests', 'top');
  const inner = { ...fakeCheck([ran('a')], [ran('!a')], 'tests', 'inner'), scope: ['a'] };
  const said = await evaluate(input([inner, top]), { cache: memoryCache() });
  assert.is(said.outcome, 'failed');
  assert.equal(top.judged, []);
  assert.match(said.reasons.join('\n'), /not run any more after that: top/);
  const good = { ...fakeCheck([ran('a')], [ran('a')], 'tests', 'inner'), scope: ['a'] };
  assert.is((await evaluate(input([good, top]), { cache: memoryCache() })).outcome, 'passed');
  assert.equal(top.judged, [BASE, CANDIDATE]);
});

test.run();
