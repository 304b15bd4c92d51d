/** The user's own commit: only the landing's paths move, and when it is refused everything is as before. */
import fs, {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Landing, openRepository, type Repository } from '../../src/git/index.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';
import { bytes, codeOf, errorOf, open } from './support.ts';

const test = suite('git/landing');
const FILES = {
  'a.txt': '1\n2\n3\n',
  'dir/gone.txt': 'gone\n',
  'other.txt': 'other\n',
  'staged.txt': 'staged\n',
  'run.sh': '#!/bin/sh\n',
};
const WHO = { name: 'git-ambient/X', email: 'x@ambient.test' };
const CHANGE = { 'a.txt': '1\ntwo\n3\n', 'dir/gone.txt': null, 'new dir/ü "q"\n.txt': 'new\n', ':(top)odd*': 'odd\n' };
const MESSAGE = '# not a comment\n\nbody\n\n\nAmbient-Proposal: abc  \n';

async function prepare(changes: Record<string, string | null> = CHANGE) {
  const repository = makeRepository({ files: FILES });
  const opened = await open(repository);
  return { repository, opened, landing: await makeLanding(repository, opened, changes) };
}

async function makeLanding(repository: TestRepository, opened: Repository, changes: Record<string, string | null>) {
  const head = repository.git('rev-parse', 'HEAD');
  const files = Object.entries(changes).map(([path, text]) => ({
    ...{ path, mode: '100644' as const, content: text === null ? null : bytes(text) },
  }));
  const commit = { key: 'c', parents: [head], from: head, files, author: WHO, committer: WHO, time: 1, message: 'm\n' };
  const { oids } = await opened.transact({ commits: [commit] });
  const tree = repository.git('rev-parse', `${oids['c']}^{tree}`);
  return { head, tree, message: MESSAGE };
}

/** Things of the user's that no landing may touch. */
function makeMess(repository: TestRepository): void {
  repository.write('other.txt', 'other, edited\n');
  repository.write('staged.txt', 'staged content\n');
  repository.git('add', 'staged.txt');
  repository.write('staged.txt', 'and edited again\n');
  repository.write('untracked.txt', 'untracked\n');
  repository.write('added.txt', 'added\n');
  repository.git('add', 'added.txt');
}

/** Index, status and every file: equal before and after means that nothing was touched. */
function snapshot(repository: TestRepository): Record<string, string> {
  const paths = readdirSync(repository.dir, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/^\.git\b/.test(path),
  );
  const files = paths.sort().map((path) => {
    const stat = lstatSync(join(repository.dir, path));
    return [path, `${stat.mode} ${stat.isFile() ? readFileSync(join(repository.dir, path), 'utf8') : ''}`];
  });
  return {
    index: repository.git('ls-files', '-s'),
    status: repository.git('status', '--porcelain=v2', '--branch', '--untracked-files=all'),
    locks: readdirSync(join(repository.dir, '.git'))
      .filter((name) => name.endsWith('.lock') || name.startsWith('landing'))
      .join(),
    ...Object.fromEntries(files),
  };
}

