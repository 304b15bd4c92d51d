/** A flaw is found two commits later: the fix goes into the commit that brought it, as if it had never been there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, fingerprintTree, hasSandbox } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

const test = suite('scenario/fixup');
interface Row {
  id: string;
  files: string[];
  status: string;
}

type Prepared = { repo: TestRepository; search: string; id: string; other: string };
let prepared: Prepared | undefined;
/** `search` has the flaw, `report` another one, `more` none; proposals for both flaws are open. */
function withProposals(): Prepared {
  prepared ??= prepare();
  return { ...prepared, repo: prepared.repo.copy() };
}

function prepare(): Prepared {
  const repo = makeRepository({ files: sound });
  ambient(repo, ['init', '--no-hook']);
  const search = repo.commit('search', { 'shop/search.py': injection });
  repo.commit('report', { 'shop/report.py': unusedImport });
  repo.commit('more', { 'shop/more.py': 'MORE = 1\n' });
  ambient(repo, ['run']);
  const rows = ambientJson<Row[]>(repo, ['list']);
  const of = (path: string) => rows.find((row) => row.files.includes(path))?.id ?? '';
  assert.ok(of('shop/search.py') && of('shop/report.py'), JSON.stringify(rows));
  return { repo, search, id: of('shop/search.py'), other: of('shop/report.py') };
}

/** Everything that a refusal may not change. */
function snapshot(repo: TestRepository) {
  return {
    refs: repo.git('for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags', 'refs/ambient/undo'),
    head: repo.git('rev-parse', 'HEAD'),
    index: repo.git('ls-files', '-s'),
    files: fingerprintTree(repo.dir, (path) => path !== '.git'),
  };
}

