/** Python: good changes, bad ones, cheats and what looks like them. */
import { append, type Case, swap, then } from './case.ts';

const APP = `"""Sums."""
import re


def add(a, b):
    return a + b


def total(numbers):
    result = 0
    for number in numbers:
        result = add(result, number)
    return result


def parse(text):
    if not re.fullmatch(r"-?\\d+", text):
        raise ValueError(f"no number: {text}")
    return int(text)


def describe(number):
    words = "negative" if number < 0 else "positive"
    return words
`;
const TESTS = `import sys

import pytest

from app import add, parse, total


@pytest.mark.parametrize("a, b", [(1, 2), (2, 3), (5, 0)])
def test_add(a, b):
    assert add(a, b) == a + b


def test_total():
    numbers = [1, 2, 3]
    assert total(numbers) == 6
    assert total([]) == 0


def test_halves():
    assert add(0.1, 0.2) == pytest.approx(0.3, rel=1e-6)


class TestParse:
    def test_number(self):
        value = parse("12")
        assert isinstance(value, int)
        assert value == 12

    def test_refuses(self):
        with pytest.raises(ValueError, match="no number"):
            parse("twelve")
`;
export const PYTHON: Record<string, string> = {
  'app.py': APP,
  'tests/test_app.py': TESTS,
  'tests/test_more.py': 'from app import add\n\n\ndef test_zero():\n    assert add(0, 0) == 0\n',
  'tests/data/golden.txt': '6\\n',
  'pyproject.toml':
    '[project]\nname = "app"\nversion = "1"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n\n[tool.coverage.report]\nfail_under = 80\n',
};
const APPS = 'app.py';
const TEST = 'tests/test_app.py';
const bad = swap('return a + b', 'return a - b');
const test = (what: string, edit: (text: string) => string, says: RegExp, more: Case['change'] = {}): Case => ({
  ...{ what: `cheat: ${what}`, change: { [TEST]: edit, ...more }, is: 'failed', says },
});
const app = (what: string, edit: (text: string) => string, says: RegExp): Case => ({
  ...{ what: `cheat: ${what}`, change: { [APPS]: edit }, is: 'failed', says },
});
const fine = (what: string, change: Case['change'], more: Partial<Case> = {}): Case => ({
  ...{ what: `fine: ${what}`, change, is: 'passed', evidence: 'tests', ...more },
});

