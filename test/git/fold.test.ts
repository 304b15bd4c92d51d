/** A change is folded into an earlier commit; what comes after is replayed, and everything that is not the change stays. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Repository } from '../../src/git/index.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { bytes, codeOf, open } from './support.ts';

const test = suite('git/fold');
const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n';
const TRAILER = 'Ambient-Proposal: 0123456789ab';
const WHO = { name: 'x', email: 'x@example.test' };

/** The tree of HEAD with `files` in it. */
async function treeWith(repository: TestRepository, opened: Repository, files: Record<string, string | null>) {
  const head = repository.git('rev-parse', 'HEAD');
  const list = Object.entries(files).map(([path, text]) => ({
    ...{ path, mode: '100644' as const, content: text === null ? null : bytes(text) },
  }));
  const commit = { key: 'c', parents: [head], from: head, files: list, author: WHO, committer: WHO, time: 1 };
  const { oids } = await opened.transact({ commits: [{ ...commit, message: 'm\n' }] });
  return { head, tree: repository.git('rev-parse', `${oids['c']}^{tree}`) };
}

/** Three commits: `second` writes the flaw, two unrelated ones follow. */
async function prepare() {
  const repository = makeRepository({ files: { 'a.txt': TEXT } });
  const second = repository.commit('second\n\nWhy it is so.\n\nReviewed-by: Jo <jo@example.test>', {
    'a.txt': TEXT.replace('two', 'twoo'),
    'b.txt': 'b\n',
  });
  repository.commit('third', { 'b.txt': 'b\nbb\n' });
  repository.commit('fourth', { 'a.txt': TEXT.replace('two', 'twoo').replace('eight', 'EIGHT') });
  const opened = await open(repository);
  const fix = TEXT.replace('eight', 'EIGHT');
  const made = await treeWith(repository, opened, { 'a.txt': fix });
  return { repository, opened, second, fix, ...made };
}

test('the lines that go say who wrote them; an addition says nobody', async () => {
  const { repository, opened, second, head, tree } = await prepare();
  assert.equal(await opened.rewrite.origins(head, tree), { commits: [second], unread: [] });
  const both = await treeWith(repository, opened, { 'a.txt': TEXT });
  assert.equal((await opened.rewrite.origins(head, both.tree)).commits.sort(), [second, head].sort());
  const added = await treeWith(repository, opened, {
    'a.txt': `zero\n${TEXT}`.replace('two', 'twoo').replace('eight', 'EIGHT'),
  });
  assert.equal(await opened.rewrite.origins(head, added.tree), { commits: [], unread: ['a.txt'] });
  const gone = await treeWith(repository, opened, { 'b.txt': null, 'new.txt': 'n\n' });
  const origins = await opened.rewrite.origins(head, gone.tree);
  assert.is(origins.commits.length, 2);
  assert.equal(origins.unread, ['new.txt']);
  // What the user's own blame leaves out is what would be rewritten all the same.
  repository.write('.git-blame-ignore-revs', `${second}\n`);
  repository.git('config', 'blame.ignoreRevsFile', '.git-blame-ignore-revs');
  assert.equal((await opened.rewrite.origins(head, tree)).commits, [second]);
  await opened.close();
});

test('folded: trees, authors, dates and messages are as they were, but for the change and the trailer', async () => {
  const { repository, opened, second, head, tree, fix } = await prepare();
  const before = repository.git('log', '--format=%an %ae %ad %cd %s', '--date=raw').split('\n');
  const refs = repository.git('for-each-ref');
  repository.git('config', 'user.name', 'Another Name');
  const folded = await opened.rewrite.fold({ head, target: second, tree, trailer: TRAILER });
  assert.ok(folded.ok);
  assert.is(repository.git('for-each-ref'), refs);
  assert.is(repository.git('rev-parse', 'HEAD'), head);
  assert.is(folded.tree, tree);
  assert.is(folded.tip, folded.rewritten.at(-1)?.[1]);
  assert.equal(folded.rewritten[0], [second, folded.into]);
  assert.equal(repository.git('log', '--format=%an %ae %ad %cd %s', '--date=raw', folded.tip).split('\n'), before);
  assert.is(repository.git('show', `${folded.into}:a.txt`), TEXT.trimEnd());
  assert.is(`${repository.git('show', `${folded.tip}:a.txt`)}\n`, fix);
  assert.is(
    repository.git('log', '-1', '--format=%B', folded.into),
    `second\n\nWhy it is so.\n\nReviewed-by: Jo <jo@example.test>\n${TRAILER}`,
  );
  assert.is(repository.git('log', '-1', '--format=%cn', folded.into), 'Another Name');
  assert.is(repository.git('rev-parse', `${folded.into}^`), repository.git('rev-parse', `${second}^`));
  // git itself comes to the same trees.
  repository.write('a.txt', fix);
  repository.git('commit', '-qa', '--fixup', second);
  repository.exec(['git', 'rebase', '-q', '-i', '--autosquash', `${second}^`], {
    env: { GIT_SEQUENCE_EDITOR: ':' } as never,
  });
  assert.is(repository.git('log', '--format=%T'), repository.git('log', '--format=%T', folded.tip));
  repository.git('fsck', '--strict');
  await opened.close();
});

