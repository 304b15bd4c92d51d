/** Beside every hook manager, in the main and in a linked worktree: nothing without consent, and with it commits wake. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pushList } from '../../src/crew/push-list.ts';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { hookPlaces, hookState, inspectHooks, installHooks, removeHooks } from '../../src/triggers/index.ts';
import { fingerprintTree } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { prepared, setUps } from './set-ups.ts';

const test = suite('triggers/managers');
const places = {
  node: process.execPath,
  cli: '/nonexistent/run.js',
  hooks: fileURLToPath(new URL('../../hooks', import.meta.url)),
};
const both = { events: ['post-commit', 'pre-push'] as const, write: false };

async function opened<T>(place: TestRepository, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(place.dir, { env: place.env });
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

const managed = (name: string) => !['plain', 'own hooks'].includes(name);
const mine = (path: string) => !/^\.git\/ambient(\/|$)/.test(path);

/** One open proposal on HEAD for a.py, as the crew lists it. */
function list(repo: TestRepository, place: TestRepository): string {
  const base = place.git('rev-parse', 'HEAD');
  const oldOid = place.git('rev-parse', 'HEAD:a.py');
  const proposal = { id: base.slice(0, 12), base, title: 'Mend it' };
  const files = [{ path: 'a.py', oldOid, newOid: 'f'.repeat(40) }];
  writeFileSync(join(repo.dir, '.git/ambient/pre-push'), pushList('warn', [{ proposal, severity: 'high', files }]));
  return proposal.id;
}

function push(place: TestRepository, branch: string) {
  return spawnSync('git', ['push', 'origin', branch], {
    cwd: place.dir,
    env: place.env,
    encoding: 'utf8',
    timeout: 30_000,
  });
}

for (const setUp of setUps()) {
  if (setUp.manager?.missing !== undefined) {
    test.skip(`${setUp.name}: ${setUp.manager.missing}`, () => {});
    continue;
  }

  test(`${setUp.name}: commits wake and pushes are warned, in the main and in a linked worktree`, async () => {
    const { repo, linked } = prepared(setUp);
    for (const [place, branch] of [
      [repo, 'main'],
      [linked, 'side'],
    ] as const) {
      const done = await opened(place, (repository) => installHooks(repository, places, { ...both, write: true }));
      assert.ok(
        done.hooks.every((hook) => hook.installed),
        JSON.stringify(done),
      );
      setUp.afterwards?.(place);
      assert.equal(
        (await opened(place, inspectHooks)).map((sight) => [sight.event, sight.state]),
        [
          ['post-commit', 'installed'],
          ['pre-push', 'installed'],
        ],
      );
      const wake = join(repo.dir, '.git/ambient/wake');
      rmSync(wake, { force: true });
      rmSync(join(repo.home, 'own'), { force: true });
      place.commit('flaw', { 'a.py': `flaw on ${branch}\n` });
      assert.ok(existsSync(wake), `a commit on ${branch} wakes`);
      const id = list(repo, place);
      const pushed = push(place, branch);
      assert.is(pushed.status, 0, pushed.stderr);
      assert.match(`${pushed.stderr}${pushed.stdout}`, `git ambient merge ${id}`);
      // What was there before us still runs, with everything that git says.
      const own = existsSync(join(repo.home, 'own')) ? readFileSync(join(repo.home, 'own'), 'utf8') : '';
      if (!['plain', 'pre-commit', 'pre-commit, all stages', 'lefthook'].includes(setUp.name))
        assert.match(own, /^own$/m);
      if (['own hooks', 'lefthook'].includes(setUp.name)) assert.match(own, `refs/heads/${branch}`);
    }
  });

  test(`${setUp.name}: init without consent, init, init again, uninstall: byte for byte, twice, in both worktrees`, async () => {
    const { repo, linked } = prepared(setUp);
    const fingerprint = () => ({ main: fingerprintTree(repo.dir, mine), linked: fingerprintTree(linked.dir, mine) });
    for (const place of [repo, linked, repo]) {
      const before = fingerprint();
      if (managed(setUp.name)) {
        const asked = await opened(place, (repository) => installHooks(repository, places, both));
        assert.ok(
          asked.hooks.every((hook) => !hook.installed && hook.reason && hook.snippet),
          JSON.stringify(asked),
        );
        assert.match(asked.next.join(' '), 'git ambient init --write');
        assert.equal(fingerprint(), before);
        assert.is.not(await opened(place, hookState), 'installed');
      }
      const write = { ...both, write: true };
      await opened(place, (repository) => installHooks(repository, places, write));
      assert.not.equal(fingerprint(), before);
      const written = fingerprint();
      // Consent was given once; it holds.
      const again = await opened(place, (repository) => installHooks(repository, places, both));
      assert.ok(
        again.hooks.every((hook) => hook.installed && !hook.changed),
        JSON.stringify(again),
      );
      assert.equal(fingerprint(), written);
      // From the other worktree too.
      const other = place === repo ? linked : repo;
      const removed = await opened(other, async (repository) => removeHooks(repository, await hookPlaces(repository)));
      assert.ok(removed.length > 0);
      assert.equal(fingerprint(), before);
    }
  });
}

test('a manager that comes after us is noticed, and uninstall still finds what was ours', async () => {
  for (const setUp of setUps()) {
    if (!managed(setUp.name) || setUp.manager?.missing !== undefined) continue;
    const repo = makeRepository({ files: setUp.files });
    Object.assign(repo.env, setUp.manager?.env);
    const hooks = join(repo.dir, '.git/hooks');
    rmSync(hooks, { recursive: true, force: true });
    await opened(repo, (repository) => installHooks(repository, places, both));
    assert.is(await opened(repo, hookState), 'installed');
    setUp.prepare(repo);
    const [commit] = await opened(repo, inspectHooks);
    if (setUp.name.startsWith('pre-commit') || setUp.name === 'lefthook') {
      // They keep what they find (`.legacy`), or leave hooks alone that they are not told of.
      if (setUp.name.startsWith('pre-commit')) assert.is(commit?.state, 'installed', setUp.name);
    } else {
      assert.is(commit?.state, 'elsewhere', setUp.name);
      assert.match(commit?.hint ?? '', 'git ambient init --write');
    }
    await opened(repo, async (repository) => removeHooks(repository, await hookPlaces(repository)));
    const left = repo.exec(['sh', '-c', `grep -rlE '>>> git-ambient|ambient_' . --exclude-dir=ambient || true`]).trim();
    assert.is(left, '', setUp.name);
  }
});

test.run();