function refuses(repo: TestRepository, id: string, code: number, reason: RegExp): void {
  const before = snapshot(repo);
  const result = ambient(repo, ['merge', '--fixup', id]);
  assert.is(result.code, code, result.stdout + result.stderr);
  assert.match(result.stderr, reason);
  assert.equal(snapshot(repo), before);
}

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('folded, seen as merged, the other proposal merged after it, and undone again', () => {
    const { repo, search, id, other } = withProposals();
    const before = repo.git('rev-parse', 'HEAD');
    const log = repo.git('log', '--format=%an %ad %s');
    repo.write('shop/more.py', 'MORE = 2\n');
    repo.write('staged.txt', 'staged\n');
    repo.git('add', 'staged.txt');
    repo.write('untracked.txt', 'untracked\n');
    const folded = ambient(repo, ['merge', '--fixup', id]);
    assert.is(folded.code, 0, folded.stderr);
    assert.match(folded.stdout, `into ${search.slice(0, 12)}`);
    assert.match(folded.stdout, '2 later commits replayed');
    assert.is(repo.git('log', '--format=%an %ad %s'), log);
    assert.match(repo.git('show', 'HEAD~2:shop/search.py'), /name = \?/);
    assert.match(repo.git('log', '-1', '--format=%B', 'HEAD~2'), `search\n\nAmbient-Proposal: ${id}`);
    assert.is(repo.git('log', '--format=%H', '-G%s', 'HEAD', '--', 'shop/search.py'), '', 'the flaw was never there');
    assert.match(readFileSync(join(repo.dir, 'shop/search.py'), 'utf8'), /name = \?/);
    assert.is(repo.git('status', '--porcelain'), ' M shop/more.py\nA  staged.txt\n?? untracked.txt');
    assert.is(ambientJson<Row>(repo, ['show', id]).status, 'merged');
    repo.git('fsck', '--strict');

    // The base of the other one was rewritten.
    repo.git('checkout', '-q', 'shop/more.py');
    const merged = ambient(repo, ['merge', other]);
    assert.is(merged.code, 0, merged.stderr);
    assert.not.match(repo.git('show', 'HEAD:shop/report.py'), 'import os');

    const undo = /to go back: git (reset --keep (\S+))/.exec(folded.stdout);
    assert.is(repo.git('rev-parse', undo?.[2] ?? ''), before);
    repo.git('commit', '-qm', 'mine', 'staged.txt');
    repo.git(...(undo?.[1] ?? '').split(' '));
    assert.is(repo.git('rev-parse', 'HEAD'), before);
    assert.is(repo.git('status', '--porcelain'), '?? untracked.txt');
    ambient(repo, ['run']);
    assert.is(ambientJson<Row>(repo, ['show', id]).status, 'reverted');
    assert.is(repo.git('for-each-ref', 'refs/ambient/undo'), '');
  });

  test('into the newest commit, from a linked worktree, and detached', () => {
    const { repo, id, other } = withProposals();
    const linked = join(repo.dir, '..', 'linked');
    repo.git('worktree', 'add', '-q', '-b', 'side', linked, 'HEAD~1');
    const folded = ambient(repo, ['-C', linked, 'merge', '--fixup', other]);
    assert.is(folded.code, 0, folded.stderr);
    assert.not.match(folded.stdout, 'replayed');
    assert.is(repo.git('-C', linked, 'status', '--porcelain'), '');
    assert.is(repo.git('rev-parse', 'side~1'), repo.git('rev-parse', 'main~2'));
    repo.git('checkout', '-q', '--detach');
    assert.is(ambient(repo, ['merge', '--fixup', id]).code, 0);
    assert.is(repo.git('status', '--porcelain'), '');
    assert.not.ok(repo.git('rev-parse', 'HEAD') === repo.git('rev-parse', 'main'));
  });

  test('pushed, tagged, below a merge, in conflict, in the way or in the middle of something: refused, nothing moves', () => {
    const { repo, search, id } = withProposals();
    repo.git('update-ref', 'refs/remotes/origin/main', search);
    refuses(repo, id, 1, /is on origin\/main already/);
    repo.git('update-ref', '-d', 'refs/remotes/origin/main');
    repo.git('tag', 'v1', 'HEAD~1');
    refuses(repo, id, 1, /is on v1 already/);
    repo.git('tag', '-d', 'v1');

    repo.write('shop/search.py', `${injection}# mine\n`);
    refuses(repo, id, 2, /uncommitted changes in shop\/search\.py/);
    repo.git('checkout', '-q', 'shop/search.py');

    repo.write('.git/rebase-merge/head-name', 'refs/heads/main\n');
    refuses(repo, id, 2, /a rebase is under way/);
    repo.exec(['rm', '-r', '.git/rebase-merge']);

    repo.git('checkout', '-q', '-b', 'side', 'HEAD~1');
    repo.commit('side', { 'side.txt': 's\n' });
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-edit', 'side');
    refuses(repo, id, 1, /a merge, is between/);
    repo.git('reset', '-q', '--hard', 'HEAD~1');
  });

  test('where the next line is the work of a later commit, the fix does not fit; an ordinary merge still works', () => {
    const repo = makeRepository({ files: sound });
    ambient(repo, ['init', '--no-hook']);
    repo.commit('search', { 'shop/search.py': injection });
    repo.commit('neighbour', { 'shop/search.py': injection.replace('fetchone()', 'fetchall()') });
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    refuses(repo, row?.id ?? '', 1, /does not fit into .*search\.py looked different then/);
    assert.is(ambient(repo, ['merge', row?.id ?? '']).code, 0);
  });

  test('lines of two commits, and lines of none', () => {
    const repo = makeRepository({ files: sound });
    ambient(repo, ['init', '--no-hook']);
    const two = injection + injection.slice(injection.indexOf('def ')).replaceAll('find', 'find_other');
    repo.commit('one', { 'shop/search.py': injection });
    repo.commit('two', { 'shop/search.py': two });
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    refuses(repo, row?.id ?? '', 1, /came with 2 commits/);
  });
}

test.run();
