/** Who can reach what by imports, per language; and that a tree is read once. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readImportGraph, testsNamedAfter } from '../../src/code/index.ts';

const test = suite('code/import-graph');

/** A tree in memory, which counts what is read of it. */
function treeOf(files: Record<string, string>) {
  const read: string[] = [];
  const oid = (text: string) => createHash('sha1').update(text).digest('hex');
  return {
    read: async (path: string) => {
      read.push(path);
      return files[path] ?? null;
    },
    entries: Object.entries(files).map(([path, text]) => ({ path, oid: oid(text) })),
    log: read,
  };
}

const graphOf = (files: Record<string, string>) => readImportGraph(treeOf(files));

/** Each case: files, the file that changes, and who reaches it with which distance. */
const CASES: Array<[string, Record<string, string>, string, Record<string, number>]> = [
  [
    'Python: absolute, from, aliased, several lines, with the packages around',
    {
      'shop/__init__.py': '',
      'shop/cart.py': 'X = 1\n',
      'shop/till.py': 'from shop.cart import (\n    X as Y,  # why\n)\n',
      'tests/test_till.py': 'import shop.till as till, os\n',
      'tests/test_cart.py': 'from shop import cart\n',
      'tests/test_other.py': 'import json\n',
    },
    'shop/cart.py',
    { 'shop/till.py': 1, 'tests/test_cart.py': 1, 'tests/test_till.py': 2 },
  ],
  [
    'Python: relative',
    {
      'a/__init__.py': 'from . import b\n',
      'a/b.py': 'from .c.d import e\n',
      'a/c/__init__.py': '',
      'a/c/d.py': 'from ...a import f\nfrom .. import f\n',
      'a/f.py': '',
    },
    'a/f.py',
    { 'a/c/d.py': 1, 'a/b.py': 2, 'a/__init__.py': 3, 'a/c/__init__.py': 99 },
  ],
  [
    'Python: src layout, a test folder without packages, a plugin, a literal name',
    {
      'pyproject.toml': '',
      'src/shop/__init__.py': '',
      'src/shop/cart.py': '',
      'tests/support.py': 'import shop.cart\n',
      'tests/test_a.py': 'from support import x\n',
      'tests/test_b.py': "import importlib\ncart = importlib.import_module('shop.cart')\n",
      'tests/test_c.py': "pytest_plugins = [\n    'support',\n]\n",
    },
    'src/shop/cart.py',
    { 'tests/support.py': 1, 'tests/test_b.py': 1, 'tests/test_a.py': 2, 'tests/test_c.py': 2 },
  ],
  [
    'Python: conftest.py is loaded by everything below it',
    {
      'a.py': '',
      'tests/conftest.py': 'import a\n',
      'tests/deep/test_x.py': '',
      'other/test_y.py': '',
    },
    'a.py',
    { 'tests/conftest.py': 1, 'tests/deep/test_x.py': 4 },
  ],
  [
    'Python: importing a module runs the package around it',
    { 'p/__init__.py': '', 'p/q.py': '', 'test_q.py': 'import p.q\n' },
    'p/__init__.py',
    { 'p/q.py': 3, 'test_q.py': 3 },
  ],
  [
    'JavaScript: import, export from, require, dynamic, index, endings',
    {
      'src/a.js': '',
      'src/b.ts': "export { a } from './a.js';\n",
      'src/c/index.ts': "const a = require('../b')\n",
      'src/d.tsx': "const c = await import(/* chunk */ './c');\n",
      'test/d.test.tsx': "import d from '../src/d';\n",
      'test/mock.test.ts': "jest.mock('../src/a');\n",
      'test/e.test.ts': "import fs from 'node:fs';\n",
    },
    'src/a.js',
    { 'src/b.ts': 1, 'test/mock.test.ts': 1, 'src/c/index.ts': 2, 'src/d.tsx': 3, 'test/d.test.tsx': 4 },
  ],
  [
    'TypeScript: what is imported as .js is .ts; paths and baseUrl, also extended, with comments',
    {
      'tsconfig.base.json':
        '{ // all\n "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["src/lib/*"], }, } }',
      'web/tsconfig.json': '{ "extends": "../tsconfig.base.json" }',
      'src/lib/x.ts': '',
      'web/a.ts': "import '@lib/x';\n",
      'web/b.ts': "import './a.js';\n",
      'web/c.ts': "import 'src/lib/x';\n",
    },
    'src/lib/x.ts',
    { 'web/a.ts': 1, 'web/c.ts': 1, 'web/b.ts': 2 },
  ],
  [
    'JavaScript: packages of the workspace, what is built, imports of package.json, aliases of bundlers',
    {
      'packages/core/package.json':
        '{"name":"@me/core","exports":{".":{"import":"./dist/main.js"}},"imports":{"#in/*":"./src/in/*.js"}}',
      'packages/core/src/main.ts': "import '#in/deep';\n",
      'packages/core/src/in/deep.ts': '',
      'packages/app/package.json': '{"name":"app"}',
      'packages/app/src/run.ts': "import core from '@me/core';\n",
      'packages/app/test/run.test.ts': "import '@/run';\n",
    },
    'packages/core/src/in/deep.ts',
    { 'packages/core/src/main.ts': 1, 'packages/app/src/run.ts': 2, 'packages/app/test/run.test.ts': 3 },
  ],
  [
    'Go: a package is its folder',
    {
      'go.mod': 'module example.org/m\n',
      'a/a.go': 'package a\n',
      'a/more.go': 'package a\n',
      'a/a_test.go': 'package a\n',
      'b/b.go': 'package b\n\nimport (\n\t"fmt"\n\talias "example.org/m/a"\n)\n',
      'b/b_test.go': 'package b\n',
      'c/c_test.go': 'package c\n\nimport "fmt"\n',
    },
    'a/a.go',
    { 'a/more.go': 1, 'a/a_test.go': 1, 'b/b.go': 1, 'b/b_test.go': 2 },
  ],
];

