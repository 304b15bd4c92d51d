/** `git ambient apply` as a person, a script or a model's harness calls it. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliResult, cliPath, fingerprintTree } from '../support/cli.ts';
import { makeRepository, type TestRepository, temporaryDirectory, useRepository } from '../support/repository.ts';

const test = suite('cli/apply');

const FILES = {
  'src/sum.py': 'def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n',
  'README.md': '# Sums\n\nAdds and subtracts.\n',
};
const PATCH = `--- a/src/sum.py
+++ b/src/sum.py
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a + b
+    return b + a
`;
const AFTER = FILES['src/sum.py'].replace('a + b', 'b + a');

function apply(repo: TestRepository, patch: string | Buffer, args: string[] = [], dir = repo.dir): CliResult {
  const result = spawnSync(process.execPath, [cliPath, 'apply', '-', ...args], {
    ...{ cwd: dir, env: repo.env, input: patch, encoding: 'utf8', timeout: 60_000 },
  });
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

/** Everything that must not change when a patch is refused: the working tree, the index, HEAD, and the rest of .git. */
const everything = (repo: TestRepository) => JSON.stringify(fingerprintTree(repo.dir));
const source = (repo: TestRepository, path = 'src/sum.py') => readFileSync(join(repo.dir, path), 'utf8');

test('a patch is applied where nothing was ever initialised; index, HEAD and .git stay as they are', () => {
  const repo = makeRepository({ files: FILES });
  repo.write('README.md', 'my own edit\n');
  repo.write('staged.txt', 'staged\n');
  repo.git('add', 'staged.txt');
  const before = fingerprintTree(repo.dir, (path) => path !== 'src/sum.py');
  const result = apply(repo, PATCH);
  assert.is(result.code, 0, result.stderr);
  assert.match(result.stdout, 'Applied: src/sum.py (+1 -1)');
  assert.is(source(repo), AFTER);
  assert.equal(
    fingerprintTree(repo.dir, (path) => path !== 'src/sum.py'),
    before,
  );
  const again = apply(repo, PATCH);
  assert.is(again.code, 0);
  assert.match(again.stdout, 'Already there');
  assert.is(source(repo), AFTER);
});

test('--check says where it fits and writes nothing', () => {
  const repo = makeRepository({ files: FILES });
  const before = everything(repo);
  const result = apply(repo, PATCH, ['--check']);
  assert.is(result.code, 0);
  assert.match(result.stdout, 'Would apply: src/sum.py (+1 -1)');
  assert.is(apply(repo, PATCH.replaceAll('return a', 'return nothing'), ['--check']).code, 1);
  assert.is(everything(repo), before);
});

test('in a subdirectory, by -C, and in a linked worktree', () => {
  const repo = makeRepository({ files: FILES });
  assert.is(apply(repo, PATCH, [], join(repo.dir, 'src')).code, 0);
  assert.is(source(repo), AFTER);
  repo.git('checkout', '-q', '--', '.');
  const elsewhere = temporaryDirectory();
  assert.is(apply(repo, PATCH, ['-C', repo.dir], elsewhere).code, 0);
  assert.is(source(repo), AFTER);
  const linked = join(elsewhere, 'linked');
  repo.git('worktree', 'add', '-q', linked);
  const main = everything(repo);
  const before = fingerprintTree(linked, (path) => path !== 'src/sum.py');
  assert.is(apply(useRepository(linked, repo.home), PATCH).code, 0);
  assert.is(readFileSync(join(linked, 'src/sum.py'), 'utf8'), AFTER);
  assert.equal(
    fingerprintTree(linked, (path) => path !== 'src/sum.py'),
    before,
  );
  assert.is(everything(repo), main);
});

