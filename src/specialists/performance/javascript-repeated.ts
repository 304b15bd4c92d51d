/** Work that every round of a loop repeats or waits for. Rule: reported only; how to batch it is the author's to know. */
import { argumentsOf, FOR_DEVELOPMENT, piecesOf } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { loopOf, mentionsAny, namesOfRound } from './javascript-loops.ts';
import { bare, declarationOf, isArray, isFunction, methodCall, usesOf } from './javascript-values.ts';

const SCRIPT = ['javascript', 'typescript'] as const;
/** Reports of one rule in a file; the rest say nothing new. */
const FEW = 5;

/** Names of what only reads, so that its calls may run side by side. */
const READS = /^(fetch|get|load|read|find|lookup|query|select|resolve|stat|lstat|head|download|request)([A-Z_]\w*)?$/;
/** Inside these the order, or the end of the loop, is decided as it goes. */
const DECIDES = [
  'break_statement',
  'continue_statement',
  'return_statement',
  'throw_statement',
  'yield_expression',
  'try_statement',
  'if_statement',
];

const awaitInLoop: RuleImpl = {
  id: 'javascript/await-in-loop',
  languages: SCRIPT,
  severity: 'low',
  title: 'Start independent reads together',
  rationale:
    'A loop that awaits in every round takes the sum of all waits; `Promise.all` over the same calls takes the longest. It is reported where the rounds are independent as far as the syntax says: each only collects what a reading function returns for its own element. Expected: up to as many times faster as there are elements; not measured in this program. Whether the other side bears so many requests at once, and what should happen when one fails, is for the author, so nothing is edited. Loops that stop early, write, retry or depend on earlier rounds are left alone.',
  fixable: false,
  aliases: ['no-await-in-loop', 'lint/performance/noAwaitInLoops'],
  trigger: /\bawait\b/,
  example: {
    path: 'src/a.js',
    before:
      'export async function load(ids) {\n  const users = [];\n  for (const id of ids) {\n    users.push(await fetchUser(id));\n  }\n  return users;\n}\n',
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: 'export async function f(ids) {\n  for (const id of ids) {\n    await save(id);\n  }\n}\n',
    },
    {
      path: 'src/c.js',
      text: 'export async function f(ids) {\n  for (const id of ids) {\n    const user = await fetchUser(id);\n    if (user) return user;\n  }\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'export async function f(ids) {\n  const all = [];\n  let last;\n  for (const id of ids) {\n    last = await fetchAfter(id, last);\n    all.push(last);\n  }\n  return all;\n}\n',
    },
    {
      path: 'src/e.js',
      text: 'export async function f(stream) {\n  const all = [];\n  for await (const part of stream) {\n    all.push(await readPart(part));\n  }\n  return all;\n}\n',
    },
    {
      path: 'src/f.js',
      text: 'export const f = (ids) => Promise.all(ids.map(async (id) => [id, await fetchUser(id)]));\n',
    },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const loops = nodesOf(await context.tree(), 'for_in_statement').filter(isIndependent);
    return loops.slice(0, FEW).map((loop) => ({
      ...firstLine(loop, file.text),
      message: 'Every round waits for the one before, though none needs it.',
    }));
  },
};

