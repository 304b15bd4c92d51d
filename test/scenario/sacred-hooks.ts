/**
 * Every hook set-up in both kinds of worktree, by the real command line and the real managers: a commit wakes the crew,
 * its cycle changes no byte of the user's, and uninstall leaves what was there before init.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, fingerprintTree, hasSandbox, waitForCrew } from '../support/cli.ts';
import { unusedImport } from '../support/defects.ts';
import type { TestRepository } from '../support/repository.ts';
import { prepared, type SetUp, setUps } from '../triggers/set-ups.ts';

/** Everything of the user's: the worktree and .git without our own room, refs and the object store. */
const users = (path: string) =>
  !/^\.git\/(ambient|objects|refs\/ambient|refs\/notes|logs\/refs\/(ambient|notes))(\/|$)/.test(path);
/** What a commit does not move: hooks, configuration, what git ignores. */
const settings = (path: string) =>
  users(path) &&
  !/^\.git\/(index|logs|refs|worktrees|COMMIT_EDITMSG|ORIG_HEAD|packed-refs|info)(\/|$)|^shop/.test(path);

function bytes(repo: TestRepository, linked: TestRepository, keep: (path: string) => boolean) {
  return { main: fingerprintTree(repo.dir, keep), linked: fingerprintTree(linked.dir, keep) };
}

/** The tests of one kind of worktree: a file each, so that they run side by side. */
export function sacredHooks(kind: 'main' | 'linked'): void {
  const test = suite(`scenario/sacred-hooks-${kind}`);
  if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
  else
    for (const setUp of setUps())
      if (setUp.manager?.missing !== undefined) test.skip(`${setUp.name}: ${setUp.manager.missing}`, () => {});
      else test(`${setUp.name}: commit, hook, cycle, proposal, uninstall`, () => live(setUp, kind));
  test.run();
}

function live(setUp: SetUp, kind: 'main' | 'linked'): void {
  const { repo, linked } = prepared(setUp);
  const place = kind === 'main' ? repo : linked;
  const untouched = bytes(repo, linked, settings);
  const init = ambient(place, ['init', '--write']);
  assert.is(init.code, 0, init.stderr);
  setUp.afterwards?.(place);
  const ready = bytes(repo, linked, settings);
  place.write('shop/search.py', unusedImport);
  place.git('add', 'shop/search.py');
  place.git('commit', '-q', '-m', 'search');
  assert.ok(existsSync(join(repo.dir, '.git/ambient/wake')), 'the hook woke the crew');
  place.write('shop/search.py', `${unusedImport}# in the middle of an edit\n`);
  place.write('shop/untracked', 'x');
  place.git('status');
  const working = bytes(repo, linked, users);
  waitForCrew(place, 100);
  assert.is(ambientJson<unknown[]>(place, ['list']).length, 1);
  assert.equal(bytes(repo, linked, users), working, 'a cycle changes nothing');
  assert.equal(bytes(repo, linked, settings), ready);
  if (setUp.name === 'plain') {
    const doctor = ambient(place, ['doctor']).stdout;
    assert.match(doctor, 'of the last commit 1 woke the crew by the hook');
    assert.match(doctor, /^ok +hook /m);
    assert.match(doctor, /^ok +pre-push /m);
  }
  const gone = ambient(place, ['uninstall', '--purge']);
  assert.is(gone.code, 0, gone.stderr);
  setUp.undo?.(place);
  assert.equal(bytes(repo, linked, settings), untouched);
}
