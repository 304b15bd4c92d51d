/** The style rules for JavaScript beyond their examples: what is edited, what is only reported, when they are silent. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSpecialist } from '../../src/specialists/index.ts';
import { checkEdits, found, mended, rulesFound } from './javascript-support.ts';

const specialist = await loadSpecialist('StyleEnforcer');
const rules = specialist.rules.filter(({ id }) => id.startsWith('javascript/'));
const test = suite('specialists/javascript-style');

for (const rule of rules.filter(({ fixable }) => fixable))
  test(`${rule.id}: after its edits the file parses and nothing new is found`, async () => {
    const { path, before } = rule.example;
    assert.is.not(await checkEdits(specialist, path, before), 0);
    assert.is.not(await checkEdits(specialist, path, `// é 漢字 😀\r\n${before.replaceAll('\n', '\r\n')}`), 0);
  });

const UNUSED = 'javascript/unused-import';
const use = '\nexport const x = [a, e];\n';

test('unused imports: the kept names stay in their layout', async () => {
  const cases: Array<[string, string]> = [
    ["import { a, b, e } from 'm';", "import { a, e } from 'm';"],
    ["import { b, a, e } from 'm';", "import { a, e } from 'm';"],
    ["import { a, e, b } from 'm';", "import { a, e } from 'm';"],
    ["import {a, e, b} from 'm'", "import {a, e} from 'm'"],
    ["import {\n  a,\n  b,\n  c,\n  e,\n} from 'm';", "import {\n  a,\n  e,\n} from 'm';"],
    ["import {\n  b,\n  a,\n  e,\n} from 'm';", "import {\n  a,\n  e,\n} from 'm';"],
    ["import e, { a, b } from 'm';", "import e, { a } from 'm';"],
    ["import a, { b } from 'm';\nimport e from 'e';", "import a from 'm';\nimport e from 'e';"],
    ["import b, { a, e } from 'm';", "import { a, e } from 'm';"],
    ["import b, * as a from 'm';\nimport e from 'e';", "import * as a from 'm';\nimport e from 'e';"],
    ["import { a, x as b, e as e } from 'm';", "import { a, e as e } from 'm';"],
    ["import fs from 'node:fs';\nimport { a, e } from 'm';", "import { a, e } from 'm';"],
  ];
  for (const [before, after] of cases) {
    assert.is(await mended(specialist, UNUSED, 'src/a.js', before + use), after + use);
    await checkEdits(specialist, 'src/a.js', before + use);
  }
  const typed = "import type { T, U } from './t';\nimport { type V, a, e } from 'm';\n";
  assert.is(await mended(specialist, UNUSED, 'src/a.ts', typed + use), `import { a, e } from 'm';\n${use}`);
});

test('unused imports: reported only where the module may act by being loaded, or a comment would go', async () => {
  const heads = [
    "import b from './register.js';",
    "import { b } from 'polyfill';",
    "import { b, a as c /* why */ } from 'm';\nc();",
  ];
  for (const head of heads) {
    const text = `${head}\nexport const y = 1;\n`;
    assert.equal(await rulesFound(specialist, 'src/a.js', text), [UNUSED], text);
    assert.is(await mended(specialist, UNUSED, 'src/a.js', text), text);
  }
  const only = "import fs from 'fs';\nlet shared = 1;\n";
  assert.is(await mended(specialist, UNUSED, 'src/a.ts', only), only);
});

test('unused imports: names used in types, JSX, decorators and documentation are used', async () => {
  const texts: Array<[string, string]> = [
    [
      'src/a.ts',
      "import { A, B, C, D } from 'm';\nexport interface I extends A {\n  b: B.Inner;\n}\nexport const f = <T extends C>(x: T) => x satisfies D;\n",
    ],
    ['src/a.tsx', "import { Box, Menu } from 'ui';\nexport const f = () => <Menu.Item><Box /></Menu.Item>;\n"],
    ['src/a.jsx', "import { Box, Menu } from 'ui';\nexport const f = () => <Menu.Item><Box /></Menu.Item>;\n"],
    ['src/b.tsx', "import { h, Fragment } from 'preact';\nexport const f = () => <><p /></>;\n"],
    ['src/b.ts', "import { Injectable } from 'm';\n@Injectable()\nexport class A {}\n"],
    ['src/c.ts', "import { A } from 'm';\n/** See {@link A}. */\nexport const x = 1;\n"],
    ['src/d.ts', "import { A } from 'm';\nexport default A;\n"],
  ];
  for (const [path, text] of texts) assert.equal(await rulesFound(specialist, path, text), [], text);
});

const VAR = 'javascript/no-var';
const modern = 'const a = 1;\nconst b = 2;\nlet c = 3;\nc += a + b;\nexport { c };\n';

