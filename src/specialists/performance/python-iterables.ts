/**
 * Collections that are made, or asked for their keys, only to be gone over. Rule: the same elements come in the same order,
 * and whatever is asked of a mapping is asked of something that behaves as one in this file.
 */
import type { Match, Node, RuleContext, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { isPure, mayRunOnPython2, mentions, type PythonValues, readValues } from './python-values.ts';

/** Tables and columns answer `.keys()` in their own ways, and rows of databases are asked for values by `in`. */
const OTHERS = /^\s*(import|from)\s+(pandas|polars|dask|xarray|pyspark|ibis|modin|h5py|netCDF4|shelve|dbm)\b/m;
const ROW = /row|record|result|cursor|frame|^df$|header|message|group/i;

/** Is it a dict, or something that the function uses as one in another place? */
function isMapping(node: Node, { kindOf }: PythonValues): boolean {
  if (kindOf(node) === 'dict') return true;
  const scope = enclosing(node, ['function_definition', 'module']);
  if (!scope || ROW.test(node.text()) || !/^[\w.]+$/.test(node.text())) return false;
  const name = node.text().replaceAll('.', '\\.');
  return new RegExp(
    `(?<![\\w.])${name}(\\.(get|items|values|setdefault|update|popitem)\\(|\\[[^\\]\\n]+\\]\\s*[-+*|]?=[^=])`,
  ).test(scope.text());
}

const keysAsked: RuleImpl = {
  id: 'python/needless-keys',
  languages: ['python'],
  severity: 'low',
  taste: true,
  title: 'Ask the dict itself for its keys',
  rationale:
    'Going over a dict gives its keys, and `in` asks for one, so `.keys()` makes a view for nothing, and `list(…)` around it copies every key to compare them one by one. It is rewritten for a dict, and for what the same function uses as a mapping in another place; what merely has a method of that name is reported where keys are asked for, since `in` asks rows of databases for values. Expected: some dozen nanoseconds, and the whole copy where there is one; not measured in this program. Copies that a loop needs, because it changes the dict, and files that work with tables of data are left alone.',
  fixable: true,
  aliases: ['SIM118'],
  trigger: /\bin\s+(?:list\()?[\w.]+\.keys\(\)/,
  example: {
    path: 'app/a.py',
    before: 'def has(name, sizes: dict):\n    return name in sizes.keys()\n',
    after: 'def has(name, sizes: dict):\n    return name in sizes\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def f(sizes: dict):\n    for name in list(sizes.keys()):\n        del sizes[name]\n' },
    { path: 'app/c.py', text: 'import pandas as pd\n\n\ndef f(frame, name):\n    return name in frame.keys()\n' },
    { path: 'app/d.py', text: 'def f(sizes: dict):\n    return sizes.keys() - {"a"}\n' },
    {
      path: 'app/e.py',
      text: 'class A(dict):\n    def __iter__(self):\n        for name in self.keys():\n            yield name\n',
    },
  ],
  async find(file, context) {
    if (OTHERS.test(file.text) || /\bdef (keys|__iter__|__contains__)\b/.test(file.text)) return [];
    const values = await readValues(context);
    const asked = nodesOf(values.root, 'comparison_operator').flatMap((node) => {
      const [left, right, ...others] = node.namedChildren();
      const gap = left && right ? file.text.slice(span(left).end, span(right).start).trim() : '';
      return right && others.length === 0 && /^(not )?in$/.test(gap) ? [right] : [];
    });
    const over = ['for_statement', 'for_in_clause'].flatMap((kind) =>
      nodesOf(values.root, kind).flatMap((node) => node.field('right') ?? []),
    );
    return [...asked.map((node) => ({ node, loop: false })), ...over.map((node) => ({ node, loop: true }))].flatMap(
      ({ node, loop }): Match[] => {
        const copied = !loop && node.is('call') && node.field('function')?.text() === 'list';
        const call = copied ? node.field('arguments')?.namedChildren()[0] : node;
        const callee =
          call?.is('call') && call.field('arguments')?.namedChildren().length === 0 ? call.field('function') : null;
        const object = callee?.field('attribute')?.text() === 'keys' ? callee.field('object') : null;
        if (!object || /\bself$/.test(object.text()) || node.text().includes('#')) return [];
        const known = isMapping(object, values);
        const edits = known && !(copied && !values.isBuiltin('list')) ? [{ ...span(node), text: object.text() }] : [];
        return [{ ...span(node), message: 'The keys are asked for by a view of them.', edits }];
      },
    );
  },
};

const listInSum: RuleImpl = {
  id: 'python/list-in-sum',
  languages: ['python'],
  severity: 'low',
  taste: true,
  title: 'Add up without a list in between',
  rationale:
    '`sum`, `min` and `max` take one element after the other, so a list comprehension as their only argument is built, gone over and thrown away; without the brackets there is no list. It is rewritten where the elements only read, compare and compute, so that nobody can notice when each is made. Expected: no list in memory, and about the same time; not measured in this program. Other arguments beside the list, elements that call something unknown, and `join`, which makes a list anyway, are left alone.',
  fixable: true,
  aliases: ['C419', 'R1728'],
  trigger: /\b(?:sum|min|max)\(\s*\[/,
  example: {
    path: 'app/a.py',
    before: 'def total(rows):\n    return sum([row.size * 2 for row in rows])\n',
    after: 'def total(rows):\n    return sum(row.size * 2 for row in rows)\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def f(rows):\n    return sum(row.size for row in rows)\n' },
    { path: 'app/c.py', text: 'def f(rows):\n    return sum([row.load() for row in rows]), sum([1, 2])\n' },
    {
      path: 'app/d.py',
      text: 'def f(rows):\n    return sum([row.size for row in rows], 3), max([r for r in rows], key=g)\n',
    },
    { path: 'app/e.py', text: 'def sum(rows):\n    return rows\n\n\nx = sum([a for a in b])\n' },
  ],
  async find(file, context) {
    if (mayRunOnPython2(file, context)) return [];
    const values = await readValues(context);
    return nodesOf(values.root, 'list_comprehension').flatMap((list): Match[] => {
      const call = list.parent()?.is('argument_list') ? list.parent()?.parent() : null;
      const name = call?.field('function')?.text() ?? '';
      if (!call || !/^(sum|min|max)$/.test(name) || !values.isBuiltin(name)) return [];
      const given = call.field('arguments')?.namedChildren() ?? [];
      const body = list.field('body');
      const [clause, ...others] = list.children().filter((child) => child.is('for_in_clause'));
      const conditions = list
        .children()
        .filter((child) => child.is('if_clause'))
        .flatMap((one) => one.namedChildren());
      if (given.length !== 1 || !body || !clause || others.length > 0 || list.text().includes('#')) return [];
      if (!(isCalm(body, values) && conditions.every((one) => isCalm(one, values))) || /\basync\b/.test(list.text()))
        return [];
      const { start, end } = span(list);
      if (/^\[\s|\s\]$/.test(list.text())) return [];
      const edits = [
        { start, end: start + 1, text: '' },
        { start: end - 1, end, text: '' },
      ];
      return [{ start, end, message: 'A list is built only to be added up.', edits }];
    });
  },
};

/** Reads, compares and computes. */
function isCalm(node: Node, values: PythonValues): boolean {
  if (/^(binary_operator|unary_operator|subscript|conditional_expression)$/.test(String(node.kind())))
    return node.namedChildren().every((one) => isCalm(one, values));
  if (node.is('call') && /^(abs|int|float|round|len)$/.test(node.field('function')?.text() ?? ''))
    return (node.field('arguments')?.namedChildren() ?? []).every((one) => isCalm(one, values));
  return isPure(node, values);
}

const listForFirst: RuleImpl = {
  id: 'python/list-for-first',
  languages: ['python'],
  severity: 'low',
  title: 'Stop at the first element that matches',
  rationale:
    'A whole list is made to hand out its first element; `next` over a generator stops there. Where nothing matches the index raises IndexError and `next` StopIteration, which is easily swallowed, or takes a default: which of them is right is for the author, so nothing is edited. Expected: up to all of the time, depending on where the element stands; not measured in this program. Other indexes, and lists that have a name, are left alone.',
  fixable: false,
  aliases: ['RUF015'],
  trigger: /\]\s*\[0\]|\blist\([^\n]*\)\[0\]/,
  example: { path: 'app/a.py', before: 'def first(users):\n    return [user for user in users if user.active][0]\n' },
  lookAlikes: [
    { path: 'app/b.py', text: 'def first(users):\n    return [user for user in users if user.active][1]\n' },
    {
      path: 'app/c.py',
      text: 'def first(users):\n    found = [user for user in users if user.active]\n    return found[0]\n',
    },
    { path: 'app/d.py', text: 'def first(users):\n    return [users, 3][0], list(users)[:1]\n' },
  ],
  async find(_file, context) {
    const values = await readValues(context);
    return nodesOf(values.root, 'subscript').flatMap((node): Match[] => {
      const list = node.field('value');
      const index = node.fieldChildren('subscript');
      if (index.length !== 1 || index[0]?.text() !== '0' || !list) return [];
      const [given, ...more] = list.is('call') ? (list.field('arguments')?.namedChildren() ?? []) : [];
      const copied =
        list.field('function')?.text() === 'list' &&
        values.isBuiltin('list') &&
        more.length === 0 &&
        /^(identifier|attribute|call)$/.test(String(given?.kind()));
      const picked = list.is('list_comprehension') && list.children().some((one) => one.is('if_clause'));
      if (!copied && !picked) return [];
      return [{ ...span(node), message: 'A whole list is made for its first element.' }];
    });
  },
};

const emptiedFromFront: RuleImpl = {
  id: 'python/list-emptied-by-a-loop',
  languages: ['python'],
  severity: 'low',
  title: 'Go over the list instead of emptying it',
  rationale:
    'A loop that takes the first element until none is left moves all the others in every round, so its time grows with the square of the length; going over the list moves nothing. The elements come in the same order. It is rewritten where the list is made right in the function, nothing but this loop looks at it, and nothing is added to it. Expected: nothing for a few hundred elements, very much for many thousands; not measured in this program.',
  fixable: true,
  trigger: /\.pop\(0\)/,
  example: {
    path: 'app/a.py',
    before:
      'def run(jobs):\n    waiting = list(jobs)\n    while waiting:\n        job = waiting.pop(0)\n        job.start()\n',
    after: 'def run(jobs):\n    waiting = list(jobs)\n    for job in waiting:\n        job.start()\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'def run(jobs):\n    while jobs:\n        job = jobs.pop(0)\n        job.start()\n' },
    {
      path: 'app/c.py',
      text: 'def run(jobs):\n    waiting = list(jobs)\n    while waiting:\n        job = waiting.pop(0)\n        waiting.extend(job.next())\n',
    },
    {
      path: 'app/d.py',
      text: 'def run(jobs):\n    waiting = list(jobs)\n    while waiting:\n        job = waiting.pop(0)\n        if job.last:\n            break\n    return waiting\n',
    },
  ],
  find: emptiedLoops,
};

/** Every loop that does nothing with a list but take its first element until none is left. */
export async function emptiedLoops(file: SourceFile, context: RuleContext): Promise<Match[]> {
  const { root, kindOf } = await readValues(context);
  return nodesOf(root, 'while_statement').flatMap((loop): Match[] => {
    const said = /^(\w+)$|^len\((\w+)\)( > 0| != 0)?$/.exec(loop.field('condition')?.text() ?? '');
    const name = said?.[1] ?? said?.[2];
    const [first, second] = loop.field('body')?.namedChildren() ?? [];
    const taken = first?.is('expression_statement') ? first.child(0) : null;
    const target = taken?.is('assignment') ? taken.field('left') : null;
    const scope = enclosing(loop, ['function_definition']);
    if (!name || !target?.is('identifier') || taken?.field('right')?.text() !== `${name}.pop(0)`) return [];
    if (!scope || !second || second.is('comment') || loop.field('alternative')) return [];
    const made = nodesOf(scope, 'assignment').filter((one) => one.field('left')?.text() === name);
    const value = made[0]?.field('right');
    const [block, own] = [loop.parent()?.id(), made[0]?.parent()?.parent()?.id()];
    if (made.length !== 1 || !value || block !== own || span(value).start > span(loop).start) return [];
    if (!/^(list_comprehension|call|list)$/.test(String(value.kind())) || kindOf(value) !== 'list') return [];
    const later = mentions(scope, name).filter((use) => span(use).start > span(value).end);
    if (
      later.length !== 2 ||
      mentions(scope, name).some((use) => enclosing(use, ['function_definition'])?.id() !== scope.id())
    )
      return [];
    const between = file.text.slice(span(loop).start, span(second).start);
    if (between.includes('#') || /\b(locals|vars|eval|exec)\(/.test(scope.text())) return [];
    const { start } = span(loop);
    const edits = [
      { start, end: span(loop.field('condition') ?? loop).end, text: `for ${target.text()} in ${name}` },
      { start: span(first ?? loop).start, end: span(second).start, text: '' },
    ];
    return [
      {
        start: span(taken ?? loop).start,
        end: span(taken ?? loop).end,
        message: 'Every other element moves in every round.',
        edits,
      },
    ];
  });
}

export const iterableRules: readonly RuleImpl[] = [keysAsked, listInSum, listForFirst, emptiedFromFront];
