/** Leftovers and slips that no repository wants, whatever its style. Rule: edited only where what was meant can be nothing else. */
import type { RuleImpl } from '../rule.ts';
import { fromEslint } from './javascript-rule.ts';
import { asIsNaN, asType, withoutLine } from './javascript-slip-edits.ts';

const debuggerLeft = fromEslint({
  eslint: 'no-debugger',
  kind: 'defect',
  id: 'javascript/debugger-statement',
  title: 'Remove the debugger statement',
  rationale:
    'A `debugger` statement stops the program of everyone who has developer tools open. It is taken out where it stands on a line of its own among others; alone in a block, where a wrapper for debugging may mean it, it is reported only. The word in texts, names and comments is left alone.',
  aliases: ['lint/suspicious/noDebugger'],
  trigger: /\bdebugger\b/,
  mend: ({ start }, { text, path }) => (/debug|devtool|inspect/i.test(path) ? [] : withoutLine(text, start)),
  example: {
    path: 'src/a.js',
    before: 'export const f = (x) => {\n  debugger;\n  return x;\n};\n',
    after: 'export const f = (x) => {\n  return x;\n};\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: "export const name = 'debugger';\n" },
    { path: 'src/b.js', text: 'export const o = { debugger: true };\n' },
    { path: 'src/c.js', text: '// debugger;\nexport const a = 1;\n' },
  ],
  message: 'A debugger statement stops the program.',
});

const duplicateKey = fromEslint({
  eslint: 'no-dupe-keys',
  kind: 'defect',
  severity: 'medium',
  id: 'javascript/duplicate-key',
  title: 'Remove one of two equal keys',
  rationale:
    'Of two equal keys in an object the last one wins and the first is never seen. Which one is meant is not written, so this is reported only. Getter and setter of one name, spread objects that are overridden, and computed keys are left alone.',
  aliases: ['lint/suspicious/noDuplicateObjectKeys'],
  trigger: /\{/,
  example: { path: 'src/a.js', before: 'export const o = { a: 1, b: 2, a: 3 };\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (rest) => ({ a: 1, ...rest, b: 2 });\n' },
    { path: 'src/b.js', text: 'export const o = {\n  get a() {\n    return 1;\n  },\n  set a(x) {},\n};\n' },
    { path: 'src/c.js', text: 'export const f = (a) => ({ a: 1, [a]: 2 });\n' },
  ],
});

const unreachable = fromEslint({
  eslint: 'no-unreachable',
  kind: 'defect',
  severity: 'medium',
  cwe: 'CWE-561',
  id: 'javascript/unreachable-code',
  title: 'Remove code that cannot run',
  rationale:
    'Code behind `return`, `throw`, `break` or `continue` never runs: either it is a leftover or something in front of it is wrong. Which of the two cannot be told, so this is reported only. Function declarations, which are hoisted, and declarations without a value are left alone.',
  aliases: ['lint/correctness/noUnreachable'],
  trigger: /\b(return|throw|break|continue)\b/,
  example: { path: 'src/a.js', before: 'export const f = (x) => {\n  return x;\n  save(x);\n};\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'export function f() {\n  return g();\n  function g() {\n    return 1;\n  }\n}\n' },
    { path: 'src/b.js', text: 'export const f = (x) => {\n  if (x) return 1;\n  return 2;\n};\n' },
    { path: 'src/c.js', text: 'export function f() {\n  x = 1;\n  return x;\n  var x;\n}\n' },
  ],
});

const nanComparison = fromEslint({
  eslint: 'use-isnan',
  kind: 'defect',
  severity: 'medium',
  id: 'javascript/nan-comparison',
  title: 'Test for NaN with Number.isNaN',
  rationale:
    'NaN equals nothing, itself included, so a comparison with it always gives the same answer. `Number.isNaN` tests for it, which is what was meant; it is put in where a name or a member is compared, in files of today, and the comparison is reported elsewhere. `Number.isNaN`, `isNaN`, `Object.is` and values that are set to NaN are left alone.',
  aliases: ['lint/correctness/useIsNan'],
  trigger: /\bNaN\b/,
  mend: ({ start, end }, { text }) => asIsNaN(text, start, end),
  example: {
    path: 'src/a.js',
    before: 'export const f = (x) => x === NaN;\n',
    after: 'export const f = (x) => Number.isNaN(x);\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'export const f = (x) => Number.isNaN(x);\n' },
    { path: 'src/b.js', text: 'export const f = (x) => Object.is(x, NaN);\n' },
    { path: 'src/c.js', text: 'export const f = (x = NaN) => x;\n' },
  ],
  message: 'A comparison with NaN always gives the same answer.',
});