for (const [what, files, changed, expected] of CASES)
  test(what, async () => {
    const found = Object.fromEntries((await graphOf(files)).importersOf([changed]));
    for (const [path, distance] of Object.entries(expected)) {
      if (distance === 99) assert.ok((found[path] ?? 99) > 2, `${path} is at ${found[path]}`);
      else assert.is(found[path], distance, `${path} in ${JSON.stringify(found)}`);
    }
    for (const path of Object.keys(files))
      if (path !== changed && !(path in expected)) assert.is(found[path], undefined, `${path} does not reach it`);
  });

test('what loads by a computed name, or starts programs, is open, with all that reach it', async () => {
  const graph = await graphOf({
    'a.py': 'import subprocess\n',
    'b.py': 'import a\n',
    'c.py': 'x = __import__(name)\n',
    'd.py': 'import json\n',
    'e.js': 'require(name)\n',
    'f.mjs': `import(\`./x/\${name}.js\`)\n`,
    'g.ts': "import { spawn } from 'node:child_process';\n",
    'h.ts': "import './x.js'; import(`./x.js`);\n",
    'i.go': 'package i\n\nimport "os/exec"\n',
  });
  assert.equal([...graph.open].sort(), ['a.py', 'b.py', 'c.py', 'e.js', 'f.mjs', 'g.ts', 'i.go']);
  assert.ok(graph.has('d.py'));
  assert.not.ok(graph.has('README.md'));
});

test('circles end', async () => {
  const graph = await graphOf({ 'a.py': 'import b\n', 'b.py': 'import c\n', 'c.py': 'import a\n' });
  assert.equal(Object.fromEntries(graph.importersOf(['a.py'])), { 'a.py': 0, 'c.py': 1, 'b.py': 2 });
});

test('what was read for one tree is not read for the next; a cut cache is read anew', async () => {
  let kept: unknown;
  const cache = {
    get: async () => kept,
    put: async (_key: string, value: unknown) => {
      kept = value;
    },
  };
  const first = treeOf({ 'a.py': 'import b\n', 'b.py': '' });
  await readImportGraph(first, cache);
  assert.equal(first.log, ['a.py', 'b.py']);
  const second = treeOf({ 'a.py': 'import b\n', 'b.py': 'import c\n', 'c.py': '' });
  assert.ok((await readImportGraph(second, cache)).importersOf(['b.py']).has('a.py'));
  assert.equal(second.log, ['b.py'], 'c.py is as b.py was');
  for (const cut of [null, 'text', { x: 1 }, [3]]) {
    kept = cut;
    const again = treeOf({ 'a.py': 'import b\n', 'b.py': '' });
    assert.ok((await readImportGraph(again, cache)).importersOf(['b.py']).has('a.py'));
  }
});

test('vendored code and installed packages are no part of it', async () => {
  const files = { 'node_modules/x/i.js': "require('../../a')\n", 'vendor/y/y.go': 'package y\n', 'a.js': '' };
  assert.equal([...(await graphOf(files)).importersOf(['a.js']).keys()], ['a.js']);
});

test('tests are found by their names', () => {
  const tests = [
    'tests/test_search.py',
    'web/search.test.ts',
    'pkg/search_test.go',
    'tests/test_cart.py',
    'spec/Search.spec.js',
  ];
  assert.equal(testsNamedAfter('shop/search.py', tests), ['tests/test_search.py']);
  assert.equal(testsNamedAfter('web/Search.tsx', tests), ['web/search.test.ts', 'spec/Search.spec.js']);
  assert.equal(testsNamedAfter('pkg/search.go', tests), ['pkg/search_test.go']);
  assert.equal(testsNamedAfter('shop/__init__.py', tests), []);
  assert.equal(testsNamedAfter('tests/test_cart.py', tests), ['tests/test_cart.py']);
});

test.run();