function hook(repository: TestRepository, name: string, body: string): void {
  writeFileSync(join(repository.dir, '.git/hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

async function exists(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const byPath = (a: string, b: string) =>
  Number(a.startsWith('?')) - Number(b.startsWith('?')) || (a.slice(3) < b.slice(3) ? -1 : 1);

test('a file that was only touched is in nobody’s way', async () => {
  const { repository, opened, landing } = await prepare();
  utimesSync(join(repository.dir, 'a.txt'), new Date(0), new Date(0));
  makeMess(repository);
  const { commit } = await opened.work.land(landing);
  assert.is(repository.git('rev-parse', 'HEAD'), commit);
  await opened.close();
});

test('the commit is the user’s, holds only the landing, and leaves the rest as it is', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  const before = snapshot(repository);
  const { commit } = await opened.work.land(landing);
  assert.is(repository.git('rev-parse', 'HEAD', 'HEAD^', 'HEAD^{tree}'), `${commit}\n${landing.head}\n${landing.tree}`);
  assert.is(repository.git('symbolic-ref', 'HEAD'), 'refs/heads/main');
  const made = await opened.objects.commit(commit);
  assert.is(made.message, MESSAGE);
  assert.is(made.author.email, 'person@example.test');
  const after = snapshot(repository);
  const unrelated = (text = '') => text.split('\n').filter((line) => /other|staged|added|untracked|run/.test(line));
  assert.equal(unrelated(after['index']), unrelated(before['index']));
  const dirty = (text = '') => text.split('\n').filter((line) => !line.startsWith('#'));
  assert.equal(dirty(after['status']), dirty(before['status']));
  for (const path of ['other.txt', 'staged.txt', 'added.txt', 'untracked.txt']) assert.is(after[path], before[path]);
  assert.is(readFileSync(join(repository.dir, 'a.txt'), 'utf8'), CHANGE['a.txt']);
  assert.not.ok(existsSync(join(repository.dir, 'dir')));
  assert.is((await opened.work.recover(landing)).outcome, 'landed');
  await opened.close();
});

test('a hook that refuses: its words are passed on and nothing has changed, the index not by a byte', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  hook(repository, 'pre-commit', 'echo "no, said the hook" >&2; exit 1');
  const before = snapshot(repository);
  const index = readFileSync(join(repository.dir, '.git/index'));
  const failed = await errorOf(opened.work.land(landing));
  assert.is(failed.code, 'commit-refused');
  assert.is(failed.kind, 'user');
  assert.match(failed.message, 'no, said the hook');
  assert.equal(readFileSync(join(repository.dir, '.git/index')), index);
  assert.equal(snapshot(repository), before);
  assert.is((await opened.work.recover(landing)).outcome, 'nothing');
  await opened.close();
});

test('what is saved while a hook runs is kept when the hook refuses, and named', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  hook(
    repository,
    'pre-commit',
    'echo "# KEEP" >> a.txt; echo mine > dir-gone; mkdir dir; echo mine > dir/gone.txt; rm "./:(top)odd*"; exit 1',
  );
  const before = snapshot(repository);
  const failed = await errorOf(opened.work.land(landing));
  assert.is(failed.code, 'commit-refused');
  assert.equal(failed.data['kept'], [
    { path: 'a.txt', blob: null },
    { path: 'dir/gone.txt', blob: null },
  ]);
  assert.match(failed.message, 'changed in the meantime, and left as it is: a.txt, dir/gone.txt');
  assert.not.match(failed.hint ?? '', 'nothing was changed');
  assert.is(readFileSync(join(repository.dir, 'a.txt'), 'utf8'), `${CHANGE['a.txt']}# KEEP\n`);
  assert.is(readFileSync(join(repository.dir, 'dir/gone.txt'), 'utf8'), 'mine\n');
  assert.is(snapshot(repository)['index'], before['index']);
  assert.is(snapshot(repository)['locks'], before['locks']);
  assert.not.ok(existsSync(join(repository.dir, ':(top)odd*')));
  assert.not.ok(existsSync(join(repository.dir, 'new dir')));
  await opened.close();
});

test('what is saved while a hook runs stays an uncommitted change when the commit is made', async () => {
  const { repository, opened, landing } = await prepare();
  hook(repository, 'pre-commit', 'echo mine > a.txt; echo more > other.txt');
  const { commit, changed } = await opened.work.land(landing);
  assert.is(repository.git('rev-parse', `${commit}^{tree}`), landing.tree);
  assert.equal(changed, ['a.txt']);
  assert.is(readFileSync(join(repository.dir, 'a.txt'), 'utf8'), 'mine\n');
  assert.is(repository.git('status', '--porcelain'), ' M a.txt\n M other.txt');
  await opened.close();
});

test('an editor that writes into the file that was there keeps its bytes', async () => {
  for (const refuse of [true, false]) {
    const { repository, opened, landing } = await prepare();
    const editor = openSync(join(repository.dir, 'a.txt'), 'a');
    hook(repository, 'pre-commit', `touch .git/hook-runs; sleep 0.5${refuse ? '; exit 1' : ''}`);
    const landed = opened.work.land(landing).catch((error: unknown) => error);
    await exists(join(repository.dir, '.git/hook-runs'));
    writeSync(editor, 'late\n');
    closeSync(editor);
    await landed;
    assert.is(readFileSync(join(repository.dir, 'a.txt'), 'utf8'), `${FILES['a.txt']}late\n`);
    assert.is(repository.git('rev-parse', 'HEAD') === landing.head, refuse);
    assert.is(repository.git('status', '--porcelain'), ' M a.txt');
    await opened.close();
  }
});

test('what is saved between our last look and our move is kept, and the landing refused', async () => {
  for (const effect of ['renameSync', 'linkSync'] as const) {
    const { repository, opened, landing } = await prepare();
    makeMess(repository);
    const path = join(repository.dir, 'a.txt');
    const original = fs[effect];
    let done = false;
    const restore = () => {
      fs[effect] = original;
      syncBuiltinESMExports();
    };
    fs[effect] = ((from: string, to: string) => {
      // An editor that saves by rename, in the very moment before ours.
      if (!done && [String(from), String(to)].includes(path)) {
        done = true;
        writeFileSync(path, 'mine\n');
      }
      return original(from, to);
    }) as typeof original;
    syncBuiltinESMExports();
    const failed = await errorOf(opened.work.land(landing)).finally(restore);
    assert.is(failed.code, 'dirty-overlap', effect);
    assert.ok(done);
    assert.is(readFileSync(path, 'utf8'), 'mine\n', effect);
    repository.git('checkout', '-q', 'a.txt');
    assert.is(repository.git('rev-parse', 'HEAD'), landing.head);
    assert.not.ok(existsSync(join(repository.dir, 'new dir')));
    assert.is(snapshot(repository)['locks'], '');
    await opened.work.land(landing);
    await opened.close();
  }
});

test('an edit that keeps size and times is seen', async () => {
  const { repository, opened, landing } = await prepare();
  const path = join(repository.dir, 'a.txt');
  const old = new Date(1_600_000_000_000);
  utimesSync(path, old, old);
  repository.git('update-index', '--refresh');
  repository.git('config', 'core.trustctime', 'false');
  writeFileSync(path, FILES['a.txt'].replace('2', 'X'));
  utimesSync(path, old, old);
  assert.is(repository.git('status', '--porcelain'), '');
  const failed = await errorOf(opened.work.land(landing));
  assert.is(failed.code, 'dirty-overlap');
  assert.equal(failed.data['paths'], ['a.txt']);
  assert.is(readFileSync(path, 'utf8'), '1\nX\n3\n');
  await opened.close();
});

/** As lint-staged does it, and as a version bump does it. */
const RESTAGES = 'for f in $(git diff --cached --name-only -- a.txt); do echo "# fmt" >> $f; git add $f; done';

test('what a hook stages is part of the commit, and nothing inverse stays staged', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  hook(repository, 'pre-commit', `${RESTAGES}; echo 2 > VERSION; git add VERSION`);
  const { commit, changed } = await opened.work.land(landing);
  assert.is(repository.git('show', `${commit}:a.txt`), '1\ntwo\n3\n# fmt');
  assert.is(repository.git('show', `${commit}:VERSION`), '2');
  assert.is(
    repository.git('status', '--porcelain'),
    ' M other.txt\nMM staged.txt\nA  added.txt\n?? untracked.txt'.split('\n').sort(byPath).join('\n'),
  );
  assert.equal(changed, []);
  await opened.close();
});