interface Form {
  name: string;
  patch: string;
}
const body = PATCH.split('\n').slice(3).join('\n');
const FORMS: Form[] = [
  { name: 'prose and a fence', patch: `Sure, here it is:\n\n\`\`\`diff\n${PATCH}\`\`\`\n\nI hope that it helps.\n` },
  { name: 'no numbers', patch: `--- a/src/sum.py\n+++ b/src/sum.py\n@@ ... @@\n${body}` },
  { name: 'wrong numbers', patch: PATCH.replace('-1,2 +1,2', '-40,9 +41,7') },
  { name: 'CRLF', patch: PATCH.replaceAll('\n', '\r\n') },
  {
    name: 'SEARCH/REPLACE',
    patch: 'src/sum.py\n```python\n<<<<<<< SEARCH\n    return a + b\n=======\n    return b + a\n>>>>>>> REPLACE\n```\n',
  },
  {
    name: 'Begin Patch',
    patch: `*** Begin Patch\n*** Update File: src/sum.py\n@@ def add(a, b):\n${body}*** End Patch\n`,
  },
];
for (const { name, patch } of FORMS)
  test(`any form that a model writes: ${name}`, () => {
    const repo = makeRepository({ files: FILES });
    const result = apply(repo, patch);
    assert.is(result.code, 0, result.stderr);
    assert.is(source(repo), AFTER);
  });

