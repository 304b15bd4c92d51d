import * as fs from 'node:fs';
import { readdirSync } from 'node:fs';
import git from 'isomorphic-git';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { start } from './processes.ts';
import { withStore } from './support.ts';

const test = suite('store/concurrency');

test('eight processes publish five proposals each: forty of forty, and nothing left over', () =>
  withStore(async ({ test: repo, store }) => {
    const base = repo.git('rev-parse', 'HEAD');
    const children = Array.from({ length: 8 }, (_, index) => start('publish', repo.dir, String(index), base));
    for (const child of children) assert.is(await child.line(), 'ready');
    for (const child of children) child.go();
    const ids: string[] = [];
    for (const child of children) for (let count = 0; count < 5; count++) ids.push(await child.line());
    for (const child of children) assert.is(await child.end(), 0);

    const views = await store.proposals.list({ drafts: true });
    assert.equal(views.map((view) => view.proposal.id).sort(), ids.sort());
    assert.ok(views.every((view) => view.status === 'validated' && view.evaluations.length === 1));
    const numbers = views.flatMap((view) => view.evaluations.map(({ seq }) => seq)).sort((a, b) => a - b);
    assert.equal(
      numbers,
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    const replica = await store.replica();
    assert.is(repo.git('config', '--get-all', 'ambient.replica'), replica);
    const refs = repo.git('for-each-ref', '--format=%(refname)').split('\n');
    assert.is(refs.length, 40 + 2);
    assert.ok(refs.includes(`refs/notes/ambient/evaluations/${replica}`));
    const at = { fs, dir: repo.dir, gitdir: `${repo.dir}/.git` };
    const seen = await git.listNotes({ ...at, ref: `refs/notes/ambient/evaluations/${replica}` });
    assert.equal(seen.map(({ target }) => target).sort(), views.map((view) => view.proposal.commit).sort());
    assert.equal(readdirSync(store.dir), ['seq']);
    assert.not.ok(readdirSync(`${repo.dir}/.git`, { recursive: true }).some((path) => /\.lock$/.test(String(path))));
    repo.git('fsck', '--strict');
    assert.is(repo.git('status', '--porcelain'), '');
  }));

test('a process that is killed while it publishes leaves only what can be completed', () =>
  withStore(async ({ test: repo, store }) => {
    const base = repo.git('rev-parse', 'HEAD');
    for (let delay = 20; delay <= 140; delay += 60) {
      const child = start('publish', repo.dir, 'same', base);
      await child.line();
      child.go();
      await new Promise((resolve) => setTimeout(resolve, delay));
      await child.kill();
      for (const view of await store.proposals.list()) assert.is(view.evaluations.length, 1);
      repo.git('fsck', '--strict');
    }
    const last = start('publish', repo.dir, 'same', base);
    await last.line();
    last.go();
    assert.is(await last.end(), 0);
    const views = await store.proposals.list({ drafts: true });
    assert.is(views.length, 5);
    assert.ok(views.every((view) => view.status === 'validated' && view.evaluations.length === 1));
    const numbers = views.flatMap((view) => view.evaluations.map(({ seq }) => seq));
    assert.is(new Set(numbers).size, 5);
    // What a killed process left half-written is old enough after ten seconds to be swept by the next writer.
    const old = readdirSync(store.dir).filter((name) => name !== 'seq');
    for (const name of old) fs.utimesSync(`${store.dir}/${name}`, 1, 1);
    await store.telemetry.append([{ kind: 'cycle', run_id: 'r', data: {} }]);
    assert.equal(readdirSync(store.dir), ['seq']);
  }));

test('calls that run side by side in one process lose nothing either', () =>
  withStore(async ({ store }) => {
    const lines = Array.from({ length: 6 }, (_, index) => [{ kind: 'cycle', run_id: 'r', data: { index } }]);
    await Promise.all(lines.map((line) => store.telemetry.append(line)));
    const read = await store.telemetry.read();
    assert.equal(read.map(({ data }) => data['index']).sort(), [0, 1, 2, 3, 4, 5]);
    assert.equal(
      read.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6],
    );
    assert.is(new Set(await Promise.all([store.replica(), store.replica()])).size, 1);
  }));

test.run();
