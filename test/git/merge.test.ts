/** In-memory merges name their base; a candidate's attributes run nothing on the host. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeRepository } from '../support/repository.ts';
import { bytes, codeOf, open } from './support.ts';

const test = suite('git/merge');
const WHO = { name: 'n', email: 'n@x.test' };

async function propose(opened: Awaited<ReturnType<typeof open>>, base: string, files: Record<string, string>) {
  const list = Object.entries(files).map(([path, text]) => ({ path, mode: '100644' as const, content: bytes(text) }));
  const commit = {
    key: 'c',
    parents: [base],
    from: base,
    files: list,
    author: WHO,
    committer: WHO,
    time: 1,
    message: 'm\n',
  };
  return (await opened.transact({ commits: [commit] })).oids['c'] as string;
}

test('a secret that an amend removed does not come back', async () => {
  const repository = makeRepository({ files: { 'a.txt': '1\n2\n3\n4\n5\n6\n' } });
  const withSecret = repository.commit('work', { 'config.txt': 'password=hunter2\n' });
  const opened = await open(repository);
  const candidate = await propose(opened, withSecret, { 'a.txt': 'one\n2\n3\n4\n5\n6\n' });
  repository.write('config.txt', 'password from the environment\n');
  repository.git('commit', '-qa', '--amend', '-m', 'work');
  const onto = repository.git('rev-parse', 'HEAD');
  const merged = await opened.trees.merge({ base: withSecret, candidate, onto });
  assert.equal(merged.conflicts, []);
  assert.is(repository.git('show', `${merged.tree}:config.txt`), 'password from the environment');
  assert.is(repository.git('show', `${merged.tree}:a.txt`), 'one\n2\n3\n4\n5\n6');
  await opened.close();
});

test('a conflict is a result that names the paths', async () => {
  const repository = makeRepository({ files: { 'a b.txt': '1\n', 'c.txt': 'c\n' } });
  const base = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  const candidate = await propose(opened, base, { 'a b.txt': 'theirs\n', 'new\n.txt': 'x' });
  const onto = repository.commit('mine', { 'a b.txt': 'mine\n', 'new\n.txt': 'y' });
  const before = repository.git('status', '--porcelain');
  assert.equal(await opened.trees.merge({ base, candidate, onto }), {
    tree: null,
    conflicts: ['a b.txt', 'new\n.txt'],
  });
  assert.is(repository.git('status', '--porcelain'), before);
  assert.is(await codeOf(opened.trees.merge({ base, candidate: '1'.repeat(40), onto })), 'object-missing');
  await opened.close();
});

test('where nothing moved, or both say the same, nothing is merged', async () => {
  const repository = makeRepository();
  const base = repository.git('rev-parse', 'HEAD');
  const opened = await open(repository);
  const candidate = await propose(opened, base, { 'README.md': 'x\n' });
  const tree = (await opened.objects.commit(candidate)).tree;
  const baseTree = (await opened.objects.commit(base)).tree;
  assert.is((await opened.trees.merge({ base, candidate, onto: base })).tree, tree);
  assert.is((await opened.trees.merge({ base, candidate, onto: candidate })).tree, tree);
  assert.is((await opened.trees.merge({ base, candidate: base, onto: candidate })).tree, tree);
  assert.is((await opened.trees.merge({ base, candidate: base, onto: base })).tree, baseTree);
  await opened.close();
});

test('configured filters and merge drivers do not run', async () => {
  const attributes = '*.txt filter=evil merge=evil\n*.md filter=odd.name\n';
  const repository = makeRepository({ files: { 'a.txt': '1\n', 'b.md': 'b\n' } });
  const base = repository.commit('attributes', { '.gitattributes': attributes });
  const ran = join(repository.home, 'ran');
  const opened = await open(repository);
  const candidate = await propose(opened, base, { 'a.txt': '2\n' });
  const onto = repository.commit('mine', { 'a.txt': '3\n' });
  for (const name of ['evil', 'odd.name', 'a=b c']) {
    repository.git('config', `filter.${name}.smudge`, `touch '${ran}'; cat`);
    repository.git('config', `filter.${name}.clean`, `touch '${ran}'; cat`);
    repository.git('config', `filter.${name}.required`, 'true');
  }
  repository.git('config', 'merge.evil.driver', `touch '${ran}'; exit 0`);
  const slot = join(repository.home, 'slot');
  repository.exec(['git', 'checkout-index', '-f', 'a.txt']);
  assert.ok(existsSync(ran), 'the planted filter works');
  repository.exec(['rm', ran]);
  assert.equal((await opened.trees.merge({ base, candidate, onto })).conflicts, ['a.txt']);
  await opened.slots.checkout(slot, candidate);
  await opened.trees.diff(base, candidate);
  await opened.trees.patch(base, candidate);
  assert.not.ok(existsSync(ran));
  assert.is(repository.exec(['cat', join(slot, 'a.txt')]), '2\n');
  await opened.close();
});

test.run();
