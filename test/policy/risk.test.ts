/** Risk is computed from the change: places, meaning, size; it never falls when a change grows. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assessRisk, type ChangedFile, checkLimits } from '../../src/policy/index.ts';
import { sameMeaning } from '../../src/policy/meaning.ts';
import { rank } from '../../src/policy/paths.ts';
import type { Risk, Severity, SpecialistName } from '../../src/records/index.ts';

const test = suite('policy/risk');

function changed(path: string, before = 'a = 1\n', after = 'a = 2\n'): ChangedFile {
  const lines = (text: string, other: string) =>
    text.split('\n').filter((line) => !other.split('\n').includes(line)).length;
  return { path, before, after, added: lines(after, before), removed: lines(before, after) };
}
const riskOf = (files: ChangedFile[], specialist: SpecialistName = 'StyleEnforcer', severity: Severity = 'low'): Risk =>
  assessRisk({ files, specialist, severity }).risk;

const PLACES: Record<Risk, string[]> = {
  low: [
    'README.md',
    'docs/guide.rst',
    'tests/test_auth.py',
    'src/a.test.ts',
    'pkg/a_test.go',
    'conftest.py',
    'LICENSE',
  ],
  medium: ['src/a.py', 'src/author.py', 'src/tokenizer.ts', 'Makefile', 'src/cryptic.py', 'lib/payload.js', 'a.json'],
  high: [
    ...[
      '.github/workflows/ci.yml',
      '.gitlab-ci.yml',
      'Jenkinsfile',
      'package-lock.json',
      'a/poetry.lock',
      'Cargo.lock',
    ],
    ...[
      'Dockerfile',
      'docker/app.Dockerfile',
      'docker-compose.yml',
      'pyproject.toml',
      'package.json',
      'requirements-dev.txt',
    ],
    ...[
      '.husky/pre-commit',
      '.gitattributes',
      'CODEOWNERS',
      'db/migrations/001.py',
      'x.sql',
      'src/sessionStore.ts',
      'main.tf',
    ],
    ...['tests/package.json', 'docs/requirements.txt'],
  ],
  critical: [
    ...['src/auth/login.py', 'src/userAuth.ts', 'lib/payments.js', 'src/OAuth2Client.ts', 'src/password_reset.py'],
    ...['crypto/aes.py', '.ambient.yml', '.ambient/rules/x.md', 'billing/tax.py'],
  ],
};
for (const [risk, paths] of Object.entries(PLACES))
  for (const path of paths) test(`${path} is ${risk}`, () => assert.is(riskOf([changed(path)]), risk));

test('the worst file decides, and is named', () => {
  const { risk, reasons } = assessRisk({
    files: [changed('README.md'), changed('src/auth.py'), changed('src/a.py')],
    specialist: 'StyleEnforcer',
    severity: 'low',
  });
  assert.is(risk, 'critical');
  assert.equal(reasons, ['src/auth.py is about authentication']);
});

test('a security fix in code waits for a person; in comments, tests and prose it changes nothing', () => {
  assert.is(riskOf([changed('src/a.py')], 'SecurityGuardian', 'low'), 'high');
  assert.is(riskOf([changed('src/a.py')], 'SecurityGuardian', 'critical'), 'critical');
  assert.is(riskOf([changed('src/a.py', '# a\nx = 1\n', '# b\nx = 1\n')], 'SecurityGuardian', 'critical'), 'low');
  assert.is(riskOf([changed('tests/test_a.py')], 'SecurityGuardian', 'high'), 'low');
});

test('who proposes it never lowers the risk', () => {
  const names: SpecialistName[] = ['StyleEnforcer', 'TestEnhancer', 'RefactorArchitect', 'PerformanceOptimizer'];
  for (const name of names)
    for (const severity of ['low', 'medium', 'high', 'critical'] as const)
      assert.is(riskOf([changed('src/auth.py')], name, severity), 'critical');
});

test('a new way to run or fetch something is high; taking one away is not', () => {
  assert.is(riskOf([changed('src/a.py', 'x = 1\n', 'import subprocess\nx = 1\n')]), 'high');
  assert.is(riskOf([changed('src/a.py', 'x = eval(y)\n', 'x = literal(y)\n')]), 'medium');
});

test('size counts in code and, later, in prose', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `x${index} = ${index}\n`).join('');
  const grown = (path: string, count: number) => ({ path, before: '', after: lines(count), added: count, removed: 0 });
  assert.is(riskOf([grown('src/a.py', 250)]), 'medium');
  assert.is(riskOf([grown('src/a.py', 251)]), 'high');
  assert.is(riskOf([grown('tests/test_a.py', 500)]), 'low');
  assert.is(riskOf([grown('tests/test_a.py', 501)]), 'medium');
});

const SAME: Array<[string, string, string, string]> = [
  ['Python comment', 'a.py', 'x = 1  # one\n', 'x = 1  # two\n'],
  ['Python comment line', 'a.py', 'x = 1\n', '# why\n\nx = 1   \n'],
  ['spaces within a line', 'a.py', 'x  =  1\n', 'x = 1\n'],
  ['script comments', 'a.ts', 'f(a); // b\n/* c */\n', 'f(a); // d\n'],
  ['script indentation', 'a.js', 'if (a) {\nb();\n}\n', 'if (a) {\n  b();\n}\n'],
  ['a comment beside a regular expression', 'a.js', 'x = /[/*]/; // a\n', 'x = /[/*]/; // b\n'],
  ['a raw docstring', 'a.py', 'def f():\n  """a \\*b"""\n', 'def f():\n  r"""a \\*b"""\n'],
  ['a raw pattern', 'a.py', 'x = m(b"\\d+")\n', 'x = m(rb"\\d+")\n'],
  ['line endings', 'a.py', 'x = 1\r\ny = 2\r\n', 'x = 1\ny = 2\n'],
];
for (const [name, path, before, after] of SAME)
  test(`same meaning: ${name}`, () => assert.ok(sameMeaning(path, before, after)));

