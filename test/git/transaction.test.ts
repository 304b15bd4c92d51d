/** The write primitive: all or nothing, nothing lost, nothing left over, and no program of the user's runs. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from '../../src/base/index.ts';
import type { NewCommit } from '../../src/git/index.ts';
import { keepInMemory, makeRepository, type TestRepository } from '../support/repository.ts';
import { bytes, codeOf, errorOf, open } from './support.ts';

const test = suite('git/transaction');
keepInMemory();
const WHO = { name: 'git-ambient/StyleEnforcer', email: 'style@ambient.test' };
const NOTES = 'refs/notes/ambient/evaluations/a1';

export function commitOn(head: string, content: string, extra: Partial<NewCommit> = {}): NewCommit {
  const files = [{ path: 'new.txt', mode: '100644' as const, content: bytes(content) }];
  const base = { key: 'c', parents: [head], from: head, files, author: WHO, committer: WHO, time: 1_700_000_000 };
  return { ...base, message: 'a fix\n\nAmbient-Rule: x\n', ...extra };
}

/** Takes temporary files away as `git prune` does, at once. */
const PRUNE = `
const { readdirSync, unlinkSync } = require('node:fs');
const { packs, taken, times } = require('node:worker_threads').workerData;
const end = Date.now() + 60_000;
let done = 0;
while (done < times && Date.now() < end)
  try {
    for (const name of readdirSync(packs))
      if (name.startsWith(taken)) {
        unlinkSync(packs + '/' + name);
        done += 1;
      }
  } catch {
    // Not there yet, or git was quicker: the next look finds another.
  }
process.exit(done < times ? 1 : 0);
`;

/** What git and the file system say is left: refs outside the known places, locks, crash reports. */
function leftovers(repository: TestRepository): string[] {
  const files = readdirSync(join(repository.dir, '.git'), { recursive: true, encoding: 'utf8' });
  const odd = files.filter((path) => /\.(lock|keep)$|fast_import_crash|refs\/scratch\/./.test(path));
  const refs = repository.git('for-each-ref', '--format=%(refname)').split('\n');
  return [...odd, ...refs.filter((ref) => !/^refs\/(heads|notes|ambient)\//.test(ref))];
}

test('a commit, its ref, a note and a line, in one go', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  const { oids } = await opened.transact({
    commits: [commitOn(head, 'fixed\n')],
    notes: [{ ref: NOTES, target: { key: 'c' }, lines: ['{"a":1}', '{"b":"é"}'] }],
    files: [{ ref: 'refs/ambient/telemetry/a1', path: 'telemetry.jsonl', lines: ['{"t":1}'] }],
    refs: [{ ref: 'refs/ambient/proposals/x', to: { key: 'c' }, old: null }],
  });
  const oid = oids['c'] as string;
  assert.is(repository.git('rev-parse', 'refs/ambient/proposals/x'), oid);
  assert.is(repository.git('show', `${oid}:new.txt`), 'fixed');
  assert.is(repository.git('show', `${oid}:README.md`), 'hello');
  assert.is(
    repository.git('log', '-1', '--format=%an <%ae> %at %cn %ct %ai%n%B', oid).split('\n')[0],
    `${WHO.name} <${WHO.email}> 1700000000 ${WHO.name} 1700000000 2023-11-14 22:13:20 +0000`,
  );
  assert.is(repository.git('notes', `--ref=${NOTES}`, 'show', oid), '{"a":1}\n{"b":"é"}');
  assert.is(repository.git('show', 'refs/ambient/telemetry/a1:telemetry.jsonl'), '{"t":1}');
  assert.equal(leftovers(repository), []);
  await opened.transact({ notes: [{ ref: NOTES, target: oid, lines: ['{"c":2}'] }] });
  assert.equal(await opened.refs.notes(NOTES), [{ target: oid, text: '{"a":1}\n{"b":"é"}\n{"c":2}\n' }]);
  await opened.close();
});

test('the same input gives the same commit, and the note it already has is kept', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  const write = (line: string) =>
    opened.transact({
      commits: [commitOn(head, 'fixed\n')],
      notes: [{ ref: NOTES, target: { key: 'c' }, lines: [line] }],
      refs: [{ ref: 'refs/ambient/proposals/x', to: { key: 'c' } }],
    });
  const first = await write('one');
  const second = await write('two');
  assert.equal(second, first);
  assert.is((await opened.refs.notes(NOTES))[0]?.text, 'one\ntwo\n');
  await opened.close();
});

