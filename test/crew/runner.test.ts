/** Work that waits is never lost: not by a kill, not by other work, not by a cycle that cannot go on. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { startGitAmbient } from '../support/through-git.ts';

const test = suite('crew/runner');
const clean = (name: string) => ({ [`${name}.py`]: `def ${name}(amount):\n    return amount * 2\n` });

/** A clone in which commits wait until somebody runs. */
function watched(): TestRepository {
  const repo = makeRepository({ files: clean('first') });
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  return repo;
}

function journal(repo: TestRepository): string[] {
  const dir = join(repo.dir, '.git/ambient/journal');
  return existsSync(dir) ? readdirSync(dir) : [];
}

function writeJournal(repo: TestRepository, base: string, ...events: object[]): void {
  const configuration = repo.git('config', 'ambient.trust');
  const started = { step: 'started', base, configuration, scope: { kind: 'changes', from: null } };
  mkdirSync(join(repo.dir, '.git/ambient/journal'), { recursive: true });
  const lines = [started, ...events].map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(repo.dir, '.git/ambient/journal/0123456789ab.jsonl'), lines.join(''));
}

const bases = (repo: TestRepository, args: string[]) =>
  ambientJson<Array<{ base: string }>>(repo, args).map((report) => report.base);

test('killed in the first of two cycles: the second is done too', () => {
  const repo = watched();
  const onMain = repo.commit('main', clean('second'));
  repo.git('switch', '-q', '-c', 'side', 'HEAD~1');
  const onSide = repo.commit('side', clean('third'));
  assert.is(ambient(repo, ['run'], { AMBIENT_CRASH_AFTER: '2' }).signal, 'SIGKILL');
  assert.is(journal(repo).length, 2);
  assert.equal(bases(repo, ['run']).sort(), [onMain, onSide].sort());
  assert.equal(journal(repo), []);
  assert.equal(bases(repo, ['run']), []);
});

test('looking at some paths leaves the commits that wait; looking at all of them does not', () => {
  const repo = watched();
  const head = repo.commit('second', clean('second'));
  assert.equal(bases(repo, ['run', '--paths', 'first.py']), [head]);
  assert.equal(bases(repo, ['run']), [head]);
  assert.equal(bases(repo, ['run']), []);
  const newest = repo.commit('third', clean('third'));
  assert.equal(bases(repo, ['run', '--all']), [newest]);
  assert.equal(bases(repo, ['run']), []);
});

test('what --since leaves out still waits', () => {
  const repo = watched();
  repo.commit('second', clean('second'));
  const head = repo.commit('third', clean('third'));
  const files = (args: string[]) => ambientJson<Array<{ files: number }>>(repo, args).map((report) => report.files);
  assert.equal(files(['run', '--since', `${head}~1`]), [1]);
  assert.equal(files(['run']), [2]);
});

test('a cycle whose commit is gone is abandoned', () => {
  const repo = watched();
  writeJournal(repo, 'a'.repeat(40));
  const result = ambient(repo, ['run']);
  assert.is(result.code, 0, result.stderr);
  assert.equal(journal(repo), []);
  const [last] = ambientJson<Array<{ data: object }>>(repo, ['telemetry', '--type', 'cycle_completed']);
  assert.match(JSON.stringify(last?.data), /abandoned.*its commit is gone/);
});

test('a cycle that meets a fault of ours says so once, and stands in nobody’s way', () => {
  const repo = watched();
  writeJournal(repo, repo.git('rev-parse', 'HEAD'), { step: 'diagnosed', fixes: [{}] });
  assert.is(ambient(repo, ['run']).code, 70);
  assert.equal(journal(repo), []);
  assert.is(ambient(repo, ['run']).code, 0);
});

test('uninstall does not pull the ground from under a runner: it waits for it', async () => {
  const repo = watched();
  const room = join(repo.dir, '.git/ambient');
  writeFileSync(join(room, 'lock'), `${process.pid}\n\n`);
  const leaving = startGitAmbient(repo, 'uninstall');
  let said = '';
  await new Promise<void>((resolve) =>
    leaving.child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('waiting until')) resolve();
    }),
  );
  assert.ok(existsSync(room), said);
  writeFileSync(join(room, 'lock'), `${process.pid}\n1\n`);
  assert.is((await leaving.ended).code, 0);
  assert.not(existsSync(room));
});

test.run();
