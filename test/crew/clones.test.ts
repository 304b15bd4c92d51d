/** Clones that do not have everything, and places inside of a repository: what cannot be told is said, nothing is fetched. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, hasSandbox } from '../support/cli.ts';
import { injection } from '../support/defects.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';
import { cloneOf, makeOrdinary, withLargeFiles } from '../support/repository-kinds.ts';

const test = suite('crew/clones');
interface Row {
  id: string;
  files: string[];
}

test('shallow: what the newest commit changed cannot be told, and the next step is named', () => {
  const repo = cloneOf(makeOrdinary(), '--depth=1');
  const findings = ambient(repo, ['findings']);
  assert.is(findings.code, 2, findings.stdout);
  assert.match(findings.stderr, /has no parent in this shallow clone\n.*git fetch --deepen=1.*--all/);
  const verify = ambient(repo, ['verify', 'HEAD']);
  assert.is(verify.code, 2);
  assert.match(verify.stderr, /HEAD has no parent in this shallow clone\n.*--base <rev>/);
  assert.is(ambientJson<unknown[]>(repo, ['findings', '--all']).length > 0, true);
  repo.git('fetch', '-q', '--deepen=1');
  assert.is(ambient(repo, ['findings']).code, 0);
});

test('shallow: an amended end is no commit that brought everything; the next one is looked at', () => {
  const repo = cloneOf(makeOrdinary(), '--depth=1');
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  repo.git('commit', '-q', '--amend', '-m', 'amended');
  const run = ambient(repo, ['run']);
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stderr, /has no parent in this shallow clone.*git ambient run --all/);
  assert.match(run.stdout, /Nothing new/);
  const head = repo.commit('next', { 'shop/more.py': 'MORE = 1\n' });
  assert.equal(
    ambientJson<Array<{ base: string; files: number }>>(repo, ['run']).map(({ base, files }) => [base, files]),
    [[head, 1]],
  );
});

/** A remote that is gone is a remote that nobody asked. */
function withoutRemote(origin: TestRepository, ...options: string[]): TestRepository {
  const repo = cloneOf(origin, ...options);
  rmSync(origin.dir, { recursive: true });
  return repo;
}

test('partial: the old versions are not here; what is here is looked at, and new commits are as in any clone', () => {
  const origin = makeOrdinary();
  origin.commit('old version', { 'shop/stock.py': '"""Stock."""\n\n\ndef double(amount):\n    return 2 * amount\n' });
  const repo = withoutRemote(origin, '--filter=blob:none');
  const before = repo.exec(['find', '.git/objects', '-type', 'f']);
  const findings = ambient(repo, ['findings']);
  assert.is(findings.code, 3, findings.stdout + findings.stderr);
  assert.match(findings.stderr, /partial clone does not have[\s\S]*never fetches/);
  assert.is(ambientJson<unknown[]>(repo, ['findings', '--all']).length > 0, true);
  assert.is(repo.exec(['find', '.git/objects', '-type', 'f']), before, 'nothing was fetched or written');
  assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
  repo.commit('next', { 'shop/stock.py': '"""Stock."""\n\n\ndef double(amount):\n    return amount + amount\n' });
  const run = ambient(repo, ['run']);
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stdout, /1 file, 0 findings/);
});

