/** The review as a person has it: on a terminal, on one without single keys, through a pipe, and where nobody is. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderQuestion, renderScreen } from '../../src/commands/frame/render-next.ts';
import { visible } from '../../src/commands/frame/visible.ts';
import type { ProposalDetail } from '../../src/crew/index.ts';
import { ambient, ambientJson, cliPath } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { publishProposals } from '../support/proposals.ts';
import { hasPty, type Seen, type Sitting, sit } from '../support/pty.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('cli/next');
const detail = (diff: string, title = 'Fix it'): ProposalDetail => ({
  ...{ id: 'aaaaaaaaaaaa', commit: 'a', base: 'b', specialist: 'StyleEnforcer', rule: 'python/x', title, risk: 'low' },
  ...{ status: 'validated', evidence: 'tests', files: [], created_at: '', rationale: 'Because.', decisions: [] },
  ...{
    verified_by: [],
    next: [],
    diff,
    evaluation: { outcome: 'passed', reasons: [], checks: [], witness: null, performance: null, gates: [] },
  },
});

test('what a file holds cannot move the cursor, hide or reorder anything', () => {
  const evil = 'ok\u001b[8mhidden\u001b[0m \u202egnp.exe\u2066 \u0007\u009b2J\r\n+tab\there\r';
  assert.is(visible(evil), 'ok^[[8mhidden^[[0m <U+202E>gnp.exe<U+2066> ^G<U+009B>2J\n+tab\there');
  const drawn = renderScreen(detail(`+${evil}\n-x\u001b[2K`, 'T\u001b[2J'), place(0), size({ color: true }));
  const foreign = drawn.lines.join('\n').replace(/\u001b\[(0|1|31|32|33|36)m/g, '');
  assert.not.match(foreign, '\u001b');
  const plain = renderScreen(detail('+a\n-b'), place(0), size({})).lines.join('\n');
  assert.not.match(plain, '\u001b');
});

function place(screen: number) {
  return { at: 1, total: 2, screen };
}
function size(change: { rows?: number | null; columns?: number; color?: boolean }) {
  return { rows: 24, columns: 80, color: false, ...change };
}

test('screens: every line once, none higher than the terminal, long lines counted as they wrap', () => {
  const diff = Array.from({ length: 100 }, (_, n) => `+${n} ${'x'.repeat(n * 3)}`).join('\n');
  const whole = renderScreen(detail(diff), place(0), size({ rows: null }));
  assert.is(whole.left, 0);
  const shown: string[] = [];
  for (let screen = 0; ; screen += 1) {
    const { lines, left } = renderScreen(detail(diff), place(screen), size({ rows: 20, columns: 40 }));
    shown.push(...lines);
    const height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 40)), 0);
    assert.ok(height <= 17 || lines.length === 1, `${height}`);
    if (left === 0) break;
    assert.ok(screen < 100);
  }
  assert.equal(shown.slice(-100), whole.lines.slice(-100));
  assert.is(renderScreen(detail('+a'), place(0), size({ rows: 3 })).lines.length, 5, 'a tiny terminal shows something');
  assert.ok(renderQuestion(true, 40).length < 40);
});

const LOAD = 'import yaml\n\n\ndef load(text):\n    return yaml.load(text)\n';
let prepared: Promise<TestRepository> | undefined;
/** Three open proposals: critical, high, medium. */
async function withProposals(): Promise<TestRepository> {
  prepared ??= prepare();
  return (await prepared).copy();
}

async function prepare(): Promise<TestRepository> {
  const repo = makeRepository({ files: sound });
  ambient(repo, ['init', '--no-hook']);
  repo.commit('search', { 'shop/search.py': injection });
  repo.commit('load', { 'shop/load.py': LOAD });
  repo.commit('report', { 'shop/report.py': unusedImport });
  const rule = 'python/x';
  await publishProposals(repo, [
    {
      rule,
      risk: 'medium',
      title: 'Remove unused imports',
      files: { 'shop/report.py': unusedImport.replace('import os\n', '') },
    },
    {
      rule,
      risk: 'critical',
      title: 'Pass values to SQL as parameters',
      files: { 'shop/search.py': injection.replace(`'%s'" % name`, '?", (name,)') },
    },
    {
      rule,
      risk: 'high',
      title: 'Load YAML with the safe loader',
      files: { 'shop/load.py': LOAD.replace('.load(', '.safe_load(') },
    },
  ]);
  return repo;
}
const statuses = (repo: TestRepository) =>
  ambientJson<Array<{ status: string }>>(repo, ['list', '--all']).map(({ status }) => status);

