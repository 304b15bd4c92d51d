import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmbientError } from '../../src/base/index.ts';
import { defaults } from '../../src/config/index.ts';
import { isAllowed, parseCommand } from '../../src/sandbox/index.ts';

const test = suite('sandbox/allowlist');
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    assert.instance(error, AmbientError);
    assert.is((error as AmbientError).kind, 'config');
    return (error as AmbientError).code;
  }
  return 'nothing was thrown';
};

/** Strings that a shell would make more of than one command. */
const INJECTIONS = [
  'pytest; rm -rf /',
  'pytest ;id',
  'pytest && id',
  'pytest || id',
  'pytest & id',
  'pytest | sh',
  'pytest |& sh',
  'pytest $(id)',
  'pytest "$(id)"',
  'pytest `id`',
  'pytest "`id`"',
  'pytest > /etc/passwd',
  'pytest >> ~/.bashrc',
  'pytest < /etc/shadow',
  'pytest <<EOF',
  'pytest <(id)',
  'pytest 2>&1',
  'pytest\nid',
  'pytest\r\nid',
  'pytest "a\nid"',
  'pytest ${IFS}id',
  'pytest ${HOME:-`id`}',
  'pytest\0id',
  "pytest ';' id",
  'make test;id',
  'npm test&id',
  'git diff|tee x',
  'ruff check $(cat x)',
  '$(id)',
  '`id`',
];
for (const text of INJECTIONS)
  test(`refuses ${JSON.stringify(text)}`, () =>
    assert.is(
      codeOf(() => parseCommand(text)),
      'shell-syntax',
    ));

test('splits by blanks and quotes, without a shell', () => {
  assert.equal(parseCommand('pytest -q tests'), ['pytest', '-q', 'tests']);
  assert.equal(parseCommand(` pytest  -k 'a b' "c d"e '' \t x\\ y`), ['pytest', '-k', 'a b', 'c de', '', 'x y']);
  assert.equal(parseCommand(`pytest "a\\"b" 'c\\d' $HOME *.py`), ['pytest', 'a"b', 'c\\d', '$HOME', '*.py']);
  assert.equal(parseCommand(['pytest', 'a; b']), ['pytest', 'a; b'], 'a list is what it is');
});

test('refuses an empty command, an open quote, a NUL byte', () => {
  for (const command of ['', '  ', "pytest 'x", 'pytest "x', [], [''], ['pytest', 'a\0b']])
    assert.is(
      codeOf(() => parseCommand(command)),
      'bad-command',
      JSON.stringify(command),
    );
});

const ADMITTED = [
  'pytest',
  'pytest -q tests/test_a.py::test_b[1-2]',
  'python -m pytest',
  'python3 -m pytest -x',
  'python -m unittest discover',
  'ruff check .',
  'ruff format --check .',
  'mypy src',
  'python -m mypy .',
  'flake8',
  'make test',
  'make check',
  'cargo test --workspace',
  'cargo clippy',
  'go test ./...',
  'go vet ./...',
  'npm test',
  'npm test -- --ci',
  'npm run lint',
  'npm run typecheck',
  'node --test',
  'node --test test/',
  'tsc --noEmit',
  'tsc --noEmit -p tsconfig.json',
  'eslint .',
  'git status',
  'git log -1 --format=%H',
];
for (const text of ADMITTED)
  test(`admits ${text}`, () =>
    assert.is(isAllowed(parseCommand(text), defaults().sandbox.allowed_commands).allowed, true));

const REFUSED: string[][] = [
  ['pytest-evil'],
  ['pytest_evil', '-q'],
  ['pytest.sh'],
  ['./pytest'],
  ['/tmp/pytest'],
  ['pytest -q'],
  ['pytest "x'],
  ['sh', '-c', 'pytest'],
  ['env', 'pytest'],
  ['python', '-c', 'import pytest'],
  ['python', '-m pytest'],
  ['python', '-m', 'pytest-evil'],
  ['python', '-m', 'pytest.evil'],
  ['python', '-m', 'http.server'],
  ['ruff', 'checkers'],
  ['make', 'test', 'install'],
  ['make', 'tests'],
  ['npm', 'testing'],
  ['npm', 'run', 'deploy'],
  ['npm', 'run', 'build:evil'],
  ['npm', 'install'],
  ['node', '-e', '--test'],
  ['git', 'push'],
  ['git', 'show-index'],
  ['git', '-c', 'core.pager=x', 'log'],
  ['git', 'diff-files'],
  ['cargo', 'run'],
  ['go', 'run', '.'],
  ['pytest', 'a\nrm'],
  ['x\npytest'],
  ['pytest', 'a\u2028b'],
  ['PYTEST'],
  [''],
  [],
];
for (const argv of REFUSED)
  test(`does not admit ${JSON.stringify(argv)}`, () => {
    const admission = isAllowed(argv, defaults().sandbox.allowed_commands);
    assert.is(admission.allowed, false);
    assert.match(admission.allowed ? '' : admission.reason, /^not run: /);
  });

test('says which pattern admitted, and an alternative keeps its boundaries', () => {
  assert.equal(isAllowed(['b', 'x'], ['a', 'a|b']), { allowed: true, pattern: 'a|b' });
  assert.is(isAllowed(['bc'], ['a|b']).allowed, false);
  assert.is(isAllowed(['ca'], ['a|b']).allowed, false);
});

test('a broken pattern is an error that names it, whatever else would match', () => {
  for (const pattern of ['(', 'a)(b', '[z-a]', '*'])
    assert.is(
      codeOf(() => isAllowed(['pytest'], ['^pytest', pattern])),
      'bad-pattern',
      pattern,
    );
});

test('a match that would never end is ended, and the pattern is named', () => {
  const started = performance.now();
  const slow = '^((a+)+)+$';
  assert.is(
    codeOf(() => isAllowed([`${'a'.repeat(64)}!`], ['^pytest', slow])),
    'slow-pattern',
  );
  assert.ok(performance.now() - started < 10_000);
  assert.equal(isAllowed(['pytest'], ['^pytest', slow]), { allowed: true, pattern: '^pytest' });
});

test.run();
