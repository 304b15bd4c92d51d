/** Arrays that are asked like sets, or sorted for one end. Rule: made a set only where nothing but that question is asked. */
import { SCRIPT } from '../javascript-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { FEW } from './few.ts';
import { loopOf } from './javascript-loops.ts';
import { declarationOf, methodCall, usesOf } from './javascript-values.ts';
import { holdsAll } from './trigger.ts';

const lookup: RuleImpl = {
  id: 'javascript/list-asked-per-element',
  languages: SCRIPT,
  severity: 'low',
  title: 'Look elements up in a set',
  rationale:
    '`includes` on an array, asked once for each element of another one, takes time with the product of their lengths; a set answers at once, and finds the same elements (both compare as Object.is does, and 0 as -0). The array becomes a set where it is a constant that is made by `map` or `filter`, and where nothing but `includes` with one argument is ever asked of it. Expected: nothing for a few dozen elements, very much for thousands; not measured in this program. Arrays that are written out, exported, typed, or used in another way are left alone.',
  fixable: true,
  trigger: holdsAll(/\.includes\s*\(/, /\bconst\s+\w+\s*=/, /\.(map|filter)\s*\(/),
  example: {
    path: 'src/a.js',
    before:
      'export function missing(users, wanted) {\n  const ids = users.map((user) => user.id);\n  return wanted.filter((id) => !ids.includes(id));\n}\n',
    after:
      'export function missing(users, wanted) {\n  const ids = new Set(users.map((user) => user.id));\n  return wanted.filter((id) => !ids.has(id));\n}\n',
  },
  lookAlikes: [
    {
      path: 'src/b.js',
      text: 'export function f(users, id) {\n  const ids = users.map((user) => user.id);\n  return ids.includes(id);\n}\n',
    },
    {
      path: 'src/c.js',
      text: 'export function f(users, wanted) {\n  const ids = users.map((user) => user.id);\n  log(ids);\n  return wanted.filter((id) => ids.includes(id));\n}\n',
    },
    {
      path: 'src/d.js',
      text: "export function f(words) {\n  const small = ['a', 'of'];\n  return words.filter((word) => small.includes(word));\n}\n",
    },
    {
      path: 'src/e.js',
      text: 'export function f(users, wanted) {\n  const text = users.map((user) => user.id).join();\n  return wanted.filter((id) => text.includes(id));\n}\n',
    },
  ],
  async find(file, context) {
    const seen = new Set<number>();
    return nodesOf(await context.tree(), 'call_expression').flatMap((call): Match[] => {
      const asked = methodCall(call);
      if (asked?.method !== 'includes' || asked.args.length !== 1 || !asked.object.is('identifier')) return [];
      const loop = loopOf(call);
      const declared = loop ? declarationOf(asked.object) : null;
      if (!loop || !declared?.value || declared.type || seen.has(declared.node.id())) return [];
      if (span(declared.node).start >= span(loop).start) return [];
      const edits = asSet(declared.node, declared.value, declared.scope, asked.object.text());
      if (!edits) return [];
      seen.add(declared.node.id());
      const message = 'The whole array is searched for every element of another one.';
      return [{ ...span(call), message, edits: hasRoom(file.text, declared.value) ? edits : [] }];
    });
  },
};

/** Is the line with the set no longer than lines of the file are? */
function hasRoom(text: string, value: Node): boolean {
  const { start, end } = span(value);
  if (value.text().includes('\n')) return true;
  const [from, to] = [text.lastIndexOf('\n', start) + 1, text.indexOf('\n', end)];
  const longest = Math.max(80, ...text.split('\n').map((line) => line.length));
  return (to === -1 ? text.length : to) - from + 'new Set()'.length <= longest;
}

function asSet(declarator: Node, value: Node, scope: Node, name: string): TextEdit[] | null {
  const made = methodCall(value);
  if (!made || !/^(map|filter)$/.test(made.method)) return null;
  const statement = declarator.parent();
  if (!statement?.text().startsWith('const ') || statement.parent()?.is('export_statement')) return null;
  if (declarator.children().some((child) => child.is('type_annotation'))) return null;
  const uses = usesOf(scope, name).filter((use) => declarator.field('name')?.id() !== use.id());
  const properties = uses.map((use) => {
    const call = use.parent()?.parent() ?? null;
    const asked = methodCall(call);
    return asked?.method === 'includes' && asked.args.length === 1 && asked.object.id() === use.id()
      ? asked.property
      : null;
  });
  if (properties.some((property) => property === null)) return null;
  const { start, end } = span(value);
  return [
    { start, end: start, text: 'new Set(' },
    { start: end, end, text: ')' },
    ...properties.flatMap((property) => (property ? [{ ...span(property), text: 'has' }] : [])),
  ];
}

const sortedForOne: RuleImpl = {
  id: 'javascript/sorted-for-one-element',
  languages: SCRIPT,
  severity: 'low',
  title: 'Take the least or greatest without sorting',
  rationale:
    'Sorting compares n log n times to hand out one end, and sorts the array in place besides; one pass with `reduce` or `Math.min` compares n times. For an empty array the index gives undefined and `Math.min` gives Infinity, so which of them is right is for the author and nothing is edited. Expected: a few times faster as the array grows; not measured in this program. Other indexes, and arrays that are used afterwards, are left alone.',
  fixable: false,
  trigger: holdsAll(/\.(?:sort|toSorted)\s*\(/, /\)\s*(?:\[0\]|\.at\((?:0|-1)\)|\.(?:shift|pop)\(\))/),
  example: {
    path: 'src/a.js',
    before: 'export const cheapest = (items) => items.map((item) => item.price).sort((a, b) => a - b)[0];\n',
  },
  lookAlikes: [
    { path: 'src/b.js', text: 'export const f = (items) => items.toSorted()[1];\n' },
    { path: 'src/c.js', text: 'export const f = (items) => items.sort()[0];\n' },
    { path: 'src/d.js', text: 'export const f = (items) => items.map(price).sort().slice(0, 3);\n' },
  ],
  async find(_file, context) {
    const root = await context.tree();
    const indexed = nodesOf(root, 'subscript_expression').flatMap((node) =>
      node.field('index')?.text() === '0' ? [{ whole: node, call: node.field('object') }] : [],
    );
    const taken = nodesOf(root, 'call_expression').flatMap((node) => {
      const outer = methodCall(node);
      const end =
        /^(shift|pop)$/.test(outer?.method ?? '') ||
        (outer?.method === 'at' && /^(0|-1)$/.test(outer.args[0]?.text() ?? ''));
      return end && outer ? [{ whole: node, call: outer.object }] : [];
    });
    const found = [...indexed, ...taken].flatMap(({ whole, call }): Match[] => {
      const sort = methodCall(call);
      const fresh =
        sort?.method === 'toSorted' ||
        (sort?.method === 'sort' && /^(map|filter|slice|concat)$/.test(methodCall(sort.object)?.method ?? ''));
      return fresh ? [{ ...span(whole), message: 'The whole array is sorted for one element.' }] : [];
    });
    return found.slice(0, FEW);
  },
};

export const setRules: readonly RuleImpl[] = [lookup, sortedForOne];
