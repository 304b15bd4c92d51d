/** A landing that was killed half-way is undone where it happened, wherever the next command is started. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, cliPath, makeInitialised } from '../support/cli.ts';
import { injection, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';

const test = suite('crew/landing');
const FILES = { 'a.txt': 'before\n' };

/** Leaves `worktree` as a process does that was killed in the middle of a landing: its hook kills it. */
async function halfLanded(repo: TestRepository, worktree: TestRepository): Promise<string> {
  const head = worktree.git('rev-parse', 'HEAD');
  worktree.write('a.txt', 'after\n');
  worktree.git('add', '-A');
  const tree = worktree.git('write-tree');
  worktree.git('reset', '-q', '--hard');
  const landing = { head, tree, message: 'm\n' };
  const hook = join(repo.dir, '.git/hooks/pre-commit');
  writeFileSync(hook, '#!/bin/sh\nkill -9 $AMBIENT_TEST_PID; sleep 0.2; exit 1\n', { mode: 0o755 });
  const script = `
    import { openRepository } from ${JSON.stringify(new URL('../../src/git/index.ts', import.meta.url).href)};
    process.env.AMBIENT_TEST_PID = String(process.pid);
    const repository = await openRepository(${JSON.stringify(worktree.dir)});
    await repository.work.land(${JSON.stringify(landing)});`;
  const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: repo.env,
    encoding: 'utf8',
  });
  assert.is(child.signal, 'SIGKILL', child.stderr);
  rmSync(hook);
  const entry = { ...landing, proposal: 'abcdef012345', workTree: worktree.dir };
  const dir = join(repo.dir, '.git/ambient/journal');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'landing.jsonl'), `${JSON.stringify(entry)}\n`);
  return join(dir, 'landing.jsonl');
}

test('in a linked worktree, found from the main one, and told before it is mended', async () => {
  const repo = makeInitialised(FILES);
  const dir = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', dir);
  const linked = useRepository(dir, repo.home);
  const entry = await halfLanded(repo, linked);
  assert.is(linked.git('status', '--porcelain'), ' M a.txt');
  const told = /a landing of abcdef012345 was interrupted half-way: `git ambient run` completes it or takes it back/;
  assert.match(ambient(repo, ['status']).stdout, told);
  assert.match(ambient(repo, ['list']).stderr, told);
  assert.match(ambient(repo, ['doctor']).stdout, told);
  const result = ambient(repo, ['run']);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stderr, /interrupted: it was undone/);
  assert.is(linked.git('status', '--porcelain'), '');
  assert.is(repo.exec(['find', '.git', '-name', '*lock', '-o', '-name', 'landing*']), '');
  assert.not.ok(existsSync(entry));
  assert.not.match(ambient(repo, ['status']).stdout, told);
});

test('in a worktree that is gone', async () => {
  const repo = makeInitialised(FILES);
  const dir = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', dir);
  const entry = await halfLanded(repo, useRepository(dir, repo.home));
  rmSync(dir, { recursive: true });
  repo.git('worktree', 'prune');
  const result = ambient(repo, ['run']);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stderr, /is gone/);
  assert.not.ok(existsSync(entry));
});

/** What a process leaves that has the turn, or had it when it was killed. */
function turnOf(repo: TestRepository, pid: number, start: string): void {
  writeFileSync(join(repo.dir, '.git/ambient/turn'), `${pid}\n${start}\nnonce\n`);
}

test('a living process is left alone; the pid of a later one is not taken for it', async () => {
  const repo = makeInitialised(FILES);
  const entry = await halfLanded(repo, repo);
  turnOf(repo, process.pid, '');
  for (const args of [
    ['merge', 'abcd'],
    ['reject', 'abcd', '--reason', 'no'],
    ['approve', 'abcd'],
    ['uninstall', '--purge'],
  ]) {
    const busy = ambient(repo, args);
    assert.is(busy.code, 3, `${args}: ${busy.stderr}`);
    assert.match(busy.stderr, `another landing is under way in this repository (process ${process.pid})`);
  }
  assert.ok(existsSync(entry));
  turnOf(repo, process.pid, '1');
  assert.match(ambient(repo, ['merge', 'abcd']).stderr, /undone[\s\S]*no proposal here/);
  assert.is(repo.git('status', '--porcelain'), '');
  assert.not.ok(existsSync(join(repo.dir, '.git/ambient/turn')));
});

let prepared: { repo: TestRepository; ids: string[] } | undefined;
/** Two proposals on files of their own; no check is needed for them. */
function withProposals(): { repo: TestRepository; ids: string[] } {
  prepared ??= prepare();
  return { ...prepared, repo: prepared.repo.copy() };
}

function prepare(): { repo: TestRepository; ids: string[] } {
  const repo = makeRepository({ files: { 'shop/search.py': injection, 'shop/report.py': unusedImport } });
  ambient(repo, ['init', '--no-hook']);
  assert.is(ambient(repo, ['run', '--all']).code, 0);
  const ids = ambientJson<Array<{ id: string }>>(repo, ['list']).map(({ id }) => id);
  assert.is(ids.length, 2);
  return { repo, ids };
}

const landings = (repo: TestRepository) =>
  ambientJson<Array<{ id: string; status: string }>>(repo, ['list', '--all']).map(
    ({ id, status }) => `${id} ${status}`,
  );

test('two landings at the same time, in two worktrees: one after the other, and both are remembered', async () => {
  const { repo, ids } = withProposals();
  const dir = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', dir, '-b', 'side');
  const slow = '#!/bin/sh\nls "$(git rev-parse --git-common-dir)/ambient/journal" >> "$HOME/seen"\nsleep 1\n';
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/hooks/pre-commit'), slow, { mode: 0o755 });
  const places = [repo.dir, dir];
  const codes = await Promise.all(
    ids.map(
      (id, at) =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, [cliPath, 'merge', id], { cwd: places[at], env: repo.env });
          child.on('close', resolve);
        }),
    ),
  );
  assert.equal(codes, [0, 0]);
  assert.equal(landings(repo).sort(), ids.map((id) => `${id} merged`).sort());
  assert.is(readFileSync(join(repo.home, 'seen'), 'utf8'), 'landing.jsonl\nlanding.jsonl\n');
  assert.equal(readdirSync(join(repo.dir, '.git/ambient/journal')), []);
  assert.not.ok(existsSync(join(repo.dir, '.git/ambient/turn')));
});

test('killed after its commit, and more was committed since: the landing is what is remembered', () => {
  const { repo, ids } = withProposals();
  const [id = ''] = ids;
  const head = repo.git('rev-parse', 'HEAD');
  const tree = repo.git('rev-parse', `refs/ambient/proposals/${id}^{tree}`);
  repo.git('read-tree', '-m', '-u', 'HEAD', tree);
  const landed = repo.commit('landed by us');
  repo.commit('more', { 'more.txt': 'more\n' });
  const entry = { head, tree, message: 'landed by us\n', proposal: id, workTree: repo.dir };
  mkdirSync(join(repo.dir, '.git/ambient/journal'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/ambient/journal/landing.jsonl'), `${JSON.stringify(entry)}\n`);
  const run = ambient(repo, ['run']);
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stderr, /interrupted: it is complete/);
  const shown = ambientJson<{ decisions: Array<{ kind: string; commit: string }> }>(repo, ['show', id]);
  assert.equal(
    shown.decisions.map(({ kind, commit }) => `${kind} ${commit}`),
    [`merged ${landed}`],
  );
});

test.run();
