/** Tests that really are random, in a real sandbox; and checks that really run on a part of their tests. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driver, needs, succeeds, type World, world } from './world.ts';

const test = suite('evaluate/flakes-end-to-end');
const probe = await driver.probe();
const withPytest = needs(test, probe.ok && succeeds(['python3', '-c', 'import pytest']), 'pytest in a sandbox', false);
const withNpm = needs(test, probe.ok && succeeds(['npm', '--version']), 'npm in a sandbox', false);
const withPython = needs(test, probe.ok, 'sandbox');
const withGo = needs(test, probe.ok && succeeds(['go', 'version']), 'go in a sandbox', false);

const PYTHON = {
  'pytest.ini': '[pytest]\n',
  'app.py': 'def add(a, b):\n    return a + b\n\n\ndef odds():\n    return 77\n',
  'tests/test_add.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n',
  'tests/test_odds.py':
    'import os\n\nfrom app import odds\n\n\ndef test_odds():\n    assert os.urandom(1)[0] >= odds()\n\n\ndef test_sign():\n    assert odds() >= 0\n',
};
const NODE = {
  'package.json': '{"name":"a","type":"module","scripts":{"test":"node --test"}}\n',
  'app.js': 'export const add = (a, b) => a + b;\nexport const odds = () => 77;\n',
  'test/add.test.js':
    "import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { add } from '../app.js';\n\ntest('add', () => assert.equal(add(1, 2), 3));\n",
  'test/odds.test.js':
    "import assert from 'node:assert';\nimport { randomBytes } from 'node:crypto';\nimport { test } from 'node:test';\nimport { odds } from '../app.js';\n\ntest('odds', () => assert.ok(randomBytes(1)[0] >= odds()));\ntest('sign', () => assert.ok(odds() >= 0));\n",
};

/** Commits on top of `base`, one beside the other. */
function change({ repo }: World, base: string, path: string, from: string, to: string): string {
  repo.git('reset', '-q', '--hard', base);
  const before = repo.git('show', `${base}:${path}`);
  assert.ok(before.includes(from));
  return repo.commit(`${from} → ${to}`, { [path]: `${before.replace(from, to)}\n` });
}

/** Beside a test that fails 30 % of the time. */
async function judged(files: Record<string, string>, path: string) {
  const place = world(files);
  const base = place.repo.git('rev-parse', 'HEAD');
  const breaking = await place.judge(base, change(place, base, path, 'a + b', 'a - b'));
  assert.is(breaking.outcome, 'failed', JSON.stringify(breaking));
  // By chance one good change in fifty is refused: three in a row are not.
  const outcomes: string[] = [];
  for (const sum of ['b + a', '+a + b', 'a + +b']) {
    const good = await place.judge(base, change(place, base, path, 'a + b', sum));
    outcomes.push(good.outcome);
    if (good.outcome === 'passed') break;
  }
  assert.ok(outcomes.includes('passed'), outcomes.join(' '));
}

withPytest('pytest: a flaky test hides no break of another and costs no good change', () => judged(PYTHON, 'app.py'));
withNpm('node: a flaky test hides no break of another and costs no good change', () => judged(NODE, 'app.js'));

withPytest('pytest: a flaky test that fails always from now on is not excused', async () => {
  const place = world(PYTHON);
  const base = place.repo.git('rev-parse', 'HEAD');
  const always = await place.judge(base, change(place, base, 'app.py', '77', '256'));
  assert.is.not(always.outcome, 'passed', JSON.stringify(always));
});

/** Runs one check on some files, and returns what it names. */
async function narrowed(files: Record<string, string>, name: string, tests: string[]): Promise<Record<string, string>> {
  const { repo, checks } = world(files);
  return checks(repo.git('rev-parse', 'HEAD'), async (all, tree) => {
    const check = all.find((one) => one.name === name);
    const narrow = await check?.narrow?.(tests);
    assert.ok(narrow, `${name} can be narrowed`);
    assert.is.not(narrow.digest, check?.digest);
    const whole = await check?.judge(tree, {});
    const part = await narrow.judge(tree, {});
    for (const id of Object.keys(part.tests)) assert.ok(whole && id in whole.tests, `${id} is named as in the whole`);
    assert.ok(Object.keys(whole?.tests ?? {}).length > Object.keys(part.tests).length);
    return part.tests;
  });
}

withPytest('pytest on one file', async () => {
  assert.equal(await narrowed(PYTHON, 'pytest', ['tests/test_add.py']), { 'tests.test_add::test_add': 'passed' });
});

withNpm('node --test on one file', async () => {
  assert.equal(await narrowed(NODE, 'npm test', ['test/add.test.js']), { add: 'passed' });
});

withPython('unittest on one file, with and without packages', async () => {
  const text = (name: string) =>
    `import unittest\n\n\nclass ${name}(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(True)\n`;
  const plain = { 'tests/test_a.py': text('A'), 'tests/test_b.py': text('B') };
  assert.equal(Object.values(await narrowed(plain, 'unittest', ['tests/test_a.py'])), ['passed']);
  const packaged = { ...plain, 'tests/__init__.py': '' };
  assert.equal(Object.values(await narrowed(packaged, 'unittest', ['tests/test_a.py'])), ['passed']);
});

withGo('go test on one package', async () => {
  const file = (name: string) => `package ${name}\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n`;
  const files = {
    'go.mod': 'module example.org/m\n\ngo 1.18\n',
    ...{ 'a/a.go': 'package a\n', 'a/a_test.go': file('a'), 'b/b.go': 'package b\n', 'b/b_test.go': file('b') },
  };
  assert.equal(await narrowed(files, 'go test', ['a/a_test.go']), { 'example.org/m/a.TestIt': 'passed' });
});

test.run();