test('any tree and any number of parents; content null deletes', async () => {
  const repository = makeRepository({ files: { 'a.txt': 'a\n', 'd/b.txt': 'b\n' } });
  const head = repository.git('rev-parse', 'HEAD');
  const next = repository.commit('second', { 'c.txt': 'c\n' });
  const opened = await open(repository);
  const { oids } = await opened.transact({
    commits: [
      commitOn(head, '', { key: 'root', parents: [], from: null, files: [] }),
      commitOn(head, '', { key: 'rooted', parents: [], from: head }),
      commitOn(head, '', { key: 'other', parents: [next, head], from: head, files: [] }),
      commitOn(next, '', { key: 'deleted', files: [{ path: 'd/b.txt', mode: '100644', content: null }] }),
    ],
  });
  const names = (key: string) => repository.git('ls-tree', '-r', '--name-only', oids[key] as string).split('\n');
  const parents = (key: string) => repository.git('log', '-1', '--format=%P', oids[key] as string);
  assert.equal(names('root'), ['']);
  assert.equal([names('rooted'), parents('rooted')], [['a.txt', 'd/b.txt', 'new.txt'], '']);
  assert.equal([names('other'), parents('other')], [['a.txt', 'd/b.txt'], `${next} ${head}`]);
  assert.equal(
    names('deleted'),
    ['a.txt', 'c.txt', 'd/b.txt'].filter((name) => name !== 'd/b.txt'),
  );
  await opened.close();
});

const NAMES = [
  'with "quotes" and \\ back',
  'two\nlines',
  '-dash',
  ' lead and trail ',
  'emoji 🎉/ünï',
  'tab\there',
  'cr\r',
];

test('paths and messages arrive as they are', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  const message = 'subject 🎉\n\nfrom :1\ndata 5\n\x01\x02 "quoted" \\n\n\n\n';
  const files = NAMES.map((path) => ({ path, mode: '100755' as const, content: bytes(`${path}\0`) }));
  const { oids } = await opened.transact({ commits: [commitOn(head, '', { files, message })] });
  const oid = oids['c'] as string;
  const listed = repository.exec(['git', 'ls-tree', '-r', '-z', '--name-only', oid]).split('\0').filter(Boolean);
  assert.equal(new Set(listed), new Set([...NAMES, 'README.md']));
  assert.is((await opened.objects.commit(oid)).message, message);
  for (const path of NAMES) assert.is((await opened.objects.blobAt(oid, path))?.content.toString(), `${path}\0`);
  const diff = await opened.trees.diff(head, oid);
  assert.equal(new Set(diff.map(({ path }) => path)), new Set(NAMES));
  await opened.close();
});

test('a path that would reach out of the tree is refused, and nothing is left', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  for (const path of ['../x', '.git/hooks/pre-commit', 'a/.GIT/config', '/etc/passwd', 'a//b', ''])
    assert.is(
      await codeOf(
        opened.transact({ commits: [commitOn(head, '', { files: [{ path, mode: '100644', content: bytes('') }] })] }),
      ),
      'bad-path',
    );
  const failed = await errorOf(opened.transact({ commits: [commitOn('1'.repeat(40), '')] }));
  assert.is(failed.code, 'object-missing');
  assert.is(failed.data['oid'], '1'.repeat(40));
  assert.equal(leftovers(repository), []);
});

test('guards: one that does not hold stops the whole transaction', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const next = repository.commit('second');
  const opened = await open(repository);
  const ref = 'refs/ambient/proposals/x';
  await opened.transact({ refs: [{ ref, to: head, old: null }] });
  const other = { ref: 'refs/ambient/proposals/y', to: head };
  const wrong = await errorOf(opened.transact({ refs: [other, { ref, to: next, old: null }] }));
  assert.is(wrong.code, 'ref-moved');
  assert.equal(wrong.data, { ref, expected: null, actual: head });
  assert.is(await codeOf(opened.transact({ refs: [other, { ref, to: null, old: next }] })), 'ref-moved');
  assert.equal(await opened.refs.list('refs/ambient'), [{ ref, oid: head }]);
  await opened.transact({ refs: [{ ref, to: next, old: head }] });
  assert.is(await opened.refs.read(ref), next);
  await opened.transact({
    refs: [
      { ref, to: null, old: next },
      { ref: 'refs/ambient/none', to: null },
    ],
  });
  assert.equal(await opened.refs.list('refs/ambient'), []);
  assert.is(await codeOf(opened.transact({ refs: [{ ref, to: '1'.repeat(40) }] })), 'object-missing');
  assert.is(await codeOf(opened.transact({ refs: [{ ref: 'refs/ambient/a..b', to: head }] })), 'refs-refused');
});