const typeofSlip = fromEslint({
  eslint: 'valid-typeof',
  kind: 'defect',
  severity: 'medium',
  id: 'javascript/typeof-slip',
  title: 'Compare typeof with a type that exists',
  rationale:
    'typeof gives one of eight words; a comparison with another word, usually a slip of the pen, is never true. The one word of the eight that is a slip or two away is put in, since it is what was meant; where none or several are, this is reported only. Comparisons with names and the eight words are left alone.',
  aliases: ['lint/suspicious/useValidTypeof'],
  trigger: /\btypeof\b/,
  mend: ({ start, end }, { text }) => asType(text, start, end),
  example: {
    path: 'src/a.js',
    before: "export const f = (x) => typeof x === 'fucntion';\n",
    after: "export const f = (x) => typeof x === 'function';\n",
  },
  lookAlikes: [
    { path: 'src/a.js', text: "export const f = (x) => typeof x === 'function';\n" },
    { path: 'src/b.js', text: 'export const f = (x, type) => typeof x === type;\n' },
    { path: 'src/c.ts', text: "export type F = typeof import('./a');\n" },
  ],
});

const selfAssignment = fromEslint({
  eslint: 'no-self-assign',
  kind: 'defect',
  severity: 'medium',
  id: 'javascript/self-assignment',
  title: 'Assign something, or nothing',
  rationale:
    'A value assigned to itself does nothing: usually the other side should be another name. Which one is not written, so this is reported only. Properties of objects are left alone, since setting one may run code.',
  aliases: ['lint/correctness/noSelfAssign'],
  trigger: /=/,
  only: (message, { text }) => /^[\w$]+$/.test(text.slice(message.start, message.end)),
  example: { path: 'src/a.js', before: 'export const f = (x) => {\n  x = x;\n  return x;\n};\n' },
  lookAlikes: [
    { path: 'src/a.js', text: 'location.href = location.href;\n' },
    { path: 'src/b.js', text: 'export const f = (x, y) => {\n  x = y;\n  return x;\n};\n' },
    { path: 'src/c.js', text: 'export const f = (x) => {\n  x = -x;\n  return x;\n};\n' },
  ],
});

const duplicateCase = fromEslint({
  eslint: 'no-duplicate-case',
  kind: 'defect',
  severity: 'medium',
  id: 'javascript/duplicate-case',
  title: 'Give each case of a switch once',
  rationale:
    'Of two equal cases in a switch the second never runs: the first takes the value. Either the second has the wrong label or one of them is a leftover; which is not written, so this is reported only. Cases that are computed differently are left alone.',
  aliases: ['lint/suspicious/noDuplicateCase'],
  trigger: /\bcase\b/,
  example: {
    path: 'src/a.js',
    before:
      'export const f = (x) => {\n  switch (x) {\n    case 1:\n      return 1;\n    case 1:\n      return 2;\n  }\n};\n',
  },
  lookAlikes: [
    { path: 'src/a.js', text: 'switch (x) {\n  case 1:\n  case 2:\n    f();\n}\n' },
    { path: 'src/b.js', text: "switch (x) {\n  case 1:\n    f();\n    break;\n  case '1':\n    g();\n}\n" },
    { path: 'src/c.js', text: 'switch (x) {\n  case 1:\n    switch (y) {\n      case 1:\n        f();\n    }\n}\n' },
  ],
  message: 'The same case stands above: this one never runs.',
});

export const defectRules: readonly RuleImpl[] = [
  ...[debuggerLeft, duplicateKey, unreachable, nanComparison, typeofSlip, selfAssignment, duplicateCase],
];
