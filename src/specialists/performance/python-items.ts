/** Pairs that are made only to be taken apart. Rule: what is gone over behaves as a dict, and nobody misses the other half. */
import type { Node } from '../rule.ts';
import { enclosing, nodeWhere } from '../structural.ts';
import { ruffSpeedRule } from './python-ruff.ts';
import { mentions, readValues } from './python-values.ts';

/** Tables and columns answer `.items()` and `.keys()` in their own ways. */
const TABLES = /^\s*(import|from)\s+(pandas|polars|dask|xarray|pyspark|ibis|modin|cudf|geopandas)\b/m;

export const halfOfItems = ruffSpeedRule({
  codes: ['PERF102'],
  id: 'python/unused-half-of-items',
  title: 'Go over the keys or values that are used',
  rationale:
    '`items()` makes a pair per round that is taken apart again; where only keys or only values are used, `keys()` or `values()` makes none. It is rewritten where a name is gone over, since whatever has items() of pairs is a mapping and has the others; what a call returns is reported only. Expected: a small gain per round; not measured in this program. Files that work with tables of data, and names that are used after the loop, are left alone.',
  message: 'Half of every pair is never used.',
  trigger: /,[^\n,]{1,60}\sin\s[^\n]{1,80}\.items\(\s*\)/,
  accept: async (found) => {
    if (TABLES.test(found.file.text)) return 'drop';
    const call = await nodeWhere(found.context, 'call', (range) => range.start === found.start);
    const loop = call?.parent();
    if (!call || !loop?.is('for_statement') || loop.field('right')?.id() !== call.id()) return 'drop';
    if (!isUnusedElsewhere(loop)) return 'drop';
    const { kindOf } = await readValues(found.context);
    const over = call.field('function')?.field('object') ?? null;
    return kindOf(over) === 'dict' || over?.is('identifier') || over?.is('attribute') ? 'edit' : 'report';
  },
  example: {
    path: 'app/a.py',
    before:
      'def total(prices: dict[str, int]) -> int:\n    result = 0\n    for _, price in prices.items():\n        result += price\n    return result\n',
    after:
      'def total(prices: dict[str, int]) -> int:\n    result = 0\n    for price in prices.values():\n        result += price\n    return result\n',
  },
  lookAlikes: [
    {
      path: 'app/b.py',
      text: 'def show(prices):\n    for name, price in prices.items():\n        print(name, price)\n',
    },
    {
      path: 'app/c.py',
      text: 'import pandas as pd\n\n\ndef show(frame):\n    for _, column in frame.items():\n        print(column)\n',
    },
    {
      path: 'app/d.py',
      text: 'def last(prices: dict):\n    for name, price in prices.items():\n        print(price)\n    return name\n',
    },
  ],
});

/** Is the half that the loop does not use mentioned nowhere else in the function either? */
function isUnusedElsewhere(loop: Node): boolean {
  const scope = enclosing(loop, ['function_definition', 'module']);
  const names = loop.field('left')?.namedChildren() ?? [];
  if (!scope || names.length !== 2) return false;
  return names.some((name) => /^_+$/.test(name.text()) || mentions(scope, name.text()).length === 1);
}
