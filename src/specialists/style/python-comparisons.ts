/**
 * Comparisons that say it the long way round. Rule: `==` may be overloaded (queries, arrays), so it is judged only
 * where its result is plainly a condition, and never in files that import a library which overloads it.
 */
import type { RuleContext, RuleImpl } from '../rule.ts';
import { nodeWhere } from '../structural.ts';
import type { RuffFinding } from './ruff.ts';
import { type RuffRule, ruffRule } from './ruff-rule.ts';

const OVERLOADS =
  /^\s*(import|from)\s+(sqlalchemy|sqlmodel|flask_sqlalchemy|peewee|pony|django|numpy|pandas|polars|dask|torch|tensorflow|jax|xarray|pyspark|ibis|z3|sympy|pydal|tortoise|mongoengine|google\.cloud)\b/m;
const CONDITIONS = ['if_statement', 'elif_clause', 'while_statement', 'assert_statement', 'conditional_expression'];
const THROUGH = ['boolean_operator', 'not_operator', 'parenthesized_expression'];

/** Is the comparison the condition of an if, while, assert or conditional expression, or a part of one? */
async function isCondition(finding: RuffFinding, context: RuleContext): Promise<boolean> {
  const { start, end } = finding;
  const comparison = await nodeWhere(
    context,
    'comparison_operator',
    (range) => range.start <= start && end <= range.end,
  );
  for (let node = comparison; node; node = node.parent()) {
    const parent = node.parent();
    if (!parent) return false;
    if (THROUGH.includes(String(parent.kind()))) continue;
    if (parent.is('conditional_expression')) return parent.child(2)?.id() === node.id();
    if (parent.is('assert_statement')) return parent.child(1)?.id() === node.id();
    return CONDITIONS.includes(String(parent.kind())) && parent.field('condition')?.id() === node.id();
  }
  return false;
}

/** Is it what a function returns, or what a name is given? There an overloaded `==` may be meant, so it is only reported. */
async function isValue({ start, end }: RuffFinding, context: RuleContext): Promise<boolean> {
  const covers = (range: { start: number; end: number }) => range.start <= start && end <= range.end;
  const comparison = await nodeWhere(context, 'comparison_operator', covers);
  const parent = comparison?.parent();
  if (parent?.is('return_statement')) return true;
  return parent?.is('assignment') === true && parent.field('right')?.id() === comparison?.id();
}

