/** A landing that dies at any of its steps: the next one that looks completes it or takes it back, and keeps the user's bytes. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Landing } from '../../src/git/index.ts';
import { fingerprintTree } from '../support/cli.ts';
import { keepInMemory, makeRepository, type TestRepository, useRepository } from '../support/repository.ts';
import { dieAfter } from './dying.ts';
import { bytes, open } from './support.ts';

const test = suite('git/killed');
keepInMemory();
const FILES = {
  'a.txt': '1\n2\n3\n',
  'dir/gone.txt': 'gone\n',
  'other.txt': 'other\n',
  'staged.txt': 's\n',
  swap: 'file\n',
};
const CHANGE = { 'a.txt': '1\ntwo\n3\n', 'dir/gone.txt': null, 'new/ü.txt': 'new\n', swap: null, 'swap/inside': 'x\n' };

/** Made once, then copied: a hundred deaths take a hundred repositories. */
async function makeTemplate(body: string, rewrite: boolean) {
  const repository = makeRepository({ files: FILES });
  const opened = await open(repository);
  const head = repository.git('rev-parse', 'HEAD');
  const files = Object.entries(CHANGE).map(([path, text]) => ({
    ...{ path, mode: '100644' as const, content: text === null ? null : bytes(text) },
  }));
  const who = { name: 'x', email: 'x@example.test' };
  const commit = { key: 'c', parents: [head], from: head, files, author: who, committer: who, time: 1, message: 'm\n' };
  const { oids } = await opened.transact({ commits: [commit] });
  await opened.close();
  const tip = oids['c'] ?? '';
  repository.write('other.txt', 'edited\n');
  repository.write('staged.txt', 'staged\n');
  repository.git('add', 'staged.txt');
  repository.write('untracked.txt', 'untracked\n');
  repository.exec(['rm', '-r', '.git/hooks']);
  repository.write('.git/hooks/pre-commit', `#!/bin/sh\n${body}\n`);
  repository.exec(['chmod', '+x', '.git/hooks/pre-commit']);
  const tree = repository.git('rev-parse', `${tip}^{tree}`);
  const plain: Landing = { head, tree, message: 'Fix\n\nKey: value\n' };
  const landing = rewrite ? { ...plain, rewrite: { tip, keep: 'refs/keep/x' } } : plain;
  const before = state(repository);
  const fresh = async () => {
    const copied = copy(repository);
    return { repository: copied, opened: await open(copied), landing, before };
  };
  return { landing, fresh };
}