test('a hook that stages everything takes everything, as in an ordinary commit', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  hook(repository, 'pre-commit', 'git add -A');
  const { commit } = await opened.work.land(landing);
  assert.is(repository.git('status', '--porcelain'), '');
  assert.is(repository.git('show', `${commit}:staged.txt`), 'and edited again');
  assert.is(repository.git('ls-tree', '-r', '--name-only', commit, 'landing', '.git-landing'), '');
  await opened.close();
});

test('a post-commit that goes on with the work finds an index that fits', async () => {
  for (const goOn of ['git commit -q --amend --no-edit --no-verify', 'echo x > x; git add x; git commit -qm x']) {
    const { repository, opened, landing } = await prepare();
    hook(repository, 'post-commit', `test -e .git/once || { touch .git/once; ${goOn}; }`);
    const { commit } = await opened.work.land(landing);
    assert.is(repository.git('status', '--porcelain'), '', goOn);
    assert.is(repository.git('rev-parse', `${commit}^`), landing.head, goOn);
    await opened.close();
  }
});

test('signing that fails, a message that is refused, no identity', async () => {
  const { repository, opened, landing } = await prepare();
  makeMess(repository);
  const before = snapshot(repository);
  repository.git('config', 'commit.gpgsign', 'true');
  repository.git('config', 'gpg.program', 'false');
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  repository.git('config', 'commit.gpgsign', 'false');
  hook(repository, 'commit-msg', 'grep -q Ticket "$1"');
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  rmSync(join(repository.dir, '.git/hooks/commit-msg'));
  repository.git('config', 'user.useConfigOnly', 'true');
  repository.git('config', '--unset', 'user.email');
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  assert.is(await opened.config.identity(), null);
  assert.equal(snapshot(repository), before);
  await opened.close();
});

