// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files of the repositories are code.
/** A small shop in TypeScript; a commit with five defects that rules find, and one with five that only a reader finds. */
import type { Fixes } from './answers.ts';

const SHELF = `import type { Pool } from 'pg';

/** Puts so many of an article on the shelf. */
export async function restock(shelf: Pool, article: string, count: number): Promise<void> {
  await shelf.query('INSERT INTO stock (article, count) VALUES ($1, $2)', [article, count]);
}
`;
const HELPERS = `
/** A shelf that remembers what it was asked. */
function open(rows: object[] = []) {
  const asked: string[] = [];
  const query = async (sql: string, values: unknown[] = []) => {
    asked.push(sql.replace(/\\$(\\d)/g, (_, at) => \`'\${values[at - 1]}'\`));
    return { rows };
  };
  return { asked, shelf: { query } as unknown as Pool };
}

test('restocking', async () => {
  const { asked, shelf } = open();
  await restock(shelf, 'tea', 2);
  assert.deepEqual(asked, ["INSERT INTO stock (article, count) VALUES ('tea', '2')"]);
});
`;
const NODE =
  "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport type { Pool } from 'pg';\n";

/** What was there before, sound and tested. */
export const base: Record<string, string> = {
  '.gitignore': 'node_modules\n',
  'package.json': `${JSON.stringify(
    {
      ...{ name: 'shop', private: true },
      scripts: { test: 'node --test -r tsx/cjs tests/*.test.ts' },
      dependencies: { pg: '^8.0.0' },
      devDependencies: { tsx: '^4.0.0' },
    },
    null,
    2,
  )}\n`,
  'src/shelf.ts': SHELF,
  'tests/shop.test.ts': `${NODE}import { restock } from '../src/shelf';\n${HELPERS}`,
};

const BLOCK = `  let net = 0;
  for (const line of lines) {
    if (line.count < 1) {
      throw new RangeError(\`nothing of \${line.name}\`);
    }
    net += line.cents * line.count;
  }
  const gross = net + Math.floor((net * tax) / 100);
`;

/** The commit: a question to the shelf, prices, names, sizes and a report. */
export const defects: Record<string, string> = {
  'src/shelf.ts': `${SHELF}
/** How many of an article are there. */
export async function inStock(shelf: Pool, article: string): Promise<number> {
  const { rows } = await shelf.query(\`SELECT count FROM stock WHERE article = '\${article}'\`);
  return rows.length === 0 ? 0 : Number(rows[0].count);
}
`,
  'src/prices.ts': `export interface Line {
  name: string;
  cents: number;
  count: number;
}

/** An invoice over the lines of an order. */
export function invoice(lines: Line[], tax: number): { lines: number; gross: number } {
${BLOCK}  return { lines: lines.length, gross };
}

/** What the lines would cost, less a discount. */
export function quote(lines: Line[], tax: number, discount: number): number {
${BLOCK}  return gross - discount;
}
`,
  'src/names.ts': `/** The wanted names that are not in stock, in any spelling. */
export function unknown(wanted: string[], stocked: string[]): string[] {
  const known = stocked.map((name) => name.toLowerCase());
  return wanted.filter((name) => !known.includes(name.toLowerCase()));
}
`,
  'src/sizes.ts': `const UNITS: Record<string, number> = { kb: 1024, mb: 1024 * 1024 };

/** Bytes of a size such as 10kb. */
export function parseSize(text: string): number {
  for (const [unit, factor] of Object.entries(UNITS)) {
    if (text.endsWith(unit)) {
      return Number(text.slice(0, -unit.length)) * factor;
    }
  }
  return Number(text);
}
`,
  'src/report.ts': `import { join } from 'node:path';
import { format } from 'node:util';

/** The totals as one line. */
export function report(totals: Record<string, number>): string {
  return format('%j', totals);
}
`,
  'tests/shop.test.ts': `${NODE}import { unknown } from '../src/names';
import { invoice, quote } from '../src/prices';
import { report } from '../src/report';
import { inStock, restock } from '../src/shelf';
${HELPERS}
test('what is in stock', async () => {
  const { asked, shelf } = open([{ count: '3' }]);
  assert.equal(await inStock(shelf, 'tea'), 3);
  assert.deepEqual(asked, ["SELECT count FROM stock WHERE article = 'tea'"]);
  assert.equal(await inStock(open().shelf, 'cup'), 0);
});

const LINES = [
  { name: 'tea', cents: 450, count: 2 },
  { name: 'cup', cents: 1100, count: 1 },
];

test('prices', () => {
  assert.deepEqual(invoice(LINES, 20), { lines: 2, gross: 2400 });
  assert.equal(quote(LINES, 20, 100), 2300);
  const none = [{ name: 'tea', cents: 450, count: 0 }];
  assert.throws(() => invoice(none, 0), RangeError);
  assert.throws(() => quote(none, 0, 0), RangeError);
});

test('unknown names', () => assert.deepEqual(unknown(['Tea', 'mug', 'CUP'], ['tea', 'Cup']), ['mug']));

test('a report', () => assert.equal(report({ a: 1 }), '{"a":1}'));
`,
};

