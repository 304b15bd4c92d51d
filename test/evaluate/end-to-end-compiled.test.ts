/** Real Go, cargo, eslint, make and a workspace of npm in a real sandbox: from two commits to a verdict. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driver, needs, succeeds, world } from './world.ts';

const test = suite('evaluate/end-to-end-compiled');
const probe = await driver.probe();
const there = (...argv: [string, ...string[]]) => probe.ok && succeeds(argv);
const go = needs(test, there('go', 'version'), 'go in a sandbox', false);
const cargo = needs(test, there('cargo', 'clippy', '--version'), 'cargo and clippy in a sandbox', false);
const npm = needs(test, there('npm', '--version'), 'npm in a sandbox', false);
const python = needs(test, there('python3', '--version'), 'python3 in a sandbox');
const make = needs(test, there('make', '--version'), 'make in a sandbox', false);

const GO = {
  'go.mod': 'module example.org/sums\n\ngo 1.21\n',
  'sums.go': '// Package sums adds.\npackage sums\n\n// Add adds.\nfunc Add(a, b int) int { return a + b }\n',
  'sums_test.go':
    'package sums\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n\nfunc TestRed(t *testing.T) { t.Fatal("red before") }\n',
};

go('go test and go vet: passes, breaks by name, does not compile, is missing a module', async () => {
  const { repo, judge, detected } = world(GO);
  // As the user has done before: what the standard library compiles to lies in the cache then.
  succeedsIn(repo.dir, ['go', 'vet', './...']);
  succeedsIn(repo.dir, ['go', 'test', './...']);
  const base = repo.git('rev-parse', 'HEAD');
  assert.equal(await detected(base), { 'go test': 'runnable', 'go vet': 'runnable' });
  const good = await judge(base, repo.commit('good', { 'sums.go': GO['sums.go'].replace('a + b', 'b + a') }));
  assert.is(good.outcome, 'passed', JSON.stringify(good));
  assert.is(good.evidence, 'tests');
  assert.match(good.reasons.join('\n'), /go test: 1 failure on the base too/);
  const bad = await judge(base, repo.commit('bad', { 'sums.go': GO['sums.go'].replace('a + b', 'a - b') }));
  assert.is(bad.outcome, 'failed');
  assert.match(bad.reasons.join('\n'), /newly failing: example\.org\/sums\.TestAdd/);
  const vet = GO['sums.go']
    .replace('return a + b', 'fmt.Printf("%d", "x"); return a + b')
    .replace('sums\n', 'sums\n\nimport "fmt"\n');
  const vetted = await judge(base, repo.commit('vetted', { 'sums.go': vet }));
  assert.is(vetted.outcome, 'failed');
  assert.match(vetted.reasons.join('\n'), /go vet: passes on the base and fails here: .*Printf format %d/);
  const missing = await judge(
    base,
    repo.commit('missing', { 'sums.go': GO['sums.go'].replace('sums\n', 'sums\n\nimport _ "example.org/nowhere"\n') }),
  );
  assert.is(missing.outcome, 'inconclusive', JSON.stringify(missing));
  assert.match(missing.reasons.join('\n'), /go mod download/);
  assert.is(repo.git('status', '--porcelain'), '');
});

go('modules of Go: the one that is touched, and its dependents, in their folders', async () => {
  const { repo, judge } = world({
    'core/go.mod': 'module example.org/core\n\ngo 1.21\n',
    'core/core.go': 'package core\n\nfunc One() int { return 1 }\n',
    'core/core_test.go': 'package core\n\nimport "testing"\n\nfunc TestOne(t *testing.T) { _ = One() }\n',
    'app/go.mod':
      'module example.org/app\n\ngo 1.21\n\nrequire example.org/core v0.0.0\n\nreplace example.org/core => ../core\n',
    'app/app.go': 'package app\n\nimport "example.org/core"\n\nfunc Two() int { return 2 * core.One() }\n',
    'app/app_test.go':
      'package app\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) {\n\tif Two() != 2 {\n\t\tt.Fatal(Two())\n\t}\n}\n',
    'other/go.mod': 'module example.org/other\n',
    'other/other_test.go': 'package other\n',
  });
  const base = repo.git('rev-parse', 'HEAD');
  const bad = await judge(
    base,
    repo.commit('bad', { 'core/core.go': 'package core\n\nfunc One() int { return 3 }\n' }),
  );
  assert.is(bad.outcome, 'failed');
  assert.match(bad.reasons.join('\n'), /go test \(app\): newly failing: example\.org\/app\.TestTwo/);
  assert.not.ok(bad.checks.some(({ name }) => name.includes('other')));
});

const RUST = {
  'Cargo.toml': '[package]\nname = "sums"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs':
    'pub fn add(a: i64, b: i64) -> i64 {\n    a + b\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), 3);\n    }\n}\n',
};
cargo('cargo test and clippy: passes, breaks by name, complains', async () => {
  const { repo, judge, detected } = world(RUST);
  const base = repo.git('rev-parse', 'HEAD');
  assert.equal(await detected(base), { 'cargo test': 'runnable', 'cargo clippy': 'runnable' });
  const good = await judge(base, repo.commit('good', { 'src/lib.rs': RUST['src/lib.rs'].replace('a + b', 'b + a') }));
  assert.is(good.outcome, 'passed', JSON.stringify(good));
  assert.is(good.evidence, 'tests');
  assert.match(good.reasons.join('\n'), /cargo test: 1 passed/);
  const bad = await judge(
    base,
    repo.commit('bad', { 'src/lib.rs': RUST['src/lib.rs'].replace('a + b', 'return a - b;') }),
  );
  assert.is(bad.outcome, 'failed');
  assert.match(bad.reasons.join('\n'), /newly failing: src\/lib\.rs \(sums\) tests::adds/);
  assert.match(bad.reasons.join('\n'), /cargo clippy: .*unneeded `return`/);
});

cargo('cargo: crates that this machine has not fetched are missing, not broken', async () => {
  const { repo, judge } = world({
    ...RUST,
    'Cargo.toml': `${RUST['Cargo.toml']}[dependencies]\nno-such-crate-anywhere = "1"\n`,
  });
  const base = repo.git('rev-parse', 'HEAD');
  const result = await judge(base, repo.commit('x', { 'src/lib.rs': `${RUST['src/lib.rs']}\n` }));
  assert.is(result.outcome, 'inconclusive', JSON.stringify(result));
  assert.match(result.reasons.join('\n'), /cargo fetch/);
});

make('make test: the runner behind it is read', async () => {
  const { repo, judge } = world({
    Makefile: '.PHONY: test\ntest:\n\tsh run.sh\n',
    'run.sh': 'echo "3 passed in 0.01s"\n',
  });
  const base = repo.git('rev-parse', 'HEAD');
  const fewer = await judge(base, repo.commit('fewer', { 'run.sh': 'echo "2 passed in 0.01s"\n' }));
  assert.is(fewer.outcome, 'failed', JSON.stringify(fewer));
  assert.match(fewer.reasons.join('\n'), /make test: 1 test that passed on the base does not run any more/);
});

const PYTHON = {
  'core/pyproject.toml': '[project]\nname = "core"\n',
  'core/src/core/__init__.py': 'ONE = 1\n',
  'core/tests/test_core.py':
    'import unittest\nfrom core import ONE\n\n\nclass CoreTest(unittest.TestCase):\n    def test_one(self):\n        self.assertTrue(ONE)\n',
  'app/pyproject.toml': '[project]\nname = "app"\ndependencies = ["core"]\n',
  'app/app/__init__.py': 'from core import ONE\n\nTWO = 2 * ONE\n',
  'app/tests/test_app.py':
    'import unittest\nfrom app import TWO\n\n\nclass AppTest(unittest.TestCase):\n    def test_two(self):\n        self.assertEqual(TWO, 2)\n',
};
python('Python projects side by side: in their folders, with the code of their siblings from the slot', async () => {
  const { repo, judge } = world(PYTHON);
  const base = repo.git('rev-parse', 'HEAD');
  const good = await judge(base, repo.commit('good', { 'core/src/core/__init__.py': '# Core.\nONE = 1\n' }));
  assert.is(good.outcome, 'passed', JSON.stringify(good));
  assert.is(good.evidence, 'tests');
  const bad = await judge(base, repo.commit('bad', { 'core/src/core/__init__.py': 'ONE = 3\n' }));
  assert.is(bad.outcome, 'failed', JSON.stringify(bad));
  assert.match(bad.reasons.join('\n'), /unittest \(app\): newly failing: test_two/);
});

const WORKSPACE = {
  'package.json': '{"name": "top", "private": true, "workspaces": ["packages/*"]}\n',
  'packages/a/package.json': '{"name": "a", "version": "1.0.0", "scripts": {"test": "node --test"}}\n',
  'packages/a/a.js': 'exports.one = 1;\n',
  'packages/a/a.test.js': "require('node:test')('a', () => require('node:assert').equal(require('./a.js').one, 1));\n",
  'packages/b/package.json': '{"name": "b", "version": "1.0.0", "scripts": {"test": "node --test"}}\n',
  'packages/b/b.test.js': "require('node:test')('b', () => {});\n",
};
npm('a workspace of npm: the check of the touched package runs in its folder, the other one does not', async () => {
  const { repo, judge } = world(WORKSPACE);
  const base = repo.git('rev-parse', 'HEAD');
  const good = await judge(base, repo.commit('good', { 'packages/a/a.js': "'use strict';\nexports.one = 1;\n" }));
  assert.is(good.outcome, 'passed', JSON.stringify(good));
  assert.equal(
    good.checks.map(({ name }) => name),
    ['npm test (packages/a)'],
  );
  const bad = await judge(base, repo.commit('bad', { 'packages/a/a.js': 'exports.one = 2;\n' }));
  assert.match(bad.reasons.join('\n'), /npm test \(packages\/a\): newly failing: a/);
});

npm("eslint with the repository's own settings", async () => {
  const { repo, judge, detected } = world({
    '.gitignore': 'node_modules\n',
    'package.json': '{"name": "l", "type": "module", "devDependencies": {"eslint": "*"}}\n',
    'eslint.config.js': "export default [{ rules: { 'no-unused-vars': 'error' } }];\n",
    'a.js': 'export const a = 1;\n',
    'b.js': 'const before = 1;\n',
  });
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(repo.dir, 'node_modules'));
  const base = repo.git('rev-parse', 'HEAD');
  assert.equal(await detected(base), { eslint: 'runnable' });
  const result = await judge(base, repo.commit('worse', { 'a.js': 'const unused = 1;\nexport const a = 1;\n' }));
  assert.is(result.outcome, 'failed', JSON.stringify(result));
  assert.match(result.reasons.join('\n'), /newly failing: a\.js: 'unused' is assigned/);
});

function succeedsIn(cwd: string, argv: [string, ...string[]]): void {
  try {
    execFileSync(argv[0], argv.slice(1), { cwd, stdio: 'ignore' });
  } catch {
    // A red test is no matter: what counts is that it was compiled.
  }
}

test.run();