test('into the newest commit, and into the first one of all', async () => {
  const { repository, opened, head } = await prepare();
  const newest = await treeWith(repository, opened, { 'a.txt': TEXT.replace('two', 'twoo').replace('eight', 'Eight') });
  const top = await opened.rewrite.fold({ head, target: head, tree: newest.tree, trailer: TRAILER });
  assert.ok(top.ok);
  assert.is(top.tip, top.into);
  assert.is(repository.git('rev-parse', `${top.tip}^`), repository.git('rev-parse', 'HEAD^'));
  const first = repository.git('rev-list', '--max-parents=0', 'HEAD');
  const oldest = await treeWith(repository, opened, {
    'a.txt': TEXT.replace('two', 'twoo').replace('eight', 'EIGHT').replace('five', 'FIVE'),
  });
  assert.equal((await opened.rewrite.origins(head, oldest.tree)).commits, [first]);
  const root = await opened.rewrite.fold({ head, target: first, tree: oldest.tree, trailer: TRAILER });
  assert.ok(root.ok);
  assert.is(root.tree, oldest.tree);
  assert.is(repository.git('rev-list', '--count', root.tip), '4');
  await opened.close();
});

test('a conflict on the way, a merge in between and the edge of a shallow clone are refused', async () => {
  const { repository, opened, second } = await prepare();
  // The later commit rewrites the neighbouring line: put before it, the fix and it meet.
  repository.commit('neighbour', { 'a.txt': TEXT.replace('two', 'twoo').replace('three', 'THREE') });
  const near = await treeWith(repository, opened, { 'a.txt': TEXT.replace('three', 'THREE') });
  const conflict = await opened.rewrite.fold({ ...near, target: second, trailer: TRAILER });
  if (conflict.ok) throw new Error('it was folded');
  assert.is(conflict.why, 'conflict');
  assert.equal(conflict.paths, ['a.txt']);
  repository.git('checkout', '-q', '-b', 'side', 'HEAD~1');
  repository.commit('side', { 'side.txt': 's\n' });
  repository.git('checkout', '-q', 'main');
  repository.git('merge', '-q', '--no-edit', 'side');
  const over = await treeWith(repository, opened, { 'b.txt': 'B\nbb\n' });
  const merge = await opened.rewrite.fold({ ...over, target: second, trailer: TRAILER });
  if (merge.ok) throw new Error('it was folded');
  assert.is(merge.why, 'merge');
  assert.is(merge.commit, over.head);
  writeFileSync(join(repository.dir, '.git/shallow'), `${over.head}\n`);
  const shallow = await open(repository);
  const edge = await shallow.rewrite.fold({ ...over, target: over.head, trailer: TRAILER });
  if (edge.ok) throw new Error('it was folded');
  assert.is(edge.why, 'shallow');
  await shallow.close();
  await opened.close();
});

test('others may have it: remote-tracking branches and tags', async () => {
  const { repository, opened, second, head } = await prepare();
  repository.git('branch', 'other', second);
  assert.equal(await opened.rewrite.holders(second), []);
  repository.git('update-ref', 'refs/remotes/origin/main', repository.git('rev-parse', 'HEAD~1'));
  repository.git('tag', 'v1', 'HEAD~2');
  assert.equal(await opened.rewrite.holders(second), ['refs/remotes/origin/main', 'refs/tags/v1']);
  assert.equal(await opened.rewrite.holders(head), []);
  await opened.close();
});

test('bytes of an old encoding, unknown fields and odd names are kept; a signature of before goes', async () => {
  const { repository, opened } = await prepare();
  const [tree, parent] = [repository.git('rev-parse', 'HEAD^{tree}'), repository.git('rev-parse', 'HEAD')];
  const raw = Buffer.from(
    `tree ${tree}\nparent ${parent}\nauthor J\xfcrgen "x" <j@example.test> 1700000000 -0330\ncommitter J <j@example.test> 1700000001 +1245\nencoding ISO-8859-1\nchange-id zzzz\ngpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n\nGr\xfc\xdfe\n\n\n# kept\n`,
    'latin1',
  );
  const odd = repository.exec(['git', 'hash-object', '-t', 'commit', '-w', '--stdin'], { input: raw } as never).trim();
  repository.git('reset', '-q', '--hard', odd);
  const fix = await treeWith(repository, opened, { 'b.txt': 'b\nBB\n' });
  const third = repository.git('rev-parse', 'HEAD~2');
  const folded = await opened.rewrite.fold({ ...fix, target: third, trailer: TRAILER });
  assert.ok(folded.ok);
  const made = repository.exec(['git', 'cat-file', 'commit', folded.tip], { encoding: 'latin1' }).toString();
  const size = Number(repository.git('cat-file', '-s', folded.tip));
  const content = (await opened.objects.commit(folded.tip)).message;
  assert.is(content, 'Grüße\n\n\n# kept\n');
  assert.match(made, 'change-id zzzz\n');
  assert.match(made, '1700000000 -0330\n');
  assert.match(made, 'committer Test Person <person@example.test> 1700000001 +1245\n');
  assert.not.match(made, 'SIGNATURE');
  assert.ok(size > 0);
  assert.is((await opened.objects.commit(folded.tip)).author.name, 'Jürgen "x"');
  await opened.close();
});

