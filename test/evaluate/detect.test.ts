/** Which checks are found in which trees; fixtures as plain texts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaults } from '../../src/config/index.ts';
import { type BaseFiles, detectChecks, type Program, type Toolchain } from '../../src/evaluate/index.ts';

const test = suite('evaluate/detect');

const program = (path: string, modules: Record<string, string> = {}): Program => ({
  path,
  stamp: `${path} 1`,
  modules,
});
const toolsWith = (...programs: Program[]): Toolchain => ({
  find: async (name) => programs.find(({ path }) => path === (name === 'python' ? 'python3' : name)) ?? null,
});
const INSTALLED = ['node_modules', 'node_modules/typescript', 'node_modules/eslint'];
const everything = toolsWith(
  program('python3', { pytest: '9', mypy: '1', ruff: '1', flake8: '1' }),
  ...['npm', 'yarn', 'node', 'make', 'go', 'cargo'].map((name) => program(name)),
);
const view = (files: Record<string, string>): BaseFiles => ({
  paths: Object.keys(files).sort(),
  read: async (path) => files[path] ?? null,
});
const detect = (files: Record<string, string>, more: Partial<Parameters<typeof detectChecks>[1]> = {}) =>
  detectChecks(view(files), {
    ...{ checks: [], allowed: defaults().sandbox.allowed_commands, toolchain: everything, installed: INSTALLED },
    ...more,
  });

const CASE = 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n';
const FUNCTION = 'def test_a():\n    assert True\n';
const PACKAGE = (test: string) => JSON.stringify({ scripts: { test }, devDependencies: { typescript: '6' } });
const FOUND: Array<[what: string, files: Record<string, string>, found: string[]]> = [
  ['nothing', { 'README.md': '' }, []],
  ['Python without tests', { 'app.py': '' }, []],
  ['pytest by pyproject', { 'app.py': '', 'pyproject.toml': '[tool.pytest.ini_options]\n' }, ['pytest']],
  ['pytest by pytest.ini', { 'app.py': '', 'pytest.ini': '' }, ['pytest']],
  ['pytest by tox.ini', { 'app.py': '', 'tox.ini': '[tox]\n[pytest]\n' }, ['pytest']],
  ['pytest by setup.cfg', { 'app.py': '', 'setup.cfg': '[metadata]\n[tool:pytest]\n' }, ['pytest']],
  ['tox.ini without pytest', { 'app.py': '', 'tox.ini': '[tox]\n' }, []],
  ['pytest by functions', { 'app.py': '', 'tests/test_app.py': FUNCTION }, ['pytest']],
  ['pytest by the import', { 'app_test.py': `import pytest\n${CASE}` }, ['pytest']],
  ['pytest by classes', { 'test_app.py': 'class TestApp:\n    def test_a(self): pass\n' }, ['pytest']],
  ['pytest by conftest', { 'conftest.py': '', 'test_app.py': CASE }, ['pytest']],
  ['unittest', { 'app.py': '', 'test_app.py': CASE }, ['unittest']],
  ['a file that is only called so', { 'app.py': '', 'test_data.py': 'X = 1\n' }, []],
  [
    'ruff and mypy by pyproject',
    { 'a.py': '', 'pyproject.toml': '[tool.ruff]\n[tool.mypy]\n' },
    ['ruff check', 'mypy'],
  ],
  ['mypy by setup.cfg', { 'a.py': '', 'setup.cfg': '[mypy]\n' }, ['mypy']],
  ['settings without Python', { 'pyproject.toml': '[tool.ruff]\n[tool.pytest]\n' }, []],
  ['npm test', { 'package.json': PACKAGE('mocha') }, ['npm test']],
  ['the placeholder of npm', { 'package.json': PACKAGE('echo "Error: no test specified" && exit 1') }, []],
  ['an empty script', { 'package.json': PACKAGE(' ') }, []],
  ['a manifest that cannot be read', { 'package.json': '{' }, []],
  ['a manifest of odd shape', { 'package.json': '{"scripts": ["test"], "devDependencies": 1}' }, []],
  ['TypeScript', { 'package.json': PACKAGE('mocha'), 'tsconfig.json': '{}' }, ['npm test', 'tsc --noEmit']],
  ['TypeScript that is not installed by the project', { 'package.json': '{}', 'tsconfig.json': '{}' }, []],
  ['both', { 'package.json': PACKAGE('mocha'), 'test_a.py': FUNCTION }, ['pytest', 'npm test']],
];
for (const [what, files, found] of FOUND)
  test(`${what}: ${found.join(', ') || 'no check'}`, async () => {
    const checks = await detect(files);
    assert.equal(
      checks.map(({ name }) => name),
      found,
    );
    assert.ok(
      checks.every(({ runnable }) => runnable),
      JSON.stringify(checks),
    );
  });

const UNITTESTS: Array<[what: string, paths: string[], argv: string]> = [
  ['at the top', ['test_a.py'], '-v'],
  ['in a folder', ['tests/test_a.py'], '-s tests -v'],
  ['in a package', ['tests/__init__.py', 'tests/test_a.py'], '-s tests -t . -v'],
  ['in a folder below', ['tests/unit/test_a.py', 'tests/unit/test_b.py'], '-s tests/unit -v'],
  ['in two folders', ['a/test_a.py', 'b/test_b.py'], '-v'],
  ['named the other way', ['pkg/__init__.py', 'pkg/a_test.py'], '-s pkg -t . -p *_test.py -v'],
];
for (const [what, paths, argv] of UNITTESTS)
  test(`unittest ${what}: discover ${argv}`, async () => {
    const files = Object.fromEntries(
      paths.map((path) => [path, path.includes('test_') || path.endsWith('_test.py') ? CASE : '']),
    );
    const [check] = await detect(files);
    assert.is(check?.argv.join(' '), `python3 -m unittest discover ${argv}`);
  });

test('what is not allowed or not installed is reported, not dropped', async () => {
  const files = { 'package.json': PACKAGE('mocha'), 'tsconfig.json': '{}', 'test_a.py': FUNCTION };
  const reasons = async (more: Parameters<typeof detect>[1]) =>
    (await detect(files, more)).map((check) => (check.runnable ? 'runnable' : check.reason));
  assert.equal(await reasons({ allowed: ['^npm\\s+test'] }), [
    'not in allowed_commands',
    'runnable',
    'not in allowed_commands',
  ]);
  assert.equal(await reasons({ toolchain: toolsWith(program('python3')), installed: [] }), [
    ...['pytest is not installed', 'npm is not installed', 'node is not installed'],
  ]);
  assert.equal(await reasons({ toolchain: toolsWith(), installed: [] }), [
    ...['python3 is not installed', 'npm is not installed', 'node is not installed'],
  ]);
  assert.match((await reasons({ installed: [] }))[2] ?? '', /no node_modules/);
});

test('a pytest that belongs to no python3 is started by its own name', async () => {
  const [check] = await detect(
    { 'test_a.py': FUNCTION },
    { toolchain: toolsWith(program('python3'), program('pytest')) },
  );
  assert.is(check?.argv[0], 'pytest');
});

test('configured checks replace what is detected; argv is never read by a shell', async () => {
  const checks = await detect(
    { 'test_a.py': FUNCTION },
    {
      checks: [
        'pytest -x "my tests"',
        { name: 'types', command: ['mypy', '.'], kind: 'types' },
        { command: 'make test' },
        'go vet ./...',
      ],
    },
  );
  assert.equal(
    checks.map(({ name, kind, runnable }) => [name, kind, runnable]),
    [
      ['pytest -x my tests', 'tests', true],
      ['types', 'types', true],
      ['make test', 'tests', true],
      ['go vet ./...', 'lint', true],
    ],
  );
  assert.equal(checks[0]?.argv.slice(0, 5), ['python3', '-m', 'pytest', '-x', 'my tests']);
  try {
    await detect({}, { checks: ['pytest; curl evil'] });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'shell-syntax');
  }
});

test('a script that only lints is no evidence of behaviour', async () => {
  const kindOf = async (script: string) => (await detect({ 'package.json': PACKAGE(script) }))[0]?.kind;
  assert.is(await kindOf('eslint . && tsc --noEmit'), 'lint');
  assert.is(await kindOf('eslint . && mocha'), 'tests');
});

test('the code of a src folder comes before an installed copy of it', async () => {
  const [flat] = await detect({ 'app/__init__.py': '', 'test_a.py': FUNCTION });
  const [nested] = await detect({ 'src/app/__init__.py': '', 'test_a.py': FUNCTION });
  assert.equal(flat?.runnable && flat.pythonPath, ['.']);
  assert.equal(nested?.runnable && nested.pythonPath, ['src', '.']);
});

test.run();