test('a branch with the name of a ref, or a ref whose object is gone, misleads nobody', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const next = repository.commit('second');
  const opened = await open(repository);
  // Asked by its name, git finds these where the ref itself is not.
  for (const ref of ['refs/ambient/proposals/x', NOTES]) repository.git('update-ref', `refs/heads/${ref}`, next);
  const write = { notes: [{ ref: NOTES, target: head, lines: ['one'] }] };
  await opened.transact({ ...write, refs: [{ ref: 'refs/ambient/proposals/x', to: head, old: null }] });
  assert.is(await opened.refs.read('refs/ambient/proposals/x'), head);
  assert.equal(await opened.refs.notes(NOTES), [{ target: head, text: 'one\n' }]);
  const gone = join(repository.dir, '.git/refs/ambient/proposals/gone');
  writeFileSync(gone, `${'1'.repeat(40)}\n`);
  const ref = 'refs/ambient/proposals/gone';
  assert.is(await codeOf(opened.transact({ refs: [{ ref, to: head, old: null }] })), 'ref-moved');
  await opened.transact({ refs: [{ ref, to: null }] });
  assert.not.ok(existsSync(gone));
  writeFileSync(join(repository.dir, '.git', NOTES), `${'1'.repeat(40)}\n`);
  const broken = await errorOf(opened.transact(write));
  assert.is(broken.code, 'ref-broken');
  assert.match(broken.hint ?? '', `git update-ref -d ${NOTES}`);
  await opened.close();
});

test('a ref that is a link is replaced, never written through', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const next = repository.commit('second');
  repository.git('symbolic-ref', 'refs/ambient/drafts/x', 'refs/heads/main');
  const opened = await open(repository);
  await opened.transact({ refs: [{ ref: 'refs/ambient/drafts/x', to: head }] });
  assert.is(repository.git('rev-parse', 'main'), next);
});

test('a stale lock is named after a bounded number of attempts', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  await opened.transact({ refs: [{ ref: 'refs/ambient/proposals/x', to: head }] });
  writeFileSync(join(repository.dir, '.git/refs/ambient/proposals/x.lock'), '');
  const pending = errorOf(opened.transact({ refs: [{ ref: 'refs/ambient/proposals/x', to: null }] }));
  const failed = await pending;
  assert.is(failed.code, 'refs-busy');
  assert.match(failed.message, 'x.lock');
});

