/** Reading: objects, refs, notes, trees, differences. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository, temporaryDirectory, testEnvironment, useRepository } from '../support/repository.ts';
import { bytes, codeOf, open } from './support.ts';

const test = suite('git/read');

test('a commit, whole', async () => {
  const repository = makeRepository();
  const head = repository.commit('subject\n\nbody ü\n\nTrailer: x');
  const opened = await open(repository);
  const commit = await opened.objects.commit(head);
  assert.is(commit.oid, head);
  assert.is(commit.tree, repository.git('rev-parse', 'HEAD^{tree}'));
  assert.equal(commit.parents, [repository.git('rev-parse', 'HEAD^')]);
  assert.equal(commit.author, { name: 'Test Person', email: 'person@example.test', time: 1767225720, zone: '+0000' });
  assert.is(commit.message, 'subject\n\nbody ü\n\nTrailer: x\n');
  await opened.close();
});

test('an old encoding and a signature', async () => {
  const repository = makeRepository();
  const tree = repository.git('rev-parse', 'HEAD^{tree}');
  const raw = Buffer.concat([
    bytes(`tree ${tree}\nauthor M`),
    Buffer.from([0xfc]),
    bytes('ller <m@x.test> 1 -0330\ncommitter M <m@x.test> 2 +0100\nencoding ISO-8859-1\n'),
    bytes('gpgsig -----BEGIN\n author x\n \n -----END\n\ngr'),
    Buffer.from([0xfc, 0xdf]),
    bytes('e\n'),
  ]);
  const oid = repository.exec(['git', 'hash-object', '-t', 'commit', '-w', '--stdin'], { input: raw }).trim();
  const opened = await open(repository);
  const commit = await opened.objects.commit(oid);
  assert.equal(commit.author, { name: 'Müller', email: 'm@x.test', time: 1, zone: '-0330' });
  assert.is(commit.message, 'grüße\n');
  await opened.close();
});

test('what is not there: null by expression, an error by oid', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const { objects } = opened;
  const missing = '1'.repeat(40);
  const head = repository.git('rev-parse', 'HEAD');
  assert.is(await objects.resolve('no-such-branch'), null);
  assert.is(await objects.resolve('two\nlines'), null);
  assert.is(await objects.resolve('HEAD^{tree}'), repository.git('rev-parse', 'HEAD^{tree}'));
  assert.is(await objects.type(missing), null);
  assert.is(await objects.type(head), 'commit');
  assert.is(await codeOf(objects.commit(missing)), 'object-missing');
  assert.is(await codeOf(objects.blob(head)), 'object-missing');
  assert.is(await objects.blobAt(head, 'none.txt'), null);
  assert.is(await objects.blobAt(head, 'none\n.txt'), null);
  assert.is(await objects.blobAt(missing, 'a'), null);
  await opened.close();
});

test('many at once, and big ones, in order', async () => {
  const big = 'x'.repeat(5_000_000);
  const repository = makeRepository({ files: { 'big.txt': big, 'empty.txt': '' } });
  const opened = await open(repository);
  const head = repository.git('rev-parse', 'HEAD');
  const reads = Array.from({ length: 300 }, (_, index) =>
    opened.objects.blobAt(head, ['big.txt', 'empty.txt', 'missing.txt'][index % 3] as string),
  );
  const sizes = (await Promise.all(reads)).map((found) => found?.content.length ?? -1);
  assert.equal(sizes.slice(0, 3), [5_000_000, 0, -1]);
  assert.equal(
    sizes,
    sizes.map((_, index) => sizes[index % 3]),
  );
  await opened.close();
});

test('a killed reader fails what was asked and comes back', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  const bin = temporaryDirectory();
  const git = repository.exec(['sh', '-c', 'command -v git']).trim();
  const shim = `#!/bin/sh\ncase "$*" in *cat-file*) echo $$ >'${bin}/pid' ;; esac\nexec '${git}' "$@"\n`;
  writeFileSync(join(bin, 'git'), shim, { mode: 0o755 });
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` };
  const opened = await openRepository(repository.dir, { env });
  await opened.objects.commit(head);
  const asked = codeOf(Promise.all(Array.from({ length: 2000 }, () => opened.objects.commit(head))));
  process.kill(Number(readFileSync(join(bin, 'pid'), 'utf8')), 'SIGKILL');
  assert.is(await asked, 'git-failed');
  assert.is((await opened.objects.commit(head)).oid, head);
  await opened.close();
});

test('an open reader does not keep the process alive', () => {
  const repository = makeRepository();
  const script = `const { openRepository } = await import('${new URL('../../src/git/index.ts', import.meta.url)}');
    const r = await openRepository(process.argv[1]); console.log(await r.objects.type('HEAD'));`;
  const argv = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script, repository.dir];
  const cwd = new URL('../..', import.meta.url).pathname;
  assert.is(repository.exec(argv, { cwd, timeout: 20_000 }).trim(), 'commit');
});

test('commits of refs, also when one of them is broken', async () => {
  const repository = makeRepository();
  const first = repository.git('rev-parse', 'HEAD');
  const second = repository.commit('second ü\n\nbody');
  repository.git('update-ref', 'refs/ambient/proposals/a', first);
  repository.git('update-ref', 'refs/ambient/proposals/b', second);
  repository.git('update-ref', 'refs/ambient/proposals-not/c', second);
  repository.git('update-ref', 'refs/ambient/proposals/tree', 'HEAD^{tree}');
  const opened = await open(repository);
  const listed = await opened.refs.commits('refs/ambient/proposals/');
  const expected = await Promise.all([first, second].map((oid) => opened.objects.commit(oid)));
  assert.equal(listed, [
    { ref: 'refs/ambient/proposals/a', commit: expected[0] },
    { ref: 'refs/ambient/proposals/b', commit: expected[1] },
  ]);
  repository.write('.git/refs/ambient/proposals/0broken', `${'1'.repeat(40)}\n`);
  assert.equal(await opened.refs.commits('refs/ambient/proposals/'), listed);
  assert.equal(await opened.refs.commits('refs/nothing/'), []);
  assert.is(await opened.refs.read('refs/heads/main'), second);
  assert.is(await opened.refs.read('refs/heads'), null);
  await opened.close();
});

test('a thousand notes, spread over directories, in the ref of one writer', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const who = { name: 'n', email: 'n@x.test' };
  const keys = Array.from({ length: 1000 }, (_, index) => `k${index}`);
  const commits = keys.map((key, time) => ({
    ...{ key, parents: [], from: null, files: [], author: who, committer: who, time, message: key },
  }));
  const ref = 'refs/notes/ambient/evaluations/a1';
  const notes = keys.map((key) => ({ ref, target: { key }, lines: [key] }));
  const { oids } = await opened.transact({ commits, notes });
  assert.match(repository.git('ls-tree', '-r', '--name-only', ref), '/', 'the notes are fanned out');
  const found = await opened.refs.notes(ref);
  assert.equal(
    new Map(found.map(({ target, text }) => [target, text])),
    new Map(keys.map((key) => [oids[key], `${key}\n`])),
  );
  await opened.transact({ notes: [{ ref, target: oids['k7'] as string, lines: ['more'] }] });
  const again = await opened.refs.notes(ref);
  assert.is(again.length, 1000);
  assert.is(again.find(({ target }) => target === oids['k7'])?.text, 'k7\nmore\n');
  assert.equal(await opened.refs.notes('refs/notes/none'), []);
  await opened.close();
});

test('a difference names lines of the new side', async () => {
  const repository = makeRepository({
    files: { 'a.txt': '1\n2\n3\n4\n5\n', 'gone.txt': 'x\n', 'same.txt': 's\n', 'mode.sh': 'm\n', 'sp ace.txt': 'a\n' },
  });
  const from = repository.git('rev-parse', 'HEAD');
  repository.write('.gitattributes', '*.txt -diff\n');
  repository.exec(['chmod', '+x', 'mode.sh']);
  repository.exec(['ln', '-s', 'a.txt', 'link']);
  const files = {
    'a.txt': '1\ntwo\n3\n5\n6\n7\n',
    'gone.txt': null,
    'new ü.txt': '++ b/x\n@@ -1 +1 @@\n',
    'sp ace.txt': '-- a\n++ b/q\n',
  };
  const to = repository.commit('second', files);
  const opened = await open(repository);
  const byPath = new Map((await opened.trees.diff(from, to)).map((change) => [change.path, change]));
  assert.equal([...byPath.keys()].sort(), [
    '.gitattributes',
    'a.txt',
    'gone.txt',
    'mode.sh',
    'new ü.txt',
    'sp ace.txt',
  ]);
  assert.equal(byPath.get('a.txt')?.lines, [
    [2, 2],
    [5, 6],
  ]);
  assert.equal([byPath.get('gone.txt')?.status, byPath.get('gone.txt')?.newOid], ['deleted', null]);
  assert.equal([byPath.get('new ü.txt')?.status, byPath.get('new ü.txt')?.lines], ['added', [[1, 2]]]);
  assert.equal([byPath.get('mode.sh')?.status, byPath.get('mode.sh')?.lines], ['modified', []]);
  assert.equal(byPath.get('sp ace.txt')?.lines, [[1, 2]]);
  assert.is((await opened.trees.diff(null, to)).length, 6);
  assert.match(await opened.trees.patch(from, to, { color: true }), '\x1b[');
  assert.match(await opened.trees.patch(from, to), 'diff --git a/gone.txt b/gone.txt\n');
  const changed = await opened.trees.changedPaths([to, from]);
  assert.equal(changed.get(to), ['.gitattributes', 'a.txt', 'gone.txt', 'link', 'mode.sh', 'new ü.txt', 'sp ace.txt']);
  assert.is(changed.get(from)?.length, 5);
});

test('a tree of files: the same oid every time, no ref, and git reads it', async () => {
  const repository = makeRepository();
  const opened = await open(repository);
  const files = [
    { path: 'b/c.json', content: bytes('{}') },
    { path: 'a.txt', content: bytes('a\0b') },
  ];
  const tree = await opened.trees.write(files);
  assert.is(await opened.trees.write([...files].reverse()), tree);
  const listed = await opened.trees.list(tree);
  assert.equal(
    listed.map(({ path, mode }) => [path, mode]),
    [
      ['a.txt', '100644'],
      ['b/c.json', '100644'],
    ],
  );
  assert.is((await opened.objects.blobAt(tree, 'a.txt'))?.content.toString(), 'a\0b');
  assert.is(await opened.trees.write([]), '4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  assert.is(repository.git('for-each-ref', '--format=%(refname)'), 'refs/heads/main');
  await opened.close();
});

test('a few names of a tree are found as the whole list has them', async () => {
  const repository = makeRepository({
    files: { 'a/b/c.py': '1', 'a/b.py': '2', 'ü/ä.txt': '3', 'a b/ c': '4', 'z:y': '5' },
  });
  repository.exec(['ln', '-s', 'a', 'link']);
  repository.exec(['sh', '-c', "printf 6 > 'a/'\"$(printf '\\377')\".txt"]);
  repository.commit('more');
  repository.git('update-index', '--add', '--cacheinfo', `160000,${repository.git('rev-parse', 'HEAD')},module`);
  repository.git('update-index', '--chmod=+x', 'a/b.py');
  repository.git('commit', '-qm', 'a module');
  const head = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  for (const tree of [head, repository.git('rev-parse', 'HEAD^{tree}')]) {
    const all = await opened.trees.list(tree);
    assert.is(all.length, 8);
    const clear = all.filter(({ path }) => !path.includes('\ufffd'));
    const absent = [
      'a',
      'a/b',
      'a/',
      'none',
      'a/b.py/c',
      'module/x',
      '',
      '.',
      '../x',
      '/a/b.py',
      'a//b.py',
      '*',
      'a/\ufffd.txt',
    ];
    assert.equal(await opened.trees.list(tree, new Set([...absent, ...clear.map(({ path }) => path)])), clear);
  }
  assert.is(await codeOf(opened.trees.list('1'.repeat(40), new Set(['a']))), 'git-failed');
  await opened.close();
});

test('names in a tree that an old git wrote, and in one that is broken', async () => {
  const repository = makeRepository({ files: { a: '1' } });
  const oid = (text: string) => Buffer.from(text, 'hex');
  const tree = (...entries: Array<[string, string]>) => {
    const raw = Buffer.concat(entries.flatMap(([name, of]) => [bytes(`${name}\0`), oid(of)]));
    return repository.exec(['git', 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], { input: raw }).trim();
  };
  const blob = repository.git('rev-parse', 'HEAD:a');
  const inner = tree(['100664 b', blob], ['100775 c', blob], ['120777 d', blob]);
  const outer = tree(['040000 x', inner], ['40000 y', inner]);
  const opened = await open(repository);
  const all = await opened.trees.list(outer);
  assert.equal(await opened.trees.list(outer, new Set(all.map(({ path }) => path))), all);
  assert.is(all.map(({ mode }) => mode).join(' '), '100644 100755 120000 100644 100755 120000');
  const torn = repository.exec(['git', 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], {
    input: '100644 a',
  });
  assert.is(await codeOf(opened.trees.list(torn.trim(), new Set(['a']))), 'git-failed');
  await opened.close();
});

test('refs of several places in one list; a look sees what is there', async () => {
  const repository = makeRepository();
  const head = repository.git('rev-parse', 'HEAD');
  repository.git('update-ref', 'refs/ambient/drafts/x', head);
  repository.git('update-ref', 'refs/notes/ambient/y', head);
  repository.git('update-ref', 'refs/other/z', head);
  const opened = await open(repository);
  const refs = (await opened.refs.list('refs/ambient/', 'refs/notes/ambient/')).map(({ ref }) => ref);
  assert.equal(refs, ['refs/ambient/drafts/x', 'refs/notes/ambient/y']);
  assert.is(await opened.refs.look('refs/ambient/drafts/x'), head);
  assert.is(await opened.refs.look('refs/ambient/drafts/none'), null);
  // Where it is not, git would take one of these for it.
  for (const place of ['tags', 'heads', 'remotes']) {
    repository.git('update-ref', `refs/${place}/refs/ambient/drafts/${place}`, head);
    assert.is(await opened.refs.look(`refs/ambient/drafts/${place}`), null);
    assert.is(await opened.refs.read(`refs/ambient/drafts/${place}`), null);
    repository.git('update-ref', `refs/ambient/drafts/${place}`, head);
    assert.is(await opened.refs.look(`refs/ambient/drafts/${place}`), head);
  }
  await opened.close();
});

test('a SHA-256 repository', async () => {
  const home = temporaryDirectory();
  const dir = `${home}/repo`;
  execFileSync('git', ['init', '-q', '-b', 'main', '--object-format=sha256', dir], { env: testEnvironment(home) });
  const repository = useRepository(dir, home);
  repository.git('config', 'user.name', 'T');
  repository.git('config', 'user.email', 't@x.test');
  const head = repository.commit('first', { 'a.txt': '1\n' });
  const opened = await open(repository);
  assert.is(opened.info.objectFormat, 'sha256');
  const who = { name: 'n', email: 'n@x.test' };
  const file = { path: 'a.txt', mode: '100644' as const, content: bytes('2\n') };
  const commit = {
    key: 'c',
    parents: [head],
    from: head,
    files: [file],
    author: who,
    committer: who,
    time: 1,
    message: 'm\n',
  };
  const note = { ref: 'refs/notes/ambient/archive/a', target: { key: 'c' }, lines: ['x'] };
  const { oids } = await opened.transact({
    commits: [commit],
    notes: [note],
    refs: [{ ref: 'refs/ambient/x', to: { key: 'c' }, old: null }],
  });
  const oid = oids['c'] as string;
  assert.is(oid.length, 64);
  assert.equal(await opened.refs.notes(note.ref), [{ target: oid, text: 'x\n' }]);
  assert.equal(
    (await opened.trees.diff(head, oid)).map(({ lines }) => lines),
    [[[1, 1]]],
  );
  const onto = repository.commit('second', { 'b.txt': 'b\n' });
  const merged = await opened.trees.merge({ base: head, candidate: oid, onto });
  assert.is((await opened.objects.blobAt(merged.tree as string, 'a.txt'))?.content.toString(), '2\n');
  await opened.work.land({ head: onto, tree: merged.tree as string, message: 'landed\n' });
  assert.is(repository.git('show', 'HEAD:a.txt'), '2');
  assert.is((await opened.trees.diff(null, head)).length, 1);
  await opened.close();
});

test.run();
