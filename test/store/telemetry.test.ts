import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withStore } from './support.ts';

const test = suite('store/telemetry');
const DAY = 24 * 60 * 60 * 1000;
const line = (index: number, kind = 'cycle') => ({ kind, run_id: `run ${index}`, data: { index } });

test('lines of a day stand in one file, which plain git and isomorphic-git read', () =>
  withStore(async ({ test: repo, store }) => {
    await store.telemetry.append([line(1), line(2)]);
    await store.telemetry.append([line(3, 'step')]);
    await store.telemetry.append([]);
    const ref = `refs/ambient/telemetry/${await store.replica()}`;
    assert.is(repo.git('ls-tree', '--name-only', ref), 'telemetry.jsonl');
    assert.is(repo.git('show', `${ref}:telemetry.jsonl`).split('\n').length, 3);
    assert.is(repo.git('rev-list', '--count', ref), '2');
    const at = { fs, dir: repo.dir, gitdir: `${repo.dir}/.git` };
    const { blob } = await git.readBlob({
      ...at,
      oid: await git.resolveRef({ ...at, ref }),
      filepath: 'telemetry.jsonl',
    });
    const rows = Buffer.from(blob).toString().trim().split('\n');
    assert.equal(
      rows.map((row) => (JSON.parse(row) as { seq: number }).seq),
      [1, 2, 3],
    );
    assert.equal(
      (await store.telemetry.read()).map(({ data }) => data['index']),
      [1, 2, 3],
    );
    assert.equal(
      (await store.telemetry.read({ kind: 'step' })).map(({ data }) => data['index']),
      [3],
    );
  }));

test('a new day begins a new file; a clock that was set back does not', () =>
  withStore(async ({ test: repo, store, clock }) => {
    await store.telemetry.append([line(1)]);
    clock.now += DAY;
    await store.telemetry.append([line(2)]);
    clock.now -= DAY;
    await store.telemetry.append([line(3)]);
    clock.now += 2 * DAY;
    await store.telemetry.append([line(4)]);
    const ref = `refs/ambient/telemetry/${await store.replica()}`;
    assert.equal(repo.git('ls-tree', '--name-only', ref).split('\n'), [
      'telemetry-2026-01-10.jsonl',
      'telemetry-2026-01-11.jsonl',
      'telemetry.jsonl',
    ]);
    assert.equal(
      (await store.telemetry.read()).map(({ data }) => data['index']),
      [1, 2, 3, 4],
    );
    const since = await store.telemetry.read({ since: '2026-01-11T00:00:00Z' });
    assert.equal(
      since.map(({ data }) => data['index']),
      [2, 4],
    );
  }));

test('retention makes a new root without the old days, and frees them', () =>
  withStore(async ({ test: repo, store, clock }) => {
    for (let day = 0; day < 5; day++) {
      await store.telemetry.append([line(day)]);
      clock.now += DAY;
    }
    clock.now -= DAY;
    const ref = `refs/ambient/telemetry/${await store.replica()}`;
    const old = repo.git('rev-parse', `${ref}:telemetry-2026-01-10.jsonl`);
    await store.telemetry.retain(30);
    assert.is(repo.git('rev-list', '--count', ref), '5');
    await store.telemetry.retain(2);
    assert.is(repo.git('rev-list', '--count', ref), '1');
    assert.equal(
      (await store.telemetry.read()).map(({ data }) => data['index']),
      [2, 3, 4],
    );
    assert.not.ok(repo.git('rev-list', '--objects', '--all').includes(old));
    await store.telemetry.append([line(5)]);
    assert.equal(
      (await store.telemetry.read()).map(({ seq }) => seq),
      [3, 4, 5, 6],
    );
    clock.now += 40 * DAY;
    await store.telemetry.retain(2);
    assert.is(repo.git('for-each-ref', ref), '');
    assert.equal(await store.telemetry.read(), []);
    await store.telemetry.append([line(6)]);
    assert.equal(
      (await store.telemetry.read()).map(({ seq }) => seq),
      [7],
    );
  }));

test('a damaged file hides only its own lines', () =>
  withStore(async ({ test: repo, store }) => {
    await store.telemetry.append([line(1)]);
    const ref = `refs/ambient/telemetry/${await store.replica()}`;
    const good = repo.git('show', `${ref}:telemetry.jsonl`);
    await store.write({ files: [{ ref, path: 'telemetry.jsonl', lines: ['{"v":', '{"v":2,"kind":"x"}'] }] });
    await store.write({ files: [{ ref, path: 'other.txt', lines: ['hello'] }] });
    await store.telemetry.append([line(2)]);
    assert.equal(
      (await store.telemetry.read()).map(({ data }) => data['index']),
      [1, 2],
    );
    assert.equal(await store.health(), { unknown: 1, broken: 1 });
    assert.ok(repo.git('show', `${ref}:telemetry.jsonl`).startsWith(good));
  }));

test.run();