test('no hook of the user runs', async () => {
  const repository = makeRepository();
  const ran = join(repository.dir, 'hook-ran');
  for (const name of ['reference-transaction', 'post-index-change', 'post-commit', 'post-rewrite'])
    writeFileSync(join(repository.dir, '.git/hooks', name), `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
  repository.git('update-ref', 'refs/heads/probe', 'HEAD');
  assert.ok(existsSync(ran), 'the planted hook works');
  repository.exec(['rm', ran]);
  const opened = await open(repository);
  await opened.transact({
    commits: [commitOn(repository.exec(['cat', '.git/refs/heads/main']).trim(), 'x\n')],
    notes: [{ ref: NOTES, target: { key: 'c' }, lines: ['x'] }],
    refs: [{ ref: 'refs/ambient/proposals/x', to: { key: 'c' } }],
  });
  await opened.work.state();
  assert.not.ok(existsSync(ran));
});

test('a gc that prunes everything unreachable, again and again, takes nothing away', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  let collecting = true;
  const collector = (async () => {
    while (collecting)
      await spawn(['git', '-C', repository.dir, 'gc', '-q', '--prune=now'], {
        env: repository.env,
        cwd: repository.dir,
      });
  })();
  const write = (index: number) =>
    opened.transact({
      commits: [commitOn(head, `${index}\n`)],
      notes: [{ ref: NOTES, target: head, lines: [String(index)] }],
      refs: [{ ref: `refs/ambient/proposals/${index}`, to: { key: 'c' }, old: null }],
    });
  for (let index = 0; index < 20; index += 2) await Promise.all([write(index), write(index + 1)]);
  collecting = false;
  await collector;
  assert.is((await opened.refs.commits('refs/ambient/proposals/')).length, 20);
  assert.is((await opened.refs.notes(NOTES))[0]?.text.trim().split('\n').length, 20);
  assert.not.match(repository.git('fsck', '--full'), /error|missing|broken/);
  assert.equal(leftovers(repository), []);
  await opened.close();
});

for (const taken of ['tmp_pack', 'tmp_idx']) {
  test(`a ${taken} that a prune takes while it is being written leaves nothing behind`, async () => {
    const repository = makeRepository();
    const head = repository.git('rev-parse', 'HEAD');
    const opened = await open(repository);
    const packs = join(repository.dir, '.git/objects/pack');
    let pruning = true;
    const prune = new Worker(PRUNE, { eval: true, workerData: { packs, taken, times: 5 } });
    const ended = once(prune, 'exit').then(([code]) => {
      pruning = false;
      return code;
    });
    for (let index = 0; pruning; index += 1)
      await opened.transact({
        commits: [commitOn(head, `${index}\n`)],
        notes: [{ ref: NOTES, target: head, lines: [String(index)] }],
      });
    assert.is(await ended, 0, `${taken} was never seen`);
    assert.equal(leftovers(repository), []);
    const files = readdirSync(packs).filter((name) => name.endsWith('.pack'));
    assert.equal(
      files.filter((name) => !existsSync(join(packs, name.replace('.pack', '.idx')))),
      [],
    );
    await opened.close();
  });
}

for (const left of ['its pack and the index of it', 'the sign that it is there and its pack'])
  test(`a fast-import that was killed between ${left} does not stop who writes the same`, async () => {
    const [twin, repository] = [makeRepository(), makeRepository()];
    const write = async (at: TestRepository) => {
      const opened = await open(at);
      await opened.transact({ commits: [commitOn(at.git('rev-parse', 'HEAD'), 'x\n')] });
      await opened.close();
    };
    await write(twin);
    const packs = '.git/objects/pack';
    const pack = readdirSync(join(twin.dir, packs)).find((name) => name.endsWith('.pack')) ?? '';
    const keep = join(repository.dir, packs, pack.replace('.pack', '.keep'));
    const written = left.startsWith('its');
    if (written) copyFileSync(join(twin.dir, packs, pack), join(repository.dir, packs, pack));
    writeFileSync(keep, written ? 'fast-import' : '');
    utimesSync(keep, 1, 1);
    await write(repository);
    assert.equal(leftovers(repository), []);
    assert.ok(existsSync(join(repository.dir, packs, pack.replace('.pack', '.idx'))));
    assert.not.match(repository.git('fsck', '--full'), /error|missing|broken/);
  });

test('eight processes, five writes each: nothing lost, nothing left over', async () => {
  const repository = makeRepository();
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const children = Array.from({ length: 8 }, (_, index) =>
    fork(script, [repository.dir, String(index), '5'], { env: repository.env, execArgv: ['--import', 'tsx'] }),
  );
  const codes = await Promise.all(children.map((child: ChildProcess) => new Promise((done) => child.on('exit', done))));
  assert.equal(codes, Array(8).fill(0));
  const opened = await open(repository);
  const refs = await opened.refs.list('refs/ambient/proposals/');
  const notes = await opened.refs.notes(NOTES);
  const shared = notes.find(({ target }) => target === repository.git('rev-parse', 'HEAD'))?.text ?? '';
  const telemetry = await opened.objects.blobAt('refs/ambient/telemetry/a1', 'telemetry.jsonl');
  const expected = Array.from({ length: 40 }, (_, index) => `${Math.floor(index / 5)}-${index % 5}`).sort();
  assert.is(refs.length, 40);
  assert.is(notes.length, 41);
  assert.equal(shared.trim().split('\n').sort(), expected);
  assert.equal(telemetry?.content.toString().trim().split('\n').sort(), expected);
  assert.equal(leftovers(repository), []);
  assert.not.match(repository.git('fsck', '--full', '--strict'), /error|missing|broken/);
  await opened.close();
});

test.run();
