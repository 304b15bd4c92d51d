/** A landing that was killed half-way is undone where it happened, wherever the next command is started. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient } from '../support/cli.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';

const test = suite('crew/landing');
const FILES = { 'a.txt': 'before\n' };

/** Leaves `worktree` as a process does that was killed between moving the files and committing. */
function halfLanded(repo: TestRepository, worktree: TestRepository): string {
  const head = worktree.git('rev-parse', 'HEAD');
  worktree.write('a.txt', 'after\n');
  worktree.git('add', '-A');
  const tree = worktree.git('write-tree');
  const entry = { head, tree, message: 'm\n', proposal: 'abcdef012345', workTree: worktree.dir };
  const dir = join(repo.dir, '.git/ambient/journal');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'landing.jsonl'), `${JSON.stringify(entry)}\n`);
  return join(dir, 'landing.jsonl');
}

test('in a linked worktree, found from the main one', () => {
  const repo = makeRepository({ files: FILES });
  ambient(repo, ['init', '--no-hook']);
  const dir = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', dir);
  const linked = useRepository(dir, repo.home);
  const entry = halfLanded(repo, linked);
  const result = ambient(repo, ['run']);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stderr, /interrupted: it was undone/);
  assert.is(linked.git('status', '--porcelain'), '');
  assert.not.ok(existsSync(entry));
});

test('in a worktree that is gone', () => {
  const repo = makeRepository({ files: FILES });
  ambient(repo, ['init', '--no-hook']);
  const dir = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', dir);
  const entry = halfLanded(repo, useRepository(dir, repo.home));
  repo.git('worktree', 'remove', '--force', dir);
  const result = ambient(repo, ['run']);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stderr, /is gone/);
  assert.not.ok(existsSync(entry));
});

/** What a process leaves that has the turn, or had it when it was killed. */
function turnOf(repo: TestRepository, pid: number, start: string): void {
  writeFileSync(join(repo.dir, '.git/ambient/turn'), `${pid}\n${start}\nnonce\n`);
}

test('a living process is left alone; the pid of a later one is not taken for it', () => {
  const repo = makeRepository({ files: FILES });
  ambient(repo, ['init', '--no-hook']);
  const entry = halfLanded(repo, repo);
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

test.run();
