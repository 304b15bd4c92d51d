/** The tools that checks are made of, in a sandbox; one that this machine lacks is skipped, and said. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bubblewrap, limitsFrom } from '../../src/sandbox/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('sandbox/tools');
const works = (...argv: string[]) => spawnSync(argv[0] ?? '', argv.slice(1)).status === 0;
const isolated = works('bwrap', '--version') || process.env['CI'] === 'true';
const write = (dir: string, files: Record<string, string>) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

const PYTHON = {
  'calc.py': 'def add(a, b):\n    return a + b\n',
  'test_calc.py': 'from calc import add\n\ndef test_add(tmp_path):\n    assert add(1, 2) == 3\n',
};
const NODE = {
  'package.json': '{"scripts": {"test": "node --test"}}',
  'a.test.js': "require('node:test')('adds', () => {});\n",
};
const UNIT = {
  'test_unit.py': 'import unittest\nclass T(unittest.TestCase):\n    def test_x(self): self.assertEqual(1, 1)\n',
};
const MAKE = { Makefile: 'test:\n\tpython3 -c "print(40 + 2)"\n' };
const CASES: Array<[argv: string[], probe: string[], files: Record<string, string>, output: RegExp]> = [
  [['pytest', '-q'], ['pytest', '--version'], PYTHON, /1 passed/],
  [['python3', '-m', 'pytest', '-q'], ['pytest', '--version'], PYTHON, /1 passed/],
  [['python3', '-m', 'unittest'], ['python3', '--version'], UNIT, /OK/],
  [['node', '--test'], ['node', '--version'], NODE, /pass 1/],
  [['npm', 'test'], ['npm', '--version'], NODE, /pass 1/],
  [['make', 'test'], ['make', '--version'], MAKE, /42/],
];
for (const [argv, probe, files, output] of CASES) {
  const check = isolated && works(...probe) ? test : test.skip;
  check(argv.join(' '), async () => {
    const dir = temporaryDirectory();
    write(dir, files);
    const result = await bubblewrap().run({ argv, dir, limits: limitsFrom({ timeout_seconds: 60 }) });
    assert.is(result.code, 0, JSON.stringify(result));
    assert.match(result.stdout + result.stderr, output);
  });
}

const check = isolated ? test : test.skip;
check("a repository's own tool comes from the dependencies that are mounted, not from the tree", async () => {
  const [dir, main] = [temporaryDirectory(), temporaryDirectory()];
  const tool = (text: string) => ({ 'node_modules/.bin/own-tool': `#!/bin/sh\necho ${text}\n` });
  write(main, tool('mounted'));
  spawnSync('chmod', ['+x', join(main, 'node_modules/.bin/own-tool')]);
  const readOnly = [{ path: join(main, 'node_modules'), at: join(dir, 'node_modules') }];
  mkdirSync(join(dir, 'node_modules'));
  const result = await bubblewrap().run({ argv: ['own-tool'], dir, readOnly, limits: limitsFrom() });
  assert.is(result.stdout, 'mounted\n', JSON.stringify(result));
});

test.run();