function isIndependent(loop: Node): boolean {
  const body = loop.field('body');
  const left = loop.field('left');
  if (
    !body?.is('statement_block') ||
    !left ||
    loop.field('operator')?.text() !== 'of' ||
    /^for\s+await\b/.test(loop.text())
  )
    return false;
  if (DECIDES.some((kind) => nodesOf(body, kind).length > 0) || nodesOf(body, 'for_in_statement').length > 0)
    return false;
  const own = new Set(
    [left, ...nodesOf(body, 'variable_declarator').flatMap((one) => one.field('name') ?? [])].flatMap(names),
  );
  const assigned = ['assignment_expression', 'augmented_assignment_expression', 'update_expression'].flatMap((kind) =>
    nodesOf(body, kind),
  );
  if (assigned.some((one) => !one.field('left')?.is('subscript_expression'))) return false;
  const awaits = nodesOf(body, 'await_expression');
  const collects = assigned.length > 0 || /\.(push|set|add)\(/.test(body.text());
  const calls = awaits.map((one) => bare(one.child(1) ?? one));
  return awaits.length > 0 && collects && calls.every((call) => isReadOf(call, own)) && onlyReads(body, calls);
}

function isReadOf(call: Node, own: ReadonlySet<string>): boolean {
  const callee = call.is('call_expression') ? call.field('function') : null;
  const name = callee?.is('member_expression') ? callee.field('property')?.text() : callee?.text();
  return READS.test(name ?? '') && argumentsOf(call).some((argument) => mentionsAny(argument, own));
}

/** Does the body call nothing but the reads, and what collects? */
function onlyReads(body: Node, reads: readonly Node[]): boolean {
  const known = new Set(reads.map((call) => call.id()));
  return nodesOf(body, 'call_expression').every((call) => {
    const method = methodCall(call)?.method ?? '';
    return (
      known.has(call.id()) ||
      /^(push|set|add|map|filter|join|trim|split|toString|json|text|includes|slice|concat)$/.test(method)
    );
  });
}

function names(node: Node): string[] {
  const kinds = ['identifier', 'shorthand_property_identifier_pattern'].map((kind) => ({ kind }));
  return node.findAll({ rule: { any: kinds } }).map((one) => one.text());
}

function firstLine(node: Node, text: string): { start: number; end: number } {
  const { start, end } = span(node);
  const newline = text.indexOf('\n', start);
  return { start, end: newline === -1 ? end : Math.min(end, newline) };
}

const FINDS =
  /^(findOne|findById|findByPk|findUnique|findUniqueOrThrow|findFirst|findOneBy|findOneOrFail|findMany|findAll)$/;
const STORES =
  /^([A-Z]\w*|(this\.)?(\w+\.)*(prisma|db|database|knex|orm|em|entityManager|\w*[rR]epo(sitory)?|\w*[mM]odel)(\.\w+)?)$/;

const queryInLoop: RuleImpl = {
  id: 'javascript/query-in-loop',
  languages: SCRIPT,
  severity: 'medium',
  title: 'Ask the database once instead of per element',
  rationale:
    'A query per element of a list costs a round trip each (the N+1 problem); one query for all of them costs one. It is reported where a call that reads from a database stands in a loop and is given what changes from round to round. Expected: about one round trip instead of as many as there are elements; not measured in this program. How the queries are joined depends on the data, so nothing is edited. Writes, and queries that stay the same in every round, are left alone.',
  fixable: false,
  trigger: /\.(find(One|ById|ByPk|Unique|First|OneBy|Many|All)\w*|query|execute|raw|all|get)\s*[(<]/,
  example: {
    path: 'src/a.js',
    before:
      'export async function names(posts) {\n  const all = [];\n  for (const post of posts) {\n    const user = await User.findById(post.userId);\n    all.push(user.name);\n  }\n  return all;\n}\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = async (id) => User.findById(id);\n' },
    {
      path: 'src/c.js',
      text: 'export async function f(posts) {\n  const user = await User.findOne({ root: true });\n  return posts.map((post) => [post, user]);\n}\n',
    },
    {
      path: 'src/d.js',
      text: 'export const f = (rows) => rows.map((row) => row.cells.find((cell) => cell.id === row.id));\n',
    },
    {
      path: 'src/e.js',
      text: "export async function f(rows) {\n  for (const row of rows) {\n    await pool.query('INSERT INTO t VALUES ($1)', [row.id]);\n  }\n}\n",
    },
    { path: 'src/f.js', text: 'export const f = (paths) => paths.map((path) => dom.query(path));\n' },
  ],
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const calls = nodesOf(await context.tree(), 'call_expression').filter((call) => {
      const found = methodCall(call);
      if (!found || !isQuery(found)) return false;
      const loop = loopOf(call);
      if (!loop || /^(while_statement|do_statement)$/.test(String(loop.kind()))) return false;
      const round = namesOfRound(loop);
      return found.args.some((argument) => mentionsAny(argument, round)) && !mentionsAny(found.object, round);
    });
    return calls
      .slice(0, FEW)
      .map((call) => ({ ...span(call), message: 'The database is asked once per element of a list.' }));
  },
};

function isQuery({ object, method, args }: NonNullable<ReturnType<typeof methodCall>>): boolean {
  if (FINDS.test(method)) return STORES.test(object.text());
  if (!/^(query|execute|raw|all|get)$/.test(method) || !args[0]) return false;
  const pieces = piecesOf(args[0]);
  return /^\s*select\b[\s\S]*\bfrom\b/i.test(pieces.map((piece) => piece.text ?? ' ? ').join(''));
}

const searchInLoop: RuleImpl = {
  id: 'javascript/list-search-in-loop',
  languages: SCRIPT,
  severity: 'low',
  title: 'Collect what was seen in a set',
  rationale:
    'A list that grows in a loop and is searched in the same loop takes time with the square of its length; a set beside it, or instead of it, answers at once and finds the same elements. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Whether the order or the list itself is needed is for the author, so nothing is edited. Lists that do not grow in the loop are left alone.',
  fixable: false,
  trigger: /\.(includes|indexOf)\s*\([\s\S]*\.push\s*\(|\.push\s*\([\s\S]*\.(includes|indexOf)\s*\(/,
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
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
    const found = nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const search = methodCall(call);
      const loop =
        search && /^(includes|indexOf)$/.test(search.method) && search.args.length === 1 ? loopOf(call) : null;
      const declaration = loop && search ? declarationOf(search.object) : null;
      if (!loop || !search || !declaration?.value || !isArray(search.object)) return [];
      const { start, end } = span(loop);
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
  trigger: /new\s+RegExp\s*\(/,
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
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
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
  trigger: /\.reduce(Right)?\s*[(<][\s\S]*\.\.\./,
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
  async find(file, context) {
    if (FOR_DEVELOPMENT.test(file.path)) return [];
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

export const repeatedRules: readonly RuleImpl[] = [
  awaitInLoop,
  queryInLoop,
  searchInLoop,
  patternInLoop,
  spreadInReduce,
];
