/**
 * What we write, read back by other implementations of git: isomorphic-git always, nodegit where it is installed.
 * isomorphic-git cannot follow fanned-out notes, so notes are read as trees and blobs.
 */
import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { bytes, open } from './support.ts';

const test = suite('git/oracle');
const WHO = { name: 'git-ambient/Ü', email: 'x@ambient.test' };
const NOTES = 'refs/notes/ambient/evaluations/a1';
const LOG = 'refs/ambient/telemetry/a1';
const FILES = [
  { path: 'dir/ü "q"\n.txt', mode: '100755' as const, content: bytes('new\0\xff\n') },
  { path: 'README.md', mode: '100644' as const, content: bytes('changed\n') },
];
const MESSAGE = 'title\n\nbody ü\n\nAmbient-Rule: x\n';

async function written() {
  const repository = makeRepository({ files: { 'README.md': 'hello\n', 'kept/file.txt': 'kept\n' } });
  const opened = await open(repository);
  const head = repository.git('rev-parse', 'HEAD');
  const commit = {
    key: 'c',
    parents: [head],
    from: head,
    files: FILES,
    author: WHO,
    committer: WHO,
    time: 1_700_000_000,
  };
  const { oids } = await opened.transact({
    commits: [{ ...commit, message: MESSAGE }],
    notes: [{ ref: NOTES, target: { key: 'c' }, lines: ['{"n":1}'] }],
    files: [{ ref: LOG, path: 'telemetry.jsonl', lines: ['{"t":1}'] }],
    refs: [{ ref: 'refs/ambient/proposals/p', to: { key: 'c' }, old: null }],
  });
  const oid = oids['c'] as string;
  await opened.transact({
    notes: [{ ref: NOTES, target: oid, lines: ['{"n":2}'] }],
    files: [{ ref: LOG, path: 'telemetry.jsonl', lines: ['{"t":2}'] }],
  });
  await opened.close();
  return { repository, head, oid };
}

function readByGit(repository: TestRepository, oid: string) {
  return {
    ref: repository.git('rev-parse', 'refs/ambient/proposals/p'),
    parents: repository.git('log', '-1', '--format=%P', oid),
    message: repository.exec(['git', 'log', '-1', '--format=%B', oid]).slice(0, -1),
    author: repository.git('log', '-1', '--format=%an|%ae|%at|%cn|%ct', oid),
    readme: repository.exec(['git', 'show', `${oid}:README.md`]),
    kept: repository.exec(['git', 'show', `${oid}:kept/file.txt`]),
    note: repository.exec(['git', 'notes', `--ref=${NOTES}`, 'show', oid]),
    log: repository.exec(['git', 'show', `${LOG}:telemetry.jsonl`]),
    logLength: repository.git('rev-list', '--count', LOG),
  };
}

async function readByIsomorphic(repository: TestRepository, oid: string): Promise<ReturnType<typeof readByGit>> {
  const at = { fs, dir: repository.dir, gitdir: `${repository.dir}/.git` };
  const text = async (commit: string, filepath: string) =>
    Buffer.from((await git.readBlob({ ...at, oid: commit, filepath })).blob).toString();
  const { commit } = await git.readCommit({ ...at, oid });
  const notes = await git.resolveRef({ ...at, ref: NOTES });
  const [note] = (await git.readTree({ ...at, oid: notes })).tree;
  assert.is(note?.path, oid);
  const log = await git.resolveRef({ ...at, ref: LOG });
  return {
    ref: await git.resolveRef({ ...at, ref: 'refs/ambient/proposals/p' }),
    parents: commit.parent.join(' '),
    message: commit.message,
    author: `${commit.author.name}|${commit.author.email}|${commit.author.timestamp}|${commit.committer.name}|${commit.committer.timestamp}`,
    readme: await text(oid, 'README.md'),
    kept: await text(oid, 'kept/file.txt'),
    note: await text(notes, note?.path ?? ''),
    log: await text(log, 'telemetry.jsonl'),
    logLength: String((await git.log({ ...at, ref: LOG })).length),
  };
}

test('isomorphic-git reads what git reads: refs, commits, trees, blobs, notes, appended files', async () => {
  const { repository, head, oid } = await written();
  const byGit = readByGit(repository, oid);
  assert.equal(byGit, {
    ...{
      ref: oid,
      parents: head,
      message: MESSAGE,
      author: `${WHO.name}|${WHO.email}|1700000000|${WHO.name}|1700000000`,
    },
    ...{ readme: 'changed\n', kept: 'kept\n', note: '{"n":1}\n{"n":2}\n', log: '{"t":1}\n{"t":2}\n', logLength: '2' },
  });
  assert.equal(await readByIsomorphic(repository, oid), byGit);
  repository.git('pack-refs', '--all');
  repository.git('gc', '-q', '--prune=now');
  assert.equal(await readByIsomorphic(repository, oid), byGit);
});

test('every path and mode of the tree', async () => {
  const { repository, oid } = await written();
  const opened = await open(repository);
  const at = { fs, dir: repository.dir, gitdir: `${repository.dir}/.git` };
  const walk = async (tree: string, prefix: string): Promise<string[]> => {
    const entries = (await git.readTree({ ...at, oid: tree })).tree;
    const below = entries.map((entry) =>
      entry.type === 'tree'
        ? walk(entry.oid, `${prefix}${entry.path}/`)
        : [`${entry.mode} ${entry.oid} ${prefix}${entry.path}`],
    );
    return (await Promise.all(below)).flat();
  };
  const ours = (await opened.trees.list(oid)).map((entry) => `${entry.mode} ${entry.oid} ${entry.path}`);
  assert.equal((await walk(oid, '')).sort(), ours.sort());
  assert.is(ours.length, 3);
  await opened.close();
});

const nodegit = await import('nodegit' as string).catch(() => null);
const ifInstalled = nodegit === null ? test.skip : test;
if (nodegit === null) console.log('skipped: nodegit is not installed');
ifInstalled('nodegit reads the same', async () => {
  const { repository, head, oid } = await written();
  const opened = await nodegit.Repository.open(repository.dir);
  const commit = await opened.getReferenceCommit('refs/ambient/proposals/p');
  assert.is(commit.sha(), oid);
  assert.is(commit.message(), MESSAGE);
  assert.is(commit.parentId(0).tostrS(), head);
  const entry = await commit.getEntry('README.md');
  assert.is((await entry.getBlob()).toString(), 'changed\n');
  const note = await nodegit.Note.read(opened, NOTES, nodegit.Oid.fromString(oid));
  assert.is(note.message(), '{"n":1}\n{"n":2}\n');
});

test.run();
