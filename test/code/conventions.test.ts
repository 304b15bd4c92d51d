import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Conventions, readConventions } from '../../src/code/index.ts';

const read = (files: Record<string, string>): Promise<Conventions> =>
  readConventions(async (path) => files[path] ?? null);

const test = suite('code/conventions');

test('an empty repository says nothing', async () => {
  assert.equal(await read({}), {
    python: null,
    esm: false,
    tools: [],
    ignoredRules: [],
    ignoredByPath: [],
    excluded: { python: [], javascript: [] },
  });
});

test('the lowest Node is read from a range', async () => {
  const said = async (range: string) =>
    (await read({ 'package.json': JSON.stringify({ engines: { node: range } }) })).oldestNode;
  assert.equal(await Promise.all(['>= 0.8.0', '^18.0.0 || >=20', 'v16.x', '>=20.11'].map(said)), [0, 18, 16, 20]);
  assert.is(await said('*'), undefined);
});

test('the lowest Python is read wherever it is said', async () => {
  const said: Array<[Record<string, string>, readonly [number, number] | null]> = [
    [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.8,<4"\n' }, [3, 8]],
    [{ 'pyproject.toml': "[project]\nrequires-python='~=3.10'  # see CI\n" }, [3, 10]],
    [{ 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n' }, [3, 11]],
    [{ 'pyproject.toml': '[tool.ruff]\ntarget-version = "py310"\n' }, [3, 10]],
    [{ 'ruff.toml': 'target-version = "py39"\n' }, [3, 9]],
    [{ 'setup.cfg': '[options]\npython_requires = >=3.7\n' }, [3, 7]],
    [{ 'setup.py': 'setup(\n    name="a",\n    python_requires=">=2.7, !=3.0.*",\n)\n' }, [2, 7]],
    [{ 'setup.py': '"Programming Language :: Python :: 3.12", "Programming Language :: Python :: 3.9"' }, [3, 9]],
    [{ 'tox.ini': '[tox]\nenvlist = py27,py310, pypy3\n' }, [2, 7]],
    [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.9"\n[tool.ruff]\ntarget-version = "py38"\n' }, [3, 9]],
    [{ 'pyproject.toml': '[project]\nname = "a"\n' }, null],
    [{ 'pyproject.toml': 'this is [ not toml\n= = =\n' }, null],
  ];
  for (const [files, version] of said) assert.equal((await read(files)).python, version, JSON.stringify(files));
});

test("ruff's and flake8's own settings are respected", async () => {
  const ruff = await read({
    'pyproject.toml': [
      '[tool.ruff]',
      'extend-exclude = ["docs", "build/"]',
      '[tool.ruff.lint]',
      'select = ["E", "F"]',
      'ignore = [',
      '    "E711",  # queries, [not] a mistake',
      "    'UP',",
      ']',
      '[tool.ruff.lint.per-file-ignores]',
      '"tests/*" = ["S101", "F401"]',
    ].join('\n'),
  });
  assert.equal(ruff.tools, ['ruff']);
  assert.equal(ruff.selectedRules, ['E', 'F']);
  assert.equal(ruff.ignoredRules, ['E711', 'UP']);
  assert.equal(ruff.ignoredByPath, [{ pattern: 'tests/*', rules: ['S101', 'F401'] }]);
  assert.equal(ruff.excluded?.python, ['docs', 'build/']);

  const inline = await read({
    'ruff.toml':
      '[lint]\nper-file-ignores = {"a/__init__.py" = ["E402", "F401"],\n  "b.py" = ["F4"]}\nignore = ["W"]\n',
  });
  assert.equal(inline.ignoredRules, ['W']);
  assert.equal(inline.ignoredByPath, [
    { pattern: 'a/__init__.py', rules: ['E402', 'F401'] },
    { pattern: 'b.py', rules: ['F4'] },
  ]);

  const flake8 = await read({
    '.flake8':
      '[flake8]\nextend-ignore = E203, W503\nexclude =\n    .git,\n    old\nper-file-ignores =\n    a.py: F401,E711\n    b/*:W\n',
  });
  assert.equal(flake8.tools, ['flake8']);
  assert.equal(flake8.ignoredRules, ['E203', 'W503']);
  assert.equal(flake8.excluded?.python, ['.git', 'old']);
  assert.equal(flake8.ignoredByPath, [
    { pattern: 'a.py', rules: ['F401', 'E711'] },
    { pattern: 'b/*', rules: ['W'] },
  ]);
});

test('package.json and configuration files tell the JavaScript side', async () => {
  const both = await read({
    'package.json': '{"type": "module", "prettier": {"semi": false}}',
    '.eslintrc.json': '{"rules": {"prefer-const": "off", "eqeqeq": ["error"], "no-var": [0]}}',
    '.eslintignore': '# made\nlib/gen\n',
    'tsconfig.json': '{}',
    '.isort.cfg': '[settings]\n',
  });
  assert.equal(both.esm, true);
  assert.equal([...both.tools].sort(), ['eslint', 'isort', 'prettier', 'typescript']);
  assert.equal(both.ignoredRules, ['prefer-const', 'no-var']);
  assert.equal(both.excluded?.javascript, ['lib/gen']);
  const broken = await read({ 'package.json': '{"type": ', '.eslintrc.json': '{ // comment\n}' });
  assert.is(broken.esm, false);
  assert.equal(broken.tools, ['eslint']);
});

test('files that nobody keeps by hand', async () => {
  const said = await read({
    '.gitattributes':
      '# a\n*.gen.py linguist-generated=true\nlib/** linguist-vendored\nlib/own/** -linguist-vendored\n*.sh text\n"a b" linguist-generated\n',
    '.gitignore': 'build/\n\n# local\n!build/keep.py\n',
    '.editorconfig':
      '[*]\nindent_style = space\n[{gen,out}/**]\ngenerated_code = true\n[third/**]\nindent_style = unset\n[{1..3}.py]\nindent_style = unset\n',
  });
  assert.equal(said.generated, ['*.gen.py', 'lib/**', '!lib/own/**']);
  const unkept = ['build/', '!build/keep.py', 'gen/**', 'out/**', 'third/**'];
  assert.equal(said.excluded, { python: unkept, javascript: unkept });
});

test('what the linters of JavaScript leave out and turn off, in each of their files', async () => {
  const ignored = async (path: string, text: string) => {
    const said = await read({ [path]: text });
    return [said.ignoredRules, said.excluded?.javascript];
  };
  const expected = [
    ['prefer-const', 'no-var'],
    ['dist/**', 'a/*.js'],
  ];
  const flat =
    "export default [{ ignores: ['dist/**', 'a/*.js'] }, { rules: { 'prefer-const': 'off', \"no-var\": [0], eqeqeq: 'error' } }]; // ignores: ['b']\n";
  assert.equal(await ignored('eslint.config.js', flat), expected);
  assert.equal(
    await ignored(
      '.eslintrc.json',
      '{ /* a */ "ignorePatterns": ["dist/**", "a/*.js"], "rules": { "prefer-const": "off", "no-var": 0 } }',
    ),
    expected,
  );
  assert.equal(await ignored('.eslintrc.yml', 'rules:\n  prefer-const: off\n  no-var: [0]\n  eqeqeq: error\n'), [
    ['prefer-const', 'no-var'],
    [],
  ]);
  assert.equal(
    await ignored('package.json', '{ "eslintIgnore": ["dist"], "eslintConfig": { "rules": { "no-var": "off" } } }'),
    [['no-var'], ['dist']],
  );
  assert.equal((await ignored('eslint.config.mjs', "globalIgnores(['**/*.{a,b}.{js,ts}', '{1..3}'])"))[1], [
    '**/*.a.js',
    '**/*.a.ts',
    '**/*.b.js',
    '**/*.b.ts',
  ]);
  assert.equal(await ignored('.prettierignore', '# a\ngen/\n'), [[], ['gen/']]);
  assert.equal(
    await ignored(
      'biome.jsonc',
      '{ // a\n "files": { "includes": ["**", "!!dist", "!gen/**"] }, "linter": { "rules": { "style": { "useConst": "off", "noVar": { "level": "off" }, "x": "warn" } } }, }',
    ),
    [
      ['lint/style/useConst', 'lint/style/noVar'],
      ['dist', 'gen/**'],
    ],
  );
  assert.equal(await ignored('biome.json', '{ broken'), [[], []]);
});

test('pylint and bandit', async () => {
  const ini = await read({
    '.pylintrc':
      '[MASTER]\nignore=gen.py,old\nignore-paths=^vendor/.*$,a(b|c)\n[MESSAGES CONTROL]\ndisable=missing-docstring,\n    C0103\n',
  });
  assert.equal(ini.ignoredRules, ['missing-docstring', 'C0103']);
  assert.equal(ini.excluded?.python, ['gen.py', 'old', 'vendor']);
  const toml = await read({
    'pyproject.toml':
      '[tool.pylint.main]\nignore = ["gen.py"]\n[tool.pylint."messages control"]\ndisable = ["unused-import"]\n[tool.bandit]\nskips = ["B101"]\n',
  });
  assert.equal([...toml.ignoredRules].sort(), ['B101', 'unused-import']);
  assert.equal(toml.excluded?.python, ['gen.py']);
});

test('ruff formats and sorts only where its settings and its version are understood', async () => {
  const use = async (pyproject: string, more: Record<string, string> = {}) =>
    (await read({ 'pyproject.toml': pyproject, ...more })).ruff;
  const base =
    '[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = "single"\n[tool.ruff.lint]\nselect = ["E", "I"]\n[tool.ruff.lint.isort]\nknown-first-party = ["app"]\n';
  assert.equal(await use(base), {
    formats: true,
    sortsImports: true,
    options: {
      'line-length': 100,
      format: { 'quote-style': 'single' },
      lint: { isort: { 'known-first-party': ['app'] } },
    },
  });
  assert.is(await use('[tool.ruff]\nline-length = 100\n'), undefined);
  assert.is((await use('[tool.ruff.format]\n'))?.formats, true);
  assert.is(await use(`${base}preview = true\n`), undefined);
  assert.is(await use('[tool.ruff]\nextend = "../ruff.toml"\n[tool.ruff.format]\n'), undefined);
  assert.is((await use(base.replace('known-first-party', 'sections')))?.sortsImports, false);
  const hook = (rev: string) => ({
    '.pre-commit-config.yaml': `repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: ${rev}\n    hooks:\n      - id: ruff-format\n`,
  });
  assert.is((await use('', hook('v0.15.2')))?.formats, true);
  assert.is(await use('', hook('v0.4.10')), undefined);
  assert.is((await use(base, { 'uv.lock': '[[package]]\nname = "ruff"\nversion = "0.9.1"\n' }))?.formats, false);
});

test.run();
