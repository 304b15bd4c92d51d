/**
 * Arrays that are gone through, or made, for nothing. Rule: rewritten only where the receiver is plainly an array and
 * the predicate only reads and compares, so that nobody can notice which elements were looked at.
 */
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import {
  bare,
  holdsComment,
  isArray,
  isModern,
  isText,
  mayBeArray,
  methodCall,
  purePredicate,
} from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

/** `$(…)`, `this.$el`, cheerio: collections that are no arrays. */
const COLLECTION = /^\$|\$\(|\.\$|jquery|cheerio/i;

/** Renames the method and cuts everything behind the call. */
function shortened(property: Node, call: Node, whole: Node, method: string, negated: boolean): TextEdit[] {
  const rest = { start: span(call).end, end: span(whole).end, text: '' };
  const written = whole.is('unary_expression');
  const not = negated && !written ? [{ start: span(whole).start, end: span(whole).start, text: '!' }] : [];
  return [...not, { ...span(property), text: method }, ...(rest.start < rest.end ? [rest] : [])];
}

const filterForFirst: RuleImpl = {
  id: 'javascript/filter-for-first',
  languages: SCRIPT,
  severity: 'low',
  title: 'Find the first element instead of filtering all',
  rationale:
    '`filter(…)[0]` tests every element and builds an array to hand out its first; `find` stops there and builds none. It is rewritten where the predicate only reads and compares and nothing in sight makes holes in the array or puts something else in its place; elsewhere, and in TypeScript where the result of `find` would have to be checked for undefined first, it is reported only. Expected: up to the whole length of the array, depending on where the element stands; not measured in this program. Other indexes and assignments to the element are left alone.',
  fixable: true,
  aliases: ['unicorn/prefer-array-find', 'lint/complexity/useArrayFind'],
  trigger: holdsAll(/\.filter\s*\(/, /\[0\]|\.shift\(\)|\.at\(0\)/),
  example: {
    path: 'src/a.js',
    before:
      "const users = [root, ...others];\nexport const admin = users.filter((user) => user.role === 'admin')[0];\n",
    after: "const users = [root, ...others];\nexport const admin = users.find((user) => user.role === 'admin');\n",
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (xs) => xs.filter((x) => x.id === 1)[1];\n' },
    { path: 'src/c.js', text: "export const f = () => $('p').filter((p) => p.id === 1)[0];\n" },
    { path: 'src/d.js', text: 'export const f = (xs) => xs.filter(keep)[0];\n' },
    { path: 'src/e.js', text: 'export const f = (xs) => {\n  xs.filter((x) => x.ok)[0] = 1;\n};\n' },
    { path: 'src/f.js', text: 'export const f = (xs) => xs.filter((x) => (x.seen = true))[0];\n' },
  ],
  async find(file, context) {
    const root = await context.tree();
    const indexed = nodesOf(root, 'subscript_expression').flatMap((node) =>
      node.field('index')?.text() === '0' ? [{ whole: node, call: node.field('object') }] : [],
    );
    const taken = nodesOf(root, 'call_expression').flatMap((node) => {
      const outer = methodCall(node);
      const first =
        outer?.method === 'shift' ? outer.args.length === 0 : outer?.method === 'at' && outer.args[0]?.text() === '0';
      return first && outer ? [{ whole: node, call: outer.object }] : [];
    });
    return [...indexed, ...taken].flatMap(({ whole, call }): Match[] => {
      const filter = methodCall(call);
      if (!call || filter?.method !== 'filter' || filter.args.length !== 1 || COLLECTION.test(filter.object.text()))
        return [];
      if (isTarget(whole) || whole.text().includes('?.[') || !purePredicate(filter.args[0])) return [];
      const certain =
        mayBeArray(filter.object) &&
        isModern(file, context, 4) &&
        (file.language === 'javascript' || toleratesUndefined(whole));
      const edits = certain && !holdsComment(whole) ? shortened(filter.property, call, whole, 'find', false) : [];
      return [{ ...span(whole), message: 'The whole array is filtered for its first match.', edits }];
    });
  },
};

/** Is something stored in the place, or is it called as a method of the array? */
function isTarget(node: Node): boolean {
  const parent = node.parent();
  if (!parent) return false;
  if (/^(assignment_expression|augmented_assignment_expression)$/.test(String(parent.kind())))
    return parent.field('left')?.id() === node.id();
  if (parent.is('call_expression')) return parent.field('function')?.id() === node.id();
  return parent.is('update_expression') || /^delete\b/.test(parent.text());
}

function toleratesUndefined(node: Node): boolean {
  const parent = node.parent();
  return (
    !!parent && (parent.is('non_null_expression') || parent.children().some((child) => child.is('optional_chain')))
  );
}

/** What a comparison says about a count or an index: true = there is one, false = there is none, null = else. */
function existence(node: Node, kind: 'length' | 'index' | 'element'): { value: Node; exists: boolean } | null {
  const [left, right] = [node.field('left'), node.field('right')];
  const operator = node.field('operator')?.text() ?? '';
  if (!left || !right) return null;
  const said = `${operator} ${right.text()}`;
  const forms = {
    length: { yes: /^(>|!==?) 0$|^>= 1$/, no: /^===? 0$|^< 1$/ },
    index: { yes: /^(!==?|>) -1$|^>= 0$/, no: /^===? -1$|^< 0$/ },
    element: { yes: /^!==? undefined$|^!= null$/, no: /^===? undefined$|^== null$/ },
  }[kind];
  if (forms.yes.test(said)) return { value: left, exists: true };
  return forms.no.test(said) ? { value: left, exists: false } : null;
}

const filterForExistence: RuleImpl = {
  id: 'javascript/filter-for-existence',
  languages: SCRIPT,
  severity: 'low',
  title: 'Ask whether some element matches',
  rationale:
    'To know whether anything matches, the whole array is tested and a new one built (`filter(…).length > 0`), or an element or its index is looked for and compared (`find(…) !== undefined`); `some` stops at the first match and says what is meant. It is rewritten where the predicate only reads and compares and nothing in sight makes holes in the array or puts something else in its place; a filter elsewhere is reported only, and `find` is rewritten only for what is plainly an array. Expected: up to the whole length of the array for filters, next to nothing for find; not measured in this program. Counts that are used as numbers are left alone.',
  fixable: true,
  aliases: ['unicorn/prefer-array-some', 'lint/complexity/useArraySome'],
  trigger: holdsAll(
    /\.(?:filter|find|findIndex)\s*\(/,
    /\.length\s*[<>=!)?&|;]|![\w.]+[^\n]*\.length|[!=]==?\s*(?:undefined|null|-1)|[<>]=?\s*(?:0|-1)\b/,
  ),
  example: {
    path: 'src/a.ts',
    before: 'export const hasOpen = (tasks: Task[]) => tasks.filter((task) => task.open).length > 0;\n',
    after: 'export const hasOpen = (tasks: Task[]) => tasks.some((task) => task.open);\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (xs) => xs.filter((x) => x.open).length > 1;\n' },
    { path: 'src/c.js', text: 'export const f = (xs) => xs.filter((x) => x.open).length;\n' },
    { path: 'src/d.js', text: 'export const f = (xs) => xs.find((x) => x.open) !== undefined;\n' },
    { path: 'src/e.ts', text: 'export const f = (xs: number[]) => xs.find((x) => x === undefined) !== undefined;\n' },
    { path: 'src/f.js', text: "export const f = () => $('p').filter((p) => p.open).length > 0;\n" },
    { path: 'src/g.js', text: 'export const f = (xs) => xs.filter((x) => save(x)).length > 0;\n' },
  ],
  async find(file, context) {
    const modern = isModern(file, context, 4);
    const root = await context.tree();
    const compared = nodesOf(root, 'binary_expression').flatMap((whole) => askedBy(whole) ?? []);
    return [...compared, ...truthsOf(root)].flatMap(({ whole, call, method, exists }): Match[] => {
      const search = methodCall(call);
      const predicate = purePredicate(search?.args[0]);
      if (search?.args.length !== 1 || !predicate || COLLECTION.test(search.object.text())) return [];
      const known = (method === 'filter' ? mayBeArray(search.object) : isArray(search.object)) && modern;
      if (method !== 'filter' && !known) return [];
      if (method === 'find' && !readsElement(predicate)) return [];
      const edits = known && !holdsComment(whole) ? shortened(search.property, call, whole, 'some', !exists) : [];
      return [{ ...span(whole), message: 'More is searched than the answer needs.', edits: [...edits] }];
    });
  },
};

interface Asked {
  whole: Node;
  call: Node;
  method: 'filter' | 'find' | 'findIndex';
  exists: boolean;
}

/** `filter(…).length > 0` and its like. */
function askedBy(whole: Node): Asked | null {
  const counted = existence(whole, 'length');
  const indexed = existence(whole, 'index');
  const found = existence(whole, 'element');
  const forms: Array<Omit<Asked, 'call'> & { call: Node | null }> = [
    { whole, call: counted ? counting(counted.value) : null, method: 'filter', exists: counted?.exists === true },
    { whole, call: indexed?.value ?? null, method: 'findIndex', exists: indexed?.exists === true },
    { whole, call: found?.value ?? null, method: 'find', exists: found?.exists === true },
  ];
  const asked = forms.find(({ call, method }) => methodCall(call)?.method === method);
  return asked?.call ? { ...asked, call: asked.call } : null;
}

/** What `.length` is asked of. */
function counting(node: Node): Node | null {
  return node.is('member_expression') && node.field('property')?.text() === 'length' ? node.field('object') : null;
}

/** `!filter(…).length`, and `filter(…).length` as a whole condition. */
function truthsOf(root: Node): Asked[] {
  return nodesOf(root, 'member_expression').flatMap((member): Asked[] => {
    const call = counting(member);
    const parent = member.parent();
    if (!call || methodCall(call)?.method !== 'filter' || !parent) return [];
    if (
      parent.is('unary_expression') &&
      parent.text().startsWith('!') &&
      parent.parent()?.text().startsWith('!!') !== true
    )
      return [{ whole: parent, call, method: 'filter', exists: false }];
    const condition = parent.is('parenthesized_expression') && parent.parent()?.is('if_statement');
    return condition ? [{ whole: member, call, method: 'filter', exists: true }] : [];
  });
}

/** Does the predicate read a property of its element first? Then the element is neither null nor undefined. */
function readsElement({ parameter, body }: { parameter: string; body: Node }): boolean {
  const first = body.is('binary_expression') ? body.field('left') : body;
  if (!first) return false;
  if (first.is('binary_expression')) return readsElement({ parameter, body: first });
  return first.is('member_expression') && new RegExp(`^${parameter.replaceAll('$', '\\$')}\\.\\w`).test(first.text());
}

const mapThenFlat: RuleImpl = {
  id: 'javascript/map-then-flat',
  languages: SCRIPT,
  severity: 'low',
  title: 'Map and flatten in one pass',
  rationale:
    '`map(…).flat()` builds an array of arrays and then a second one; `flatMap` is defined as the same two steps without the array between. Expected: one pass and one array less; not measured in this program. Flattening by more than one level, results of `Promise.all`, and repositories that support a Node before 11 are left alone.',
  fixable: true,
  aliases: ['unicorn/prefer-array-flat-map', 'lint/complexity/useFlatMap'],
  trigger: /\.flat\s*\(\s*1?\s*\)/,
  example: {
    path: 'src/a.js',
    before: 'export const lines = (files) => files.map((file) => file.lines).flat();\n',
    after: 'export const lines = (files) => files.flatMap((file) => file.lines);\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (xs) => xs.map((x) => x.ys).flat(2);\n' },
    { path: 'src/c.js', text: 'export const f = async (xs) => (await Promise.all(xs.map(load))).flat();\n' },
    { path: 'src/d.js', text: 'export const f = (xs) => xs.map((x) => x.ys).sort().flat();\n' },
    { path: 'src/e.js', text: 'export const f = (xs) => xs.flat();\n' },
  ],
  async find(file, context) {
    if (!isModern(file, context, 11)) return [];
    return nodesOf(await context.tree(), 'call_expression').flatMap((whole): Match[] => {
      const flat = methodCall(whole);
      if (
        flat?.method !== 'flat' ||
        !(flat.args.length === 0 || (flat.args.length === 1 && flat.args[0]?.text() === '1'))
      )
        return [];
      const map = methodCall(flat.object);
      if (map?.method !== 'map' || map.args.length === 0 || holdsComment(whole)) return [];
      const edits = shortened(map.property, flat.object, whole, 'flatMap', false);
      return [{ ...span(whole), message: 'An array of arrays is built only to be flattened.', edits }];
    });
  },
};

