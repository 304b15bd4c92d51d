/** The readers of check output, over recorded output of the real tools. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Report, TestOutcome } from '../../src/evaluate/index.ts';
import { type Judged, judge } from '../../src/evaluate/reports/judge-output.ts';
import { readComplaints } from '../../src/evaluate/reports/report-complaints.ts';
import { readJavascript } from '../../src/evaluate/reports/report-javascript.ts';
import { readJunit } from '../../src/evaluate/reports/report-pytest.ts';
import { readUnittest } from '../../src/evaluate/reports/report-unittest.ts';
import type { SandboxResult } from '../../src/sandbox/index.ts';

const test = suite('evaluate/reports');
const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8');
const of = (tests: Record<string, TestOutcome>, outcome: TestOutcome) =>
  Object.keys(tests)
    .filter((id) => tests[id] === outcome)
    .sort();

for (const version of ['pytest-8.xml', 'pytest-9.xml'])
  test(`${version}: passed, failed, skipped, errors of set-up and of collection`, () => {
    const tests = readJunit(recorded(version));
    const a = 'tests.test_a.T::';
    assert.equal(of(tests, 'passed'), [
      ...[
        `${a}test_doc`,
        `${a}test_ok`,
        'tests.test_b::test_ok',
        'tests.test_b::test_p[]]>]',
        'tests.test_b::test_p[q"uote]',
      ],
    ]);
    assert.equal(of(tests, 'failed'), [
      ...[`${a}test_bad`, `${a}test_err`, `${a}test_sub`, 'tests.test_b::test_fix', 'tests.test_b::test_p[<x>]'],
      'tests.test_broken',
    ]);
    assert.equal(of(tests, 'skipped'), [
      `${a}test_skip`,
      `${a}test_xf`,
      'tests.test_b::test_s',
      'tests.test_b::test_x',
    ]);
  });

test('a report that was cut or forged gives what is left of it, and no name breaks us', () => {
  const whole = recorded('pytest-9.xml');
  for (let length = 0; length < whole.length; length += 97) {
    const tests = readJunit(whole.slice(0, length));
    for (const [id, outcome] of Object.entries(tests)) assert.is(outcome, readJunit(whole)[id], id);
  }
  assert.equal(readJunit('<testcase name="__proto__" classname="" /><testcase name="&#x110000;&bogus;" />'), {
    ['__proto__']: 'passed',
    '&#x110000;&bogus;': 'passed',
  });
  assert.equal(readJunit('<testcase name="a"/><testcase name="a"><error>teardown</error></testcase>'), { a: 'failed' });
});

for (const [version, id] of [
  ['3.8', 'tests.test_a.T'],
  ['3.11', 'tests.test_a.T.'],
  ['3.13', 'tests.test_a.T.'],
] as const)
  test(`unittest ${version}: noise between name and status, subtests, broken modules`, () => {
    const { tests, counts } = readUnittest(recorded(`unittest-${version}.txt`));
    const name = (short: string) => `${short} (${id.endsWith('.') ? id + short : id})`;
    assert.equal(of(tests, 'passed'), [name('test_doc'), name('test_ok')]);
    assert.equal(of(tests, 'skipped'), [name('test_skip'), name('test_xf')]);
    for (const short of ['test_bad', 'test_err', 'test_sub']) assert.is(tests[name(short)], 'failed', short);
    assert.ok(of(tests, 'failed').some((failed) => failed.startsWith('tests.test_broken (')));
    assert.is(counts?.skipped, 2);
  });

test('an unittest run that did not end names nothing', () => {
  assert.equal(readUnittest(recorded('unittest-3.11.txt').split('Ran ')[0] ?? ''), { tests: {} });
});

const JAVASCRIPT: Array<
  [file: string, passed: string[], failed: string[], skipped: string[], counts: [number, number, number]]
> = [
  [
    'node-tap.txt',
    ['adds', 'group › inner \\# sharp'],
    ['breaks', 'group', 'group › inner bad'],
    ['later', 'skipped'],
    [2, 2, 2],
  ],
  [
    'node-spec.txt',
    ['adds', 'group › inner # sharp'],
    ['breaks', 'group', 'group › inner bad'],
    ['later', 'skipped'],
    [2, 2, 2],
  ],
  [
    'mocha.txt',
    ['Calculator › adds', 'Calculator › adds slowly', 'Calculator › inner › 1) looks like a failure', 'stands alone'],
    ['Calculator › breaks'],
    ['Calculator › is pending', 'Calculator › is skipped'],
    [4, 1, 2],
  ],
  ['jest.txt', [], [], [], [3, 1, 1]],
  ['jest-verbose.txt', ['alone', 'sum › adds', 'x'], ['sum › breaks'], ['sum › later', 'sum › soon'], [3, 1, 1]],
  ['vitest.txt', [], [], [], [4, 1, 1]],
  [
    'vitest-verbose.txt',
    ['a.test.mjs > alone', 'a.test.mjs > sum > adds', 'b.test.mjs > x', 'b.test.mjs > y'],
    ['a.test.mjs > sum > breaks'],
    ['a.test.mjs > sum > later'],
    [4, 1, 1],
  ],
  ['uvu.txt', [], [], [], [2, 1, 1]],
];
for (const [file, passed, failed, skipped, [p, f, s]] of JAVASCRIPT)
  test(file, () => {
    const { tests, counts } = readJavascript(recorded(file));
    assert.equal([of(tests, 'passed'), of(tests, 'failed'), of(tests, 'skipped')], [passed, failed, skipped]);
    assert.equal(counts, { passed: p, failed: f, skipped: s });
  });

test('colours and what tests print do not change the names', () => {
  const plain = recorded('mocha.txt');
  const coloured = plain.replace('✔ adds', '\u001b[32m✔\u001b[0m adds').replace('noise', 'other noise\n\nmore');
  assert.equal(readJavascript(coloured).tests, readJavascript(plain).tests);
  assert.equal(readJavascript('building…\ndone\n'), { tests: {} });
});

test('complaints have no line numbers and are numbered when they repeat', () => {
  assert.equal(Object.keys(readComplaints(recorded('ruff.txt'))), [
    'a.py: I001 [*] Import block is un-sorted or un-formatted',
    'a.py: F401 [*] `os.path` imported but unused',
  ]);
  const mypy = 'a.py: error: Incompatible return value type (got "int", expected "str")  [return-value]';
  assert.equal(Object.keys(readComplaints(recorded('mypy.txt'))), [mypy, `${mypy} #2`]);
  assert.is(Object.keys(readComplaints(recorded('tsc.txt'))).length, 2);
});

const ended = (more: Partial<SandboxResult>): SandboxResult => ({
  ...{
    code: 0,
    signal: null,
    timedOut: false,
    oom: false,
    diskFull: false,
    fileTooLarge: false,
    pidsFull: false,
    truncated: false,
    setupError: null,
  },
  ...{ stdout: '', stderr: '', duration: 1 },
  ...more,
});
const ENDS: Array<
  [what: string, report: Report, result: Partial<SandboxResult>, outcome: Judged['outcome'], says?: RegExp]
> = [
  ['green', 'pytest', {}, 'passed'],
  ['red', 'pytest', { code: 1 }, 'failed'],
  ['interrupted', 'pytest', { code: 2 }, 'failed'],
  ['internal error', 'pytest', { code: 3 }, 'error'],
  ['unknown option', 'pytest', { code: 4, stderr: 'ERROR: unrecognized arguments: --cov' }, 'absent', /--cov/],
  ['broken conftest', 'pytest', { code: 4, stderr: 'ImportError while loading conftest' }, 'failed'],
  ['no tests', 'pytest', { code: 5 }, 'absent', /no test/],
  [
    'no module',
    'pytest',
    { code: 1, stderr: '/usr/bin/python3: No module named pytest' },
    'absent',
    /pytest is not installed/,
  ],
  [
    'no module of the project',
    'pytest',
    { code: 1, stderr: 'Traceback\nModuleNotFoundError: No module named pytest' },
    'failed',
  ],
  ['never started', 'pytest', { code: null, setupError: 'no such program' }, 'absent', /no such program/],
  ['too slow', 'pytest', { code: null, signal: 'SIGKILL', timedOut: true }, 'timeout'],
  ['too large', 'pytest', { code: 0, oom: true }, 'oom'],
  ['too much on the disk', 'pytest', { code: 1, diskFull: true }, 'error', /disk/],
  ['too large a file', 'pytest', { code: 1, fileTooLarge: true }, 'error', /size of a file/],
  ['too many processes', 'pytest', { code: 0, pidsFull: true }, 'error', /processes/],
  ['crashed', 'pytest', { code: null, signal: 'SIGSEGV' }, 'error', /SIGSEGV/],
  ['no tests', 'unittest', { stderr: 'Ran 0 tests in 0.000s\n\nOK\n' }, 'absent'],
  ['no tests since 3.12', 'unittest', { code: 5, stderr: 'NO TESTS RAN\n' }, 'absent'],
  ['no mocha', 'javascript', { code: 127, stderr: 'sh: 1: mocha: not found\n' }, 'absent', /mocha is not installed/],
  ['red', 'javascript', { code: 1 }, 'failed'],
  ['complaints', 'complaints', { code: 1, stdout: 'a.py:1:1: F401 unused\n' }, 'failed'],
  ['broken settings', 'complaints', { code: 2, stderr: 'bad configuration\n' }, 'error'],
  ['a make target', 'none', { code: 2 }, 'failed'],
];
for (const [what, report, result, outcome, says] of ENDS)
  test(`${report}, ${what}: ${outcome}`, () => {
    const judged = judge({ argv: ['python3', '-m', 'pytest'], report }, ended(result), null);
    assert.is(judged.outcome, outcome);
    if (says) assert.match(judged.detail, says);
  });

test('an output that was cut names nothing, a report beside it still does', () => {
  const stdout = recorded('mocha.txt');
  assert.equal(
    judge({ argv: ['npm', 'test'], report: 'javascript' }, ended({ stdout, truncated: true }), null).tests,
    {},
  );
  const xml = recorded('pytest-9.xml');
  const judged = judge({ argv: ['python3'], report: 'pytest' }, ended({ code: 1, truncated: true }), xml);
  assert.is(Object.keys(judged.tests).length, 15);
});

test.run();
