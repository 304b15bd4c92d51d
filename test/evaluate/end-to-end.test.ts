/** Real git, real sandbox, real test runners: from two commits to a verdict. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tellsTouched } from '../../src/git/slot-manifest.ts';
import { driver, needs, succeeds, world } from './world.ts';

const test = suite('evaluate/end-to-end');
const probe = await driver.probe();
const hasPytest = succeeds(['python3', '-c', 'import pytest']);
const sandboxed = needs(test, probe.ok, `sandbox: ${probe.ok ? '' : probe.reason}`);
const withPytest = needs(test, probe.ok && hasPytest, 'pytest in a sandbox', false);
const npm = needs(test, probe.ok && succeeds(['npm', '--version']), 'npm in a sandbox', false);

const APP = 'def add(a, b):\n    return a + b\n';
const UNITTEST = {
  'app.py': APP,
  'tests/test_app.py':
    'import unittest\nfrom app import add\n\n\nclass AddTest(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n\n    def test_type(self):\n        self.assertIsInstance(add(1, 2), int)\n',
};

sandboxed('unittest: a good change passes with tests as evidence, the base runs once', async () => {
  const { repo, judge, runs } = world(UNITTEST);
  const base = repo.git('rev-parse', 'HEAD');
  const good = repo.commit('good', { 'app.py': 'def add(a, b):\n    """Add."""\n    return b + a\n' });
  const result = await judge(base, good);
  assert.is(result.outcome, 'passed', JSON.stringify(result));
  assert.is(result.evidence, 'tests');
  assert.match(result.reasons.join('\n'), /unittest: 2 passed/);
  const before = runs.filter((argv) => argv.includes('discover')).length;
  await judge(base, good);
  assert.is(before, 2);
  assert.is(runs.filter((argv) => argv.includes('discover')).length, 2, 'what passed is known');
});

sandboxed('unittest: a breaking change fails by name, a deleted test is refused, a skipped one too', async () => {
  const { repo, judge } = world(UNITTEST);
  const base = repo.git('rev-parse', 'HEAD');
  const bad = repo.commit('bad', { 'app.py': APP.replace('a + b', 'a - b') });
  const broken = await judge(base, bad);
  assert.is(broken.outcome, 'failed');
  assert.match(broken.reasons.join('\n'), /newly failing: test_add/);
  repo.git('reset', '-q', '--hard', base);
  const text = UNITTEST['tests/test_app.py'];
  const deleted = repo.commit('deleted', { 'tests/test_app.py': text.slice(0, text.indexOf('\n    def test_type')) });
  assert.match((await judge(base, deleted)).reasons.join('\n'), /removes 1 test/);
  repo.git('reset', '-q', '--hard', base);
  // A way that no pattern knows: the run itself shows it.
  const hidden = repo.commit('hidden', {
    'tests/test_app.py': `${text}\nfor name in list(vars(AddTest)):\n    if name.endswith("type"):\n        delattr(AddTest, name)\n`,
  });
  const gone = await judge(base, hidden);
  assert.is(gone.outcome, 'failed');
  assert.match(gone.reasons.join('\n'), /1 test that passed on the base does not run any more: test_type/);
});

sandboxed('unittest: too slow is inconclusive; what it leaves behind is gone at the next run', async () => {
  const { repo, judge, slotsDir } = world(UNITTEST);
  const base = repo.git('rev-parse', 'HEAD');
  const slow = repo.commit('slow', { 'app.py': `import time\nopen("left", "w")\ntime.sleep(60)\n${APP}` });
  const result = await judge(base, slow, 3);
  assert.is(result.outcome, 'inconclusive', JSON.stringify(result));
  assert.match(result.reasons.join('\n'), /timed out/);
  await judge(base, base, 60);
  const slots = readdirSync(slotsDir).filter((name) => /^\d+$/.test(name));
  // Where changes cannot be told, the slot is made anew by its next user.
  if (await tellsTouched(slotsDir)) assert.ok(slots.some((name) => existsSync(join(slotsDir, name, 'app.py'))));
  assert.not.ok(slots.some((name) => existsSync(join(slotsDir, name, 'left'))));
  assert.equal(
    readdirSync(slotsDir).filter((name) => name.includes('.lock')),
    [],
  );
});

const PYTEST = {
  'src/app.py': APP,
  'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  'tests/test_app.py':
    'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n\n\ndef test_red():\n    assert add(1, 1) == 3\n',
};

withPytest('pytest: red before is not blamed, newly red is; the slot is what is tested', async () => {
  const { repo, judge, detected } = world(PYTEST);
  const base = repo.git('rev-parse', 'HEAD');
  assert.equal(await detected(base), { pytest: 'runnable' });
  const good = repo.commit('good', { 'src/app.py': `${APP}\n\n` });
  const passed = await judge(base, good);
  assert.is(passed.outcome, 'passed', JSON.stringify(passed));
  assert.is(passed.evidence, 'tests');
  assert.match(passed.reasons.join('\n'), /1 failure on the base too/);
  // The worktree holds the good text all the while: only the slot can show this one.
  const bad = repo.commit('bad', { 'src/app.py': APP.replace('a + b', 'a + b + 1') });
  repo.git('reset', '-q', '--hard', good);
  const failed = await judge(base, bad);
  assert.is(failed.outcome, 'failed');
  assert.match(failed.reasons.join('\n'), /newly failing: tests.test_app::test_add/);
});

withPytest('pytest: a report that a test plants is not read', async () => {
  const { repo, judge } = world(PYTEST);
  const base = repo.git('rev-parse', 'HEAD');
  const forged = '<testsuites><testcase classname="tests.test_app" name="test_add"/></testsuites>';
  const cheat = `import glob, os\nfor path in glob.glob(".ambient-report-*"):\n    os.remove(path); os.symlink("/etc/passwd", path)\n${APP}raise ImportError("gone")\n`;
  const result = await judge(base, repo.commit('cheat', { 'src/app.py': cheat, '.ambient-report.xml': forged }));
  assert.is(result.outcome, 'failed', JSON.stringify(result));
});

const NODE = {
  'package.json': '{"name": "sum", "version": "1.0.0", "scripts": {"test": "node --test test/"}}\n',
  'sum.js': 'exports.sum = (a, b) => a + b;\n',
  'test/sum.test.js':
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst { sum } = require('../sum.js');\ntest('adds', () => assert.equal(sum(1, 2), 3));\ntest('adds nothing', () => assert.equal(sum(1, 0), 1));\n",
};
npm('npm test: passes, breaks, and says which test', async () => {
  const { repo, judge } = world(NODE);
  const base = repo.git('rev-parse', 'HEAD');
  const good = repo.commit('good', { 'sum.js': "'use strict';\nexports.sum = (a, b) => a + b;\n" });
  const passed = await judge(base, good);
  assert.is(passed.outcome, 'passed', JSON.stringify(passed));
  assert.match(passed.reasons.join('\n'), /npm test: 2 passed/);
  const bad = repo.commit('bad', { 'sum.js': 'exports.sum = (a, b) => a * b;\n' });
  const failed = await judge(base, bad);
  assert.is(failed.outcome, 'failed');
  assert.match(failed.reasons.join('\n'), /newly failing: adds, adds nothing/);
});

npm('npm test: dependencies of the worktree are there, read-only, and nothing of them is written', async () => {
  const { repo, judge } = world({
    ...NODE,
    '.gitignore': 'node_modules\n',
    'sum.js': "exports.sum = require('plus');\n",
  });
  const modules = join(repo.dir, 'node_modules', 'plus');
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, 'index.js'), 'module.exports = (a, b) => a + b;\n');
  const base = repo.git('rev-parse', 'HEAD');
  const plant =
    "try { require('fs').writeFileSync(require.resolve('plus'), '') } catch {}\nexports.sum = require('plus');\n";
  const result = await judge(base, repo.commit('plants', { 'sum.js': plant }));
  assert.is(result.outcome, 'passed', JSON.stringify(result));
  assert.match(readFileSync(join(modules, 'index.js'), 'utf8'), /a \+ b/);
});

sandboxed('a virtual environment of the worktree is used', async () => {
  const files = { ...UNITTEST, '.gitignore': '.venv\n', 'app.py': `import only_there\n${APP}` };
  const { repo, detected, judge } = world(files);
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(repo.dir, '.venv')]);
  const [version = ''] = readdirSync(join(repo.dir, '.venv', 'lib'));
  writeFileSync(join(repo.dir, '.venv', 'lib', version, 'site-packages', 'only_there.py'), '');
  const base = repo.git('rev-parse', 'HEAD');
  assert.equal(await detected(base), { unittest: 'runnable' });
  const result = await judge(base, repo.commit('same', { 'README.md': 'hi\n' }));
  assert.is(result.outcome, 'passed', JSON.stringify(result));
  assert.is(result.evidence, 'tests');
});

sandboxed('a repository without checks opens no sandbox; a link out of the tree is not followed', async () => {
  const { repo, detected, runs } = world({ 'README.md': 'hello\n' });
  symlinkSync('/etc', join(repo.dir, 'node_modules'));
  assert.equal(await detected(repo.git('rev-parse', 'HEAD')), {});
  assert.equal(runs, []);
});

test.run();
