/** A merge is disturbed: by an editor, by a formatter, by another merge, by Ctrl-C, by kill -9. Nothing of the user's is lost. */
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ambient, ambientJson, fingerprintTree, hasSandbox } from '../support/cli.ts';
import { injection, sound, unusedImport } from '../support/defects.ts';
import { makeRepository, type TestRepository, useRepository } from '../support/repository.ts';
import { appears, gitAmbient, parentOf, pause, startGitAmbient } from '../support/through-git.ts';

const test = suite('scenario/landing');
const PATH = 'shop/search.py';

if (!hasSandbox()) test.skip('no bubblewrap here', () => {});
else {
  const template = makeRepository({ files: { ...sound, [PATH]: injection, 'shop/report.py': unusedImport } });
  let id = '';
  let other = '';
  let copies = 0;

  /** With two open proposals, of which `id` is on `PATH`. */
  function fresh(): TestRepository {
    if (id === '') {
      ambient(template, ['init', '--no-hook']);
      ambient(template, ['run', '--all']);
      const rows = ambientJson<Array<{ id: string; files: string[] }>>(template, ['list']);
      id = rows.find((row) => row.files.includes(PATH))?.id ?? '';
      other = rows.find((row) => !row.files.includes(PATH))?.id ?? '';
      assert.ok(id && other, JSON.stringify(rows));
      template.write('shop/stock.py', `${sound['shop/stock.py']}# mine\n`);
      template.write('staged.txt', 'staged\n');
      template.git('add', 'staged.txt');
    }
    copies += 1;
    const dir = join(template.home, `copy-${copies}`);
    cpSync(template.dir, dir, { recursive: true });
    const repo = useRepository(dir, template.home);
    repo.git('status');
    return repo;
  }
  const MINE = ' M shop/stock.py\nA  staged.txt';

  function hook(repo: TestRepository, name: string, body: string): void {
    repo.write(`.git/hooks/${name}`, `#!/bin/sh\n${body}\n`);
    repo.exec(['chmod', '+x', `.git/hooks/${name}`]);
  }
  const files = (repo: TestRepository) => fingerprintTree(repo.dir, (path) => path !== '.git');
  const residue = (repo: TestRepository) =>
    repo.exec(['find', '.git', '-name', '*lock', '-o', '-name', 'landing*', '-o', '-name', 'turn*']);
  const statusOf = (repo: TestRepository, which = id) => ambientJson<{ status: string }>(repo, ['show', which]).status;
  const HOLD = 'echo "$$ $PPID" > .git/holds.new; mv .git/holds.new .git/holds; sleep 60';

  test('an editor saves while a hook runs that refuses', async () => {
    const repo = fresh();
    hook(repo, 'pre-commit', 'touch .git/holds; sleep 1; exit 1');
    const merging = startGitAmbient(repo, 'merge', id);
    await appears(join(repo.dir, '.git/holds'));
    const saved = `${readFileSync(join(repo.dir, PATH), 'utf8')}# KEEP\n`;
    writeFileSync(join(repo.dir, PATH), saved);
    const { code, stderr } = await merging.ended;
    assert.is(code, 2, stderr);
    assert.match(stderr, `changed in the meantime, and left as it is: ${PATH}`);
    assert.not.match(stderr, 'nothing was changed');
    assert.is(readFileSync(join(repo.dir, PATH), 'utf8'), saved);
    assert.is(repo.git('status', '--porcelain'), ` M ${PATH}\n${MINE}`);
    assert.is(residue(repo), '');
    assert.is(statusOf(repo), 'validated');
  });

  test('an editor saves while a hook runs that says yes', async () => {
    const repo = fresh();
    hook(repo, 'pre-commit', 'touch .git/holds; sleep 1');
    const merging = startGitAmbient(repo, 'merge', id);
    await appears(join(repo.dir, '.git/holds'));
    writeFileSync(join(repo.dir, PATH), `${injection}# KEEP\n`);
    const { code, stderr } = await merging.ended;
    assert.is(code, 0, stderr);
    assert.match(stderr, `left as it is: ${PATH}`);
    assert.is(readFileSync(join(repo.dir, PATH), 'utf8'), `${injection}# KEEP\n`);
    assert.match(repo.git('show', `HEAD:${PATH}`), /name = \?/);
    assert.is(repo.git('status', '--porcelain'), ` M ${PATH}\n${MINE}`);
  });

  test('a refusal leaves the index as it was, to the byte', () => {
    const repo = fresh();
    hook(repo, 'pre-commit', 'exit 1');
    const [before, index] = [files(repo), readFileSync(join(repo.dir, '.git/index'))];
    const refused = gitAmbient(repo, 'merge', id);
    assert.is(refused.code, 2);
    assert.match(refused.stderr, 'nothing was changed');
    assert.equal(readFileSync(join(repo.dir, '.git/index')), index);
    assert.equal(files(repo), before);
  });

  test('Ctrl-C while a hook runs: as if nothing had been', async () => {
    const repo = fresh();
    hook(repo, 'pre-commit', HOLD);
    const before = files(repo);
    const merging = startGitAmbient(repo, 'merge', id);
    const [, git = 0] = (await appears(join(repo.dir, '.git/holds'))).split(' ').map(Number);
    process.kill(parentOf(git), 'SIGINT');
    const { code, stderr } = await merging.ended;
    assert.is(code, 2, stderr);
    assert.equal(files(repo), before);
    assert.is(repo.git('status', '--porcelain'), MINE);
    assert.is(residue(repo), '');
  });

  test('Ctrl-C when the commit stands already: it stands, and the next command remembers it', async () => {
    const repo = fresh();
    hook(repo, 'post-commit', HOLD);
    const merging = startGitAmbient(repo, 'merge', id);
    const [, git = 0] = (await appears(join(repo.dir, '.git/holds'))).split(' ').map(Number);
    process.kill(parentOf(git), 'SIGINT');
    const { stderr } = await merging.ended;
    assert.is(repo.git('status', '--porcelain'), MINE, stderr);
    rmSync(join(repo.dir, '.git/hooks/post-commit'));
    repo.git('commit', '-qnm', 'mine');
    assert.is(gitAmbient(repo, 'run').code, 0);
    assert.is(statusOf(repo), 'merged');
    assert.is(residue(repo), '');
    const { decisions } = ambientJson<{ decisions: Array<{ commit: string }> }>(repo, ['show', id]);
    assert.equal(
      decisions.map(({ commit }) => commit),
      [repo.git('rev-parse', 'HEAD^')],
    );
  });

  for (const name of ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'reference-transaction', 'post-commit'])
    for (const dies of name === 'pre-commit' ? ['all', 'git and node', 'node'] : ['all'])
      test(`kill -9 during ${name}: ${dies}`, async () => {
        const repo = fresh();
        // Only the branch, when everything is locked; our own refs come later.
        const when = name === 'reference-transaction' ? '[ "$1" = prepared ] && grep -q refs/heads/ || exit 0;' : '';
        hook(repo, name, `${when} [ -e .git/holds ] && exit 0; ${dies === 'node' ? HOLD.replace('60', '1') : HOLD}`);
        const before = files(repo);
        const merging = startGitAmbient(repo, 'merge', id);
        const [sh = 0, git = 0] = (await appears(join(repo.dir, '.git/holds'))).split(' ').map(Number);
        const node = parentOf(git);
        const doomed = { all: [node, git, sh], 'git and node': [node, git], node: [node] }[dies] ?? [];
        for (const pid of doomed) process.kill(pid, 'SIGKILL');
        await Promise.race([merging.ended, pause(300)]);
        if (name === 'reference-transaction') {
          assert.ok(existsSync(join(repo.dir, '.git/HEAD.lock')));
          await pause(1000);
        }
        assert.match(gitAmbient(repo, 'status').stdout, `a landing of ${id} was interrupted half-way`);
        const recovered = gitAmbient(repo, 'run');
        assert.is(recovered.code, 0, recovered.stderr);
        const made = name === 'post-commit' || dies === 'node';
        assert.match(recovered.stderr, made ? 'it is complete, as' : 'it was undone');
        assert.is(residue(repo), '');
        assert.is(repo.git('status', '--porcelain'), MINE);
        assert.is(statusOf(repo), made ? 'merged' : 'validated');
        if (!made) assert.equal(files(repo), before);
        if (!made) assert.is(gitAmbient(repo, 'merge', id).code, 0);
        if (dies === 'git and node') process.kill(sh, 'SIGKILL');
      });

  test('merge and reject at the same time: one of them decides', async () => {
    const repo = fresh();
    hook(repo, 'pre-commit', 'touch .git/holds; until [ -e .git/go ]; do sleep 0.1; done');
    const merging = startGitAmbient(repo, 'merge', id);
    await appears(join(repo.dir, '.git/holds'));
    for (const args of [
      ['reject', id, '--reason', 'no'],
      ['merge', other],
    ]) {
      const { code, stderr } = gitAmbient(repo, ...args);
      assert.is(code, 3, stderr);
      assert.match(stderr, 'another landing is under way in this repository');
    }
    repo.write('.git/go', '');
    assert.is((await merging.ended).code, 0);
    assert.is(statusOf(repo), 'merged');
    const late = gitAmbient(repo, 'reject', id, '--reason', 'no');
    assert.is(late.code, 2);
    assert.match(late.stderr, 'is merged already');
  });

  test('in the same instant', async () => {
    const repo = fresh();
    const [merged, rejected] = await Promise.all([
      startGitAmbient(repo, 'merge', id).ended,
      startGitAmbient(repo, 'reject', id, '--reason', 'no').ended,
    ]);
    assert.is([merged, rejected].filter(({ code }) => code === 0).length, 1, merged.stderr + rejected.stderr);
    assert.is(statusOf(repo), merged.code === 0 ? 'merged' : 'rejected');
    assert.is(residue(repo), '');
  });

  test('merged twice: the landed commit is named, wherever HEAD is', () => {
    const repo = fresh();
    const { commit } = ambientJson<Array<{ commit: string }>>(repo, ['merge', id])[0] ?? { commit: '' };
    repo.git('commit', '-qm', 'mine');
    const again = gitAmbient(repo, 'merge', id);
    assert.is(again.code, 1);
    assert.match(again.stderr, `${id} is merged already as ${commit.slice(0, 12)}`);
    assert.match(again.stderr, `git show ${commit}`);
  });

  /** The real ones, from this repository's own tools. */
  function withHusky(repo: TestRepository, task: string): void {
    const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
    symlinkSync(modules, join(repo.dir, 'node_modules'));
    repo.write('.git/info/exclude', 'node_modules\n');
    repo.write('format.mjs', FORMAT);
    repo.write('package.json', JSON.stringify({ private: true, 'lint-staged': { '*.py': task } }));
    repo.exec(['node', join(modules, 'husky/bin.js')]);
    repo.write('.husky/pre-commit', 'node_modules/.bin/lint-staged\n');
    repo.git('stash', '-q');
    repo.git('add', '.husky', 'package.json', 'format.mjs');
    repo.git('commit', '-qnm', 'tools');
    repo.git('stash', 'pop', '-q', '--index');
    assert.is(repo.git('status', '--porcelain'), MINE);
  }
  const FORMAT = `import { appendFileSync } from 'node:fs';
for (const path of process.argv.slice(2)) appendFileSync(path, '# formatted\\n');
`;

  test('husky and lint-staged: what the formatter did is in the commit, nothing inverse is staged', () => {
    const repo = fresh();
    withHusky(repo, 'node format.mjs');
    const merged = gitAmbient(repo, 'merge', id);
    assert.is(merged.code, 0, merged.stderr);
    assert.match(repo.git('show', `HEAD:${PATH}`), /name = \?[\s\S]*# formatted$/);
    assert.equal(repo.git('show', '--format=', '--name-only', 'HEAD'), PATH);
    assert.is(repo.git('status', '--porcelain'), MINE);
    assert.not.match(merged.stderr, 'left as it is');
    assert.is(repo.git('stash', 'list'), '');
  });

  test('husky and lint-staged: a linter that refuses', () => {
    const repo = fresh();
    withHusky(repo, 'node --no-such-option');
    const before = files(repo);
    const refused = gitAmbient(repo, 'merge', id);
    assert.is(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, 'nothing was changed');
    assert.equal(files(repo), before);
    assert.is(repo.git('status', '--porcelain'), MINE);
    assert.is(repo.git('stash', 'list'), '');
  });
}

test.run();