function next(repo: TestRepository, input: string): { code: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [cliPath, 'next'], {
    cwd: repo.dir,
    env: repo.env,
    input,
    encoding: 'utf8',
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

const PROMPT = '[q]uit [?] > ';
function onTerminal(repo: TestRepository, steps: Sitting['steps'], change: Partial<Sitting> = {}): Seen {
  const { NO_COLOR: _, ...env } = repo.env;
  const argv = [process.execPath, cliPath, 'next'];
  const seen = sit({ argv, cwd: repo.dir, rows: 60, steps, ...change, env: { ...env, TERM: 'xterm', ...change.env } });
  assert.is(seen.stuck, null, seen.output);
  return seen;
}

test('nobody there: the first one and the commands, at once', async () => {
  const repo = await withProposals();
  const result = next(repo, '');
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stdout, /^\n\[1\/3\] Pass values to SQL/);
  assert.match(result.stdout, /unittest +passed +passed/);
  assert.match(result.stdout, /git ambient merge [0-9a-f]{12}\n/);
  assert.not.match(result.stdout, '\u001b');
  assert.not.match(result.stdout, '[2/3]');
  assert.equal(statuses(repo), ['validated', 'validated', 'validated']);
});

test('a pipe that stays open and says nothing: it ends by itself', async () => {
  const repo = await withProposals();
  const child = spawn(process.execPath, [cliPath, 'next'], {
    cwd: repo.dir,
    env: repo.env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const code = await Promise.race([
    new Promise((resolve) => child.once('close', resolve)),
    new Promise((resolve) => setTimeout(() => resolve('hangs'), 30_000).unref()),
  ]);
  child.kill('SIGKILL');
  assert.is(code, 0);
});

test('lines from a pipe decide; what is no answer decides nothing', async () => {
  const repo = await withProposals();
  const result = next(repo, 'yes\nm\nreject\nnot in this project\nlater');
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stdout, '"yes" is no answer here');
  assert.match(result.stdout, '1 merged, 1 rejected, 1 left');
  assert.equal(statuses(repo), ['merged', 'rejected', 'validated']);
  assert.match(ambient(repo, ['show', ...idOf(repo, 'rejected')]).stdout, 'not in this project');
});

test('--json: what comes next, or null', async () => {
  const repo = await withProposals();
  for (const title of [/SQL/, /YAML/, /unused/]) {
    const first = ambientJson<{ id: string; title: string; diff: string }>(repo, ['next']);
    assert.match(first.title, title);
    assert.match(first.diff, /^diff --git/);
    ambient(repo, ['reject', first.id, '-r', 'seen']);
  }
  assert.is(ambientJson(repo, ['next']), null);
  assert.is(next(repo, 'm\n').stdout.trim(), 'No open proposals.');
});

if (!hasPty()) test.skip('no python3 with a pty here', () => {});
else {
  test('on a terminal: help, editor, reject with a corrected reason, fixup, apply, in colour', async () => {
    const repo = await withProposals();
    const editor = join(repo.home, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nprintf "%s\\n" "$@" "$(stty -a | grep -o -- "-\\?icanon")" > "$HOME/edited"\n', {
      mode: 0o755,
    });
    const seen = onTerminal(
      repo,
      [
        { expect: PROMPT, send: '?' },
        { expect: 'p  from the top' },
        { expect: PROMPT, send: 'o' },
        { expect: PROMPT, send: 'f' },
        { expect: 'to go back: git reset --keep refs/ambient/undo/' },
        { expect: '[2/3]' },
        { expect: PROMPT, send: 'r' },
        { expect: 'reason: ', send: 'not x\u007fhere' },
        { expect: 'here', send: '\r' },
        { expect: 'Rejected' },
        { expect: '[3/3]' },
        { expect: PROMPT, send: 'a' },
        { expect: '1 folded, 1 applied, 1 rejected, nothing left' },
      ],
      { env: { ...repo.env, VISUAL: `${editor} -w`, EDITOR: 'false' } as Record<string, string> },
    );
    assert.is(seen.code, 0, seen.output);
    assert.ok(seen.restored, 'the terminal is as it was');
    assert.is(readFileSync(join(repo.home, 'edited'), 'utf8'), '-w\nshop/search.py\nicanon\n');
    assert.match(ambient(repo, ['show', ...idOf(repo, 'rejected')]).stdout, 'not here');
    assert.match(repo.git('show', 'HEAD~2:shop/search.py'), /name = \?/);
    assert.is(repo.git('status', '--porcelain'), ' M shop/report.py');
  });

  test('colour for the change, unless NO_COLOR; Ctrl-C leaves and decides nothing', async () => {
    const repo = await withProposals();
    const seen = onTerminal(repo, [{ expect: '\u001b[32m+' }, { expect: PROMPT, send: '\u0003' }]);
    assert.is(seen.code, 0);
    assert.ok(seen.restored);
    assert.match(seen.output, '3 left');
    const plain = onTerminal(repo, [{ expect: PROMPT, send: 'q' }], { env: { ...repo.env, NO_COLOR: '1' } });
    assert.not.match(plain.output.replaceAll('\u001b[K', ''), '\u001b');
    assert.equal(statuses(repo), ['validated', 'validated', 'validated']);
  });

  test('what is typed ahead, or pasted, never decides about a proposal that was not on the screen', async () => {
    const repo = await withProposals();
    onTerminal(repo, [
      { expect: PROMPT, send: 'merge conflict text' },
      { expect: 'is no key here' },
      { expect: PROMPT, send: 'm' },
      { expect: '\n', send: 'm' },
      { expect: '', send: 'm' },
      { expect: '[2/3]' },
      { expect: PROMPT, send: 'q' },
    ]);
    assert.equal(statuses(repo).filter((status) => status === 'merged').length, 1);
  });

  test('a small terminal: by screens', async () => {
    const repo = await withProposals();
    const seen = onTerminal(
      repo,
      [{ expect: '[space] more', send: ' ' }, { expect: 'name = ?' }, { expect: PROMPT, send: 'q' }],
      { rows: 18 },
    );
    assert.is(seen.code, 0);
  });

  test('a dumb terminal: whole lines, no escape sequences', async () => {
    const repo = await withProposals();
    const seen = onTerminal(
      repo,
      [
        { expect: PROMPT, send: 'l\n' },
        { expect: '[2/3]' },
        { expect: PROMPT, send: 'r\n' },
        { expect: 'reason: ', send: 'generated code\n' },
        { expect: '[3/3]' },
        { expect: PROMPT, send: 'quit\n' },
      ],
      { env: { ...repo.env, TERM: 'dumb' } as Record<string, string> },
    );
    assert.is(seen.code, 0);
    assert.not.match(seen.output, '\u001b');
    assert.equal(statuses(repo), ['validated', 'rejected', 'validated']);
  });

  test('a refusal is said, and the proposal stays on the screen', async () => {
    const repo = await withProposals();
    repo.write('shop/search.py', `${injection}# mine\n`);
    const seen = onTerminal(repo, [
      { expect: PROMPT, send: 'm' },
      { expect: 'you have uncommitted changes in shop/search.py' },
      { expect: PROMPT, send: 'l' },
      { expect: '[2/3]' },
      { expect: PROMPT, send: 'q' },
    ]);
    assert.is(seen.code, 0);
    assert.ok(existsSync(join(repo.dir, 'shop/search.py')));
    assert.equal(statuses(repo), ['validated', 'validated', 'validated']);
  });
}

function idOf(repo: TestRepository, status: string): string[] {
  const rows = ambientJson<Array<{ id: string; status: string }>>(repo, ['list', '--all']);
  return rows.filter((row) => row.status === status).map((row) => row.id);
}

test.run();
