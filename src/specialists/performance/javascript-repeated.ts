/** Work that every round of a loop repeats. Rule: reported only; how to batch it is the author's to know. */
import { argumentsOf } from '../javascript-source.ts';
import type { Match, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { loopOf, mentionsAny, namesOfRound } from './javascript-loops.ts';
import { bare, declarationOf, isArray, isFunction, methodCall, usesOf } from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

const SCRIPT = ['javascript', 'typescript'] as const;
/** Reports of one rule in a file; the rest say nothing new. */
const FEW = 5;

const searchInLoop: RuleImpl = {
  id: 'javascript/list-search-in-loop',
  languages: SCRIPT,
  severity: 'low',
  title: 'Collect what was seen in a set',
  rationale:
    'A list that grows in a loop and is searched in the same loop takes time with the square of its length; a set beside it, or instead of it, answers at once and finds the same elements. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Whether the order or the list itself is needed is for the author, so nothing is edited. Lists that do not grow in the loop are left alone.',
  fixable: false,
  trigger: holdsAll(/\.(?:includes|indexOf)\s*\(/, /\.push\s*\(/),
  example: {
    path: 'src/a.js',
    before:
      'export function unique(items) {\n  const seen = [];\n  for (const item of items) {\n    if (!seen.includes(item)) seen.push(item);\n  }\n  return seen;\n}\n',
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: 'export function unique(items) {\n  const seen = new Set();\n  for (const item of items) {\n    if (!seen.has(item)) seen.add(item);\n  }\n  return seen;\n}\n',
    },
    {
      path: 'src/f.js',
      text: 'export function f(items) {\n  const seen = [];\n  for (const item of items) {\n    let order = seen.indexOf(item);\n    if (order === -1) order = seen.push(item) - 1;\n    use(order);\n  }\n}\n',
    },
    {
      path: 'src/c.js',
      text: 'export function f(items, seen) {\n  for (const item of items) {\n    if (!seen.includes(item)) seen.push(item);\n  }\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'export function f(items) {\n  const seen = [];\n  for (const item of items) seen.push(item);\n  return seen.includes(1);\n}\n',
    },
    {
      path: 'src/e.js',
      text: "export function f(items) {\n  let text = '';\n  const all = [];\n  for (const item of items) {\n    if (!text.includes(item)) all.push(item);\n  }\n  return all;\n}\n",
    },
  ],
  async find(_file, context) {
    const found = nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const search = methodCall(call);
      const loop =
        search && /^(includes|indexOf)$/.test(search.method) && search.args.length === 1 ? loopOf(call) : null;
      const declaration = loop && search ? declarationOf(search.object) : null;
      if (!loop || !search || !declaration?.value || !isArray(search.object)) return [];
      const { start, end } = span(loop);
      // A position that is used needs the list; only the question whether it is there does not.
      if (search.method === 'indexOf' && !call.parent()?.is('binary_expression')) return [];
      const outside = span(declaration.node).end <= start || span(declaration.node).start >= end;
      const grows = usesOf(loop, search.object.text()).some(
        (use) => methodCall(use.parent()?.parent() ?? null)?.method === 'push',
      );
      const changing = search.args[0] && mentionsAny(search.args[0], namesOfRound(loop));
      return outside && grows && changing
        ? [{ ...span(call), message: 'A list that the loop fills is searched in every round.' }]
        : [];
    });
    return found.slice(0, FEW);
  },
};