const MORE = `
test('an article is taken by whom it is kept for', async () => {
  const kept = open([{ owner: 'ann', count: 1 }]);
  assert.equal(await take(kept.shelf, 'ann', 'tea'), true);
  assert.equal(await take(open().shelf, 'ann', 'tea'), false);
});
`;
const TAKE = `
/** Takes an article that is kept for somebody; says whether there was one. */
export async function take(shelf: Pool, person: string, article: string): Promise<boolean> {
  const { rows } = await shelf.query('SELECT owner, count FROM kept WHERE article = $1', [article]);
  if (rows.length === 0) {
    return false;
  }
  await shelf.query('DELETE FROM kept WHERE article = $1 AND owner = $2', [article, rows[0].owner]);
  return true;
}
`;
const LOYALTY = `/** A point for every full hundred cents, over all payments. */
export function points(payments: number[]): number {
  return Math.floor(payments.reduce((sum, cents) => sum + cents, 0) / 100);
}

/** Gold from twenty points on. */
export function level(payments: number[]): string {
  let hundreds = 0;
  let rest = 0;
  for (const cents of payments) {
    rest += cents;
    while (rest >= 100) {
      rest -= 100;
      hundreds += 1;
    }
  }
  return hundreds >= 20 ? 'gold' : 'plain';
}
`;
const PAIRS = `/** How many pairs of articles cost exactly the budget. */
export function pairsFor(prices: number[], budget: number): number {
  let found = 0;
  for (let at = 0; at < prices.length; at += 1) {
    for (let other = at + 1; other < prices.length; other += 1) {
      if (prices[at] + prices[other] === budget) {
        found += 1;
      }
    }
  }
  return found;
}
`;
const TERMS = `/** Returns the next day. */
export function due(d: number, n: number): number {
  let x = d + n;
  while (x % 7 > 4) {
    x += 1;
  }
  return x;
}
`;

/** Another commit, in which only somebody who reads what is meant finds anything. */
export const meant: Record<string, string> = {
  'src/shelf.ts': SHELF + TAKE,
  'src/loyalty.ts': LOYALTY,
  'src/offers.ts': PAIRS,
  'src/terms.ts': TERMS,
  'tests/shop.test.ts': `${NODE}import { level, points } from '../src/loyalty';
import { pairsFor } from '../src/offers';
import { restock, take } from '../src/shelf';
import { due } from '../src/terms';
${HELPERS}${MORE}
test('loyalty', () => {
  assert.equal(points([1050, 960]), 20);
  assert.equal(level([1050, 960]), 'gold');
  assert.equal(level([1050, 940]), 'plain');
});

test('pairs', () => {
  assert.equal(pairsFor([1, 2, 3, 2, 1], 4), 3);
  assert.equal(pairsFor([2, 2, 2], 4), 3);
});

test('the day when something is due', () => {
  assert.equal(due(3, 1), 4);
  assert.equal(due(3, 2), 7);
});
`,
};

/** What a good model says of it. */
export const fixes: Fixes = {
  SecurityGuardian: {
    title: 'Give an article only to whom it is kept for',
    why: 'CWE-639: whoever asks for an article takes what is kept for somebody else.',
    path: 'src/shelf.ts',
    from: '  if (rows.length === 0) {',
    to: '  if (!rows.some((row) => row.owner === person)) {',
  },
  RefactorArchitect: {
    title: 'Ask points() for the level',
    why: 'Both count full hundreds over all payments, in two ways that may drift apart.',
    path: 'src/loyalty.ts',
    from: LOYALTY.slice(LOYALTY.indexOf('  let hundreds')),
    to: "  return points(payments) >= 20 ? 'gold' : 'plain';\n}\n",
    wrong: "  return points(payments) > 20 ? 'gold' : 'plain';\n}\n",
  },
  StyleEnforcer: {
    title: 'Say what due() returns',
    why: 'The names are single letters, and the description is of something else.',
    path: 'src/terms.ts',
    from: TERMS,
    to: `/** The first working day, at least so many days after the order; days are counted from a Monday. */
export function due(ordered: number, days: number): number {
  let day = ordered + days;
  while (day % 7 > 4) {
    day += 1;
  }
  return day;
}
`,
  },
  PerformanceOptimizer: {
    title: 'Count the pairs in one pass',
    why: 'Every price is compared with every other; counting what was seen needs one look at each.',
    path: 'src/offers.ts',
    from: PAIRS.slice(PAIRS.indexOf('  for (let at'), PAIRS.indexOf('  return')),
    to: `  const seen = new Map<number, number>();
  for (const price of prices) {
    found += seen.get(budget - price) ?? 0;
    seen.set(price, (seen.get(price) ?? 0) + 1);
  }
`,
  },
  TestEnhancer: {
    title: 'Test that what is kept for others stays',
    why: 'Nothing notices when an article is taken away twice.',
    path: 'tests/shop.test.ts',
    from: MORE,
    to: `${MORE}
test('what was taken is asked for once and removed once', async () => {
  const { asked, shelf } = open([{ owner: 'ann', count: 1 }]);
  await take(shelf, 'ann', 'tea');
  assert.equal(asked.length, 2);
  assert.match(asked[1], /^DELETE FROM kept WHERE article = 'tea' AND owner = 'ann'$/);
});
`,
  },
};