test('the user’s hooks run as in an ordinary commit, and may change the commit', async () => {
  const { repository, opened, landing } = await prepare();
  hook(repository, 'pre-commit', `env | grep ^GIT_DIR= && exit 1; echo formatted >> a.txt; git add a.txt`);
  hook(repository, 'post-commit', 'touch .git/post-commit-ran');
  const { commit } = await opened.work.land(landing);
  assert.is(repository.git('show', `${commit}:a.txt`), '1\ntwo\n3\nformatted');
  assert.ok(existsSync(join(repository.dir, '.git/post-commit-ran')));
  assert.is((await opened.work.recover(landing)).outcome, 'landed');
  await opened.close();
});

const OVERLAPS: Array<[name: string, path: string, make: (repository: TestRepository) => void]> = [
  ['edited', 'a.txt', (repository) => repository.write('a.txt', 'mine\n')],
  [
    'staged',
    'a.txt',
    (repository) => {
      repository.write('a.txt', 'mine\n');
      repository.git('add', '.');
    },
  ],
  ['deleted', 'dir/gone.txt', (repository) => rmSync(join(repository.dir, 'dir/gone.txt'))],
  ['untracked in the way', ':(top)odd*', (repository) => repository.write(':(top)odd*', 'mine\n')],
  ['a file where a directory is to be', 'new dir/ü "q"\n.txt', (repository) => repository.write('new dir', 'mine\n')],
  [
    'a link where a directory is to be',
    'new dir/ü "q"\n.txt',
    (repository) => symlinkSync('/nonexistent', join(repository.dir, 'new dir')),
  ],
  [
    'ignored in the way',
    ':(top)odd*',
    (repository) => {
      repository.write('.git/info/exclude', '*odd*\n');
      repository.write(':(top)odd*', 'mine\n');
    },
  ],
  [
    'a directory where a file is to be',
    ':(top)odd*',
    (repository) => repository.write(':(top)odd*/mine.txt', 'mine\n'),
  ],
  [
    'hidden from status',
    'a.txt',
    (repository) => {
      repository.git('update-index', '--assume-unchanged', 'a.txt');
      repository.write('a.txt', 'mine\n');
    },
  ],
];
for (const [name, path, make] of OVERLAPS)
  test(`what the user has in the way is not overwritten: ${name}`, async () => {
    const { repository, opened, landing } = await prepare();
    make(repository);
    const before = snapshot(repository);
    const failed = await errorOf(opened.work.land(landing));
    assert.is(failed.code, 'dirty-overlap');
    assert.equal(failed.data['paths'], [path]);
    assert.equal(snapshot(repository), before);
    await opened.close();
  });

test('a moved HEAD, an operation under way, a held index and an empty landing are refused', async () => {
  const { repository, opened, landing } = await prepare();
  const { tree } = await opened.objects.commit(landing.head);
  assert.is(await codeOf(opened.work.land({ ...landing, tree })), 'nothing-to-land');
  repository.write('.git/index.lock', '');
  const locked = await errorOf(opened.work.land(landing));
  assert.is(locked.code, 'index-locked');
  assert.match(locked.message, 'index.lock');
  rmSync(join(repository.dir, '.git/index.lock'));
  repository.write('.git/MERGE_HEAD', `${landing.head}\n`);
  assert.is(await codeOf(opened.work.land(landing)), 'under-way');
  rmSync(join(repository.dir, '.git/MERGE_HEAD'));
  repository.commit('moved');
  assert.is(await codeOf(opened.work.land(landing)), 'head-moved');
  await opened.close();
});

