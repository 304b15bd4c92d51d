/** Lists that would rather be sets, and copies that nobody sees. Rule: every use of what changes is in sight. */
import { argumentsOf, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span, within } from '../structural.ts';
import { loopOf } from './javascript-loops.ts';
import { bare, holdsComment, isArray, isFreshArray, isModern, methodCall, usesOf } from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

/** Below this, comparing short lists of texts is as fast as hashing. */
const WORTH_A_SET = 8;

const constantLookup: RuleImpl = {
  id: 'javascript/constant-lookup',
  languages: SCRIPT,
  severity: 'low',
  title: 'Look constants up in a set',
  rationale:
    '`includes` compares element by element; a set looks up in one step and compares by the same rules, NaN included. The constant becomes a set where it stands at the top of the file, holds eight or more texts or numbers, is not exported, and every use of it is `includes` with one argument, at least one of them in a loop. Expected: about twice as fast at a dozen elements and growing with their number, nothing below eight; not measured in this program. Lists that are gone through, passed on, typed or changed are left alone.',
  fixable: true,
  aliases: ['unicorn/prefer-set-has'],
  trigger: holdsAll(/\bconst\s+\w+\s*=\s*\[/, /\.includes\s*\(/),
  example: {
    path: 'src/a.js',
    before:
      "const small = ['a', 'an', 'and', 'as', 'at', 'but', 'by', 'for', 'if'];\n\nexport const title = (words) => words.map((word) => (small.includes(word) ? word : upper(word)));\n",
    after:
      "const small = new Set(['a', 'an', 'and', 'as', 'at', 'but', 'by', 'for', 'if']);\n\nexport const title = (words) => words.map((word) => (small.has(word) ? word : upper(word)));\n",
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: "const small = ['a', 'an', 'and'];\nexport const f = (words) => words.filter((word) => small.includes(word));\n",
    },
    {
      path: 'src/c.js',
      text: "const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\nexport const f = (words) => words.filter((word) => xs.includes(word));\nexport const g = () => xs.join();\n",
    },
    {
      path: 'src/d.js',
      text: "export const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\nexport const f = (words) => words.filter((word) => xs.includes(word));\n",
    },
    {
      path: 'src/e.js',
      text: "const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\nexport const f = (word) => xs.includes(word);\n",
    },
    {
      path: 'src/f.js',
      text: "const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\nexport const f = (words) => words.filter((word) => xs.includes(word, 2));\n",
    },
    {
      path: 'src/h.js',
      text: "export const f = (words) => {\n  const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\n  return words.filter((word) => xs.includes(word));\n};\n",
    },
    {
      path: 'src/g.js',
      text: "const xs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];\nexport const f = (words, xs) => words.filter((word) => xs.includes(word));\n",
    },
  ],
  async find(file, context) {
    const root = await context.tree();
    if (!isModern(file, context, 4)) return [];
    return nodesOf(root, 'variable_declarator').flatMap((declarator): Match[] => {
      const [name, list] = [declarator.field('name'), declarator.field('value')];
      const declaration = declarator.parent();
      if (
        !name?.is('identifier') ||
        !list?.is('array') ||
        declarator.field('type') ||
        declaration?.child(0)?.text() !== 'const'
      )
        return [];
      if (!declaration.parent()?.is('program')) return [];
      const elements = list.namedChildren();
      if (elements.length < WORTH_A_SET || !elements.every((one) => one.is('string') || one.is('number'))) return [];
      const uses = usesOf(root, name.text()).filter((use) => use.id() !== name.id());
      const edits = uses.map(asHas);
      const looped = uses.some((use) => {
        const loop = loopOf(use);
        return loop !== null && !within(declarator, loop);
      });
      if (!looped || edits.some((edit) => edit === null)) return [];
      const { start, end } = span(list);
      const all = [
        { start, end: start, text: 'new Set(' },
        { start: end, end, text: ')' },
        ...edits.filter((edit) => edit !== null),
      ];
      return [{ ...span(declarator), message: 'Constants are compared one after the other in a loop.', edits: all }];
    });
  },
};

/** The edit of `name.includes(x)`, or null for any other use. */
function asHas(use: Node): TextEdit | null {
  const call = use.parent()?.parent() ?? null;
  const found = methodCall(call);
  if (found?.object.id() !== use.id() || found.method !== 'includes' || found.args.length !== 1) return null;
  return found.args[0]?.is('spread_element') ? null : { ...span(found.property), text: 'has' };
}

const TAKES_ANY = /^(Set|WeakSet|Map|WeakMap)$/;
const TAKES_ANY_CALL = /^(Promise\.(all|allSettled|race|any)|Array\.from|Object\.fromEntries)$/;

const needlessSpread: RuleImpl = {
  id: 'javascript/needless-spread',
  languages: SCRIPT,
  severity: 'low',
  title: 'Leave out copies that nobody sees',
  rationale:
    'Spreading an array that was just made, or one that is only read by `new Set`, `new Map` or `Promise.all`, copies it for nothing; spreading a written array into another list takes it apart again. It is rewritten only where the syntax says that what is spread is an array; an iterator, which a spread turns into an array, and an array that others hold, which a copy protects, are left alone. Expected: one copy less; not measured in this program.',
  fixable: true,
  aliases: ['unicorn/no-useless-spread'],
  trigger: /\[\s*\.\.\.|\.\.\.\s*\[/,
  example: {
    path: 'src/a.js',
    before: 'export const names = (user) => [...Object.keys(user)];\n',
    after: 'export const names = (user) => Object.keys(user);\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (xs) => [...xs];\n' },
    { path: 'src/c.js', text: 'export const f = (map) => [...map.keys()];\n' },
    { path: 'src/d.js', text: 'export const f = (map) => [...map.values().map((x) => x.id)];\n' },
    { path: 'src/e.js', text: 'const xs = [2, 1];\nexport const f = () => [...xs].sort();\n' },
    { path: 'src/f.js', text: 'export const f = (x) => [...(x ? [1, 2] : []), ...Object.keys(x)];\n' },
    { path: 'src/g.js', text: 'export const f = (xs) => new Set([...xs]);\n' },
    { path: 'src/i.js', text: 'export const f = (xs) => xs.push(...[\n  1,\n  2,\n]);\n' },
    { path: 'src/h.js', text: 'const xs = [2, 1];\nexport const f = () => [...xs.sort()];\n' },
  ],
  async find(file, context) {
    if (!isModern(file, context, 4)) return [];
    return nodesOf(await context.tree(), 'spread_element').flatMap((spread): Match[] => {
      const [list, value] = [spread.parent(), spread.namedChildren().find((one) => !one.is('comment'))];
      if (!list || !value || holdsComment(list)) return [];
      const message = 'An array is copied, and nobody sees the copy.';
      const written = bare(value);
      if (written.is('array') && /^(array|arguments)$/.test(String(list.kind())) && isArray(written)) {
        const elements = written.namedChildren();
        const [first, last] = [elements[0], elements.at(-1)];
        if (!first || !last) return [];
        const inner = file.text.slice(span(first).start, span(last).end);
        // Several lines would have to be laid out anew.
        if (inner.includes('\n')) return [];
        return [{ ...span(spread), message, edits: [{ ...span(spread), text: inner }] }];
      }
      if (!list.is('array') || list.namedChildren().length !== 1) return [];
      if (/^(as_expression|satisfies_expression)$/.test(String(list.parent()?.kind()))) return [];
      const certain = isFreshArray(value) || (isOnlyRead(list) && isArray(value));
      return certain ? [{ ...span(list), message, edits: [{ ...span(list), text: value.text() }] }] : [];
    });
  },
};

/** Is the list the only argument of something that goes over it once and keeps nothing of it? */
function isOnlyRead(list: Node): boolean {
  const call = list.parent()?.is('arguments') ? list.parent()?.parent() : null;
  if (!call || argumentsOf(call).length !== 1) return false;
  if (call.is('new_expression')) return TAKES_ANY.test(call.field('constructor')?.text() ?? '');
  return TAKES_ANY_CALL.test(call.field('function')?.text() ?? '');
}

export const copyRules: readonly RuleImpl[] = [constantLookup, needlessSpread];