interface Refused {
  name: string;
  patch: string | Buffer;
  says: RegExp;
}
const creation = (path: string, mode = '100644') =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+owned\n`;
const REFUSED: Refused[] = [
  {
    name: 'lines that are not there',
    patch: PATCH.replaceAll('return a', 'yield from everything'),
    says: /src\/sum\.py, hunk 1: /,
  },
  {
    name: 'a file that is not there',
    patch: PATCH.replaceAll('sum.py', 'difference.py'),
    says: /difference\.py does not exist/,
  },
  {
    name: 'one bad section of two',
    patch: `${PATCH}--- a/nowhere.py\n+++ b/nowhere.py\n@@ -1 +1 @@\n-x\n+y\n`,
    says: /nowhere\.py/,
  },
  { name: 'out of the tree', patch: PATCH + creation('../evil'), says: /\.\./ },
  { name: 'into .git', patch: PATCH + creation('.git/hooks/post-commit'), says: /\.git/ },
  { name: 'a link', patch: creation('link', '120000'), says: /120000/ },
  { name: 'through a link', patch: creation('linked/evil'), says: /linked/ },
  { name: 'over a file', patch: creation('README.md'), says: /README\.md/ },
  { name: 'a name that differs by case', patch: creation('readme.MD'), says: /case|README/ },
  { name: 'in another repository', patch: creation('nested/evil'), says: /another repository/ },
  { name: 'prose alone', patch: 'I would change the second line.\n', says: /no patch/ },
  { name: 'nothing', patch: '', says: /no patch/ },
  { name: 'random bytes', patch: Buffer.from([0, 255, 254, 10, 64, 64, 10, 43, 0]), says: /\S/ },
];
for (const { name, patch, says } of REFUSED)
  test(`refused, and nothing changed: ${name}`, () => {
    const repo = makeRepository({ files: FILES });
    const outside = join(repo.home, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(repo.dir, 'linked'));
    mkdirSync(join(repo.dir, 'nested'));
    repo.exec(['git', 'init', '-q', 'nested']);
    const before = everything(repo);
    const plain = apply(repo, patch);
    assert.is(plain.code, 1, plain.stderr);
    assert.is(plain.stdout, '');
    assert.match(plain.stderr, /^refused: nothing was changed\n {2}\S/);
    assert.match(plain.stderr, says);
    assert.not.match(plain.stderr, /\n\s+at /, 'no stack trace');
    const json = apply(repo, patch, ['--json']);
    assert.is(json.code, 1);
    const report = JSON.parse(json.stdout) as { outcome: string; refusals: Array<{ reason: string }> };
    assert.is(report.outcome, 'refused');
    assert.ok(report.refusals.every(({ reason }) => reason.length > 5));
    assert.is(everything(repo), before);
    assert.equal(readdirSync(outside), []);
  });

test('a file that cannot be written: an error of the environment, everything as it was', () => {
  const repo = makeRepository({ files: { ...FILES, 'locked/a.txt': 'a\n' } });
  const patch = `${PATCH}--- a/locked/a.txt\n+++ b/locked/a.txt\n@@ -1 +1 @@\n-a\n+b\n`;
  rmSync(join(repo.dir, '.git/ambient-apply'), { force: true });
  // Root writes everywhere; a journal's place that is taken by a folder stops root too.
  mkdirSync(join(repo.dir, '.git/ambient-apply'));
  const before = everything(repo);
  const result = apply(repo, patch);
  assert.ok(result.code !== 0);
  assert.match(result.stderr, /^error: .+\n {2}→ /);
  assert.is(everything(repo), before);
});

test('a deleted file’s folder goes, a new file’s folders come, modes are kept', () => {
  const repo = makeRepository({ files: { ...FILES, 'old/only.txt': 'x\n', 'run.sh': 'echo 1\n' } });
  chmodSync(join(repo.dir, 'run.sh'), 0o755);
  repo.commit('modes');
  const patch = [
    'diff --git a/old/only.txt b/old/only.txt\ndeleted file mode 100644\n--- a/old/only.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
    creation('new/deep/file.txt'),
    '--- a/run.sh\n+++ b/run.sh\n@@ -1 +1 @@\n-echo 1\n+echo 2\n',
  ].join('');
  const result = apply(repo, patch);
  assert.is(result.code, 0, result.stderr);
  assert.not.ok(existsSync(join(repo.dir, 'old')));
  assert.is(source(repo, 'new/deep/file.txt'), 'owned\n');
  assert.is(lstatSync(join(repo.dir, 'run.sh')).mode & 0o777, 0o755);
});

test('names with spaces and beyond ASCII; an ignored file is a file', () => {
  const repo = makeRepository({ files: { 'a b/grüße 世界.txt': 'eins\nzwei\n', '.gitignore': 'local.cfg\n' } });
  repo.write('local.cfg', 'x=1\n');
  const patch =
    '--- "a/a b/gr\\303\\274\\303\\237e \\344\\270\\226\\347\\225\\214.txt"\n+++ "b/a b/gr\\303\\274\\303\\237e \\344\\270\\226\\347\\225\\214.txt"\n@@ -1,2 +1,2 @@\n eins\n-zwei\n+drei\n--- a/local.cfg\n+++ b/local.cfg\n@@ -1 +1 @@\n-x=1\n+x=2\n';
  const result = apply(repo, patch);
  assert.is(result.code, 0, result.stderr);
  assert.is(source(repo, 'a b/grüße 世界.txt'), 'eins\ndrei\n');
  assert.is(source(repo, 'local.cfg'), 'x=2\n');
  const missing = apply(repo, patch.replace('eins', 'zwölf').replace('-zwei', '-elf'), ['--json']);
  assert.match(missing.stdout, 'grüße 世界.txt');
});

test('bytes that are no UTF-8 stay as they are', () => {
  const repo = makeRepository({ files: FILES });
  repo.write('latin.txt', Buffer.from('caf\xe9\none\n', 'latin1'));
  const patch = Buffer.from('--- a/latin.txt\n+++ b/latin.txt\n@@ -1,2 +1,2 @@\n caf\xe9\n-one\n+tw\xf6\n', 'latin1');
  assert.is(apply(repo, patch).code, 0);
  assert.equal(readFileSync(join(repo.dir, 'latin.txt')), Buffer.from('caf\xe9\ntw\xf6\n', 'latin1'));
});

test('a patch of 50 MB is refused at once', () => {
  const repo = makeRepository({ files: FILES });
  const started = performance.now();
  const result = apply(repo, Buffer.alloc(50 * 1024 * 1024, '+x\n'));
  assert.is(result.code, 1);
  assert.match(result.stderr, /larger than/);
  assert.ok(performance.now() - started < 10_000);
});

test('killed in the middle: the next call puts everything back first', async () => {
  const repo = makeRepository({
    files: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}.txt`, `old ${at}\n`])),
  });
  const patch = Array.from(
    { length: 300 },
    (_, at) => `--- a/f${at}.txt\n+++ b/f${at}.txt\n@@ -1 +1 @@\n-old ${at}\n+new ${at}\n`,
  ).join('');
  const before = JSON.stringify(fingerprintTree(repo.dir, (path) => !path.startsWith('.git')));
  let halfway = 0;
  for (let round = 0; round < 12 && halfway < 2; round += 1) {
    await killWhileWriting(repo, patch, round);
    if (existsSync(join(repo.dir, '.git/ambient-apply'))) halfway += 1;
    const next = apply(repo, PATCH);
    assert.is(next.code, 1, next.stderr);
    assert.not.ok(existsSync(join(repo.dir, '.git/ambient-apply')));
    const now = JSON.stringify(fingerprintTree(repo.dir, (path) => !path.startsWith('.git')));
    if (now !== before) {
      // It was quicker than the kill: then it is whole.
      assert.is(source(repo, 'f299.txt'), 'new 299\n');
      assert.is(source(repo, 'f0.txt'), 'new 0\n');
      repo.git('checkout', '-q', '--', '.');
    }
  }
  assert.ok(halfway > 0, 'at least one kill came while files were being written');
});