const indexForMembership: RuleImpl = {
  id: 'javascript/index-for-membership',
  languages: SCRIPT,
  severity: 'low',
  title: 'Ask with includes whether it is there',
  rationale:
    '`includes` answers the question that a comparison of `indexOf` with -1 asks; it is about as fast, so this is for the reader. The two differ for NaN, for holes and for patterns, so it is rewritten only where a text is looked for in what is plainly an array or a text. Expected: no gain in time worth naming; not measured. Unknown receivers, unknown values, and positions that are used are left alone.',
  fixable: true,
  aliases: ['unicorn/prefer-includes', '@typescript-eslint/prefer-includes'],
  trigger: /\.indexOf\s*\(/,
  example: {
    path: 'src/a.js',
    before: "const kinds = ['a', 'b'];\nexport const isKind = (text) => kinds.indexOf(text.trim()) !== -1;\n",
    after: "const kinds = ['a', 'b'];\nexport const isKind = (text) => kinds.includes(text.trim());\n",
  },
  lookAlikes: [
    { path: 'src/b.js', text: "export const f = (xs) => xs.indexOf('a') !== -1;\n" },
    { path: 'src/c.js', text: 'const xs = [NaN, 1];\nexport const f = (x) => xs.indexOf(x) !== -1;\n' },
    { path: 'src/d.js', text: "const xs = ['a', 'b'];\nexport const f = (x) => xs.indexOf('a') > 0;\n" },
    { path: 'src/e.js', text: "const xs = ['a', 'b'];\nexport const f = (x) => xs.indexOf('a', x) !== -1;\n" },
    {
      path: 'src/f.js',
      text: "var xs = ['a', 'b'];\nexports.f = function (x) {\n  return xs.indexOf('a') !== -1;\n};\n",
    },
  ],
  async find(file, context) {
    const linted = context.options.conventions.tools.some((tool) =>
      /eslint|biome|oxlint|xo|standard|deno|tslint|jshint/.test(tool),
    );
    if (linted || !isModern(file, context, 6)) return [];
    return nodesOf(await context.tree(), 'binary_expression').flatMap((whole): Match[] => {
      const asked = existence(whole, 'index');
      const search = methodCall(asked?.value ?? null);
      const [value, ...others] = search?.args ?? [];
      if (!asked || !search || search.method !== 'indexOf' || !value || others.length > 0 || holdsComment(whole))
        return [];
      if (!isText(value) || !(isArray(search.object) || isText(bare(search.object)))) return [];
      const edits = shortened(search.property, asked.value, whole, 'includes', !asked.exists);
      return [{ ...span(whole), message: 'A position is asked for where only presence matters.', edits }];
    });
  },
};

export const arrayRules: readonly RuleImpl[] = [filterForFirst, filterForExistence, mapThenFlat, indexForMembership];
