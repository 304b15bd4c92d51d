/** Work that every round of a loop repeats. Rule: edited where the same values come out in the same order; how to batch the rest is the author's to know. */
import { argumentsOf, literalText, SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { loopOf, mentionsAny, namesOfRound } from './javascript-loops.ts';
import {
  bare,
  declarationOf,
  holdsComment,
  isArray,
  isFunction,
  isModern,
  methodCall,
  usesOf,
} from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

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
  title: 'Compile the regular expression once',
  rationale:
    '`new RegExp` in a loop reads and compiles the same pattern in every round; once before the loop is enough. Expected: some hundred nanoseconds per round; not measured in this program. A pattern that is written out becomes a literal, which is compiled once and still is a new object in every round, as the flags g and y may need; one that is put together from names is reported only. Patterns made of what changes in the loop are left alone.',
  fixable: true,
  trigger: holdsAll(
    /new\s+RegExp\s*\(/,
    /\b(?:for|while)\s*\(|\.(?:map|filter|forEach|some|every|find|flatMap|reduce)\s*\(/,
  ),
  example: {
    path: 'src/a.js',
    before:
      "export function count(lines) {\n  let n = 0;\n  for (const line of lines) {\n    if (new RegExp('a/b+', 'i').test(line)) n += 1;\n  }\n  return n;\n}\n",
    after:
      'export function count(lines) {\n  let n = 0;\n  for (const line of lines) {\n    if (/a\\/b+/i.test(line)) n += 1;\n  }\n  return n;\n}\n',
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
      const given = argumentsOf(node);
      const callbacks = literalOf(node) !== null;
      const loop = node.field('constructor')?.text() === 'RegExp' ? loopOf(node, { callbacks }) : null;
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
    return made.slice(0, FEW).map((node): Match => {
      const literal = literalOf(node);
      const edits = literal ? [{ ...span(node), text: literal }] : [];
      return { ...span(node), message: 'The same pattern is compiled in every round.', edits };
    });
  },
};

/** The pattern of `new RegExp('a', 'g')` as a literal, or null where it is not written out plainly. */
function literalOf(node: Node): string | null {
  const given = argumentsOf(node);
  const [source, flags] = [literalText(given[0] ?? null), given.length > 1 ? literalText(given[1] ?? null) : ''];
  if (!source || flags === null || given.length > 2 || /[\r\n]/.test(source)) return null;
  try {
    return new RegExp(source, flags).toString();
  } catch {
    return null;
  }
}

const spreadInReduce: RuleImpl = {
  id: 'javascript/spread-in-reduce',
  languages: SCRIPT,
  severity: 'low',
  title: 'Add to the result instead of copying it',
  rationale:
    'A `reduce` that returns `{ ...result, … }`, `[...result, …]` or `result.concat(…)` copies all it has collected for every further element, so its time grows with the square of their number. `map`, `flatMap` and `Object.fromEntries` build the same value without the copies; one of them takes its place where the callback does nothing but add one element or one property, and the rest is reported only. Expected: nothing for a few elements, very much for thousands; not measured in this program. Other callbacks and other initial values are left alone.',
  fixable: true,
  aliases: ['lint/performance/noAccumulatingSpread', 'oxc/no-accumulating-spread', 'unicorn/no-array-reduce'],
  trigger: holdsAll(/\.reduce(?:Right)?\s*[(<]/, /[[{]\s*\.\.\.|\.concat\(/),
  example: {
    path: 'src/a.js',
    before: 'export const byId = (users) => users.reduce((all, user) => ({ ...all, [user.id]: user }), {});\n',
    after: 'export const byId = (users) => Object.fromEntries(users.map((user) => [user.id, user]));\n',
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
  async find(file, context) {
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
        .find((one) => one && new RegExp(`^[{[]\\s*\\.\\.\\.${name}\\s*,|^${name}\\.concat\\(`).test(one.text()));
      if (!copy || !reduce || !/^\w+$/.test(name)) return [];
      const built = body?.is('statement_block') || holdsComment(call) ? null : builtAtOnce(callback, copy, name);
      const typed = file.language === 'typescript' && copy.is('object');
      const certain = built && reduce.method === 'reduce' && !typed && isModern(file, context, 12);
      const text = certain ? built(reduce.object.text()) : null;
      const edits: TextEdit[] = text ? [{ ...span(call), text }] : [];
      return [{ ...span(copy), message: 'Everything collected so far is copied for every element.', edits }];
    });
    return found.slice(0, FEW);
  },
};

/** How to build the same value from the array without the copies; null where the callback does more than add one thing. */
function builtAtOnce(callback: Node, copy: Node, name: string): ((from: string) => string) | null {
  const parameters = callback.field('parameters')?.namedChildren() ?? [];
  const [, element, ...others] = parameters;
  if (!element || others.length > 0 || !callback.is('arrow_function') || /^async\b/.test(callback.text())) return null;
  if (usesOf(callback, name).length !== 2 || element.text().includes('=')) return null;
  const head = `(${element.text()}) =>`;
  if (copy.is('call_expression')) {
    const [added, ...more] = argumentsOf(copy);
    if (!added || more.length > 0 || added.is('spread_element')) return null;
    return (from) => `${from}.flatMap(${head} ${asBody(added)})`;
  }
  const [, added, ...more] = copy.namedChildren();
  if (!added || more.length > 0) return null;
  if (copy.is('array')) return added.is('spread_element') ? null : (from) => `${from}.map(${head} ${asBody(added)})`;
  const key = added.is('pair') ? added.field('key') : null;
  const [inner] = key?.is('computed_property_name') ? key.namedChildren() : [];
  const value = added.field('value');
  if (!inner || !value) return null;
  return (from) => `Object.fromEntries(${from}.map(${head} [${inner.text()}, ${value.text()}]))`;
}

function asBody(node: Node): string {
  return node.is('object') ? `(${node.text()})` : node.text();
}

export const repeatedRules: readonly RuleImpl[] = [searchInLoop, patternInLoop, spreadInReduce];
