/** hooks/pre-push with real pushes: which proposals it names, what stops a push, and that nothing else ever does. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pathspec, pushList, quotePath } from '../../src/crew/push-list.ts';
import { withBlock } from '../../src/triggers/block.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('triggers/pre-push');
const hooks = fileURLToPath(new URL('../../hooks', import.meta.url));
const places = { node: process.execPath, cli: '/nonexistent', hooks };

/** A clone with a remote that has its first commit, and our hook. */
function cloned(options: { sha256?: boolean } = {}): { repo: TestRepository; remote: string } {
  const repo = options.sha256 ? sha256() : makeRepository({ files: { 'a.py': 'one\n', 'b.py': 'one\n' } });
  const remote = join(temporaryDirectory(), 'remote.git');
  repo.exec(['git', 'init', '-q', '--bare', ...(options.sha256 ? ['--object-format=sha256'] : []), remote]);
  repo.git('remote', 'add', 'origin', remote);
  repo.git('push', '-q', 'origin', 'main');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/hooks/pre-push'), withBlock(null, { event: 'pre-push', places }), { mode: 0o755 });
  mkdirSync(join(repo.dir, '.git/ambient'), { recursive: true });
  return { repo, remote };
}

function sha256(): TestRepository {
  const dir = temporaryDirectory();
  const repo = useRepository(dir, temporaryDirectory());
  repo.git('init', '-q', '-b', 'main', '--object-format=sha256');
  for (const key of ['name', 'email']) repo.git('config', `user.${key}`, 'x@example.test');
  repo.commit('first', { 'a.py': 'one\n', 'b.py': 'one\n' });
  return repo;
}

/** Proposes to replace the text of `paths` on HEAD; returns the id. */
function propose(repo: TestRepository, paths: string[], title = 'Mend it'): string {
  const base = repo.git('rev-parse', 'HEAD');
  const index = { GIT_INDEX_FILE: join(repo.home, `index-${Math.random()}`) };
  const git = (...args: string[]) => repo.exec(['git', ...args], { env: index as never }).trim();
  git('read-tree', base);
  const files = paths.map((path) => {
    const oldOid = repo.git('rev-parse', `${base}:${path}`);
    const newOid = repo.exec(['git', 'hash-object', '-w', '--stdin'], { input: `mended ${path}\n` }).trim();
    repo.exec(['git', 'update-index', '-z', '--index-info'], {
      input: `100644 ${newOid}\t${path}\0`,
      env: index as never,
    });
    return { path, oldOid, newOid };
  });
  const commit = git('commit-tree', git('write-tree'), '-p', base, '-m', title);
  const id = commit.slice(0, 12);
  repo.git('update-ref', `refs/ambient/proposals/${id}`, commit);
  const text = pushList('warn', [{ proposal: { id, base, title }, severity: 'high', files }]);
  const list = join(repo.dir, '.git/ambient/pre-push');
  appendFileSync(list, text);
  return id;
}

function setMode(repo: TestRepository, mode: string): void {
  const list = join(repo.dir, '.git/ambient/pre-push');
  writeFileSync(list, readFileSync(list, 'utf8').replaceAll(/^mode .*/gm, `mode ${mode}`));
}