const patternInLoop: RuleImpl = {
  id: 'javascript/pattern-in-loop',
  languages: SCRIPT,
  severity: 'low',
  title: 'Make the regular expression before the loop',
  rationale:
    '`new RegExp` in a loop reads and compiles the same pattern in every round; once before the loop is enough. Expected: some hundred nanoseconds per round; not measured in this program. A pattern with the flags g or y keeps its position from use to use, so it is not moved by itself but reported. Patterns that are put together from what changes in the loop are left alone.',
  fixable: false,
  trigger: holdsAll(/new\s+RegExp\s*\(/, /\b(?:for|while)\s*\(/),
  example: {
    path: 'src/a.js',
    before:
      "export function count(lines, word) {\n  let n = 0;\n  for (const line of lines) {\n    if (new RegExp(word, 'i').test(line)) n += 1;\n  }\n  return n;\n}\n",
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: 'export function count(lines) {\n  let n = 0;\n  for (const line of lines) {\n    if (new RegExp(line.pattern).test(line.text)) n += 1;\n  }\n  return n;\n}\n',
    },
    { path: 'src/c.js', text: "export const f = (word) => new RegExp(word, 'i');\n" },
    {
      path: 'src/d.js',
      text: "export function f(lines) {\n  for (const line of lines) {\n    const { pattern } = line;\n    use(new RegExp('^' + pattern));\n  }\n}\n",
    },
    {
      path: 'src/e.js',
      text: 'export function f(lines) {\n  for (const line of lines) line.test = () => new RegExp(lines.word);\n}\n',
    },
  ],
  async find(_file, context) {
    const made = nodesOf(await context.tree(), 'new_expression').filter((node) => {
      const loop = node.field('constructor')?.text() === 'RegExp' ? loopOf(node, { callbacks: false }) : null;
      const given = argumentsOf(node);
      if (!loop || given.length === 0 || given.some((one) => one.find({ rule: { kind: 'call_expression' } })))
        return false;
      if (
        nodesOf(loop.field('body') ?? loop, 'return_statement').some(
          (one) => one.find({ rule: { kind: 'new_expression' } })?.id() === node.id(),
        )
      )
        return false;
      const round = namesOfRound(loop);
      return !given.some((one) => mentionsAny(one, round) || one.find({ rule: { kind: 'this' } }));
    });
    return made
      .slice(0, FEW)
      .map((node) => ({ ...span(node), message: 'The same pattern is compiled in every round.' }));
  },
};

const spreadInReduce: RuleImpl = {
  id: 'javascript/spread-in-reduce',
  languages: SCRIPT,
  severity: 'low',
  title: 'Add to the result instead of copying it',
  rationale:
    'A `reduce` that returns `{ ...result, … }` or `[...result, …]` copies all it has collected for every further element, so its time grows with the square of their number. Adding to the accumulator, `Object.fromEntries` or `map` does not. Expected: nothing for a few elements, very much for thousands; not measured in this program. Which of them reads best is for the author, so nothing is edited. Other callbacks and other initial values are left alone.',
  fixable: false,
  aliases: ['lint/performance/noAccumulatingSpread', 'oxc/no-accumulating-spread', 'unicorn/no-array-reduce'],
  trigger: holdsAll(/\.reduce(?:Right)?\s*[(<]/, /[[{]\s*\.\.\./),
  example: {
    path: 'src/a.js',
    before: 'export const byId = (users) => users.reduce((all, user) => ({ ...all, [user.id]: user }), {});\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const sum = (xs) => xs.reduce((all, x) => all + x, 0);\n' },
    { path: 'src/c.js', text: 'export const f = (xs) => xs.reduce((all, x) => ({ ...x, all }), {});\n' },
    {
      path: 'src/d.js',
      text: 'export const f = (xs) => xs.reduce((all, x) => {\n  all[x.id] = { ...x };\n  return all;\n}, {});\n',
    },
    { path: 'src/e.js', text: 'export const f = () => [1, 2].reduce((all, x) => [...all, x], []);\n' },
  ],
  async find(_file, context) {
    const found = nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const reduce = methodCall(call);
      const [callback, initial] = reduce && /^reduce(Right)?$/.test(reduce.method) ? reduce.args : [];
      if (!callback || !isFunction(callback) || !/^(\{\s*\}|\[\s*\])$/.test(initial ? bare(initial).text() : ''))
        return [];
      if (reduce?.object.is('array')) return [];
      const parameter = callback
        .field('parameters')
        ?.children()
        .find((one) => one.isNamed());
      const name = (parameter?.field('pattern') ?? parameter)?.text() ?? '';
      const body = callback.field('body');
      const results = body?.is('statement_block')
        ? nodesOf(body, 'return_statement').map((one) => one.child(1))
        : [body];
      const copy = results
        .map((one) => one && bare(one))
        .find((one) => one && new RegExp(`^[{[]\\s*\\.\\.\\.${name}\\s*,`).test(one.text()));
      return copy && /^\w+$/.test(name)
        ? [{ ...span(copy), message: 'Everything collected so far is copied for every element.' }]
        : [];
    });
    return found.slice(0, FEW);
  },
};

export const repeatedRules: readonly RuleImpl[] = [searchInLoop, patternInLoop, spreadInReduce];