let copies = 0;
function copy(repository: TestRepository): TestRepository {
  copies += 1;
  const dir = join(repository.home, `copy-${copies}`);
  cpSync(repository.dir, dir, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return useRepository(dir, repository.home);
}

const drop = (repository: TestRepository) => rmSync(repository.dir, { recursive: true, force: true });

const state = (repository: TestRepository) => ({
  files: fingerprintTree(repository.dir, (path) => path !== '.git'),
  status: repository.git('status', '--porcelain=v2', '--untracked-files=all'),
});
const residue = (repository: TestRepository) =>
  readdirSync(join(repository.dir, '.git')).filter((name) => /lock$|^landing/.test(name));

const AFTER = ' M other.txt\nM  staged.txt\n?? untracked.txt';

type Fresh = Awaited<ReturnType<Awaited<ReturnType<typeof makeTemplate>>['fresh']>>;

interface Deaths {
  hook: string;
  rewrite?: boolean;
  /** The first effect that it dies before; then every n-th. */
  from: RegExp;
  every?: number;
}

/**
 * Dies at every effect from the one that `from` names on, until the landing comes to its end; `look` sees what each death
 * left. Returns how often it died.
 */
async function atEveryStep(
  { hook, rewrite = false, from, every = 1 }: Deaths,
  look: (found: Fresh & { step: number }) => Promise<void>,
): Promise<number> {
  const { fresh } = await makeTemplate(hook, rewrite);
  const trial = await fresh();
  const { tried } = await dieAfter(Number.POSITIVE_INFINITY, () => trial.opened.work.land(trial.landing));
  await trial.opened.close();
  const first = tried.findIndex((effect) => from.test(effect));
  assert.ok(first >= 0, tried.join('\n'));
  for (let step = first; step <= tried.length; step += every) {
    const found = await fresh();
    await dieAfter(step, () => found.opened.work.land(found.landing));
    await look({ ...found, step });
    await found.opened.close();
    drop(found.repository);
  }
  return tried.length - first;
}

const START = /^openSync .*landing.plan/;
const MOVES = /^renameSync .*a\.txt/;
const COMMIT = /^spawn git .*(commit,--quiet|update-ref)/;
const CASES = [
  { name: 'the commit is made', hook: 'exit 0', from: START },
  { name: 'a hook formats and adds', hook: 'echo 1 >> a.txt; echo 2 > VERSION; git add a.txt VERSION', from: COMMIT },
  { name: 'a hook refuses', hook: 'exit 1', from: COMMIT },
  { name: 'the branch is rewritten', hook: 'exit 0', rewrite: true, from: COMMIT },
];

for (const item of CASES)
  test(`killed at every step: ${item.name}`, async () => {
    let landed = 0;
    await atEveryStep(item, async ({ repository, opened, landing, before, step }) => {
      const { outcome, commit, kept } = await opened.work.recover(landing);
      const said = `step ${step}: ${outcome}`;
      assert.equal(residue(repository), [], said);
      assert.equal(kept, [], said);
      const head = repository.git('rev-parse', 'HEAD');
      assert.is(commit, outcome === 'landed' ? head : null, said);
      if (outcome !== 'landed') {
        assert.is(head, landing.head, said);
        assert.equal(state(repository), before, said);
        return;
      }
      landed += 1;
      assert.is(repository.git('status', '--porcelain'), AFTER, said);
    });
    assert.is(landed > 0, item.name !== 'a hook refuses');
  });

test('a recovery that is killed at every step itself', async () => {
  for (const [hook, from] of [
    ['exit 0', COMMIT],
    ['exit 1', COMMIT],
  ] as const) {
    const { fresh } = await makeTemplate(hook, false);
    const trial = await fresh();
    const { tried } = await dieAfter(Number.POSITIVE_INFINITY, () => trial.opened.work.land(trial.landing));
    await trial.opened.close();
    // Right after the commit was made or refused.
    const death = tried.findIndex((effect) => from.test(effect)) + 1;
    for (let step = 0, ended = false; !ended; step += 2) {
      const { repository, opened, landing, before } = await fresh();
      await dieAfter(death, () => opened.work.land(landing));
      ended = (await dieAfter(step, () => opened.work.recover(landing))).ended;
      await opened.work.recover(landing);
      assert.equal(residue(repository), [], `step ${step}`);
      if (hook === 'exit 0') assert.is(repository.git('status', '--porcelain'), AFTER, `step ${step}`);
      else assert.equal(state(repository), before, `step ${step}`);
      await opened.close();
      drop(repository);
    }
  }
});

test('a lock that a killed git has just left is gone after the recovery', async () => {
  const { fresh } = await makeTemplate('exit 1', false);
  const { repository, opened, landing, before } = await fresh();
  const trial = await fresh();
  const { tried } = await dieAfter(Number.POSITIVE_INFINITY, () => trial.opened.work.land(trial.landing));
  await trial.opened.close();
  await dieAfter(tried.findIndex((effect) => COMMIT.test(effect)) + 1, () => opened.work.land(landing));
  repository.write('.git/HEAD.lock', '');
  repository.write('.git/refs/heads/main.lock', '');
  await opened.work.recover(landing);
  assert.equal(residue(repository), []);
  assert.equal(readdirSync(join(repository.dir, '.git/refs/heads')), ['main']);
  assert.equal(state(repository), before);
  await opened.close();
});

test('what the user saves after the kill is kept at every step', async () => {
  await atEveryStep({ hook: 'exit 0', from: MOVES, every: 2 }, async ({ repository, opened, landing, step }) => {
    const path = join(repository.dir, 'a.txt');
    const text = `${existsSync(path) ? readFileSync(path, 'utf8') : ''}# KEEP\n`;
    writeFileSync(path, text);
    repository.write('dir/gone.txt', 'again\n');
    await opened.work.recover(landing);
    assert.is(readFileSync(path, 'utf8'), text, `step ${step}`);
    assert.is(readFileSync(join(repository.dir, 'dir/gone.txt'), 'utf8'), 'again\n', `step ${step}`);
    assert.match(repository.git('status', '--porcelain'), /^M {2}staged.txt$/m, `step ${step}`);
    assert.equal(residue(repository), [], `step ${step}`);
  });
});

test('what the user commits after the kill stays committed; the landing is told by its own commit', async () => {
  await atEveryStep({ hook: 'exit 0', from: COMMIT, every: 3 }, async ({ repository, opened, landing, step }) => {
    const landed = repository.git('rev-parse', 'HEAD');
    repository.exec(['rm', '-f', '.git/index.lock']);
    repository.commit('mine');
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    const { commit } = await opened.work.recover(landing);
    // Died before its own commit, its files stood there: then the user's commit is the one that has them.
    const mine = repository.git('rev-parse', 'HEAD');
    assert.is(commit, landed === landing.head ? mine : landed, `step ${step}`);
    assert.is(repository.git('rev-parse', 'HEAD^{tree}'), tree);
    assert.is(repository.git('status', '--porcelain'), '', `step ${step}`);
    assert.equal(residue(repository), [], `step ${step}`);
  });
});

test.run();
