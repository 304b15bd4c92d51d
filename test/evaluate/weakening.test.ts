/** Every way to make a check say less, beside a legitimate change that looks like it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { weakening } from '../../src/evaluate/index.ts';

const test = suite('evaluate/weakening');

const PYTHON = `import os
import pytest
from app import add


@pytest.mark.parametrize("a", [1, 2])
def test_add(a):
    total = add(a, 1)
    assert total == a + 1


class TestMore:
    def test_zero(self):
        assert add(0, 0) == 0
        with pytest.raises(TypeError):
            add(None, 1)
`;
const JAVASCRIPT = `import assert from 'node:assert';
import { describe, it, test } from 'node:test';
import { add } from '../add.js';

describe('add', () => {
  it('adds', () => {
    const total = add(1, 2);
    assert.equal(total, 3);
  });
  it("takes /regex/ and 'quotes'", () => {
    expect(add('it(', /it\\(/)).toBe(3); // it( is not a test here
  });
});
test(\`zero\`, () => assert.ok(add(0, 0) === 0));
`;

type Row = [what: string, path: string, before: string | null, after: string | null, refused: RegExp | null];
const py = (what: string, after: string | null, refused: RegExp | null): Row => [
  what,
  'tests/test_app.py',
  PYTHON,
  after,
  refused,
];
const js = (what: string, after: string | null, refused: RegExp | null): Row => [
  what,
  'test/add.test.js',
  JAVASCRIPT,
  after,
  refused,
];
const swap = (text: string, from: string | RegExp, to: string) => {
  const swapped = text.replace(from, to);
  assert.is.not(swapped, text, `nothing to replace: ${from}`);
  return swapped;
};

const ROWS: Row[] = [
  py('deletes the file', null, /deletes the tests/),
  py('deletes a test', swap(PYTHON, /\n\nclass TestMore[\s\S]*/, '\n'), /removes 1 test/),
  py('renames a test out of collection', swap(PYTHON, 'def test_zero', 'def check_zero'), /removes 1 test/),
  py(
    'comments a test out',
    swap(PYTHON, '    def test_zero(self):\n        assert', '    # def test_zero(self):\n        assert'),
    /removes 1 test/,
  ),
  py('hides a test in a string', `${swap(PYTHON, 'class TestMore', '"""\nclass TestMore')}"""\n`, /removes 1 test/),
  py('skips', swap(PYTHON, 'def test_add', '@pytest.mark.skip\ndef test_add'), /switches tests off/),
  py(
    'skips if',
    swap(PYTHON, 'def test_add', '@pytest.mark.skipif(True, reason="x")\ndef test_add'),
    /switches tests off/,
  ),
  py('expects failure', swap(PYTHON, 'def test_add', '@pytest.mark.xfail\ndef test_add'), /switches tests off/),
  py('skips inside', swap(PYTHON, '    total =', '    pytest.skip("later")\n    total ='), /switches tests off/),
  py('skips by unittest', swap(PYTHON, 'class TestMore', '@unittest.skip("x")\nclass TestMore'), /switches tests off/),
  py(
    'is no test any more',
    swap(PYTHON, 'class TestMore:', 'class TestMore:\n    __test__ = False'),
    /switches tests off/,
  ),
  py('marks the module', swap(PYTHON, 'from app', 'pytestmark = pytest.mark.skip\nfrom app'), /switches tests off/),
  py('removes an assertion', swap(PYTHON, '    assert total == a + 1\n', '    print(total)\n'), /removes 1 assertion/),
  py('comments an assertion out', swap(PYTHON, '    assert total', '    # assert total'), /removes 1 assertion/),
  py('asserts nothing', swap(PYTHON, 'assert total == a + 1', 'assert True'), /removes 1 assertion/),
  py(
    'asserts nothing in the end',
    swap(PYTHON, 'assert total == a + 1', 'assert total == a + 1 or True'),
    /removes 1 assertion/,
  ),
  py(
    'expects no error',
    swap(PYTHON, 'with pytest.raises(TypeError):', 'with suppress(TypeError):'),
    /removes 1 assertion/,
  ),
  py('ends the run', swap(PYTHON, 'import os', 'import os\nos._exit(0)'), /exit/),
  py('hides from the type checker', swap(PYTHON, 'import add', 'import add  # type: ignore'), /hides problems/),
  py('renames a local variable', PYTHON.replaceAll('total', 'result'), null),
  py('adds an assertion', swap(PYTHON, '    assert total', '    assert total > 0\n    assert total'), null),
  py('adds a test', `${PYTHON}\n\ndef test_new():\n    assert add(1, 1) == 2\n`, null),
  py('removes an unused import', swap(PYTHON, 'import os\n', ''), null),
  py('says skip in a message', swap(PYTHON, '    total =', '    print("pytest.skip( and xfail")\n    total ='), null),
  py('compares with is', swap(PYTHON, 'assert add(0, 0) == 0', 'assert add(0, 0) == 0, "zero"'), null),
  py('reformats', swap(PYTHON, 'add(a, 1)', 'add(\n        a,\n        1,\n    )'), null),
  ['adds an empty marker file', 'tests/__init__.py', null, '', null],
  ['adds a test file', 'tests/test_new.py', null, PYTHON, null],
  js('deletes the file', null, /deletes the tests/),
  js('deletes a test', swap(JAVASCRIPT, /test\(`zero`.*\n/, ''), /removes 1 test/),
  js('comments a test out', swap(JAVASCRIPT, 'test(`zero`', '// test(`zero`'), /removes 1 test/),
  js('skips', swap(JAVASCRIPT, "it('adds'", "it.skip('adds'"), /switches tests off/),
  js('focuses', swap(JAVASCRIPT, "describe('add'", "describe.only('add'"), /switches tests off/),
  js('leaves for later', swap(JAVASCRIPT, "it('adds'", "it.todo('adds'"), /switches tests off/),
  js('crosses out', swap(JAVASCRIPT, "it('adds'", "xit('adds'"), /switches tests off/),
  js('skips by an option', swap(JAVASCRIPT, "it('adds', ", "it('adds', { skip: true }, "), /switches tests off/),
  js('removes an assertion', swap(JAVASCRIPT, '    assert.equal(total, 3);\n', ''), /removes 1 assertion/),
  js('asserts nothing', swap(JAVASCRIPT, /expect\(.*toBe\(3\)/, 'expect(true).toBe(true)'), /removes 1 assertion/),
  js('ends the run', `process.exit(0);\n${JAVASCRIPT}`, /exit/),
  js('renames a local variable', JAVASCRIPT.replaceAll('total', 'sum'), null),
  js('adds an assertion', swap(JAVASCRIPT, 'assert.equal', 'assert.ok(total > 0);\n    assert.equal'), null),
  js('adds a test', `${JAVASCRIPT}test('one', () => assert.ok(add(1, 0)));\n`, null),
  js('removes an unused import', swap(JAVASCRIPT, 'describe, it, test', 'describe, it'), null),
  js('says skip in a text', swap(JAVASCRIPT, 'const total', "console.log('it.skip(');\n    const total"), null),
  js('changes quotes', JAVASCRIPT.replaceAll("'adds'", '"adds"'), null),
  ['adds noqa', 'app.py', 'import os\n', 'import os  # noqa: F401\n', /hides problems/],
  ['says noqa in a string', 'app.py', 'x = 1\n', 'x = "# noqa"\n', null],
  ['keeps noqa', 'app.py', 'import os  # noqa\nx=1\n', 'import os  # noqa\nx = 1\n', null],
  ['exits with success', 'app.py', 'main()\n', 'import sys\nmain()\nsys.exit(0)\n', /exit/],
  ['exits with a code', 'app.py', 'main()\n', 'import sys\nsys.exit(main())\n', null],
  ['writes exit as it should be', 'app.py', 'exit(0)\n', 'import sys\nsys.exit(0)\n', null],
  ['disables eslint', 'src/a.js', 'eval(x);\n', '// eslint-disable-next-line no-eval\neval(x);\n', /hides problems/],
  ['ignores a type error', 'src/a.ts', 'f(1);\n', '// @ts-ignore\nf(1);\n', /hides problems/],
  ['expects a type error', 'src/a.ts', 'f(1);\n', '/* @ts-expect-error */ f(1);\n', /hides problems/],
  ['edits pytest.ini', 'pytest.ini', '[pytest]\n', '[pytest]\naddopts = -k nothing\n', /decides what checks do/],
  ['adds conftest.py', 'tests/conftest.py', null, 'collect_ignore = ["test_app.py"]\n', /decides what checks do/],
  ['edits CI', '.github/workflows/ci.yml', 'on: push\n', 'on: never\n', /decides what checks do/],
  ['edits tsconfig', 'tsconfig.json', '{"strict": true}', '{"strict": false}', /decides what checks do/],
  ['edits jest', 'jest.config.js', '', 'module.exports = {testMatch: []}', /decides what checks do/],
  ['edits a snapshot', 'test/__snapshots__/a.snap', 'a', 'b', /decides what checks do/],
  ['edits our configuration', '.ambient.yml', '', 'checks: ["true"]\n', /decides what checks do/],
  [
    'edits the test script',
    'package.json',
    '{"scripts":{"test":"mocha"}}',
    '{"scripts":{"test":"true"}}',
    /decides what checks do/,
  ],
  [
    'edits the version',
    'package.json',
    '{"version":"1","scripts":{"test":"mocha"}}',
    '{"version":"2","scripts":{"test":"mocha"}}',
    null,
  ],
  [
    'edits pytest in pyproject',
    'pyproject.toml',
    '[tool.pytest.ini_options]\nminversion = "6"\n',
    '[tool.pytest.ini_options]\naddopts = "-x"\n',
    /decides what checks do/,
  ],
  [
    'edits dependencies',
    'pyproject.toml',
    '[project]\nversion = "1"\n[tool.ruff]\n',
    '[project]\nversion = "2"\n[tool.ruff]\n',
    null,
  ],
  [
    'edits make test',
    'Makefile',
    'test:\n\tpytest\nrun:\n\tapp\n',
    'test:\n\ttrue\nrun:\n\tapp\n',
    /decides what checks do/,
  ],
  ['edits make run', 'Makefile', 'test:\n\tpytest\nrun:\n\tapp\n', 'test:\n\tpytest\nrun:\n\tapp -v\n', null],
  ['edits the README', 'README.md', 'a', 'it.skip( # noqa', null],
];

for (const [what, path, before, after, refused] of ROWS)
  test(`${what} (${path}): ${refused ? 'refused' : 'fine'}`, async () => {
    const reasons = await weakening([{ path, before, after }]);
    if (refused === null) assert.equal(reasons, []);
    else assert.match(reasons.join('\n'), refused);
  });

test('a removed assertion is not made good by one in another file', async () => {
  const reasons = await weakening([
    { path: 'tests/test_a.py', before: 'def test_a():\n    assert f()\n', after: 'def test_a():\n    f()\n' },
    {
      path: 'tests/test_b.py',
      before: 'def test_b():\n    assert f()\n',
      after: 'def test_b():\n    assert f()\n    assert g()\n',
    },
  ]);
  assert.is(reasons.length, 1);
});

test('nonsense is read to its end, or said to be too odd; a file that was odd before may stay so', async () => {
  for (const [path, text] of [
    ['tests/test_a.py', '"'.repeat(30_000)],
    ['tests/test_a.py', '['.repeat(20_000)],
    ['tests/test_a.py', `assert ${'or '.repeat(10_000)}`],
    ['test/a.test.js', '`${'.repeat(10_000)],
    ['test/a.test.js', '\\'.repeat(30_000)],
    ['test/a.test.ts', '/*'.repeat(15_000)],
  ] as const) {
    const reasons = await weakening([{ path, before: '', after: text }]);
    assert.ok(
      reasons.every((reason) => /too large to be read/.test(reason)),
      reasons.join('\n'),
    );
    assert.equal(await weakening([{ path, before: `${text} `, after: text }]), []);
  }
  const deep = `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`;
  assert.match((await weakening([{ path: 'a.py', before: 'x = 1\n', after: deep }])).join(), /too large to be read/);
});

test.run();
