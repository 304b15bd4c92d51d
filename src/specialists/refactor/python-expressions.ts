/** Choices and loops that one expression says. Rule: the same parts are evaluated in the same order, and as often as before. */
import type { Match, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { withoutElse } from './python-branch-edits.ts';
import { branchRule } from './python-idiom.ts';

const plainEdits: NonNullable<Parameters<typeof branchRule>[0]['edits']> = ({ edits }) =>
  edits.some(({ text }) => /\b(await|yield|next)\b|:=/.test(text)) ? null : edits;

/** More of them in one file are how somebody writes there. */
const HABIT = 5;

const orDefault: RuleImpl = {
  id: 'python/or-default',
  languages: ['python'],
  severity: 'low',
  title: 'Write a default with or',
  rationale:
    '`a if a else b` names its value twice, and whoever reads it has to compare the two; `a or b` asks the same question once and gives the same value. Only plain names are rewritten, since an attribute or a call may answer differently each time. Files whose habit it is are left alone.',
  fixable: true,
  taste: true,
  aliases: ['FURB110', 'consider-using-ternary'],
  trigger: /\b(\w+) if \1 else\b/,
  example: {
    path: 'app/a.py',
    before: 'def mode(name):\n    return name if name else "r"\n',
    after: 'def mode(name):\n    return name or "r"\n',
  },
  lookAlikes: [
    { path: 'app/b.py', text: 'x = name if names else "r"\n' },
    { path: 'app/c.py', text: 'x = a.name if a.name else "r"\n' },
    { path: 'app/d.py', text: 'x = name if name else "r" if other else "w"\n' },
    { path: 'app/e.py', text: 'x = name if name is not None else "r"\n' },
  ],
  async find(_file, context) {
    const found = nodesOf(await context.tree(), 'conditional_expression').flatMap((node): Match[] => {
      const [value, condition, other, ...more] = node.namedChildren();
      if (!value?.is('identifier') || !condition || !other || more.length > 0 || value.text() !== condition.text())
        return [];
      if (/^(conditional_expression|lambda|named_expression)$/.test(String(other.kind())) || /[\n#]/.test(node.text()))
        return [];
      const at = span(node);
      return [
        {
          ...at,
          message: 'A value is chosen by asking for itself.',
          edits: [{ ...at, text: `${value.text()} or ${other.text()}` }],
        },
      ];
    });
    return found.length > HABIT ? [] : found;
  },
};

export const expressionRules: readonly RuleImpl[] = [
  orDefault,
  branchRule({
    code: 'SIM101',
    id: 'python/repeated-isinstance',
    pylint: ['consider-merging-isinstance'],
    title: 'Ask once for several classes',
    rationale:
      'Several isinstance calls on one value, joined by `or`, are one call with a tuple of the classes, which asks for them in the same order until one fits. Only plain names and their attributes are rewritten; calls between them that ask something else leave it alone.',
    message: 'One value is asked for several classes in turn.',
    trigger: /\bisinstance\([^\n]*\bor\b[^\n]*\bisinstance\(/,
    edits: (finding, file) =>
      /^[^()]*isinstance\([\w.]+, [^\n]*$/.test(file.text.slice(finding.start, finding.end)) ? finding.edits : null,
    example: {
      path: 'app/a.py',
      before: 'def is_number(value):\n    return isinstance(value, int) or isinstance(value, float)\n',
      after: 'def is_number(value):\n    return isinstance(value, (int, float))\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'ok = isinstance(a, int) and isinstance(a, bool)\n' },
      { path: 'app/c.py', text: 'ok = isinstance(a, int) or isinstance(b, int)\n' },
      { path: 'app/d.py', text: 'ok = isinstance(a, (int, float)) or issubclass(a, str)\n' },
    ],
  }),
  branchRule({
    code: 'SIM110',
    id: 'python/loop-for-any',
    title: 'Ask with any or all',
    rationale:
      'A loop that does nothing but return True at the first element that fits, and False behind it, is what `any` says (and `all` for the opposite): the same elements are asked in the same order, until one decides. Loops with another statement, with await or yield, and lines that would become too long are left alone.',
    message: 'A loop only asks whether an element fits.',
    trigger: /\bfor\b[^\n]*:[ \t]*\n[ \t]+if\b[^\n]*:[ \t]*\n[ \t]+return (?:True|False)\b/,
    edits: plainEdits,
    example: {
      path: 'app/a.py',
      before:
        'def has(name, rows):\n    for row in rows:\n        if row.name == name:\n            return True\n    return False\n',
      after: 'def has(name, rows):\n    return any(row.name == name for row in rows)\n',
    },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: 'def f(rows):\n    for row in rows:\n        if row:\n            return row\n    return False\n',
      },
      {
        path: 'app/c.py',
        text: 'def f(rows):\n    for row in rows:\n        log(row)\n        if row:\n            return True\n    return False\n',
      },
      {
        path: 'app/d.py',
        text: 'async def f(rows):\n    for row in rows:\n        if await ok(row):\n            return True\n    return False\n',
      },
    ],
  }),
  branchRule({
    code: 'SIM210',
    id: 'python/needless-bool',
    pylint: ['simplifiable-if-expression'],
    title: 'Use the condition itself as the value',
    rationale:
      'A comparison is true or false already; choosing True or False by it repeats it. A condition that is no comparison goes through bool(), so that the value stays the same.',
    message: 'True and False are chosen by what says it already.',
    trigger: /\bTrue if\b/,
    example: {
      path: 'app/a.py',
      before: 'def is_big(size):\n    return True if size > 20 else False\n',
      after: 'def is_big(size):\n    return size > 20\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'x = True if a else None\n' },
      { path: 'app/c.py', text: 'x = True if a else b\n' },
      { path: 'app/d.py', text: 'x = 1 if a > 2 else 0\n' },
    ],
  }),
  branchRule({
    code: 'SIM401',
    id: 'python/branches-for-get',
    title: 'Take a default with get',
    rationale:
      'Two branches that take a key where it is there and a constant where it is not are what `get` says in one line, with one look-up less. It is rewritten where the default is a constant, which costs nothing where it is not needed.',
    message: 'Two branches do what get does.',
    trigger: /\bif\b[^\n]*\bin\b[^\n]*:[ \t]*\n[^\n]+\n[ \t]*else\s*:/,
    edits: ({ edits }) =>
      edits.every(({ text }) => /\.get\([^()]*, (None|True|False|-?[\d.]+|"[^"\n]*"|'[^'\n]*')\)$/.test(text))
        ? edits
        : null,
    example: {
      path: 'app/a.py',
      before:
        'def rate(table: dict, zone):\n    if zone in table:\n        value = table[zone]\n    else:\n        value = 0\n    return value\n',
      after: 'def rate(table: dict, zone):\n    value = table.get(zone, 0)\n    return value\n',
    },
    lookAlikes: [
      {
        path: 'app/b.py',
        text: 'def f(t, z):\n    if z in t:\n        v = t[z]\n    else:\n        v = load(z)\n    return v\n',
      },
      {
        path: 'app/c.py',
        text: 'def f(t, z):\n    if z in t:\n        v = t[z]\n    else:\n        raise KeyError(z)\n    return v\n',
      },
      {
        path: 'app/d.py',
        text: 'def f(t, u, z):\n    if z in t:\n        v = u[z]\n    else:\n        v = 0\n    return v\n',
      },
    ],
  }),
  branchRule({
    code: 'PLR1711',
    id: 'python/needless-return',
    pylint: ['useless-return'],
    title: 'Leave out return at the end of a function',
    rationale:
      'A function that ends returns None by itself; a bare return, or `return None` where nothing else is ever returned, says it again. It is removed and nothing else changes. Returns with a comment, and functions that hold nothing else, are left alone.',
    message: 'The function ends here anyway.',
    trigger: /^[ \t]+return(?: None)?[ \t]*$/m,
    example: {
      path: 'app/a.py',
      before: 'def reset(table):\n    table.clear()\n    return\n',
      after: 'def reset(table):\n    table.clear()\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def f(a):\n    if a:\n        return 1\n    return None\n' },
      { path: 'app/c.py', text: 'def f(a):\n    if a:\n        return\n    a.run()\n' },
      { path: 'app/d.py', text: 'def f():\n    return None\n' },
    ],
  }),
  branchRule({
    code: 'RET506',
    id: 'python/else-after-raise',
    pylint: ['no-else-raise'],
    title: 'Leave out else after raise',
    rationale:
      'A branch that raises needs no else: what follows runs only when it did not. One level less, and the way through the function is a straight line. Chains of elif, which read as a table, and branches with comments around the else are left alone.',
    message: 'An else follows a branch that raises.',
    trigger: /\braise\b[^\n]*\n[ \t]*else\s*:/,
    edits: withoutElse,
    example: {
      path: 'app/a.py',
      before:
        'def price(item):\n    if not item:\n        raise ValueError(item)\n    else:\n        return item.price\n',
      after: 'def price(item):\n    if not item:\n        raise ValueError(item)\n    return item.price\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'def f(a):\n    if a:\n        g()\n    else:\n        raise ValueError(a)\n' },
      { path: 'app/c.py', text: 'def f(a):\n    if a:\n        raise ValueError(a)\n    return a\n' },
      {
        path: 'app/e.py',
        text: 'def f(a):\n    if a:\n        raise B\n    else:  # pragma: no cover\n        g(a)\n',
      },
      {
        path: 'app/d.py',
        text: 'def f(a):\n    try:\n        g()\n    except OSError:\n        raise\n    else:\n        h()\n',
      },
    ],
  }),
];
