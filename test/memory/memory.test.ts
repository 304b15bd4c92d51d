/** What history and archive say about past proposals, on real commits. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository, type Repository } from '../../src/git/index.ts';
import { detectReverts, detectRewrites, landedIn, rejectedFingerprints, trackRecord } from '../../src/memory/index.ts';
import { undoneBy } from '../../src/memory/reverts.ts';
import type { ArchiveLine, DecisionKind } from '../../src/records/index.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('memory');
const ID = 'abcdef012345';
const text = (...changes: Array<[number, string]>) =>
  Array.from({ length: 30 }, (_, index) => changes.find(([at]) => at === index)?.[1] ?? `line ${index}`).join('\n');

let seq = 0;
function line(kind: DecisionKind, change: Partial<ArchiveLine> = {}): ArchiveLine {
  seq += 1;
  const head = { v: 1 as const, id: `l${seq}`, seq, at: '2026-01-01T00:00:00Z' };
  return {
    ...head,
    kind,
    proposal: ID,
    specialist: 'StyleEnforcer',
    rule: 'python/a',
    fingerprints: ['f1'],
    ...change,
  };
}
async function inside<T>(repo: TestRepository, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(repo.dir);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}
const reverts = (repo: TestRepository, lines: ArchiveLine[]) =>
  inside(repo, (repository) => detectReverts(repository, lines, 'HEAD'));
/** A repository in which a fix of two files landed, and the archive that says so. */
function withFix() {
  const repo = makeRepository({ files: { 'a.py': text(), 'b.py': text() } });
  const commit = repo.commit(`Mend it\n\nAmbient-Proposal: ${ID}`, {
    'a.py': text([5, 'fixed']),
    'b.py': text([9, 'fixed']),
  });
  return { repo, commit, archive: [line('merged', { commit })] };
}

test('a landing is found by its trailer: plain, squashed and indented, full oid; not in prose', async () => {
  const repo = makeRepository();
  const plain = repo.commit(`a\n\nAmbient-Proposal: ${ID}`);
  const squashed = repo.commit(
    'Squashed commit of the following:\n\n    commit 1\n\n    b\n\n    Ambient-Proposal: 111111111111',
  );
  repo.commit('the Ambient-Proposal: 222222222222 trailer is nice');
  const full = repo.commit(`c\n\nAmbient-Proposal: ${'3'.repeat(40)}`);
  const again = repo.commit(`picked again\n\nAmbient-Proposal: ${ID}`);
  assert.is.not(again, plain);
  assert.equal(await inside(repo, (repository) => landedIn(repository, 'HEAD')), [
    { proposal: ID, commit: plain },
    { proposal: '111111111111', commit: squashed },
    { proposal: '333333333333', commit: full },
  ]);
  assert.equal(await inside(repo, (repository) => landedIn(repository, `${squashed}..HEAD~1`)), [
    { proposal: '333333333333', commit: full },
  ]);
});

test('a revert that quotes the trailer lands nothing', async () => {
  const { repo, commit } = withFix();
  repo.commit(`Revert "Mend it"\n\nThis reverts commit ${commit}.\n\nAmbient-Proposal: 444444444444`);
  assert.equal(await inside(repo, (repository) => landedIn(repository, 'HEAD')), [{ proposal: ID, commit }]);
});

test('git revert is noticed; so is the revert of the revert', async () => {
  const { repo, commit, archive } = withFix();
  assert.equal(await reverts(repo, archive), []);
  repo.git('revert', '--no-edit', commit);
  const revert = repo.git('rev-parse', 'HEAD');
  assert.equal(await reverts(repo, archive), [{ proposal: ID, commit: revert }]);
  assert.equal(await reverts(repo, [...archive, line('reverted', { commit: revert })]), []);
  repo.git('revert', '--no-edit', 'HEAD');
  assert.equal(await reverts(repo, archive), []);
});

test('a revert under another message is noticed by its content, with other changes in between and beside it', async () => {
  const { repo, archive } = withFix();
  repo.commit('other work', { 'a.py': text([5, 'fixed'], [25, 'new']), 'c.py': 'c\n' });
  assert.equal(await reverts(repo, archive), []);
  const back = repo.commit('undo that nonsense', { 'a.py': text([25, 'new']), 'b.py': text(), 'c.py': 'd\n' });
  repo.commit('later');
  assert.equal(await reverts(repo, archive), [{ proposal: ID, commit: back }]);
});