/** Does every `__eq__` of the file ask first what it is compared with? Then nothing equals None. */
function refusesNone(text: string): boolean {
  const own = text.match(/\bdef __(eq|ne)__\b/g)?.length ?? 0;
  const asking =
    text.match(
      /\bdef __eq__\([^)]*\)[^:\n]*:\s*(?:if not isinstance|if isinstance|return isinstance|return \(?\s*isinstance)\(/g,
    )?.length ?? 0;
  return own === asking;
}

const noneAccept: NonNullable<RuffRule['accept']> = async (finding, file, context) => {
  if (OVERLOADS.test(file.text) || !refusesNone(file.text)) return 'drop';
  if (await isCondition(finding, context)) return 'edit';
  return (await isValue(finding, context)) ? 'report' : 'drop';
};

/** Calls whose result is a bool, so that comparing it to True or False changes nothing. */
const BOOLEAN =
  /^(isinstance|issubclass|callable|hasattr|bool|any|all)\([^()]*\)$|^[\w.]+\.(startswith|endswith|isdigit|isalpha|isalnum|isspace|isupper|islower|isidentifier|is_file|is_dir|is_alive|is_set|issubset|issuperset|isdisjoint)\([^()]*\)$|^os\.path\.(exists|isfile|isdir|islink|isabs)\([^()]*\)$/;

const truthAccept: NonNullable<RuffRule['accept']> = async (finding, file, context) => {
  if (OVERLOADS.test(file.text)) return 'drop';
  if (!(await isCondition(finding, context))) return (await isValue(finding, context)) ? 'report' : 'drop';
  const [edit] = finding.edits;
  const sides = file.text.slice(finding.start, finding.end).split(/\s*[!=]=\s*/);
  const value = sides.find((side) => side !== 'True' && side !== 'False') ?? '';
  return edit && sides.length === 2 && BOOLEAN.test(value) ? 'edit' : 'report';
};

export const comparisonRules: readonly RuleImpl[] = [
  ruffRule({
    code: 'E711',
    id: 'python/compare-to-none',
    title: 'Compare to None by identity',
    rationale:
      '`== None` asks the other operand, which may answer anything; `is None` asks whether it is None. It is rewritten where the comparison is a condition of if, while, assert or a conditional expression, and reported where it is returned or stored. Arguments and subscripts (queries and masks overload `==`) and files that import such libraries are left alone.',
    message: 'The comparison to None asks for equality instead of identity.',
    fixable: true,
    trigger: /[!=]=\s*None\b|\bNone\s*[!=]=/,
    accept: noneAccept,
    example: {
      path: 'app/a.py',
      before: 'def first(items, default):\n    if items == None:\n        return default\n    return items[0]\n',
      after: 'def first(items, default):\n    if items is None:\n        return default\n    return items[0]\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'rows = session.query(User).filter(User.name == None)\n' },
      { path: 'app/c.py', text: 'mask = frame[frame.name == None]\n' },
      { path: 'app/d.py', text: 'import numpy as np\n\nif values == None:\n    values = np.zeros(3)\n' },
      { path: 'app/e.py', text: 'if value is None:\n    value = 1\n' },
      {
        path: 'app/g.py',
        text: 'class Any:\n    def __eq__(self, other):\n        return True\n\n\nassert Any() == None\n',
      },
      { path: 'app/f.py', text: 'if any(User.name == None for User in users):\n    pass\n' },
    ],
  }),
  ruffRule({
    code: 'E712',
    id: 'python/compare-to-bool',
    title: 'Use truth values instead of comparing them',
    rationale:
      'Comparing a truth value to True or False says the same twice. Where the other operand is a call that returns a bool, the comparison is replaced by the call; elsewhere `x == True` and `x` differ (for 2, for "yes"), so it is reported only. Arguments and subscripts (queries and masks overload `==`) and files that import such libraries are left alone.',
    message: 'A truth value is compared to a literal.',
    fixable: true,
    trigger: /[!=]=\s*(True|False)\b|\b(True|False)\s*[!=]=/,
    accept: truthAccept,
    example: {
      path: 'app/a.py',
      before: 'def check(value):\n    if isinstance(value, str) == False:\n        raise TypeError(value)\n',
      after: 'def check(value):\n    if not isinstance(value, str):\n        raise TypeError(value)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'rows = session.query(User).filter(User.active == True)\n' },
      { path: 'app/c.py', text: 'rows = frame[frame.active == True]\n' },
      { path: 'app/d.py', text: 'import pandas as pd\n\nif frame.active == True:\n    pass\n' },
      { path: 'app/e.py', text: 'if value is True:\n    value = 1\n' },
    ],
  }),
  ruffRule({
    code: 'E713',
    id: 'python/not-in',
    title: 'Write membership tests as `not in`',
    rationale:
      '`not x in y` reads as if `not` belonged to x; `x not in y` is the operator that Python has for it and means exactly the same. Chained comparisons and a `not` in front of parentheses with more than the test are left alone.',
    message: 'The membership test is negated from outside.',
    fixable: true,
    trigger: /\bnot\b[^\n]*\bin\b/,
    example: {
      path: 'app/a.py',
      before: 'if not name in names:\n    names.append(name)\n',
      after: 'if name not in names:\n    names.append(name)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if name not in names:\n    names.append(name)\n' },
      { path: 'app/c.py', text: 'if not a in b in c:\n    a = 1\n' },
      { path: 'app/d.py', text: 'if not (name in names or name in others):\n    names.append(name)\n' },
      { path: 'app/e.py', text: 'for item in items:\n    if not item:\n        continue\n' },
    ],
  }),
  ruffRule({
    code: 'E714',
    id: 'python/is-not',
    title: 'Write identity tests as `is not`',
    rationale:
      '`not x is y` reads as if `not` belonged to x; `x is not y` is the operator that Python has for it and means exactly the same. Chained comparisons are left alone.',
    message: 'The identity test is negated from outside.',
    fixable: true,
    trigger: /\bnot\b[^\n]*\bis\b/,
    example: {
      path: 'app/a.py',
      before: 'if not value is None:\n    use(value)\n',
      after: 'if value is not None:\n    use(value)\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if value is not None:\n    use(value)\n' },
      { path: 'app/c.py', text: 'if not a is b is c:\n    use(a)\n' },
      { path: 'app/d.py', text: 'if not (value is None or value.empty):\n    use(value)\n' },
    ],
  }),
  ruffRule({
    code: 'F632',
    id: 'python/is-literal',
    severity: 'medium',
    title: 'Compare to literals by equality',
    rationale:
      'Whether two equal strings or numbers are the same object depends on the interpreter, so `x is "a"` is true by chance; Python 3.8 and later warn about it. `==` compares what was meant. None, True, False and names are left alone: for them identity is right.',
    message: 'Identity with a literal holds by chance.',
    fixable: true,
    trigger: /\bis\b/,
    example: {
      path: 'app/a.py',
      before: 'if mode is "fast":\n    level = 1\n',
      after: 'if mode == "fast":\n    level = 1\n',
    },
    lookAlikes: [
      { path: 'app/b.py', text: 'if mode == "fast":\n    level = 1\n' },
      { path: 'app/c.py', text: 'if value is None or value is True:\n    level = 1\n' },
      { path: 'app/d.py', text: 'if kind is FAST:\n    text = "this is fast"\n' },
    ],
  }),
];
