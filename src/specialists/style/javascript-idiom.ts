/** Shorter ways to say exactly the same. Rule: the value and the moment of its evaluation stay the same. */
import type { RuleImpl } from '../rule.ts';
import { sourceType } from './javascript-eslint.ts';
import { fromEslint } from './javascript-rule.ts';

const nodeProtocol = fromEslint({
  eslint: 'unicorn/prefer-node-protocol',
  kind: 'taste',
  id: 'javascript/node-protocol',
  title: 'Name built-in modules with node:',
  rationale:
    "The `node:` prefix says that a module is Node's own and cannot be replaced by a package of the same name. It is added only in files that use it already for another module, which shows that the supported versions of Node know it. Files that replace modules by mocks are left alone.",
  aliases: ['lint/style/useNodejsImportProtocol', 'n/prefer-node-protocol', 'import/enforce-node-protocol-usage'],
  trigger: /['"]node:/,
  only: (_message, { text }) =>
    /(from|require\(|import\()\s*['"]node:/.test(text) && !/\bmock\w*\(|proxyquire|rewire/i.test(text),
  example: {
    path: 'src/a.js',
    before:
      "import { join } from 'node:path';\nimport { readFileSync } from 'fs';\n\nexport const read = (name) => readFileSync(join('data', name));\n",
    after:
      "import { join } from 'node:path';\nimport { readFileSync } from 'node:fs';\n\nexport const read = (name) => readFileSync(join('data', name));\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "import { readFileSync } from 'fs';\n\nexport const read = readFileSync;\n" },
    {
      path: 'src/b.js',
      text: "import { join } from 'node:path';\nimport fs from 'fs-extra';\n\nexport const read = () => fs.read(join('a'));\n",
    },
    {
      path: 'src/c.js',
      text: "import { join } from 'node:path';\nimport { Buffer } from 'buffer/';\n\nexport const read = () => Buffer.from(join('a'));\n",
    },
  ],
  message: 'A built-in module is named without node: in a file that uses the prefix.',
});

const booleanCast = fromEslint({
  eslint: 'no-extra-boolean-cast',
  kind: 'taste',
  id: 'javascript/needless-boolean-cast',
  title: 'Leave out casts in conditions',
  rationale:
    'A condition turns its value into true or false by itself, so `!!` and `Boolean()` change nothing there. Casts of values that are stored, returned or passed on are left alone.',
  aliases: ['lint/complexity/noExtraBooleanCast'],
  trigger: /!!|Boolean\s*\(/,
  example: {
    path: 'src/a.js',
    before: 'export const f = (x) => {\n  if (!!x) return 1;\n  return 2;\n};\n',
    after: 'export const f = (x) => {\n  if (x) return 1;\n  return 2;\n};\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (x) => !!x;\n' },
    { path: 'src/b.js', text: 'export const f = (list) => list.filter(Boolean);\n' },
    { path: 'src/c.js', text: 'export const f = (x) => ({ open: Boolean(x) });\n' },
  ],
});

const ternary = fromEslint({
  eslint: 'no-unneeded-ternary',
  kind: 'taste',
  id: 'javascript/needless-ternary',
  title: 'Use the condition itself as the value',
  rationale:
    'A comparison is true or false already; choosing `true` or `false` by it repeats it. Comparisons and negations stand for themselves, so the result is the same boolean. Conditions that are not booleans, which would need a cast, and other ternaries are left alone.',
  aliases: ['lint/complexity/noUselessTernary'],
  trigger: /\?\s*(true|false)\s*:/,
  only: ({ fix }) => !!fix && !fix.text.startsWith('!!'),
  example: {
    path: 'src/a.js',
    before: 'export const f = (x) => (x === 1 ? true : false);\n',
    after: 'export const f = (x) => (x === 1);\n',
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: 'export const f = (x) => (x ? true : null);\nexport const g = (x, y) => (x && y ? true : false);\n',
    },
    { path: 'src/b.js', text: 'export const f = (x, y) => (x ? x : y);\n' },
    { path: 'src/c.js', text: 'export const f = (x) => (x === 1 ? 1 : false);\n' },
  ],
});

const BUILT_IN = /^(Error|TypeError|RangeError|SyntaxError|ReferenceError|EvalError|URIError|AggregateError)\s*\(/;

const throwNew = fromEslint({
  eslint: 'unicorn/throw-new-error',
  kind: 'taste',
  id: 'javascript/throw-new-error',
  title: 'Create errors with new',
  rationale:
    'The built-in errors make the same object with and without `new`; with it the reader sees that an object is made, and the line keeps working when the error becomes a class of its own, which cannot be called. Functions that merely end in Error are left alone, since `new` may mean something else there.',
  aliases: ['lint/style/useThrowNewError'],
  trigger: /Error\s*\(/,
  only: ({ start }, { text }) =>
    BUILT_IN.test(text.slice(start, start + 40)) && !/\b(class|function|const|let|var)\s+(\w*Error)\b/.test(text),
  example: {
    path: 'src/a.js',
    before: "export const f = () => {\n  throw TypeError('no text');\n};\n",
    after: "export const f = () => {\n  throw new TypeError('no text');\n};\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "export const f = () => {\n  throw new TypeError('no text');\n};\n" },
    {
      path: 'src/b.js',
      text: "import { createError } from './errors.js';\n\nexport const f = () => {\n  throw createError('no');\n};\n",
    },
    {
      path: 'src/c.js',
      text: "import { HttpError } from './errors.js';\n\nexport const f = () => {\n  throw HttpError(404);\n};\n",
    },
  ],
  message: 'A built-in error is made without new.',
});

const regexSpaces = fromEslint({
  eslint: 'no-regex-spaces',
  kind: 'taste',
  id: 'javascript/regex-spaces',
  title: 'Count spaces in regular expressions',
  rationale:
    'Nobody can count several spaces in a pattern by eye, and a formatter of text may shorten them. `{n}` says how many are meant and matches the same. Single spaces, spaces in character classes and other texts are left alone.',
  aliases: ['lint/complexity/noAdjacentSpacesInRegex'],
  trigger: / {2}/,
  example: {
    path: 'src/a.js',
    before: 'export const f = (s) => /a   b/.test(s);\n',
    after: 'export const f = (s) => /a {3}b/.test(s);\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (s) => /a b/.test(s);\n' },
    { path: 'src/b.js', text: 'export const f = (s) => /[  ]/.test(s);\n' },
    { path: 'src/c.js', text: "export const f = (s) => s.includes('a   b');\n" },
  ],
});

/** Code that replaces Date, or makes `Date.now` where an engine has none: there the new text would call itself. */
const OWN_DATE =
  /\bDate\s*=[^=]|\b(class|function|const|let|var|import|\{)\s+Date\b|\bDate\.now\s*(=[^=]|\?|\|\||&&)|(!|\btypeof\s+)Date\.now\b|\bDate\s*,\s*["']now["']|["']now["']\s+in\s+Date\b|\bDate\[/;

/** The parentheses of `(+new Date())` would be left around a call. */
function isParenthesised(text: string, start: number, end: number): boolean {
  if (!/\(\s*$/.test(text.slice(Math.max(0, start - 50), start)) || !/^\s*\)/.test(text.slice(end, end + 50)))
    return false;
  return !/[\w$\])]\s*\(\s*$/.test(text.slice(Math.max(0, start - 50), start));
}

const dateNow = fromEslint({
  eslint: 'unicorn/prefer-date-now',
  kind: 'taste',
  id: 'javascript/date-now',
  title: 'Ask Date.now() for the time',
  rationale:
    '`Date.now()` is the same number as `new Date().getTime()`, without an object that is thrown away. Dates of a given moment, dates that are kept, and code that replaces Date or gives `Date.now` to old engines are left alone.',
  aliases: ['lint/complexity/useDateNow'],
  trigger: /new Date\b/,
  only: ({ fix }, { text }) =>
    fix?.text === 'Date.now()' && !OWN_DATE.test(text) && !isParenthesised(text, fix.start, fix.end),
  example: {
    path: 'src/a.js',
    before: 'export const f = () => new Date().getTime();\n',
    after: 'export const f = () => Date.now();\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (day) => new Date(day).getTime();\n' },
    { path: 'src/b.js', text: 'export const f = () => new Date().getTimezoneOffset();\n' },
    { path: 'src/c.js', text: 'const now = new Date();\nexport const f = () => now.getTime();\n' },
    {
      path: 'src/d.js',
      text: 'if (!Date.now) {\n  Date.now = function now() {\n    return new Date().getTime();\n  };\n}\n',
    },
    { path: 'src/e.js', text: 'const now = Date.now || (() => new Date().getTime());\nexport { now };\n' },
    { path: 'src/f.js', text: 'Object.defineProperty(Date, "now", { value: () => +new Date() });\n' },
    { path: 'src/g.js', text: 'export const f = () => ({ at: (+new Date()) });\n' },
  ],
});

const computedKey = fromEslint({
  eslint: 'no-useless-computed-key',
  kind: 'taste',
  id: 'javascript/needless-computed-key',
  title: 'Write constant keys without brackets',
  rationale:
    'A key in brackets that is a text means the text itself. Computed keys, and `__proto__` and `constructor`, which mean something else without brackets, are left alone.',
  aliases: ['lint/complexity/useLiteralKeys'],
  trigger: /\[\s*['"]/,
  example: {
    path: 'src/a.js',
    before: "export const o = { ['a-b']: 1 };\n",
    after: "export const o = { 'a-b': 1 };\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (key) => ({ [key]: 1 });\n' },
    { path: 'src/b.js', text: "export const o = { ['__proto__']: 1 };\n" },
    { path: 'src/c.js', text: "export const f = (o) => o['a-b'];\n" },
  ],
});

const catchBinding = fromEslint({
  eslint: 'unicorn/prefer-optional-catch-binding',
  kind: 'taste',
  id: 'javascript/unused-catch-binding',
  title: 'Catch without a name that is not used',
  rationale:
    '`catch {}` says at once that the error is not looked at. It is proposed only in modules and TypeScript, whose engines know it; names that are used, patterns, and old scripts are left alone.',
  aliases: ['no-unused-vars', '@typescript-eslint/no-unused-vars', 'lint/correctness/noUnusedVariables'],
  trigger: /\bcatch\s*\(/,
  only: (_message, file) => sourceType(file.path, file.text) === 'module',
  example: {
    path: 'src/a.mjs',
    before:
      'export const f = (s) => {\n  try {\n    return JSON.parse(s);\n  } catch (error) {\n    return null;\n  }\n};\n',
    after: 'export const f = (s) => {\n  try {\n    return JSON.parse(s);\n  } catch {\n    return null;\n  }\n};\n',
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: 'exports.f = (s) => {\n  try {\n    return JSON.parse(s);\n  } catch (error) {\n    return null;\n  }\n};\n',
    },
    {
      path: 'src/b.mjs',
      text: 'export const f = (s) => {\n  try {\n    return JSON.parse(s);\n  } catch (error) {\n    return error;\n  }\n};\n',
    },
    { path: 'src/c.mjs', text: 'export const f = (job) => job.catch((error) => null);\n' },
  ],
  message: 'The caught error is named and never used.',
});

export const idiomRules: readonly RuleImpl[] = [
  ...[nodeProtocol, booleanCast, ternary, throwNew, regexSpaces, dateNow, computedKey, catchBinding],
];
