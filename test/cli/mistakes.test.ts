/** Questions that nothing can answer, and decisions without a reason, are said; nothing is done silently. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('cli/mistakes');
const unused = 'import os\nimport json\n\nprint(json.dumps({}))\n';
const configured = (text: string) => makeRepository({ files: { 'a.py': 'A = 1\n', '.ambient.yml': text } });

function refused(repo: TestRepository, args: string[], says: RegExp): void {
  const result = ambient(repo, args);
  assert.is(result.code, 2, `${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.match(result.stderr, says);
  assert.match(result.stderr, /^error: .+\n {2}→ /, 'a next step');
}

test('a rejection has a reason, and is made once', () => {
  const repo = makeRepository({ files: { 'a.py': unused } });
  ambient(repo, ['run', '--all']);
  const [row] = ambientJson<Array<{ id: string }>>(repo, ['list']);
  const id = row?.id ?? '';
  refused(repo, ['reject', id, '--reason', ''], /needs a reason/);
  refused(repo, ['reject', id, '--reason', ' \t'], /needs a reason/);
  assert.is(ambient(repo, ['reject', id, '--reason', ' no ']).code, 0);
  refused(repo, ['reject', id, '--reason', 'again'], /is rejected already\n.*git ambient approve/);
  assert.match(ambient(repo, ['show', id]).stdout, /: no$/m);
  refused(repo, ['merge', ''], /no id was given/);
  const again = ambient(repo, ['run', '--all']).stdout;
  assert.match(again, /rejected before/);
  assert.match(ambient(repo, ['status']).stdout, /last cycle.*1 finding, 0 proposals \(1 rejected before\)/);
});

test('what is open is not told again by run --all, and status counts it', () => {
  const repo = makeRepository({ files: { 'a.py': unused } });
  ambient(repo, ['run', '--all']);
  const again = ambient(repo, ['run', '--all']).stdout;
  assert.match(again, /1 fix open already: git ambient list/);
  assert.not.match(again, /not proposed/);
  assert.match(ambient(repo, ['status']).stdout, /\(1 open already\)/);
});

test('telemetry that is lost costs telemetry alone, and the way out is said', () => {
  const repo = makeRepository({ files: { 'a.py': unused } });
  ambient(repo, ['init', '--no-hook']);
  const ref = `refs/ambient/telemetry/${repo.git('config', 'ambient.replica')}`;
  repo.write(`.git/${ref}`, `${'1'.repeat(40)}\n`);
  const { code, stdout, stderr } = ambient(repo, ['run', '--all']);
  assert.is(code, 0, stderr);
  assert.match(stdout, /1 proposal/);
  assert.match(stderr, `telemetry was not written: ${ref} points at`);
  assert.match(stderr, `git update-ref -d ${ref}`);
  for (const args of [['status'], ['telemetry']]) assert.is(ambient(repo, args).code, 0, args[0]);
  const [row] = ambientJson<Array<{ id: string }>>(repo, ['list']);
  assert.is(ambient(repo, ['merge', row?.id ?? '']).code, 0);
});

test('a command that does not exist names the nearest one', () => {
  const repo = makeRepository();
  refused(repo, ['lsit'], /did you mean `git ambient list`/);
  refused(repo, ['bogus'], /git ambient --help/);
  const json = ambient(repo, ['stauts', '--json']);
  assert.is(json.code, 2);
  assert.match((JSON.parse(json.stdout) as { error: { hint: string } }).error.hint, /status/);
});

test('questions to the log that nothing can answer', () => {
  const repo = makeRepository({ files: { 'a.py': unused } });
  refused(repo, ['telemetry', '--type', 'nonsense'], /the kinds are cycle_started/);
  refused(repo, ['telemetry', '--since', 'lastweek'], /no time that is understood/);
  refused(repo, ['run', '--paths', 'nonexistent'], /nonexistent/);
  ambient(repo, ['run', '--all']);
  assert.match(ambient(repo, ['telemetry', '--type', 'proposal', '--since', 'yesterday']).stdout, /"kind":"proposal"/);
});

test('init refuses checks that only a shell would understand, and trusts nothing', () => {
  const repo = configured('checks: ["npm test", "python3 -m unittest; touch /tmp/x"]\n');
  refused(repo, ['init'], /\.ambient\.yml: checks\[1\]: .*has `;`/);
  assert.throws(() => repo.git('config', 'ambient.trust'));
  refused(configured('risk_policy: { custom_gates: ["a | b"] }\n'), ['init'], /custom_gates\[0\]/);
});

test('a pattern that would never end is named', () => {
  const repo = configured('sandbox: { allowed_commands: ["^x", "^((a+)+)+$"] }\n');
  ambient(repo, ['init', '--no-hook']);
  const started = performance.now();
  refused(repo, ['sandbox', '--', `${'a'.repeat(60)}!`], /allowed_commands: "\^\(\(a\+\)\+\)\+\$" takes too long/);
  assert.ok(performance.now() - started < 20_000);
});

test('config says first which configuration is in force, and who relies on another one hears it', () => {
  const repo = configured('agents: { enabled: [SecurityGuardian] }\n');
  const top = () => ambient(repo, ['config']).stdout.split('\n').slice(0, 2);
  assert.match(top()[0] ?? '', /In force: the defaults\. The configuration here does nothing until/);
  const notes = (...args: string[]) => {
    const { code, stderr } = ambient(repo, args);
    assert.is(code, 0, stderr);
    return stderr;
  };
  assert.match(notes('findings'), /^note: the configuration does nothing until `git ambient init`\n/);
  assert.is(notes('findings', '--json'), '');
  ambient(repo, ['init', '--no-hook']);
  assert.is(notes('list'), '');
  refused(repo, ['advisories', '--update'], /no mirror is configured/);
  assert.match(top()[0] ?? '', /In force: the configuration that was trusted \([0-9a-f]{12}\)\.$/);
  writeFileSync(join(repo.dir, '.ambient.yml'), 'agents: { enabled: nobody }\n');
  assert.match(top()[0] ?? '', /not what stands here now/);
  assert.match(top()[1] ?? '', /It is invalid as it stands: \.ambient\.yml:1:/);
  const both =
    /^note: the configuration has changed since .* until `git ambient init`; it is invalid as it stands: \.ambient\.yml:1:.*\n/;
  for (const command of ['list', 'run']) assert.match(notes(command), both);
  const line = ambient(repo, ['config'])
    .stdout.split('\n')
    .find((one) => one.startsWith('commit_on_success'));
  assert.ok(line && line.length < 140, line);
  assert.ok(Array.isArray(ambientJson(repo, ['config'])), 'programs get the rows alone');
});

test('in a bare repository nobody is told to commit there', () => {
  const repo = makeRepository();
  const dir = join(temporaryDirectory(), 'bare.git');
  repo.git('clone', '-q', '--bare', repo.dir, dir);
  const { code, stdout } = ambient(useRepository(dir, repo.home), ['init']);
  if (code === 0) assert.not.match(stdout, /Commit as usual/);
  else assert.is(code, 2);
});

test.run();
