/**
 * Functions that are the same to the last character. Rule: of one file, the later one calls the earlier; of two files, the later
 * imports it; where callers could notice, it is only reported. One of them at a time: the next comes when it is settled.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { SCRIPT } from '../javascript-source.ts';
import type { Match, RuleContext, RuleImpl } from '../rule.ts';
import type { LanguageId, SourceFile } from '../types.ts';
import { delegation } from './consolidate.ts';
import { type FunctionText, functionsIn, functionsOfBatch } from './functions.ts';
import * as python from './python-import.ts';
import * as script from './script-import.ts';
import { lineFinder, syntaxOf } from './source.ts';

const MOST = 5;
const PYTHON: readonly LanguageId[] = ['python'];

function identicalRule(
  languages: readonly LanguageId[],
  trigger: RegExp,
  texts: Pick<RuleImpl, 'id' | 'example' | 'lookAlikes'>,
): RuleImpl {
  return {
    ...texts,
    languages,
    trigger,
    severity: 'low',
    title: 'Keep one of two identical functions',
    rationale:
      'Two functions that are the same to the last character are one that has to be changed twice. Within a file the later one keeps its name, its parameters and its documentation and calls the earlier one, so that callers notice nothing. Where another file has the same function, it is imported from there, provided that every name in it means the same in both files, that the import makes no cycle and has a form that the file uses already. Methods, generators, decorated functions and whatever looks at its caller are only reported; and it is proposed only when the tests of the repository notice that the replaced function is broken.',
    fixable: true,
    demandsTests: true,
    aliases: ['sonarjs/no-identical-functions', 'R0801', 'duplicate-code'],
    async find(file, context) {
      const candidates = await mayRepeat(file, context);
      if (!candidates) return [];
      const root = await syntaxOf(file, context);
      if (root === null) return [];
      const line = lineFinder(file.text);
      const found: Match[] = [];
      let edited = false;
      const seen = new Map<string, FunctionText>();
      for (const one of functionsIn(file, root)) {
        const before = seen.get(one.key);
        if (before === undefined) {
          seen.set(one.key, one);
          const match = await asElsewhere(file, root, one, context, edited);
          if (match) found.push(match);
          edited ||= (match?.edits ?? []).length > 0;
          continue;
        }
        if (before.name === one.name && before.node.parent === one.node.parent) continue;
        const edits = edited ? [] : (delegation(file, before, one) ?? []);
        edited ||= edits.length > 0;
        const { start, end } = one;
        const message = `${one.name} does exactly what ${before.name} in line ${line(before.start)} does.`;
        found.push({ start, end, message, edits });
      }
      const sorted = found.sort((a, b) => Number((b.edits ?? []).length > 0) - Number((a.edits ?? []).length > 0));
      return context.options.uncapped ? sorted : sorted.slice(0, MOST);
    },
  };
}

/** Is there anything to compare with, in the file or beside it? */
async function mayRepeat(file: SourceFile, context: RuleContext): Promise<boolean> {
  if ((file.text.match(/\b(?:def|function)\b|\)[^\n]*\{/g)?.length ?? 0) > 1) return true;
  const index = await functionsOfBatch(context, file.language === 'python');
  return [...index.values()].some((places) => places.length > 1 && places.some((one) => one.file.path === file.path));
}

async function asElsewhere(
  file: SourceFile,
  root: SyntaxNode,
  one: FunctionText,
  context: RuleContext,
  edited: boolean,
): Promise<Match | null> {
  if (!one.top) return null;
  const isPython = file.language === 'python';
  const places = (await functionsOfBatch(context, isPython)).get(one.key) ?? [];
  // The first of them by path is kept; it has nothing to say.
  const [kept] = places
    .filter(({ file: other }) => other.path !== file.path)
    .sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
  if (!kept || kept.name !== one.name || kept.file.path > file.path) return null;
  const { start, end } = one;
  const message = `${one.name} stands in ${kept.file.path} too, to the last character.`;
  if (edited) return { start, end, message };
  if (!isPython)
    return { start, end, message, edits: (await script.importInstead(file, root, one, kept.file, kept.name)) ?? [] };
  const found = await python.importInstead(file, root, one, kept.file, kept.name);
  return { start, end, message, edits: found?.edits ?? [], ...(found?.unbinds ? { unbinds: found.unbinds } : {}) };
}

const body =
  '    total = 0\n    for item in items:\n        if item.price > 0:\n            total += item.price * item.count\n    print(total)\n    return total\n';
const scriptBody =
  '  let total = 0;\n  for (const item of items) {\n    if (item.price > 0) total += item.price * item.count;\n  }\n  log(total);\n  return total;\n';

export const identicalRules: readonly RuleImpl[] = [
  identicalRule(PYTHON, /\bdef\b/, {
    id: 'python/identical-function',
    example: {
      path: 'shop/cart.py',
      before: `def total_of(items):\n${body}\n\ndef sum_up(items):\n    \n${body}`.replace('    \n', ''),
      after: `def total_of(items):\n${body}\n\ndef sum_up(items):\n    return total_of(items)\n`,
    },
    lookAlikes: [
      { path: 'app/b.py', text: `def a(items):\n${body}\n\ndef b(items):\n${body.replace('> 0', '>= 0')}` },
      { path: 'app/c.py', text: `def a(items):\n${body}\n\ndef b(items, rate):\n${body}` },
      { path: 'app/d.py', text: `def a(items):\n${body}\n\nasync def b(items):\n${body}` },
      { path: 'app/e.py', text: 'def a(x):\n    y = f(x)\n    return y\n\n\ndef b(x):\n    y = f(x)\n    return y\n' },
      { path: 'tests/test_a.py', text: `def a(items):\n${body}\n\ndef b(items):\n${body}` },
      {
        path: 'app/f.py',
        text: `if FAST:\n    def a(items):\n${body.replace(/^/gm, '    ').trimEnd()}\nelse:\n    def a(items):\n${body.replace('> 0', '> 1').replace(/^/gm, '    ').trimEnd()}\n`,
      },
    ],
  }),
  identicalRule(SCRIPT, /\bfunction\b|\bclass\b/, {
    id: 'javascript/identical-function',
    example: {
      path: 'src/cart.js',
      before: `export function totalOf(items) {\n${scriptBody}}\n\nexport function sumUp(items) {\n${scriptBody}}\n`,
      after: `export function totalOf(items) {\n${scriptBody}}\n\nexport function sumUp(items) {\n  return totalOf(items);\n}\n`,
    },
    lookAlikes: [
      {
        path: 'src/b.js',
        text: `function a(items) {\n${scriptBody}}\n\nfunction b(items) {\n${scriptBody.replace('> 0', '>= 0')}}\n`,
      },
      { path: 'src/c.js', text: `function a(items) {\n${scriptBody}}\n\nfunction b(items, rate) {\n${scriptBody}}\n` },
      { path: 'src/d.js', text: `function a(items) {\n${scriptBody}}\n\nasync function b(items) {\n${scriptBody}}\n` },
      {
        path: 'src/e.js',
        text: 'function a(x) {\n  const y = f(x);\n  return y;\n}\nfunction b(x) {\n  const y = f(x);\n  return y;\n}\n',
      },
      { path: 'src/a.test.js', text: `function a(items) {\n${scriptBody}}\n\nfunction b(items) {\n${scriptBody}}\n` },
    ],
  }),
];