test('a file becomes a directory and a directory a file', async () => {
  const { repository, opened, landing } = await prepare({
    'other.txt': null,
    'other.txt/inside': 'x\n',
    'dir/gone.txt': null,
    dir: 'now a file\n',
  });
  hook(repository, 'pre-commit', 'exit 1');
  const before = snapshot(repository);
  assert.is(await codeOf(opened.work.land(landing)), 'commit-refused');
  assert.equal(snapshot(repository), before);
  rmSync(join(repository.dir, '.git/hooks/pre-commit'));
  repository.write('added.txt', 'added\n');
  repository.git('add', 'added.txt');
  await opened.work.land(landing);
  assert.is(repository.git('status', '--porcelain'), 'A  added.txt');
  assert.is(repository.git('rev-parse', 'HEAD^{tree}'), landing.tree);
  await opened.close();
});

test('in a linked worktree, on a detached HEAD, with the user’s line endings', async () => {
  const repository = makeRepository({ files: { '.gitattributes': '*.txt text eol=crlf\n', 'a.txt': '1\n2\n' } });
  const dir = `${repository.dir}-linked`;
  repository.git('worktree', 'add', '-q', '--detach', dir);
  const linked = useRepository(dir, repository.home);
  const opened = await open(linked);
  const landing: Landing = await makeLanding(linked, opened, { 'a.txt': '1\ntwo\n' });
  const { commit } = await opened.work.land(landing);
  assert.is(linked.git('rev-parse', 'HEAD'), commit);
  assert.is(linked.git('rev-parse', 'HEAD^{tree}'), landing.tree);
  assert.is(readFileSync(join(dir, 'a.txt'), 'utf8'), '1\r\ntwo\r\n');
  assert.is(repository.git('rev-parse', 'HEAD'), landing.head);
  await opened.close();
});

test('state: what is dirty, by its exact name', async () => {
  const { repository, opened } = await prepare();
  makeMess(repository);
  repository.write('sp ace\n"ü".txt', 'x');
  repository.write('.git/info/exclude', 'ignored.txt\n');
  repository.write('ignored.txt', 'x');
  repository.git('mv', 'run.sh', 'ran.sh');
  const state = await opened.work.state();
  const dirty = ['added.txt', 'other.txt', 'ran.sh', 'run.sh', 'sp ace\n"ü".txt', 'staged.txt', 'untracked.txt'];
  assert.equal([...state.dirty].sort(), dirty);
  assert.equal([state.branch, state.underWay], ['refs/heads/main', null]);
  repository.git('checkout', '-q', '--detach');
  assert.is((await opened.work.state()).branch, null);
  repository.git('bisect', 'start');
  assert.is((await opened.work.state()).underWay, 'bisect');
  const empty = makeRepository({ empty: true });
  const first = await (await open(empty)).work.state();
  assert.equal([first.head, first.branch], [null, 'refs/heads/main']);
  await opened.close();
});

test('killed after the commit: it has landed, also when the user went on', async () => {
  const { repository, opened, landing } = await prepare();
  await opened.work.land(landing);
  repository.commit('later');
  assert.is((await opened.work.recover(landing)).outcome, 'landed');
  repository.git('reset', '-q', '--hard', landing.head);
  assert.is((await opened.work.recover(landing)).outcome, 'nothing');
  repository.commit('something else');
  assert.is((await opened.work.recover(landing)).outcome, 'nothing');
  await opened.close();
});

test('stopped in the middle: files and index are put back all the same', async () => {
  const repository = makeRepository({ files: FILES });
  const landing = await makeLanding(repository, await open(repository), CHANGE);
  const controller = new AbortController();
  const opened = await openRepository(repository.dir, { env: repository.env, signal: controller.signal });
  hook(repository, 'pre-commit', 'touch .git/hook-runs; sleep 30');
  const before = snapshot(repository);
  const failed = codeOf(opened.work.land(landing));
  await exists(join(repository.dir, '.git/hook-runs'));
  controller.abort(new Error('enough'));
  assert.is(await failed, 'aborted');
  assert.equal(snapshot(repository), before);
});

test.run();
