/** How names are declared and imported. Rule: the scope analysis must prove that nothing observes the change. */
import type { Match, RuleImpl } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { lint, lintText, sourceType } from './javascript-eslint.ts';
import { fromEslint, hasLinter, match } from './javascript-rule.ts';

/** Is every name of the file private to it? In a plain browser script another file may assign them. */
function isModule(file: SourceFile): boolean {
  if (sourceType(file.path, file.text) === 'module' || file.path.endsWith('.cjs')) return true;
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(file.text);
}

/** Text that `eval` or `with` runs reads and sets names that no analysis sees. */
function hasFixedScopes({ text }: SourceFile): boolean {
  return !/\beval\s*\(|\bwith\s*\(/.test(text);
}

const unusedImport = fromEslint({
  eslint: 'ambient/unused-import',
  kind: 'defect',
  id: 'javascript/unused-import',
  title: 'Remove unused imports',
  rationale:
    "A name that is imported and never used makes readers and bundlers follow a dependency that is not there. Names are removed from a declaration that stays, and whole declarations of types and of Node's own modules, which do nothing by being loaded. Where a whole declaration would go and its module may act by being loaded, the finding is only reported. Imports without names, names that JSX needs, and names that a comment mentions (documentation types) are left alone.",
  aliases: [
    'no-unused-vars',
    '@typescript-eslint/no-unused-vars',
    'unused-imports/no-unused-imports',
    'lint/correctness/noUnusedImports',
  ],
  trigger: /\bimport\b/,
  only: (_message, file) => hasFixedScopes(file),
  example: {
    path: 'src/read.ts',
    before: "import { readFile, writeFile } from './files';\n\nexport const read = () => readFile('a');\n",
    after: "import { readFile } from './files';\n\nexport const read = () => readFile('a');\n",
  },
  lookAlikes: [
    {
      path: 'src/a.ts',
      text: "import './polyfill';\nimport type { User } from './user';\n\nexport const name = (user: User) => user.name;\n",
    },
    {
      path: 'src/b.tsx',
      text: "import React from 'react';\nimport { Box } from './box';\n\nexport const page = () => <Box />;\n",
    },
    {
      path: 'src/c.js',
      text: "import { User } from './user.js';\n\n/** @param {User} user */\nexport const name = (user) => user.name;\n",
    },
    { path: 'src/d.ts', text: "import { read } from './read';\n\nexport { read };\n" },
    {
      path: 'src/e.ts',
      text: "// @ts-expect-error no types\nimport { a, b } from 'untyped';\n\nexport const c = a;\n",
    },
    { path: 'src/f.ts', text: "import { Shape } from './shape';\n\nexport const shapes: Array<typeof Shape> = [];\n" },
  ],
});

const preferConst = fromEslint({
  eslint: 'prefer-const',
  kind: 'taste',
  id: 'javascript/prefer-const',
  title: 'Declare what never changes with const',
  rationale:
    '`const` tells the reader that a name keeps its value. The scope analysis shows that no assignment follows, so `let` becomes `const`. Declarations of several names of which one changes, names that are assigned after their declaration, scripts whose names other files can reach, and files whose habit is `let` are left alone.',
  aliases: ['lint/style/useConst'],
  trigger: /\blet\b/,
  only: (_message, file) => isModule(file) && hasFixedScopes(file) && usesConst(file.text),
  example: {
    path: 'src/area.js',
    before: 'export function area(r) {\n  let square = r * r;\n  return Math.PI * square;\n}\n',
    after: 'export function area(r) {\n  const square = r * r;\n  return Math.PI * square;\n}\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export let count = 0;\nexport const next = () => ++count;\n' },
    { path: 'src/b.js', text: 'let { a, b } = require("./pair");\nb += a;\nmodule.exports = b;\n' },
    { path: 'src/c.js', text: 'let shared = 1;\nconsole.log(shared);\n' },
    {
      path: 'src/g.js',
      text: 'const fs = require("fs");\n\nexports.read = (name) => {\n  let path = name + ".txt";\n  let text = fs.readFileSync(path);\n  return text;\n};\n',
    },
    { path: 'src/f.js', text: 'let count = 1;\neval("count = 2");\nmodule.exports = count;\n' },
    {
      path: 'src/d.ts',
      text: 'let last: string;\nif (process.argv[2]) last = "a";\nelse last = "b";\nexport { last };\n',
    },
    {
      path: 'src/e.js',
      text: '// eslint-disable-next-line prefer-const\nlet fixed = require("./fixed");\nmodule.exports = fixed;\n',
    },
  ],
  message: 'The name is declared with let and never changes.',
});

const noVar: RuleImpl = {
  id: 'javascript/no-var',
  languages: ['javascript', 'typescript'],
  severity: 'low',
  title: 'Declare with const or let',
  rationale:
    '`var` is visible in the whole function and before its own line. In a file that declares its names with `let` and `const` as well it is a leftover: it becomes `const`, or `let` where an assignment follows. The scope analysis must show that no use stands before the declaration, outside its block, in a function that is hoisted, or across the rounds of a loop. Old scripts, and files that use `var` nearly throughout, are left alone.',
  fixable: true,
  aliases: ['no-var', 'lint/suspicious/noVar', 'vars-on-top'],
  trigger: /\bvar\b/,
  example: {
    path: 'src/sum.js',
    before:
      'const zero = 0;\n\nexport function sum(list) {\n  var total = zero;\n  const size = list.length;\n  for (let i = 0; i < size; i += 1) total += list[i];\n  return total;\n}\n',
    after:
      'const zero = 0;\n\nexport function sum(list) {\n  let total = zero;\n  const size = list.length;\n  for (let i = 0; i < size; i += 1) total += list[i];\n  return total;\n}\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: "var fs = require('fs');\n\nmodule.exports = fs;\n" },
    {
      path: 'src/b.js',
      text: 'export const a = 1;\nexport const b = 1;\nexport const c = 1;\nstart();\nvar ready = true;\nfunction start() {\n  return ready;\n}\n',
    },
    {
      path: 'src/c.js',
      text: 'const a = 1;\nconst b = 1;\nconst c = 1;\nexport function f(x) {\n  if (x) {\n    var y = 1;\n  }\n  return y;\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'const a = 1;\nconst b = 1;\nexport const f = () => {\n  for (var i = 0; i < 3; i += 1) later(() => i);\n};\n',
    },
    {
      path: 'src/e.ts',
      text: 'declare global {\n  var shared: number;\n}\nexport const a = 1;\nexport const b = 1;\nexport const c = 1;\n',
    },
    { path: 'src/f.js', text: 'export var live = 1;\nconst a = 1;\nconst b = 1;\nconst c = 1;\n' },
  ],
  async find(file, context) {
    if (hasLinter(context) || !isModule(file) || !hasFixedScopes(file) || !usesBlockScope(file.text)) return [];
    const reports = await lint(file, context);
    const hoisted = new Set(
      reports.filter((report) => report.rule === 'ambient/hoisted-var').map((report) => report.start),
    );
    const fixable = reports.filter((report) => report.rule === 'no-var' && report.fix && !hoisted.has(report.start));
    if (fixable.length === 0) return [];
    // `var` and `let` are equally long, so what is then said about const stands at the same offsets.
    let text = file.text;
    for (const { fix } of fixable) if (fix) text = text.slice(0, fix.start) + fix.text + text.slice(fix.end);
    const constant = text.length === file.text.length ? await lintText(file, text, 'prefer-const', context) : [];
    const constants = new Set(constant.flatMap(({ fix }) => (fix ? [fix.start] : [])));
    return fixable.map((report): Match => {
      const found = match(report, file, 'The name is visible before its declaration and outside its block.');
      return {
        ...found,
        edits: found.edits.map((edit) => (constants.has(edit.start) ? { ...edit, text: 'const' } : edit)),
      };
    });
  },
};

/** Where `let` is written for most of what is not loaded, it is the habit of whoever writes there and not a slip. */
function usesConst(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const lets = count(/^[ \t]*(export[ \t]+|for[ \t]*\()?let\b/gm);
  return lets < 2 || lets <= count(/^[ \t]*(export[ \t]+|for[ \t]*\()?const\b(?!.*\brequire\s*\()/gm);
}

/** Nearly as many `let` and `const` as `var`: then the file has begun to do without. */
function usesBlockScope(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return 4 * count(/^[ \t]*(export[ \t]+|for[ \t]*\()?(let|const)\b/gm) >= 3 * count(/^[ \t]*(for[ \t]*\()?var\b/gm);
}

const undefInit = fromEslint({
  eslint: 'no-undef-init',
  kind: 'taste',
  id: 'javascript/undefined-initialiser',
  languages: ['javascript'],
  title: 'Leave out the initialiser undefined',
  rationale:
    'A name declared with `let` is undefined until it is assigned, in every round of a loop as well, so `= undefined` says nothing. `var` and `const`, default values of parameters and of destructured names are left alone, and so is TypeScript, where the initialiser takes part in the checks.',
  trigger: /=\s*undefined\b/,
  example: {
    path: 'src/a.js',
    before: 'let last = undefined;\nexport const set = (x) => (last = x);\n',
    after: 'let last;\nexport const set = (x) => (last = x);\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const none = undefined;\n' },
    { path: 'src/b.js', text: 'export const f = (x = undefined) => x;\n' },
    { path: 'src/c.js', text: 'for (var i = 0; i < 2; i += 1) {\n  var x = undefined;\n  x = use(x);\n}\n' },
    { path: 'src/d.js', text: 'export function f(last) {\n  last = undefined;\n  return last;\n}\n' },
  ],
  message: 'The name is undefined without the initialiser too.',
});

const uselessRename = fromEslint({
  eslint: 'no-useless-rename',
  kind: 'taste',
  id: 'javascript/useless-rename',
  title: 'Do not rename a name to itself',
  rationale:
    'Importing, exporting or destructuring a name as itself says the same twice. The short form means the same; real renames and renames of quoted or computed keys are left alone.',
  aliases: ['lint/complexity/noUselessRename'],
  trigger: /\bas\b|:/,
  example: {
    path: 'src/a.js',
    before: "export { read as read } from './read.js';\n",
    after: "export { read } from './read.js';\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "export { read as load } from './read.js';\n" },
    { path: 'src/b.js', text: 'export const f = ({ a: b }) => b;\n' },
    { path: 'src/c.js', text: 'export const o = (a) => ({ a: a });\n' },
  ],
});

export const declarationRules: readonly RuleImpl[] = [unusedImport, preferConst, noVar, undefInit, uselessRename];