function push(repo: TestRepository, ...args: string[]): { code: number | null; said: string; named: string[] } {
  const result = spawnSync('git', ['push', ...args], {
    cwd: repo.dir,
    env: repo.env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  const said = result.stderr;
  return {
    code: result.status,
    said,
    named: [...said.matchAll(/git ambient merge (\w+)/g)].map((match) => match[1] ?? ''),
  };
}

test('a push of the flawed file names the proposal and goes on; the second push has nothing new', () => {
  const { repo, remote } = cloned();
  repo.commit('flaw', { 'a.py': 'flaw\n' });
  const id = propose(repo, ['a.py'], 'Pass values as parameters');
  const first = push(repo, 'origin', 'main');
  assert.is(first.code, 0, first.said);
  assert.equal(first.named, [id]);
  assert.match(first.said, 'high      Pass values as parameters');
  assert.is(repo.exec(['git', '-C', remote, 'rev-parse', 'main']).trim(), repo.git('rev-parse', 'main'));
  assert.equal(push(repo, 'origin', 'main').named, []);
});

test('block stops the push, --no-verify and AMBIENT=off let it through', () => {
  const { repo, remote } = cloned();
  repo.commit('flaw', { 'a.py': 'flaw\n' });
  const id = propose(repo, ['a.py']);
  setMode(repo, 'block');
  const before = repo.exec(['git', '-C', remote, 'rev-parse', 'main']);
  const stopped = push(repo, 'origin', 'main');
  assert.is(stopped.code, 1);
  assert.equal(stopped.named, [id]);
  assert.match(stopped.said, 'Nothing was pushed');
  assert.is(repo.exec(['git', '-C', remote, 'rev-parse', 'main']), before);
  const off = spawnSync('git', ['push', '-q', 'origin', 'main:one'], {
    cwd: repo.dir,
    env: { ...repo.env, AMBIENT: 'off' },
  });
  assert.is(off.status, 0);
  assert.is(push(repo, '--no-verify', 'origin', 'main:two').code, 0);
});

test('what is not in the pushed range is not named', () => {
  const { repo } = cloned();
  const flaw = repo.commit('flaw', { 'a.py': 'flaw\n' });
  propose(repo, ['a.py']);
  setMode(repo, 'block');
  const nothing = (what: string, ...args: string[]) => {
    const result = push(repo, 'origin', ...args);
    assert.equal([result.code, result.named], [0, []], `${what}\n${result.said}`);
  };
  repo.git('checkout', '-q', '-b', 'other', 'main~1');
  repo.commit('elsewhere', { 'b.py': 'two\n' });
  nothing('another file', 'other');
  repo.commit('same file on another branch', { 'a.py': 'two\n' });
  nothing('the flaw is on another branch', 'other');
  nothing('the parent', `${flaw}~1:refs/heads/parent`);
  nothing('a deletion', ':parent');
  repo.git('tag', '-a', '-m', 'x', 'v1', `${flaw}~1`);
  nothing('a tag of what is there', 'v1');
  nothing('refs of the crew', 'refs/ambient/proposals/*:refs/ambient/proposals/*');
  nothing('a tag of a blob', `${repo.git('rev-parse', `${flaw}:a.py`)}:refs/tags/blob`);
  repo.git('checkout', '-q', 'main');
  repo.commit('mended by hand', { 'a.py': 'mended a.py\n' });
  nothing('mended', 'main');
  nothing('everything is up to date', 'main');
});

/** What to push, after something was done. */
const after = (_done: string, ...args: string[]) => args;

test('new branch, tag, several refs, force after an amend, a URL: the flaw is named once', () => {
  const cases: Array<[string, (repo: TestRepository, remote: string) => string[]]> = [
    ['new branch without upstream', () => ['origin', 'main:refs/heads/topic']],
    ['annotated tag', (repo) => after(repo.git('tag', '-a', '-m', 'x', 'v1'), 'origin', 'v1')],
    [
      'several refs and a deletion',
      (repo) =>
        after(
          repo.git('push', '-q', '--no-verify', 'origin', 'main~1:refs/heads/gone'),
          'origin',
          'main',
          'main:two',
          ':gone',
        ),
    ],
    ['a URL', (_repo, remote) => [remote, 'main']],
    [
      'a URL of a remote that is not known',
      (repo) => {
        const empty = join(temporaryDirectory(), 'empty.git');
        repo.exec(['git', 'init', '-q', '--bare', empty]);
        return [empty, 'main'];
      },
    ],
    ['amended message', (repo) => after(repo.git('commit', '-q', '--amend', '-m', 'again'), 'origin', 'main')],
    [
      'amended file',
      (repo) => {
        repo.write('a.py', 'flaw\nmore\n');
        repo.git('commit', '-q', '-a', '--amend', '-m', 'again');
        return ['origin', 'main'];
      },
    ],
    [
      'commits on top',
      (repo) => after(repo.commit('more', { 'b.py': 'two\n', 'a.py': 'flaw\nmore\n' }), 'origin', 'main'),
    ],
    [
      'forced over what somebody else pushed',
      (repo, remote) => {
        const other = useRepository(join(temporaryDirectory(), 'other'), repo.home);
        repo.exec(['git', 'clone', '-q', remote, other.dir]);
        other.exec([
          'git',
          '-c',
          'user.name=o',
          '-c',
          'user.email=o@o',
          'commit',
          '-q',
          '--allow-empty',
          '-m',
          'other',
        ]);
        other.git('push', '-q');
        return ['-f', 'origin', 'main'];
      },
    ],
    [
      'in a linked worktree',
      (repo) => {
        repo.git('worktree', 'add', '-q', '../linked', '-b', 'side');
        return ['-C', '../linked'];
      },
    ],
  ];
  for (const [what, prepare] of cases) {
    const { repo, remote } = cloned();
    repo.commit('flaw', { 'a.py': 'flaw\n' });
    const id = propose(repo, ['a.py']);
    const args = prepare(repo, remote);
    const result =
      args[0] === '-C'
        ? push(useRepository(join(repo.dir, '../linked'), repo.home), 'origin', 'side')
        : push(repo, ...args);
    assert.equal([result.code, result.named], [0, [id]], `${what}\n${result.said}`);
  }
});

test('odd names, sha256, a shallow clone', () => {
  const names = [
    '-rf',
    'a "b".py',
    'new\nline.py',
    ' ends with space ',
    'ünï/cödé 🙂.py',
    '*[?]\\',
    ':(top)x',
    'tab\t|bar|',
  ];
  for (const name of names) {
    const { repo } = cloned();
    repo.commit('flaw', { [name]: 'flaw\n' });
    const id = propose(repo, [name]);
    assert.equal(push(repo, 'origin', 'main').named, [id], JSON.stringify(name));
    repo.commit('another', { 'b.py': 'three\n' });
    assert.equal(push(repo, 'origin', 'main').named, [], JSON.stringify(name));
  }
  const { repo } = cloned({ sha256: true });
  repo.commit('flaw', { 'a.py': 'flaw\n' });
  const id = propose(repo, ['a.py']);
  assert.equal(push(repo, 'origin', 'main').named, [id]);
  const { repo: full, remote } = cloned();
  for (const n of [1, 2, 3]) full.commit(`${n}`, { 'b.py': `${n}\n` });
  full.git('push', '-q', 'origin', 'main');
  const shallow = useRepository(join(temporaryDirectory(), 'shallow'), full.home);
  full.exec(['git', 'clone', '-q', '--depth=1', `file://${remote}`, shallow.dir]);
  for (const key of ['name', 'email']) shallow.git('config', `user.${key}`, 'x@example.test');
  mkdirSync(join(shallow.dir, '.git/ambient'));
  mkdirSync(join(shallow.dir, '.git/hooks'), { recursive: true });
  writeFileSync(join(shallow.dir, '.git/hooks/pre-push'), withBlock(null, { event: 'pre-push', places }), {
    mode: 0o755,
  });
  shallow.commit('flaw', { 'a.py': 'flaw\n' });
  const there = propose(shallow, ['a.py']);
  assert.equal(push(shallow, 'origin', 'HEAD:main').named, [there]);
});

test('names are quoted as git quotes them, and pathspecs stay on one line', () => {
  const repo = makeRepository();
  const names = ['plain', 'a b', 'q"', 'b\\', 'ü', '\u0001\u007f\t\n\r', '🙂'];
  for (const name of names) {
    const blob = repo.exec(['git', 'hash-object', '-w', '--stdin'], { input: 'x' }).trim();
    const tree = repo.exec(['git', 'mktree', '-z'], { input: `100644 blob ${blob}\t${name}\0` }).trim();
    const listed = repo.exec(['git', '-c', 'core.quotePath=true', 'ls-tree', '--name-only', tree]).replace(/\n$/, '');
    assert.is(quotePath(name), listed);
    assert.not.match(pathspec(name), '\n');
  }
});

test('a list that is stale, torn, empty, unreadable or not ours lets every push go on without a word', () => {
  const { repo } = cloned();
  repo.commit('flaw', { 'a.py': 'flaw\n' });
  propose(repo, ['a.py']);
  setMode(repo, 'block');
  const list = join(repo.dir, '.git/ambient/pre-push');
  const good = readFileSync(list, 'utf8');
  const broken: Array<[string, () => void]> = [
    ['empty', () => writeFileSync(list, '')],
    ['absent', () => rmSync(list)],
    [
      'a directory',
      () => {
        rmSync(list);
        mkdirSync(list);
      },
    ],
    ['torn', () => writeFileSync(list, good.slice(0, 40))],
    ['no mode', () => writeFileSync(list, good.replace(/^mode.*\n/, ''))],
    ['another mode', () => writeFileSync(list, good.replace('block', 'panic'))],
    ['objects that are gone', () => writeFileSync(list, good.replaceAll(/[0-9a-f]{40}/g, 'f'.repeat(40)))],
    ['binary', () => writeFileSync(list, Buffer.from([0, 255, 10, 0, 13, 7]))],
    ['a pathspec that git refuses', () => writeFileSync(list, good.replaceAll(':(top)', ':(nonsense)'))],
  ];
  for (const [at, [what, breakIt]] of broken.entries()) {
    rmSync(list, { recursive: true, force: true });
    writeFileSync(list, good);
    breakIt();
    const result = push(repo, '-q', 'origin', `main:refs/heads/b${at}`);
    rmSync(list, { recursive: true, force: true });
    assert.equal([result.code, result.said], [0, ''], what);
    // Nothing that a remote has may hide the flaw from the next case.
    repo.git('push', '-q', '--no-verify', 'origin', `:b${at}`);
    repo.git('fetch', '-q', '--prune');
  }
  writeFileSync(list, good);
  rmSync(join(repo.dir, '.git/ambient'), { recursive: true });
  assert.is(push(repo, '-q', 'origin', 'main').code, 0);
});

test('by hand, with a closed stdin, with a terminal, under a git that fails: ends at once', () => {
  const { repo } = cloned();
  repo.commit('flaw', { 'a.py': 'flaw\n' });
  propose(repo, ['a.py']);
  setMode(repo, 'block');
  const run = (command: string, env = {}) =>
    spawnSync('sh', ['-c', command], { cwd: repo.dir, env: { ...repo.env, ...env }, encoding: 'utf8', timeout: 5000 });
  const hook = '.git/hooks/pre-push origin url';
  assert.equal([run(`${hook} </dev/null`).status, run(`${hook} <&-`).status], [0, 0]);
  assert.is(run(`script -qec "${hook}" /dev/null`).signal, null);
  const fake = temporaryDirectory();
  writeFileSync(join(fake, 'git'), '#!/bin/sh\nexit 128\n');
  chmodSync(join(fake, 'git'), 0o755);
  const line = `refs/heads/main ${repo.git('rev-parse', 'main')} refs/heads/main ${'0'.repeat(40)}`;
  const failing = run(`echo '${line}' | ${hook}`, { PATH: `${fake}:${repo.env['PATH']}` });
  assert.equal([failing.status, failing.stderr], [0, '']);
  assert.is(run(`echo '${line}' | ${hook}`).status, 1, 'the same line with a real git');
  assert.is(run(`yes nonsense | head -n 20000 | ${hook}`).status, 0);
});

test('a history that is too long to look at counts as touching everything; ten proposals are named', () => {
  const { repo } = cloned();
  repo.commit('flaw', Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`f${at}.py`, `flaw ${at}\n`])));
  const ids = Array.from({ length: 10 }, (_, at) => propose(repo, [`f${at}.py`]));
  assert.equal(push(repo, '--dry-run', 'origin', 'main').named, ids);
  const stream = Array.from(
    { length: 600 },
    (_, at) =>
      `commit refs/heads/main\ncommitter x <x@x> ${1_800_000_000 + at} +0000\ndata 1\nx${at === 0 ? '\nfrom refs/heads/main^0' : ''}\n`,
  );
  repo.exec(['git', 'fast-import', '--quiet'], { input: stream.join('') });
  assert.equal(push(repo, '--dry-run', 'origin', 'main').named, ids);
});

test.run();
