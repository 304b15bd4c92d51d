/** Rounds of a JavaScript loop that wait for a database or for each other. Rule: reported only. */
import { argumentsOf, piecesOf, SCRIPT } from '../javascript-source.ts';
import type { Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { loopOf, mentionsAny, namesOfRound } from './javascript-loops.ts';
import { bare, methodCall } from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

/** Commands and changes of the database that somebody starts by hand, once. */
const BY_HAND = /(^|\/)(migrations?|upgrades?|seeds?|seeders|scripts|bin|importers?)\//;

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
  trigger: holdsAll(/\bfor\s*\(/, /\sof\s/, /\bawait\b/),
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
      path: 'src/g.js',
      text: "export async function f() {\n  const all = [];\n  for (const name of ['a', 'b']) {\n    all.push(await fetchUser(name));\n  }\n  return all;\n}\n",
    },
    {
      path: 'src/f.js',
      text: 'export const f = (ids) => Promise.all(ids.map(async (id) => [id, await fetchUser(id)]));\n',
    },
  ],
  async find(_file, context) {
    const loops = nodesOf(await context.tree(), 'for_in_statement').filter(isIndependent);
    return loops.slice(0, FEW).map((loop) => ({
      ...untilLastAwait(loop, 'await_expression'),
      message: 'Every round waits for the one before, though none needs it.',
    }));
  },
};

function isIndependent(loop: Node): boolean {
  const body = loop.field('body');
  // A list that is written out is short, and its order may be meant.
  if (loop.field('right')?.is('array')) return false;
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

/** From the head of the loop to the last wait in it: either may be where somebody looks. */
function untilLastAwait(loop: Node, kind: string): { start: number; end: number } {
  const { start, end } = span(loop);
  return { start, end: Math.max(start, ...nodesOf(loop, kind).map((one) => span(one).end)) || end };
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
    'A query per element of a list costs a round trip each (the N+1 problem); one query for all of them costs one. It is reported where a call that reads from a database stands in a loop and is given what changes from round to round. Expected: about one round trip instead of as many as there are elements; not measured in this program. How the queries are joined depends on the data, so nothing is edited. Writes, queries that stay the same in every round, loops that break off, and scripts that somebody starts by hand are left alone.',
  fixable: false,
  trigger:
    /\.find(One|ById|ByPk|Unique|First|Many|All)\w*\s*[(<]|\.(query|execute|raw|all|get)\s*[(<][^)]{0,40}['"`]\s*select\b/i,
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
    if (BY_HAND.test(file.path)) return [];
    const calls = nodesOf(await context.tree(), 'call_expression').filter((call) => {
      const found = methodCall(call);
      if (!found || !isQuery(found)) return false;
      const loop = loopOf(call);
      if (!loop || /^(while_statement|do_statement)$/.test(String(loop.kind()))) return false;
      // Whoever breaks off looks for the first that is there: one query for all would ask for too much.
      if (loop.find({ rule: { kind: 'break_statement' } })) return false;
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

export const waitRules: readonly RuleImpl[] = [awaitInLoop, queryInLoop];
