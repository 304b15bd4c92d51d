import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Conventions, SourceFile } from '../../src/specialists/index.ts';
import { dispatch, openWorkers } from '../../src/swarm/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('swarm/dispatch');
const conventions: Conventions = { python: null, esm: true, tools: [], ignoredRules: [] };
const files: SourceFile[] = ['a.py', 'b.py', 'c.py'].map((path) => ({
  path,
  blob: 'b'.repeat(40),
  text: 'x = 1\n',
  language: 'python',
  test: false,
}));

/** A worker that answers, except for the file named in `bad`, where it does `misbehaviour`. */
function worker(bad: string, misbehaviour: string): string {
  const path = join(temporaryDirectory(), 'worker.mjs');
  writeFileSync(
    path,
    `process.on('message', (request) => {
      if (request.files.some((file) => file.path === ${JSON.stringify(bad)})) { ${misbehaviour} }
      const found = request.files.map((file) => ({ finding: { path: file.path, line: 1, rule: request.specialist }, edits: [] }));
      process.send({ id: request.id, diagnosis: { found, skipped: [] } });
    });`,
  );
  return path;
}
const options = (path: string) => ({
  specialists: ['SecurityGuardian', 'StyleEnforcer'] as const,
  conventions,
  settings: () => ({}),
  worker: path,
  batch: 1,
  width: 2,
  // Starting a worker on a busy machine takes its time too.
  timeout: 60_000,
});

for (const [name, misbehaviour] of [
  ['a crash', 'process.exit(9);'],
  ['a hang', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
  ['an error', "process.send({ id: request.id, error: 'broken' }); return;"],
] as const)
  test(`${name} costs only its own batch, and is said`, async () => {
    const timeout = name === 'a hang' ? 6_000 : 60_000;
    const result = await dispatch(files, { ...options(worker('b.py', misbehaviour)), timeout });
    assert.equal(
      result.found.map((item) => `${item.finding.path} ${item.finding.rule}`),
      ['a.py SecurityGuardian', 'a.py StyleEnforcer', 'c.py SecurityGuardian', 'c.py StyleEnforcer'],
    );
    assert.is(result.missing.length, 2);
    assert.equal(result.missing[0]?.paths, ['b.py']);
  });

test('a file that only one specialist leaves out says which; one that all leave out says nothing of it', async () => {
  const skips = (who: string) =>
    `if (${who}) { process.send({ id: request.id, diagnosis: { found: [], skipped: [{ path: 'b.py', reason: 'excluded' }] } }); return; }`;
  const one = await dispatch(files, options(worker('b.py', skips("request.specialist === 'StyleEnforcer'"))));
  assert.equal(one.skipped, [{ path: 'b.py', reason: 'excluded', by: ['StyleEnforcer'] }]);
  const all = await dispatch(files, options(worker('b.py', skips('true'))));
  assert.equal(all.skipped, [{ path: 'b.py', reason: 'excluded' }]);
});

test('workers are kept from one dispatch to the next, also after a crash, until they are closed', async () => {
  const path = join(temporaryDirectory(), 'counting.mjs');
  writeFileSync(
    path,
    `let count = 0;
    process.on('message', (request) => {
      if (request.files[0].path === 'b.py' && request.specialist === 'StyleEnforcer') process.exit(9);
      count += 1;
      process.send({ id: request.id, diagnosis: { found: [], skipped: [{ path: process.pid + ' ' + count, reason: 'x' }] } });
    });`,
  );
  const workers = openWorkers({ width: 1, worker: path });
  const asked = { ...options(path), workers };
  const first = await dispatch(files, asked);
  const second = await dispatch([files[0] as SourceFile], asked);
  workers.close();
  const pids = new Set([...first.skipped, ...second.skipped].map((item) => item.path.split(' ')[0]));
  assert.is(pids.size, 2, JSON.stringify([first, second]));
  assert.is(first.missing.length, 1);
  const after = await dispatch([files[0] as SourceFile], asked);
  assert.equal(
    after.missing.map(({ reason }) => reason),
    ['stopped', 'stopped'],
  );
});

test('another worker is started where what waits pays for it, or where the one before it seems to hang', async () => {
  const path = join(temporaryDirectory(), 'slow.mjs');
  writeFileSync(
    path,
    `process.on('message', (request) => {
      const skipped = [{ path: request.files[0].path + ' ' + process.pid, reason: 'x' }];
      setTimeout(() => process.send({ id: request.id, diagnosis: { found: [], skipped } }), request.files[0].path === 'b.py' ? 4000 : 50);
    });`,
  );
  const pidsOf = async (lists: SourceFile[][]) => {
    const workers = openWorkers({ width: 2, worker: path });
    const job = { specialist: 'StyleEnforcer', options: { conventions, settings: {} } } as const;
    const replies = await Promise.all(lists.map((list) => workers.ask({ ...job, files: list }, 60_000, undefined)));
    workers.close();
    return replies.map((reply) =>
      'diagnosis' in reply ? reply.diagnosis.skipped[0]?.path.split(' ')[1] : reply.error,
    );
  };
  const [a, b, c] = files as [SourceFile, SourceFile, SourceFile];
  assert.is(new Set(await pidsOf([[a], [a], [c]])).size, 1, 'three small ones');
  assert.is(new Set(await pidsOf([Array(30).fill(a), Array(30).fill(c)])).size, 2, 'two large ones');
  assert.is(new Set(await pidsOf([[b], [a]])).size, 2, 'one that hangs');
});

test('a worker that cannot be started costs its own batch, and its place is free again', async () => {
  const job = { specialist: 'StyleEnforcer', options: { conventions, settings: {} }, files } as const;
  for (const path of ['no\0path', join(temporaryDirectory(), 'none.mjs')]) {
    const workers = openWorkers({ width: 1, worker: path });
    for (let batch = 0; batch < 2; batch += 1) {
      const reply = await workers.ask({ ...job, files: [...files] }, 60_000, undefined);
      assert.match('error' in reply ? reply.error : '', /cannot be started|ended unexpectedly/, `${path} ${batch}`);
    }
    workers.close();
  }
});

test('what was given up while it waited starts no worker', async () => {
  const started = join(temporaryDirectory(), 'started');
  const path = join(temporaryDirectory(), 'counted.mjs');
  writeFileSync(
    path,
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(started)}, 'x'); process.on('message', () => {});`,
  );
  const controller = new AbortController();
  const workers = openWorkers({ width: 1, worker: path });
  const job = { specialist: 'StyleEnforcer', options: { conventions, settings: {} } } as const;
  const all = [1, 2, 3].map(() => workers.ask({ ...job, files: [...files] }, 60_000, controller.signal));
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort();
  assert.equal(
    (await Promise.all(all)).map((reply) => 'error' in reply && reply.error),
    Array(3).fill('stopped'),
  );
  workers.close();
  assert.is(readFileSync(started, 'utf8'), 'x');
});

test('stops when it is told to', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 100);
  try {
    await dispatch(files, { ...options(worker('a.py', 'for (;;) {}')), timeout: 60_000, signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'enough');
  }
});

test('the real worker answers for the real specialists', async () => {
  const result = await dispatch([{ ...(files[0] as SourceFile), text: 'import os\n' }], {
    specialists: ['StyleEnforcer'],
    conventions,
    settings: () => ({}),
  });
  assert.equal(result.missing, []);
  assert.ok(result.found.some((item) => item.finding.rule.includes('unused')));
});

test.run();