test('half a revert, a rewrite and a change nearby are no reverts', async () => {
  for (const files of [
    { 'a.py': text() },
    { 'a.py': 'all new\n', 'b.py': 'all new\n' },
    { 'a.py': text([5, 'fixed better']), 'b.py': text([9, 'fixed better']) },
    { 'a.py': null, 'b.py': null },
  ]) {
    const { repo, archive } = withFix();
    repo.commit('something else', files);
    assert.equal(await reverts(repo, archive), [], JSON.stringify(Object.keys(files)));
  }
});

test('a merge whose commit is gone is left out', async () => {
  const { repo } = withFix();
  assert.equal(await reverts(repo, [line('merged', { commit: 'f'.repeat(40) })]), []);
});

test('short oids in messages count; commits that merely mention others do not', () => {
  const by = 'b'.repeat(40);
  const undone = (message: string) => undoneBy([{ oid: by, message }]);
  assert.equal(undone(`This reverts commit ${'a'.repeat(9)}.`), [{ prefix: 'a'.repeat(9), by }]);
  assert.equal(undone(`see commit ${'a'.repeat(40)}`), []);
  assert.equal(undone('This reverts commit aaaa'), []);
});

test('a rejected or reverted fingerprint stays closed until it is approved', () => {
  const closed = (...lines: ArchiveLine[]) => [...rejectedFingerprints(lines)].sort();
  assert.equal(closed(line('rejected', { fingerprints: ['f1', 'f2'] })), ['f1', 'f2']);
  assert.equal(closed(line('rejected', { fingerprints: ['f1', 'f2'] }), line('approved')), ['f2']);
  assert.equal(closed(line('approved'), line('rejected')), ['f1']);
  assert.equal(closed(line('merged'), line('reverted')), ['f1']);
  assert.equal(closed(line('superseded'), line('expired'), line('merged')), []);
});

test('the record counts each proposal once per decision, whoever wrote it down; an approval lifts a rejection', () => {
  const lines = [
    line('merged'),
    line('merged'),
    line('merged', { proposal: 'p2' }),
    line('reverted', { proposal: 'p2' }),
    line('rewritten'),
    line('rejected', { proposal: 'p3', rule: 'python/b' }),
    line('approved', { proposal: 'p4' }),
    line('rejected', { proposal: 'p6' }),
    line('approved', { proposal: 'p6' }),
    line('rejected', { proposal: 'p5', specialist: 'SecurityGuardian' }),
  ];
  const none = { merged: 0, rejected: 0, reverted: 0, rewritten: 0 };
  assert.equal(trackRecord(lines), [
    { specialist: 'SecurityGuardian', rule: 'python/a', ...none, rejected: 1 },
    { specialist: 'StyleEnforcer', rule: 'python/a', ...none, merged: 2, reverted: 1, rewritten: 1 },
    { specialist: 'StyleEnforcer', rule: 'python/b', ...none, rejected: 1 },
  ]);
});

test('a landed line that a person changes within two weeks is a rewrite; ours, reverts, other lines and later are not', async () => {
  const { repo, commit, archive } = withFix();
  const rewrites = (lines: ArchiveLine[]) => inside(repo, (repository) => detectRewrites(repository, lines, 'HEAD'));
  repo.commit('other lines', { 'a.py': text([5, 'fixed'], [20, 'mine']) });
  repo.commit(`ours\n\nAmbient-Proposal: 111111111111`, { 'b.py': text([9, 'fixed by another']) });
  assert.equal(await rewrites(archive), []);
  const by = repo.commit('no, so', { 'a.py': text([5, 'fixed better'], [20, 'mine']) });
  assert.equal(await rewrites(archive), [{ proposal: ID, commit: by }]);
  assert.equal(await rewrites([...archive, line('rewritten', { commit: by })]), [], 'it is known');
  assert.equal(await rewrites([...archive, line('reverted', { commit })]), [], 'it does not stand any more');
});

test.run();
