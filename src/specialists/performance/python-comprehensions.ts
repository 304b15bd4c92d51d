/** Collections that are built twice or by detours. Rule: the elements, their order and what is called stay the same. */
import type { Node, RuleImpl } from '../rule.ts';
import { enclosing, nodeWhere, span } from '../structural.ts';
import { type Found, ruffSpeedRule } from './python-ruff.ts';
import { isPure, loopAround, mentions, readValues } from './python-values.ts';

/** Inside a generator StopIteration becomes RuntimeError; a list would pass it on. Nothing may be awaited either. */
const STOPS = /\bnext\s*\(|\bawait\b|\basync\b|\byield\b|:=|__next__/;

const notInFormat = async ({ context, start }: Found): Promise<boolean> =>
  (await nodeWhere(context, 'interpolation', (range) => range.start < start && start < range.end)) === null;

/** Lines that go on under what stands behind the bracket: the bracket moves, and they would not. */
const isAligned = (text: string) => /^\w+\([^\n]*\S[^\n]*\n/.test(text);

const plain = async (found: Found) => (!STOPS.test(found.text) && (await notInFormat(found)) ? 'edit' : 'drop');

export const comprehensionRules: readonly RuleImpl[] = [
  ruffSpeedRule({
    codes: ['C400', 'C401', 'C402'],
    taste: true,
    id: 'python/generator-to-collection',
    title: 'Build collections by comprehensions',
    rationale:
      '`list`, `set` and `dict` around a generator resume it once per element; a comprehension fills the collection itself, in the same order and with the same elements. Expected: a third to a half less time for the loop itself, nothing for what the elements cost; not measured in this program. Generators that await, yield or call next, and files that give list, set or dict another meaning, are left alone.',
    message: 'A generator is resumed once per element to fill a collection.',
    trigger: /\b(list|set|dict)\((?!\s*\))[\s\S]{1,300}?\sfor\s/,
    accept: (found) => ((found.code === 'C402' && isBefore38(found)) || isAligned(found.text) ? 'drop' : plain(found)),
    example: {
      path: 'app/a.py',
      before: 'def squares(numbers):\n    return list(n * n for n in numbers)\n',
      after: 'def squares(numbers):\n    return [n * n for n in numbers]\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def squares(numbers):\n    return sum(n * n for n in numbers)\n' },
      { path: 'app/c.py', text: 'def pairs(it):\n    return list((a, next(it)) for a in it)\n' },
      { path: 'app/d.py', text: 'def list(items):\n    return items\n\n\nx = list(n for n in range(3))\n' },
      { path: 'app/e.py', text: 'text = f"{set(len(n) for n in names)}"\n' },
      { path: 'app/g.py', text: 'x = set(n for n in xrange(3))\n' },
      { path: 'app/h.py', text: 'x = list(n * n\n         for n in names)\n' },
      { path: 'app/f.py', text: 'x = sorted(n for n in names)\ny = tuple(n for n in names)\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C403', 'C404', 'C411'],
    taste: true,
    id: 'python/list-to-collection',
    title: 'Build the collection without a list first',
    rationale:
      'A list comprehension inside `set`, `dict` or `list` makes a list only to copy it and throw it away. The comprehension of the right kind has the same elements. Expected: no second copy in memory and some less time, for dicts about half; not measured in this program. Comprehensions that await or call next are left alone.',
    message: 'A list is built only to be copied.',
    trigger: /\b(list|set|dict)\(\s*\[/,
    accept: (found) => (found.code === 'C404' && isBefore38(found) ? 'drop' : plain(found)),
    example: {
      path: 'app/a.py',
      before: 'def names(users):\n    return set([user.name for user in users])\n',
      after: 'def names(users):\n    return {user.name for user in users}\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def names(users):\n    return {user.name for user in users}\n' },
      { path: 'app/c.py', text: 'async def names(users):\n    return set([await name(user) for user in users])\n' },
      { path: 'app/d.py', text: 'x = frozenset([user.name for user in users])\ny = Set([u.name for u in users])\n' },
      { path: 'app/e.py', text: 'text = f"{set([len(n) for n in names])}"\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C405', 'C406', 'C409', 'C410', 'C418'],
    taste: true,
    id: 'python/literal-in-collection-call',
    title: 'Write constant collections as literals',
    rationale:
      '`set([1, 2])` builds a list, looks `set` up and copies; `{1, 2}` is the same set at once. Expected: about half the time of a line that is cheap already, so it matters only where it runs often; not measured in this program. Comprehensions, names and other values are left alone.',
    message: 'A literal is built only to be copied into another collection.',
    trigger: /\b(list|set|dict|tuple)\(\s*[[({]/,
    accept: async (found) => {
      if (/^(set|dict|list|tuple)\(\s*[[({]\s*[\])}],?\s*\)$/.test(found.text)) return 'drop';
      if (/^tuple\(\s*\[[^,\]]*\]/.test(found.text) || /\n/.test(found.text)) return 'drop';
      return plain(found);
    },
    example: {
      path: 'app/a.py',
      before: "def is_vowel(letter):\n    return letter in set(['a', 'e', 'i', 'o', 'u'])\n",
      after: "def is_vowel(letter):\n    return letter in {'a', 'e', 'i', 'o', 'u'}\n",
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'x = set(names)\ny = tuple(names)\nz = dict(pairs)\n' },
      { path: 'app/c.py', text: 'x = frozenset(["a", "b"])\n' },
      { path: 'app/d.py', text: 'x = set([])\ny = tuple([])\nz = dict([])\n' },
      { path: 'app/e.py', text: 'def set(items):\n    return items\n\n\nx = set([1, 2])\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C413', 'C414'],
    taste: true,
    id: 'python/needless-copy-of-collection',
    title: 'Leave out copies that nobody sees',
    rationale:
      '`sorted`, `set`, `list` and `tuple` read any iterable and return a new collection, so a `list()` or `tuple()` around what they are given, or a `list()` around what `sorted` returns, is a second copy that nobody sees. Expected: one copy less in time and memory; not measured in this program. Inner calls that change the order of equal elements (`reversed`, `sorted`) or remove elements are left alone.',
    message: 'A collection is copied only to be copied again.',
    trigger: /\b(list|set|sorted|tuple)\(\s*(list|tuple|sorted|set)\(/,
    accept: (found) =>
      /^list\(\s*sorted\(|^(list|tuple|set|sorted)\(\s*(list|tuple)\(|^set\(\s*set\(/.test(found.text)
        ? plain(found)
        : 'drop',
    example: {
      path: 'app/a.py',
      before: 'def order(names):\n    return sorted(list(names))\n',
      after: 'def order(names):\n    return sorted(names)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def order(names):\n    return sorted(reversed(names))\n' },
      { path: 'app/c.py', text: 'def order(names):\n    return sorted(set(names))\n' },
      { path: 'app/d.py', text: 'def check(names):\n    return set(sorted(names))\n' },
      { path: 'app/e.py', text: 'def order(names):\n    return reversed(sorted(names))\n' },
      { path: 'app/f.py', text: 'def copy(names):\n    return list(names), list(reversed(names))\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C416'],
    taste: true,
    id: 'python/identity-comprehension',
    title: 'Copy a collection by its constructor',
    rationale:
      'A comprehension that changes nothing runs a round per element; `list()` or `set()` copies in one go. It is rewritten only where the syntax says what is copied, since `list()` also asks an object of a person for its length. Expected: several times faster for the copy; not measured in this program. Unknown iterables and dictionaries are left alone.',
    message: 'The comprehension copies without changing anything.',
    trigger: /[[{]\s*(\w+)\s+for\s+\1\s+in\b/,
    accept: async (found) => {
      if (!/^[[{]\s*\w+\s+for\s+\w+\s+in\b/.test(found.text)) return 'drop';
      const { kindOf } = await readValues(found.context);
      const node = await comprehensionAt(found);
      const clause = node?.children().find((child) => child.is('for_in_clause'));
      const parent = node?.parent();
      const consumed = parent?.is('argument_list') || parent?.is('for_statement');
      return !consumed && clause && kindOf(clause.field('right')) ? plain(found) : 'drop';
    },
    example: {
      path: 'app/a.py',
      before: 'def lines(text):\n    return [line for line in text.splitlines()]\n',
      after: 'def lines(text):\n    return list(text.splitlines())\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def copy(query):\n    return [row for row in query]\n' },
      { path: 'app/c.py', text: 'def lines(text):\n    return [line for line in text.splitlines() if line]\n' },
      { path: 'app/d.py', text: 'def pairs(rows):\n    return {key: value for key, value in rows}\n' },
      { path: 'app/e.py', text: 'async def lines(stream):\n    return [line async for line in stream]\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C417'],
    taste: true,
    id: 'python/map-lambda',
    title: 'Use a comprehension instead of map and lambda',
    rationale:
      '`list(map(lambda …))` calls a function per element; a comprehension computes the same expression in place. Expected: a third to a half less time for the loop itself; not measured in this program. Maps that are not collected at once, lambdas with several or default parameters, and bodies that hold another function or call next are left alone.',
    message: 'A lambda is called once per element.',
    trigger: /\bmap\(\s*lambda\b/,
    accept: (found) => {
      const simple = /^(list|set)\(\s*map\(\s*lambda\s+\w+\s*:/.exec(found.text);
      const body = simple ? found.text.slice(simple[0].length) : '';
      return simple && !/\b(lambda|for|locals|super)\b/.test(body) ? plain(found) : 'drop';
    },
    example: {
      path: 'app/a.py',
      before: 'def names(users):\n    return list(map(lambda user: user.name, users))\n',
      after: 'def names(users):\n    return [user.name for user in users]\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def names(users):\n    return map(lambda user: user.name, users)\n' },
      { path: 'app/c.py', text: 'def names(users):\n    return list(map(str, users))\n' },
      { path: 'app/d.py', text: 'def later(users):\n    return list(map(lambda user: lambda: user.name, users))\n' },
      { path: 'app/e.py', text: 'def sums(a, b):\n    return list(map(lambda x, y: x + y, a, b))\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C419'],
    id: 'python/list-in-any',
    title: 'Let any and all stop early',
    rationale:
      '`any([…])` and `all([…])` compute every element before the first is looked at; without the brackets they stop at the first that decides. It is rewritten where the elements only read and compare and what is gone over is a collection, or a name that the function does not use again, so nothing that is left out could be noticed; elsewhere it is reported only. Expected: from nothing to nearly all of the time, depending on where the deciding element stands; not measured in this program. Elements that call anything else, which may be meant to run for all, are left alone.',
    message: 'Every element is computed before the first is looked at.',
    trigger: /\b(any|all)\(\s*\[/,
    accept: async (found) => {
      const node = await comprehensionAt(found);
      const values = await readValues(found.context);
      const [clause, ...others] = node?.children().filter((child) => child.is('for_in_clause')) ?? [];
      const conditions = node?.children().filter((child) => child.is('if_clause')) ?? [];
      const body = node?.field('body');
      if (!clause || !body || STOPS.test(found.text)) return 'drop';
      if (![body, ...conditions.flatMap((one) => one.namedChildren())].every((one) => isPure(one, values)))
        return 'drop';
      const over = clause.field('right');
      const view = /^[\w.]+\.(items|keys|values)\(\)$/.test(over?.text() ?? '');
      const kind = values.kindOf(over);
      if (over?.is('call') && !view && !kind) return 'drop';
      const known = view || (kind ? kind !== 'iterator' : isLeftAlone(over));
      return others.length === 0 && known ? plain(found) : 'report';
    },
    example: {
      path: 'app/a.py',
      before: 'def has_admin(users: list[User]) -> bool:\n    return any([user.role == "admin" for user in users])\n',
      after: 'def has_admin(users: list[User]) -> bool:\n    return any(user.role == "admin" for user in users)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def has_admin(users):\n    return any(user.role == "admin" for user in users)\n' },
      { path: 'app/c.py', text: 'def save(users: list):\n    return all([user.save() for user in users])\n' },
      { path: 'app/d.py', text: 'async def f(users: list):\n    return any([await check(user) for user in users])\n' },
      { path: 'app/e.py', text: 'def f(flags):\n    return any([flags.a, flags.b, check(flags)])\n' },
    ],
  }),
  ruffSpeedRule({
    codes: ['C420'],
    taste: true,
    id: 'python/dict-from-keys',
    title: 'Build a dict of one value by fromkeys',
    rationale:
      'A dict comprehension that gives every key the same constant runs a round per key; `dict.fromkeys` fills the dict in one go with the same keys and values. Expected: about a third less time; not measured in this program. Values that are made anew for each key (lists, calls) and names are left alone, since fromkeys would share them.',
    message: 'Every key gets the same constant, one round at a time.',
    trigger: /:\s*(None|True|False|-?\d[\d.]*|"[^"\n]*"|'[^'\n]*')\s+for\s/,
    accept: async (found) => {
      const { isBuiltin } = await readValues(found.context);
      const constant = /^dict\.fromkeys\([\s\S]*?(,\s*(True|False|-?\d+(\.\d+)?|"[^"]*"|'[^']*'))?\)$/;
      const comprehension = await comprehensionAt(found);
      const value = comprehension?.field('body')?.field('value');
      const literal = /^(none|true|false|integer|float|string|unary_operator)$/.test(String(value?.kind()));
      const written = found.edits.length === 1 && constant.test(found.edits[0]?.text ?? '');
      return literal && written && isBuiltin('dict') ? plain(found) : 'drop';
    },
    example: {
      path: 'app/a.py',
      before: 'def unseen(names):\n    return {name: None for name in names}\n',
      after: 'def unseen(names):\n    return dict.fromkeys(names)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def groups(names):\n    return {name: [] for name in names}\n' },
      { path: 'app/c.py', text: 'def same(names, value):\n    return {name: value for name in names}\n' },
      { path: 'app/d.py', text: 'def some(names):\n    return {name: 0 for name in names if name}\n' },
      { path: 'app/e.py', text: 'def some(names):\n    return {name.lower(): 0 for name in names}\n' },
    ],
  }),
];

/** Is it a name that nothing in the function reads afterwards? Then nobody sees how far it was gone through. */
function isLeftAlone(over: Node | null): boolean {
  const scope = over?.is('identifier') ? enclosing(over, ['function_definition', 'lambda']) : null;
  if (!over || !scope) return false;
  const { end } = span(over);
  return mentions(scope, over.text()).every((use) => span(use).start < end) && loopAround(over) === null;
}

/** Before Python 3.8 a dict comprehension computed the value before the key. */
function isBefore38({ context }: Found): boolean {
  const { python } = context.options.conventions;
  return python !== null && (python[0] < 3 || (python[0] === 3 && python[1] < 8));
}

async function comprehensionAt({ context, start, text }: Found): Promise<Node | null> {
  const kind = text.startsWith('[')
    ? 'list_comprehension'
    : text.includes(':')
      ? 'dictionary_comprehension'
      : 'set_comprehension';
  return nodeWhere(context, kind, (range) => range.start === start);
}