test('partial and sparse: files without content are named, the others are read', () => {
  const origin = makeOrdinary();
  origin.commit('more code', { 'lib/other.py': injection, 'lib/third.py': 'THIRD = 3\n' });
  const repo = withoutRemote(origin, '--filter=blob:none', '--sparse');
  const plain = ambient(repo, ['findings', '--all']);
  assert.is(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /^not read: \S+ and [3-9] more: its content is not in this clone$/m);
  const doctor = ambient(repo, ['doctor']);
  assert.match(doctor.stdout, /content.*\d+ of the files of HEAD are not in this partial clone/);
});

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  test('partial and sparse: checks that need what is not here do not run, which is said and never taken for passed', () => {
    const origin = makeOrdinary();
    const repo = cloneOf(origin, '--filter=blob:none', '--sparse');
    repo.git('sparse-checkout', 'set', 'shop', 'tests');
    rmSync(origin.dir, { recursive: true });
    assert.is(ambient(repo, ['init', '--no-hook']).code, 0);
    const run = ambient(repo, ['run', '--all']);
    assert.is(run.code, 0, run.stderr);
    assert.match(run.stdout, /not proposed: .*inconclusive: .*partial clone/);
    assert.equal(ambientJson(repo, ['list']), []);
    assert.is(repo.git('for-each-ref', 'refs/ambient/drafts'), '');
  });

  test('sparse: a fix outside of what is checked out is proposed, and lands only where it can be seen', () => {
    const repo = makeOrdinary();
    repo.git('sparse-checkout', 'set', 'docs');
    ambient(repo, ['init', '--no-hook']);
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    assert.ok(row);
    const index = repo.exec(['sha1sum', '.git/index']);
    const refused = ambient(repo, ['merge', row.id]);
    assert.is(refused.code, 2, refused.stdout + refused.stderr);
    assert.match(refused.stderr, /sparse checkout leaves out shop\/report.py.*\n.*git sparse-checkout add shop/);
    assert.is(repo.exec(['sha1sum', '.git/index']), index);
    repo.git('sparse-checkout', 'add', 'shop');
    const merged = ambient(repo, ['merge', row.id]);
    assert.is(merged.code, 0, merged.stderr);
    assert.is(repo.git('status', '--porcelain'), '');
  });

  test('git-lfs: doctor says what checks see, and so does a check that fails for it', () => {
    const repo = withLargeFiles();
    repo.commit('a test that reads a large file', {
      'tests/test_model.py':
        'import unittest\n\n\nclass ModelTest(unittest.TestCase):\n    def test_model(self):\n        self.assertEqual(open("model.bin").read(), "content\\n")\n',
    });
    ambient(repo, ['init', '--no-hook']);
    assert.match(ambient(repo, ['doctor']).stdout, /git-lfs.*\(\*\.bin\) are pointers where checks run/);
    ambient(repo, ['run', '--all']);
    const [row] = ambientJson<Row[]>(repo, ['list']);
    assert.ok(row);
    assert.match(ambient(repo, ['show', row.id]).stdout, /files of git-lfs \(\*\.bin\) are pointers where checks run/);
  });
}

test('--paths are named from where one stands; what is not there or outside is said', () => {
  const repo = makeRepository({ files: { 'a/x.py': injection, 'b/x.py': injection, 'b/y.py': 'Y = 1\n' } });
  mkdirSync(join(repo.dir, 'a/empty'));
  symlinkSync(repo.dir, join(repo.home, 'link'));
  const at = (path: string) => useRepository(join(repo.dir, path), repo.home);
  const paths = (place: TestRepository, ...args: string[]) => [
    ...new Set(ambientJson<Array<{ path: string }>>(place, ['findings', ...args]).map(({ path }) => path)),
  ];
  assert.equal(paths(at('b'), '--paths', 'x.py'), ['b/x.py']);
  assert.equal(paths(at('a/empty'), '--paths', '..'), ['a/x.py']);
  assert.equal(paths(at('a'), '--paths', '../b/x.py', '--paths', './x.py'), ['a/x.py', 'b/x.py']);
  assert.equal(paths(at('a'), '--paths', join(repo.dir, 'b/')), ['b/x.py']);
  assert.equal(paths(at('a'), '--paths', '../'), ['a/x.py', 'b/x.py']);
  assert.equal(paths(at('a'), '--all'), ['a/x.py', 'b/x.py']);
  assert.equal(paths(useRepository(join(repo.home, 'link/b'), repo.home), '--paths', 'x.py'), ['b/x.py']);
  assert.equal(paths(repo, '-C', 'b', '--paths', 'x.py'), ['b/x.py']);
  const outside = ambient(at('a'), ['findings', '--paths', '../../other']);
  assert.is(outside.code, 2);
  assert.match(outside.stderr, /outside of the repository/);
  const nothing = ambient(at('a'), ['run', '--paths', 'y.py']);
  assert.is(nothing.code, 2);
  assert.match(nothing.stderr, /y\.py is not in the newest commit\n.*from where you are/);
});

test.run();