test('var: becomes const when nothing assigns it, else let, with the rest of the line as it is', async () => {
  const before = `${modern}export const f = () => {\n  var list = [1], n = 0; // keep\n  n += list.length;\n  return n;\n};\n`;
  assert.is(await mended(specialist, VAR, 'src/a.js', before), before.replace('var', 'let'));
  const constant = `${modern}var table = {\n  a: 1,\n};\nexport const f = () => table.a;\n`;
  assert.is(await mended(specialist, VAR, 'src/a.js', constant), constant.replace('var', 'const'));
  await checkEdits(specialist, 'src/a.js', constant);
});

test('var: left alone where its hoisting may be seen', async () => {
  const texts = [
    'start();\nvar ready = 1;\nfunction start() {\n  return ready;\n}\n',
    'use(ready);\nvar ready = 1;\n',
    'var ready = 1;\nvar ready = 2;\n',
    'for (const x of [1]) {\n  var last;\n  if (x) last = x;\n  use(last);\n}\n',
    'for (const x of [1]) {\n  var last = x;\n}\nuse(last);\n',
    'switch (a) {\n  case 1:\n    var last = 1;\n}\nuse(last);\n',
  ];
  for (const text of texts) assert.equal(await rulesFound(specialist, 'src/a.js', modern + text), [], text);
  const script = 'const a = 1;\nconst b = 1;\nconst c = 1;\nvar app = a + b + c;\n';
  assert.equal(await rulesFound(specialist, 'public/app.js', script), []);
});

test('a repository with a linter of its own hears of defects only', async () => {
  const text =
    "import { b } from 'node:fs';\nexport const f = (x) => {\n  let y = x;\n  if (!!y) throw Error('no');\n  debugger;\n};\n";
  const all = [UNUSED, 'javascript/prefer-const', 'javascript/needless-boolean-cast', 'javascript/throw-new-error'];
  const defects = [UNUSED, 'javascript/debugger-statement'];
  assert.equal(
    (await rulesFound(specialist, 'src/a.js', text)).sort(),
    [...all, 'javascript/debugger-statement'].sort(),
  );
  for (const tool of ['eslint', 'biome'])
    assert.equal((await rulesFound(specialist, 'src/a.js', text, { tools: [tool] })).sort(), defects.sort());
  assert.equal(await rulesFound(specialist, 'src/a.js', text, { ignoredRules: ['no-debugger'], tools: ['eslint'] }), [
    UNUSED,
  ]);
});

test('tests, suppressed lines and files are left alone', async () => {
  const text = 'export const f = (x) => {\n  let y = x;\n  return y;\n};\n';
  assert.equal(await rulesFound(specialist, 'src/a.js', text), ['javascript/prefer-const']);
  assert.equal(await rulesFound(specialist, 'src/a.test.js', text, {}, true), []);
  assert.equal(await rulesFound(specialist, 'src/a.js', `/* eslint-disable prefer-const */\n${text}`), []);
  assert.equal(
    await rulesFound(specialist, 'src/a.js', text.replace('  let', '  // biome-ignore lint/style/useConst: x\n  let')),
    [],
  );
});

test('an edit that would lose a comment is not offered', async () => {
  const text = 'export const f = (x) => (x === 1 /* first */ ? true : false);\n';
  assert.equal(
    (await found(specialist, 'src/a.js', text)).flatMap((one) => one.edits),
    [],
  );
});

test('each module system and dialect parses; what does not is skipped with its line', async () => {
  const dialects: Array<[string, string]> = [
    [
      'bin/a.js',
      "#!/usr/bin/env node\n'use strict';\nif (process.argv[2]) return;\nexports.f = 010 > 7;\n".replace('010', '8'),
    ],
    ['src/a.js', "const pkg = await load();\nconst text = `\nimport x from 'y';\n`;\nuse(pkg, text);\n"],
    ['src/b.mts', 'export const f = <T,>(x: T): T => x;\n'],
    ['src/c.cts', "import fs = require('fs');\nexport = fs;\n"],
    ['src/d.jsx', 'export const f = () => <p>{1}</p>;\n'],
  ];
  const probe = 'export const unused = 1; { let never = 1; use(never); }\n';
  for (const [path, text] of dialects) await found(specialist, path, text);
  assert.equal(await rulesFound(specialist, 'src/e.mjs', probe), ['javascript/prefer-const']);
  const file = {
    path: 'src/a.ts',
    blob: 'b'.repeat(40),
    text: 'let a = 1;\nlet = = 2;\n',
    language: 'typescript',
    test: false,
  } as const;
  const options = { conventions: { python: null, esm: false, tools: [], ignoredRules: [] }, settings: {} };
  const { found: none, skipped } = await specialist.diagnose([file], options);
  assert.equal(none, []);
  assert.equal(skipped, [{ path: 'src/a.ts', reason: 'syntax error on line 2' }]);
});

test.run();