const canSign = spawnSync('ssh-keygen', ['-?']).error === undefined;
const ifCanSign = canSign ? test : test.skip;
ifCanSign('who signs, signs again; where signing fails nothing has moved', async () => {
  const { repository, opened, second, head, tree } = await prepare();
  const key = join(repository.home, 'key');
  repository.exec(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  writeFileSync(join(repository.home, 'signers'), `person@example.test ${readFileSync(`${key}.pub`, 'utf8')}`);
  for (const [name, value] of Object.entries({
    'gpg.format': 'ssh',
    'user.signingKey': key,
    'gpg.ssh.allowedSignersFile': join(repository.home, 'signers'),
    'commit.gpgSign': 'true',
  }))
    repository.git('config', name, value);
  const folded = await opened.rewrite.fold({ head, target: second, tree, trailer: TRAILER });
  assert.ok(folded.ok);
  assert.is(repository.git('log', '-3', '--format=%G?', folded.tip), 'G\nG\nG');
  assert.equal(
    repository.git('log', '--format=%an %ad %cd %B', '--date=raw', folded.tip).replace(`\n${TRAILER}`, ''),
    repository.git('log', '--format=%an %ad %cd %B', '--date=raw'),
  );
  repository.git('config', 'user.signingKey', join(repository.home, 'none'));
  const fold = { head, target: second, tree, trailer: TRAILER };
  assert.is(await codeOf(opened.rewrite.fold(fold)), 'signing-failed');
  await opened.close();
});

test('landed: the branch moves, the old head is kept, the user’s work and notes come along, and it can be undone', async () => {
  const { repository, opened, second, head, tree, fix } = await prepare();
  repository.git('config', 'notes.rewriteRef', 'refs/notes/commits');
  repository.git('notes', 'add', '-m', 'mine', second);
  repository.write('b.txt', 'edited\n');
  repository.write('staged.txt', 'staged\n');
  repository.git('add', 'staged.txt');
  repository.write('untracked.txt', 'untracked\n');
  const folded = await opened.rewrite.fold({ head, target: second, tree, trailer: TRAILER });
  assert.ok(folded.ok);
  const keep = 'refs/ambient/undo/x';
  const landing = { head, tree: folded.tree, message: 'Fix\n', rewrite: { tip: folded.tip, keep } };
  assert.equal(await opened.work.land(landing), { commit: folded.tip, changed: [], kept: [] });
  await opened.rewrite.carryNotes(folded.rewritten);
  assert.is(repository.git('rev-parse', 'main', 'HEAD', keep), `${folded.tip}\n${folded.tip}\n${head}`);
  assert.is(repository.git('status', '--porcelain'), ' M b.txt\nA  staged.txt\n?? untracked.txt');
  assert.is(readFileSync(join(repository.dir, 'a.txt'), 'utf8'), fix);
  assert.is(repository.git('notes', 'show', folded.into), 'mine');
  assert.match(repository.git('reflog', '-1', '--format=%gs'), 'commit (ambient fixup): Fix');
  assert.is((await opened.work.recover(landing)).outcome, 'landed');
  repository.git('reset', '-q', '--keep', keep);
  assert.is(repository.git('rev-parse', 'HEAD'), head);
  assert.match(repository.git('status', '--porcelain'), ' M b.txt');
  await opened.close();
});

test('not landed: in the way of edits, with a moved head, with a kept ref that exists; nothing moves', async () => {
  const { repository, opened, second, head, tree } = await prepare();
  const folded = await opened.rewrite.fold({ head, target: second, tree, trailer: TRAILER });
  assert.ok(folded.ok);
  const landing = { head, tree, message: 'Fix\n', rewrite: { tip: folded.tip, keep: 'refs/ambient/undo/x' } };
  const stands = () => [
    repository.git('for-each-ref'),
    repository.git('status', '--porcelain'),
    repository.git('ls-files', '-s'),
  ];
  repository.write('a.txt', 'mine\n');
  let before = stands();
  assert.is(await codeOf(opened.work.land(landing)), 'dirty-overlap');
  assert.equal(stands(), before);
  repository.git('checkout', '-q', 'a.txt');
  repository.git('update-ref', 'refs/ambient/undo/x', second);
  before = stands();
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  assert.equal(stands(), before);
  repository.git('update-ref', '-d', 'refs/ambient/undo/x');
  repository.write('.git/hooks/reference-transaction', '#!/bin/sh\n[ "$1" != prepared ]\n');
  repository.exec(['chmod', '+x', '.git/hooks/reference-transaction']);
  before = stands();
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  assert.equal(stands(), before);
  repository.exec(['rm', '.git/hooks/reference-transaction']);
  repository.commit('meanwhile', { 'c.txt': 'c\n' });
  before = stands();
  assert.is(await codeOf(opened.work.land(landing)), 'head-moved');
  assert.equal(stands(), before);
  await opened.close();
});

test.run();