/** SIGKILL as soon as the journal stands, or a little later. */
function killWhileWriting(repo: TestRepository, patch: string, round: number): Promise<void> {
  const child = spawn(process.execPath, [cliPath, 'apply', '-'], {
    ...{ cwd: repo.dir, env: repo.env, stdio: ['pipe', 'ignore', 'ignore'] as const },
  });
  child.stdin?.end(patch);
  const journal = join(repo.dir, '.git/ambient-apply');
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let seen = 0;
  const watch = setInterval(() => {
    if (existsSync(journal)) seen += 1;
    if (seen > round) child.kill('SIGKILL');
  }, 1);
  return ended.finally(() => clearInterval(watch));
}

test('the shape of --json', () => {
  const repo = makeRepository({ files: FILES });
  const report = JSON.parse(apply(repo, PATCH, ['--json']).stdout) as Record<string, unknown> & { files: object[] };
  assert.equal(Object.keys(report).sort(), ['bundle', 'files', 'outcome', 'recovered', 'refusals']);
  assert.equal(Object.keys(report.files[0] ?? {}).sort(), ['added', 'from', 'hunks', 'path', 'removed']);
  assert.equal(report.files[0], {
    ...{ path: 'src/sum.py', from: null, added: 1, removed: 1, hunks: [{ hunk: 1, line: 1, tier: 'exact' }] },
  });
});

test('where there is nothing to apply to, it is said', () => {
  const nowhere = useRepository(temporaryDirectory(), makeRepository().home);
  assert.is(apply(nowhere, PATCH).code, 2);
  const bare = temporaryDirectory();
  const repo = makeRepository();
  repo.exec(['git', 'init', '-q', '--bare', bare]);
  const result = apply(useRepository(bare, repo.home), PATCH);
  assert.is(result.code, 2);
  assert.match(result.stderr, /working tree/);
  const empty = makeRepository({ empty: true });
  assert.is(apply(empty, creation('first.txt')).code, 0, 'a repository without a commit will do');
  assert.is(source(empty, 'first.txt'), 'owned\n');
});

test('a broken configuration does not matter', () => {
  const repo = makeRepository({ files: FILES });
  writeFileSync(join(repo.dir, '.ambient.yml'), 'nonsense: [\n');
  assert.is(apply(repo, PATCH).code, 0);
});

test.run();
