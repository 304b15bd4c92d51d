/** kill -9 of the runner after every step of a cycle: the next run completes it, with the same proposals and no residue. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox, makeInitialised } from '../support/cli.ts';
import { idleFormat, sound, unusedImport } from '../support/defects.ts';
import type { TestRepository } from '../support/repository.ts';

const test = suite('scenario/killed');
/** Two fixes of two rules that are cheap to prove: every step is another cycle. */
const files = { ...sound, 'shop/report.py': unusedImport, 'shop/shelf.py': idleFormat };
const proposals = (repo: TestRepository) =>
  ambientJson<Array<{ commit: string }>>(repo, ['list'])
    .map((row) => row.commit)
    .sort();

/** What a finished cycle may leave in the local room. */
function residue(repo: TestRepository): string[] {
  const room = join(repo.dir, '.git/ambient');
  const names = (dir: string) =>
    existsSync(join(room, dir)) ? readdirSync(join(room, dir)).map((name) => `${dir}/${name}`) : [];
  const locks = repo.exec(['find', '.git', '-name', '*.lock']).split('\n').filter(Boolean);
  return [
    ...names('journal'),
    ...names('spool'),
    ...locks,
    ...readdirSync(room).filter((name) => name === 'lock' || name.includes('tmp')),
    ...repo.git('for-each-ref', '--format=%(refname)', 'refs/ambient/drafts').split('\n').filter(Boolean),
    ...repo
      .git('worktree', 'list', '--porcelain')
      .split('\n')
      .filter((line) => line.startsWith('worktree '))
      .slice(1),
  ];
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  let expected: string[] = [];
  let steps = 0;
  test('an undisturbed cycle, for comparison', () => {
    const repo = makeInitialised(files, []);
    assert.is(ambient(repo, ['run', '--all']).code, 0);
    expected = proposals(repo);
    assert.is(expected.length, 2);
    assert.equal(residue(repo), []);
    // started, diagnosed, placed, 2 evaluated, together, 2 published, 2 landed, finished
    steps = 11;
  });

  test('killed after every step', () => {
    for (let at = 2; at <= steps; at++) {
      const repo = makeInitialised(files, []);
      const killed = ambient(repo, ['run', '--all'], { AMBIENT_CRASH_AFTER: String(at) });
      assert.is(killed.signal, 'SIGKILL', `step ${at}: ${killed.stdout}${killed.stderr}`);
      const resumed = ambient(repo, ['run']);
      assert.is(resumed.code, 0, `after step ${at}: ${resumed.stderr}`);
      assert.equal(proposals(repo), expected, `after step ${at}`);
      assert.equal(residue(repo), [], `after step ${at}`);
      assert.is(repo.exec(['git', 'fsck', '--strict', '--no-dangling']).trim(), '', `after step ${at}`);
      repo.remove();
    }
  });
}

test.run();