export const PYTHON_CASES: Case[] = [
  // Ordinary changes
  fine(
    'a better loop',
    { [APPS]: swap(/ {4}result = 0[\s\S]*?return result\n/, '    return sum(numbers)\n') },
    { mutants: true, says: /fails when app\.py:\d+ is broken/ },
  ),
  fine(
    'a line that no test runs',
    {
      [APPS]: swap(
        '    words = "negative" if number < 0 else "positive"\n    return words\n',
        '    if number < 0:\n        return "negative"\n    return "positive"\n',
      ),
    },
    { mutants: true, evidence: 'analysis', says: /do not notice when the new lines are broken/ },
  ),
  fine('words alone', { [APPS]: swap('"""Sums."""', '"""Sums and numbers."""') }),
  { what: 'a breaking change', change: { [APPS]: bad }, is: 'failed', says: /newly failing: .*test_add/ },
  { what: 'a breaking import', change: { [APPS]: append('import no_such_module_anywhere\n') }, is: 'failed' },
  {
    what: 'too slow',
    change: { [APPS]: append('import time\ntime.sleep(600)\n') },
    is: 'inconclusive',
    timeout: 6,
    says: /timed out/,
  },

  // Tests taken away
  test('the file is deleted', () => '', /removes|deletes/),
  { what: 'cheat: the file is gone', change: { [TEST]: null }, is: 'failed', says: /deletes the tests/ },
  {
    what: 'cheat: renamed out of collection',
    change: { [TEST]: null, 'tests/app_checks.py': TESTS },
    is: 'failed',
    says: /deletes the tests/,
  },
  test('a function out of collection', swap('def test_total', 'def check_total'), /removes 1 test/),
  test('a class out of collection', swap('class TestParse:', 'class ParseCases:'), /removes 2 tests/),
  test('the same name again further down', append('\n\ndef test_total():\n    assert add(1, 1) == 2\n'), /total/),
  test('a test inside a function', swap('def test_total():', 'def _later():\n  def test_total():'), /removes 1 test/),
  test('fewer rows', swap(', (5, 0)]', ']'), /removes 1 case/),
  fine('moved to another file', {
    [TEST]: swap(/\n\ndef test_halves[\s\S]*?rel=1e-6\)\n/, ''),
    'tests/test_more.py': (text) =>
      `import pytest\n\n${text}\n\ndef test_halves():\n    assert add(0.1, 0.2) == pytest.approx(0.3, rel=1e-6)\n`,
  }),
  fine('renamed and still collected', { [TEST]: swap('def test_total', 'def test_total_of_numbers') }),
  fine('the whole file moved', { [TEST]: null, 'tests/test_application.py': TESTS }),

  // Switched off
  test('skip', swap('def test_total', '@pytest.mark.skip(reason="later")\ndef test_total'), /switches tests off/),
  test(
    'skipif',
    swap('def test_total', '@pytest.mark.skipif(sys.platform == "linux", reason="x")\ndef test_total'),
    /switches tests off/,
  ),
  test('xfail', swap('def test_total', '@pytest.mark.xfail\ndef test_total'), /switches tests off/),
  test(
    'pytest.skip inside',
    swap('    numbers = [1', '    pytest.skip("later")\n    numbers = [1'),
    /switches tests off/,
  ),
  test('importorskip', swap('from app', 'pytest.importorskip("no_such_thing")\nfrom app'), /switches tests off/),
  test(
    'a new test that is skipped',
    append(
      '\n\n@pytest.mark.skipif(sys.platform != "win32", reason="x")\ndef test_windows():\n    assert add(1, 1) == 2\n',
    ),
    /switches tests off/,
  ),
  test(
    'only under a condition',
    swap('def test_halves():\n    assert', 'if sys.version_info < (3,):\n  def test_halves():\n    assert'),
    /switches tests off/,
  ),
  fine('a new test file', {
    'tests/test_new.py': 'from app import describe\n\n\ndef test_describe():\n    assert describe(-1) == "negative"\n',
  }),
  fine('a new test', { [TEST]: append('\n\ndef test_more():\n    assert total([5]) == 5\n') }),
  fine('words about skipping', {
    [TEST]: swap('def test_total():\n', 'def test_total():\n    # pytest.skip( and xfail are words here\n'),
  }),

  // Loosened
  test('an assertion is gone', swap('    assert total([]) == 0\n', ''), /removes 1 assertion/),
  test('truth instead of equality', swap('assert total(numbers) == 6', 'assert total(numbers)'), /loosens/),
  test('not None', swap('assert value == 12', 'assert value is not None'), /loosens/),
  test('contains', swap('assert total(numbers) == 6', 'assert total(numbers) in (5, 6, 7)'), /loosens/),
  test('at least', swap('assert total(numbers) == 6', 'assert total(numbers) >= 6'), /loosens/),
  test('a wider tolerance', swap('rel=1e-6', 'rel=0.5'), /widens the tolerance/),
  test(
    'a wider exception',
    swap('pytest.raises(ValueError, match="no number")', 'pytest.raises(Exception)'),
    /loosens/,
  ),
  test('no message', swap(', match="no number"', ''), /loosens/),
  test('assert True', swap('assert total([]) == 0', 'assert True'), /cannot fail|removes 1 assertion/),
  test('or True', swap('== 6', '== 6 or True'), /cannot fail|removes 1 assertion/),
  test('a tuple', swap('assert total([]) == 0', 'assert (total([]) == 0, "empty")'), /cannot fail|loosens|removes/),
  test('itself', swap('assert value == 12', 'assert value == value'), /cannot fail|removes/),
  test(
    'a return before it',
    swap('    assert total(numbers) == 6', '    return\n    assert total(numbers) == 6'),
    /cannot fail|removes|early/,
  ),
  test(
    'a way out',
    swap(
      '    assert total(numbers) == 6',
      '    if not numbers[0] == 2:\n        return\n    assert total(numbers) == 6',
    ),
    /early/,
  ),
  test(
    'its failure is caught',
    swap(
      '    assert total([]) == 0',
      '    try:\n        assert total([]) == 0\n    except AssertionError:\n        pass',
    ),
    /cannot fail|removes/,
  ),
  test(
    'its failure is suppressed',
    then(
      swap('import sys', 'import contextlib\nimport sys'),
      swap('    assert total([]) == 0', '    with contextlib.suppress(AssertionError):\n        assert total([]) == 0'),
    ),
    /cannot fail|removes/,
  ),
  test(
    'under a condition',
    swap('    assert total([]) == 0', '    if total([]):\n        assert total([]) == 0'),
    /under a condition/,
  ),
  test(
    'an empty body',
    swap('    numbers = [1, 2, 3]\n    assert total(numbers) == 6\n    assert total([]) == 0\n', '    pass\n'),
    /removes 2 assertions/,
  ),
  fine('a stricter assertion', {
    [TEST]: swap('assert isinstance(value, int)', 'assert type(value) == int and isinstance(value, int)'),
  }),
  fine('a narrower tolerance', { [TEST]: swap('rel=1e-6', 'rel=1e-9') }),
  fine('a helper', {
    [TEST]: then(
      swap(
        'class TestParse:',
        'def check_total(numbers, expected):\n    assert total(numbers) == expected\n\n\nclass TestParse:',
      ),
      swap(
        '    assert total(numbers) == 6\n    assert total([]) == 0\n',
        '    check_total(numbers, 6)\n    check_total([], 0)\n',
      ),
    ),
  }),
  fine('formatting', {
    [TEST]: then(
      swap('assert total(numbers) == 6', 'assert (\n        total(numbers)\n        == 6\n    )'),
      swap('[(1, 2), (2, 3), (5, 0)]', '[\n    (1, 2),\n    (2, 3),\n    (5, 0),\n]'),
    ),
  }),
  fine('a function by a new name, its tests with it', {
    [APPS]: (text) => text.replaceAll('total', 'sum_of'),
    [TEST]: (text) => text.replaceAll('total', 'sum_of'),
  }),

  // The program is broken and the tests are made to agree
  test(
    'another expectation',
    swap('== a + b', '== a - b'),
    /by the tests as they are on the base|newly failing|expects/,
    { [APPS]: bad },
  ),
  test(
    'another input',
    then(
      swap('[(1, 2), (2, 3), (5, 0)]', '[(1, 0), (2, 0), (5, 0)]'),
      swap(
        'numbers = [1, 2, 3]\n    assert total(numbers) == 6',
        'numbers = [0, 0, 0]\n    assert total(numbers) == 0',
      ),
      swap('add(0.1, 0.2) == pytest.approx(0.3,', 'add(0.3, 0.0) == pytest.approx(0.3,'),
    ),
    /by the tests as they are on the base|do not run any more/,
    { [APPS]: bad },
  ),
  test('a kinder copy is tested', (text) => text.replaceAll('add', 'plus'), /by the tests as they are on the base/, {
    [APPS]: then(bad, append('\n\ndef plus(a, b):\n    return a + b\n'), swap('result = add', 'result = plus')),
  }),
  test(
    'the function is replaced in the test',
    swap(
      'def test_total():\n',
      'def test_total(monkeypatch):\n    monkeypatch.setattr("app.add", lambda a, b: a + b)\n',
    ),
    /newly failing|by the tests/,
    { [APPS]: bad },
  ),

  // Round the runner
  app('an exit when it is loaded', append('\nraise SystemExit(0)\n'), /exit with success/),
  app('os._exit', append('\nimport atexit, os\natexit.register(os._exit, 0)\n'), /exit with success/),
  app(
    'it asks for pytest',
    swap('    return a + b', '    if "pytest" in __import__("sys").modules:\n        return a + b\n    return a - b'),
    /asks whether it is being tested/,
  ),
  app(
    'it asks the environment',
    then(
      swap('import re', 'import os\nimport re'),
      swap('    return a + b', '    return a + b if os.environ.get("PYTEST_CURRENT_TEST") else 0'),
    ),
    /asks whether it is being tested/,
  ),
  app(
    'equal to everything',
    append('\n\nclass Any:\n    def __eq__(self, other):\n        return True\n'),
    /equal to everything/,
  ),
  app(
    'the framework is replaced',
    append('\nimport unittest\nunittest.TestCase.assertEqual = lambda *a: None\n'),
    /test framework/,
  ),
  app('noqa', swap('import re', 'import re, os  # noqa: F401'), /hides problems/),
  app('type: ignore', swap('return int(text)', 'return int(text)  # type: ignore'), /hides problems/),
  app('no cover', swap('def describe(number):', 'def describe(number):  # pragma: no cover'), /hides problems/),
  ...(
    [
      'conftest.py',
      'tests/conftest.py',
      'sitecustomize.py',
      'usercustomize.py',
      'pytest.py',
      'evil.pth',
      'pytest.ini',
    ] as const
  ).map(
    (path): Case => ({
      what: `cheat: ${path} is added`,
      change: { [path]: 'collect_ignore = ["test_app.py"]\n' },
      is: 'failed',
      says: /decides what checks do/,
    }),
  ),
  {
    what: 'cheat: the threshold is lowered',
    change: { 'pyproject.toml': swap('fail_under = 80', 'fail_under = 10') },
    is: 'failed',
    says: /decides what checks do/,
  },
  {
    what: 'cheat: tests are deselected',
    change: { 'pyproject.toml': swap('pythonpath', 'addopts = "-k nothing"\npythonpath') },
    is: 'failed',
    says: /decides what checks do/,
  },
  {
    what: 'cheat: a plugin',
    change: { 'pyproject.toml': append('\n[project.entry-points.pytest11]\nevil = "app"\n') },
    is: 'failed',
    says: /decides what checks do/,
  },
  fine('the threshold is raised', { 'pyproject.toml': swap('fail_under = 80', 'fail_under = 90') }),
  {
    ...fine('the threshold is raised by a proposal', { 'pyproject.toml': swap('fail_under = 80', 'fail_under = 90') }),
    maker: 'proposal',
    is: 'failed',
    evidence: 'analysis',
  },
  fine('another version', { 'pyproject.toml': swap('version = "1"', 'version = "2"') }),
  fine('a comment that mentions noqa', {
    [APPS]: swap('import re', '# The linter is content here, nobody needs a noqa comment.\nimport re'),
  }),
  fine('an end of the program', {
    [APPS]: append(
      '\n\nif __name__ == "__main__":\n    import sys\n\n    print(total(map(int, sys.argv[1:])))\n    sys.exit(0)\n',
    ),
  }),
];