const OTHER: Array<[string, string, string, string]> = [
  ['Python indentation', 'a.py', 'if a:\n  b()\n  c()\n', 'if a:\n  b()\nc()\n'],
  ['a hash in a string', 'a.py', 'x = "# a"\n', 'x = "# b"\n'],
  ['a hash in a long string', 'a.py', 'x = """\n# a\n"""\n', 'x = """\n# b\n"""\n'],
  ['spaces in a string', 'a.py', "x = 'a  b'\n", "x = 'a b'\n"],
  ['a docstring', 'a.py', 'def f():\n  "a"\n', 'def f():\n  "b"\n'],
  ['a comment that steers a tool', 'a.py', 'x = y\n', 'x = y  # type: ignore\n'],
  ['a suppression', 'a.ts', 'x();\n', '// eslint-disable-next-line\nx();\n'],
  ['the interpreter', 'a.py', '#!/usr/bin/python\n', '#!/usr/bin/python3\n'],
  ['the encoding', 'a.py', '# -*- coding: latin-1 -*-\n', '# -*- coding: utf-8 -*-\n'],
  ['code commented out', 'a.py', 'check(x)\n', '# check(x)\n'],
  ['slashes in a string', 'a.js', 'x = "//a";\n', 'x = "//b";\n'],
  ['slashes in a template', 'a.js', 'x = `//a`;\n', 'x = `//b`;\n'],
  ['a nested template', 'a.js', 'x = `\x24{a}`; // a\n', 'x = `\x24{a}`; // b\n'],
  ['slashes in a regular expression', 'a.js', 'x = /a\\//.test(b);\n', 'x = /a\\//.test(c);\n'],
  ['a regular expression after a condition', 'a.js', 'if (x) /a\\//.test(b);\n', 'if (x) /a\\//.test(c);\n'],
  ['a line break after return', 'a.js', 'return x;\n', 'return\nx;\n'],
  ['a line break that a comment hides', 'a.js', 'return /* a */ x;\n', 'return /* a\n */ x;\n'],
  ['text of an element', 'a.js', 'x = <p>// a</p>;\n', 'x = <p>// b</p>;\n'],
  ['JSX', 'a.tsx', '// a\n', '// b\n'],
  ['an unfinished comment', 'a.js', 'x(); /* a\n', 'x(); /* b\n'],
  ['an unknown language', 'a.rb', '# a\n', '# b\n'],
  ['an escape that a raw string keeps', 'a.py', 'x = "a\\n"\n', 'x = r"a\\n"\n'],
  ['a doubled backslash', 'a.py', 'x = "\\\\d"\n', 'x = r"\\\\d"\n'],
  ['bytes', 'a.py', 'x = "\\d"\n', 'x = b"\\d"\n'],
  ['a raw f-string', 'a.py', 'x = f"\\d{a}"\n', 'x = rf"\\d{b}"\n'],
  ['two identifiers joined', 'a.js', 'a/**/b\n', 'ab\n'],
];
for (const [name, path, before, after] of OTHER)
  test(`not shown to mean the same: ${name}`, () => assert.not.ok(sameMeaning(path, before, after)));

test('a change that grows never becomes less risky', () => {
  const path = fc.constantFrom(...Object.values(PLACES).flat(), 'src/b.py', 'src/c.ts');
  const line = fc.constantFrom('x = 1\n', '# note\n', 'eval(x)\n', 'f(2)\n', '\n');
  const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''));
  const file = fc.record({ path, before: text, after: text }).map((one) => changed(one.path, one.before, one.after));
  const specialist = fc.constantFrom<SpecialistName>('StyleEnforcer', 'SecurityGuardian');
  fc.assert(
    fc.property(fc.array(file, { maxLength: 4 }), file, specialist, fc.nat(400), (files, more, who, extra) => {
      const before = rank(riskOf(files, who));
      assert.ok(rank(riskOf([...files, more], who)) >= before, 'a further file');
      const addition = Array.from({ length: extra }, (_, index) => `y${index} = 1\n`).join('');
      const longer = files.map((one) => ({ ...one, after: one.after + addition, added: one.added + extra }));
      assert.ok(rank(riskOf(longer, who)) >= before, 'further lines');
    }),
    { numRuns: 300 },
  );
});

test('limits: exactly at the limit is within it', () => {
  const limits = { file_change_limit: 10, loc_change_limit: 500 };
  const files = (count: number, added = 0, removed = 0) =>
    Array.from({ length: count }, (_, index) => ({ path: `f${index}`, added, removed }));
  assert.is(checkLimits(files(1, 300, 199), limits), null);
  assert.is(checkLimits(files(1, 300, 200), limits), null);
  assert.match(checkLimits(files(1, 300, 201), limits) ?? '', /501 lines.*loc_change_limit is 500/);
  assert.is(checkLimits(files(10, 1), limits), null);
  assert.match(checkLimits(files(11, 1), limits) ?? '', /11 files.*file_change_limit is 10/);
});

test.run();
