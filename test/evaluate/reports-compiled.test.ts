/** The readers of Go, cargo, clippy, vet and eslint, over recorded output of the real tools. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Report, TestOutcome } from '../../src/evaluate/index.ts';
import { type Judged, judge } from '../../src/evaluate/reports/judge-output.ts';
import { readAny } from '../../src/evaluate/reports/report-any.ts';
import { readCargo } from '../../src/evaluate/reports/report-cargo.ts';
import { readComplaints, readEslint } from '../../src/evaluate/reports/report-complaints.ts';
import { readGo } from '../../src/evaluate/reports/report-go.ts';
import type { SandboxResult } from '../../src/sandbox/index.ts';

const test = suite('evaluate/reports-compiled');
const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8');
const of = (tests: Record<string, TestOutcome>, outcome: TestOutcome) =>
  Object.keys(tests)
    .filter((id) => tests[id] === outcome)
    .sort();
function judged(report: Report, result: Partial<SandboxResult>, program = 'make'): Judged {
  const whole = {
    ...{
      code: 1,
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
  };
  return judge({ argv: [program], report }, { ...whole, ...result }, null);
}

const SUMS = 'example.org/sums';
const GO_PASSED = ['ExampleAdd', 'TestAdd', 'TestAdd/none', 'TestAdd/two', 'TestAdd/with_space'];

for (const form of ['json', 'verbose'] as const)
  test(`go test, ${form}: tests and subtests by package, a package that does not build is one failure`, () => {
    const { tests } = readGo(recorded(`go-${form}.txt`));
    assert.equal(
      of(tests, 'passed'),
      GO_PASSED.map((name) => `${SUMS}.${name}`),
    );
    assert.equal(of(tests, 'failed'), [`${SUMS}.TestRed`, `${SUMS}/pkg/deep`]);
    assert.equal(of(tests, 'skipped'), [`${SUMS}.TestLater`]);
  });

test('go test, plain: only packages are named', () => {
  assert.equal(readGo(recorded('go-plain.txt')).tests, { [SUMS]: 'failed', [`${SUMS}/pkg/deep`]: 'failed' });
  assert.equal(readGo(`ok  \t${SUMS}\t0.003s\n`).tests, { [SUMS]: 'passed' });
});

test('go test: people read what failed, not events', () => {
  const { shown = '' } = judged('go', { stdout: recorded('go-json.txt') });
  assert.match(shown, /always red/);
  assert.match(shown, /Sprintf format %d/);
  assert.not.match(shown, /"Action"|=== RUN|--- PASS/);
});

test('go test that does not compile fails, and loses the tests of its package', () => {
  const { outcome, tests } = judged('go', { stdout: recorded('go-does-not-compile.txt') });
  assert.is(outcome, 'failed');
  assert.equal(of(tests, 'failed'), [SUMS, `${SUMS}/pkg/deep`]);
});

test('go: an event that a test prints by itself is not one; half a line is passed over', () => {
  const { tests } = readGo('{"Time":"now","Action":"start","Package":"a"}\n{"Action":"pass","Pack\nnonsense\n');
  assert.equal(tests, {});
});

test('go without a test is no evidence; one that was never fetched is missing, not broken', () => {
  assert.is(judged('go', { code: 0, stdout: '{"Action":"skip","Package":"a"}\n' }, 'go').outcome, 'absent');
  const offline = 'dep.go:3:8: cannot find module providing package x.org/y: module lookup disabled by GOPROXY=off';
  const missing = judged('go', { stdout: `{"Action":"build-output","Output":"${offline}"}` }, 'go');
  assert.is(missing.outcome, 'absent');
  assert.match(missing.detail, /go mod download/);
  // Another program may print whatever it likes.
  assert.is(judged('javascript', { stdout: offline }, 'npm').outcome, 'failed');
});

test('go vet: complaints without their lines, in both of its forms', () => {
  assert.equal(readComplaints(recorded('go-vet.txt')), {
    'pkg/deep/deep.go: fmt.Sprintf format %d has arg "x" of wrong type string': 'failed',
  });
  assert.equal(of(readComplaints(recorded('go-vet-does-not-compile.txt')), 'failed'), [
    'broken_test.go: undefined: undefinedThing',
    'pkg/deep/deep.go: fmt.Sprintf format %d has arg "x" of wrong type string',
  ]);
});

const CARGO = ['cargo-test.txt', 'cargo-test.stderr.txt'].map(recorded) as [string, string];
test('cargo test: tests by program, doc tests without their line, what a test prints is not a result', () => {
  const { tests, counts } = readCargo(...CARGO);
  assert.equal(of(tests, 'passed'), [
    'Doc-tests sums src/lib.rs - add',
    'src/lib.rs (sums) tests::adds',
    'src/lib.rs (sums) tests::panics',
    'tests/whole.rs (whole) adds',
  ]);
  assert.equal(of(tests, 'failed'), ['src/lib.rs (sums) tests::red']);
  assert.equal(of(tests, 'skipped'), ['src/lib.rs (sums) tests::later']);
  assert.equal(counts, { passed: 4, failed: 1, skipped: 1 });
});

test('cargo test: where the programs do not match the lists, the lists are numbered', () => {
  const { tests } = readCargo(CARGO[0], '');
  assert.is(tests['#1 tests::adds'], 'passed');
  assert.is(tests['#3 adds'], 'passed');
});

test('cargo: no test at all, crates that were never fetched, clippy that is not there', () => {
  const none = 'running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n';
  assert.is(judged('cargo', { code: 0, stdout: none }, 'cargo').outcome, 'absent');
  const stderr = "As a reminder, you're using offline mode (--offline) which can sometimes cause";
  assert.match(judged('cargo', { code: 101, stderr }, 'cargo').detail, /cargo fetch/);
  const clippy = judged('clippy', { code: 101, stderr: 'error: no such command: `clippy`' }, 'cargo');
  assert.is(clippy.outcome, 'absent');
  assert.match(clippy.detail, /rustup component add clippy/);
});

test('clippy: warnings are complaints although cargo ends well; errors of the compiler too', () => {
  const { outcome, tests } = judged('clippy', { code: 0, stderr: recorded('clippy.txt') }, 'cargo');
  assert.is(outcome, 'failed');
  assert.equal(of(tests, 'failed'), [
    'src/lib.rs: warning: unneeded `return` statement',
    'src/main.rs: warning: unused variable: `unused`: help: if this is intentional, prefix it with an underscore: `_unused`',
  ]);
  assert.is(judged('clippy', { code: 0, stderr: '    Finished `dev` profile' }, 'cargo').outcome, 'passed');
  const broken = 'src/lib.rs:1:10: error[E0425]: cannot find value `x` in this scope: not found in this scope';
  assert.is(of(judged('clippy', { code: 101, stderr: broken }, 'cargo').tests, 'failed').length, 1);
});

test('eslint: errors by file; warnings only where they are what fails', () => {
  assert.equal(of(readEslint(recorded('eslint.txt'), 1), 'failed'), [
    "a.js: 'b' is assigned a value but never used no-unused-vars",
    "a.js: 'unused' is assigned a value but never used no-unused-vars",
    'a.js: Missing semicolon semi',
    'a.js: Missing semicolon semi #2',
  ]);
  const warning = 'lib/w.js: Unexpected var, use let or const instead no-var';
  assert.equal(readEslint(recorded('eslint-warnings.txt'), 1), { [warning]: 'failed' });
  assert.equal(readEslint(recorded('eslint-warnings.txt'), 0), {});
  const broken = judged('eslint', { code: 2, stderr: 'Error: Cannot find package "x"' }, 'node');
  assert.is(broken.outcome, 'absent');
  assert.match(broken.detail, /eslint could not start: Error: Cannot find package/);
});

test('a script that lints: complaints of whatever it runs, else its exit code', () => {
  assert.is(of(judged('lines', { stdout: recorded('eslint.txt') }).tests, 'failed').length, 4);
  assert.ok(of(judged('lines', { stdout: recorded('ruff.txt') }).tests, 'failed').length > 0);
  assert.equal(judged('lines', { stdout: 'Oh no' }), { outcome: 'failed', tests: {}, detail: '' });
  assert.equal(judged('lines', { code: 0, stdout: recorded('eslint.txt') }).tests, {});
});

test('make test: the runner behind it is recognised, or nothing is claimed', () => {
  assert.is(readAny(...CARGO).tests['tests/whole.rs (whole) adds'], 'passed');
  assert.is(readAny(recorded('go-verbose.txt'), '').tests[`${SUMS}.TestAdd`], 'passed');
  assert.ok(readAny('', recorded('unittest-3.11.txt')).counts);
  assert.ok(of(readAny(recorded('node-tap.txt'), '').tests, 'passed').length > 0);
  const pytest = 'collected 5 items\n\n==== 1 failed, 3 passed, 1 skipped in 0.03s ====\n';
  assert.equal(readAny(pytest, ''), { tests: {}, counts: { passed: 3, failed: 1, skipped: 1 } });
  assert.equal(readAny('3 passed in 0.01s\n', '').counts, { passed: 3, failed: 0, skipped: 0 });
  assert.equal(readAny('all good\n', ''), { tests: {} });
});

test('half an output names nothing', () => {
  assert.equal(judged('go', { stdout: recorded('go-json.txt'), truncated: true }).tests, {});
  assert.equal(judged('cargo', { stdout: CARGO[0], truncated: true }).tests, {});
});

test.run();
