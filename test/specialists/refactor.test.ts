/**
 * What moves code: the seed's story for TypeScript, run before and after; functions of several files; what stays a finding; the
 * keys of the configuration. The rules' own examples are in rules.test.ts.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTestPath, languageOf } from '../../src/code/index.ts';
import { type Diagnosed, loadSpecialist, type SourceFile } from '../../src/specialists/index.ts';

const test = suite('specialists/refactor');
const architect = await loadSpecialist('RefactorArchitect');

const source = (path: string, text: string): SourceFile => ({
  ...{ path, blob: '0'.repeat(40), text, test: isTestPath(path) },
  language: languageOf(path) ?? 'python',
});

async function diagnose(files: Record<string, string>, rule: string, settings: Record<string, unknown> = {}) {
  const sources = Object.entries(files).map(([path, text]) => source(path, text));
  const conventions = { python: null, esm: true, tools: [], ignoredRules: [] };
  const { found, skipped } = await architect.diagnose(sources, { conventions, settings });
  assert.equal(skipped, []);
  return found.filter(({ finding }) => finding.rule === rule);
}

function apply(text: string, found: readonly Diagnosed[]): string {
  let bytes = Buffer.from(text);
  for (const { start, end, text: more } of found.flatMap(({ edits }) => edits).toSorted((a, b) => b.start - a.start))
    bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(more), bytes.subarray(end)]);
  return bytes.toString();
}

const CART = `interface Item { name: string; price: number; count: number }

/** What the customer pays. */
export function invoice(items: Item[], rate: number) {
  let net = 0;
  for (const item of items) {
    if (item.price < 0) throw new Error(item.name);
    net += item.price * item.count;
  }
  const total = Math.round(net * (1 + rate) * 100) / 100;
  return { total, kind: 'invoice' };
}

export const quote = (items: Item[], rate: number, discount: number) => {
  if (discount > 0.5) return null;
    let net = 0;
    for (const item of items) {
      if (item.price < 0) throw new Error(item.name);
      net += item.price * item.count;
    }
    const total = Math.round(net * (1 + rate) * 100) / 100;
  return total * (1 - discount);
};
`;

test('duplicated TypeScript becomes a function, and the program does what it did', async () => {
  const found = await diagnose({ 'src/cart.ts': CART }, 'javascript/repeated-block');
  assert.is(found.length, 1);
  const after = apply(CART, found);
  assert.match(after, 'function computeTotal(items: Item[], rate: number) {');
  assert.is(after.match(/item\.price < 0/g)?.length, 1);
  assert.match(after, /\}\n\n\/\*\* What the customer pays\. \*\/\nexport function invoice/);
  const { transpile, ModuleKind } = await import('typescript');
  const said = async (text: string) => {
    const code = transpile(text, { module: ModuleKind.ESNext });
    const { invoice, quote } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const lists = [[], [{ name: 'a', price: 2, count: 3 }], [{ name: 'bad', price: -1, count: 1 }]];
    const attempt = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        return String(error);
      }
    };
    return lists.flatMap((items) => [
      ...[
        attempt(() => invoice(items, 0.2)),
        attempt(() => quote(items, 0.2, 0.1)),
        attempt(() => quote(items, 0, 0.9)),
      ],
    ]);
  };
  assert.equal(await said(after), await said(CART));
  assert.equal(await diagnose({ 'src/cart.ts': after }, 'javascript/repeated-block'), []);
});

const BODY = `    kept = []
    for name in names:
        if name and not re.match(r"[A-Z]", name):
            kept.append(name.strip())
    kept.sort()
    return kept
`;
const HEAD = 'import re\n\nfrom .other import thing\n\n\n';

test('a function of two Python modules is imported where its names mean the same', async () => {
  const files = {
    'app/names.py': `import re\n\n\ndef clean(names):\n${BODY}`,
    'app/rows.py': `${HEAD}def clean(names):\n${BODY}\n\ndef rows(names):\n    return [thing(re.sub("a", "b", name)) for name in clean(names)]\n`,
  };
  const found = await diagnose(files, 'python/identical-function');
  assert.equal(
    found.map(({ finding }) => finding.path),
    ['app/rows.py'],
  );
  assert.is(
    apply(files['app/rows.py'], found),
    'import re\n\nfrom .names import clean\nfrom .other import thing\n\n\ndef rows(names):\n    return [thing(re.sub("a", "b", name)) for name in clean(names)]\n',
  );
});

const USE = '\n\ndef rows(names):\n    return [thing(re.sub("a", "b", name)) for name in clean(names)]\n';
const REPORTED: Array<[why: string, names: string, rows: string]> = [
  ['a name means something else there', 'import regex as re\n\n\n', HEAD],
  ['the other imports from the repository', 'import re\n\nfrom .rows import rows\n\n\n', HEAD],
  ['no import says how modules of this folder are named', 'import re\n\n\n', 'import re\n\n\n'],
  ['it is decorated', 'import re\n\n\n', `${HEAD}@cached\n`],
  ['a star brings names', 'import re\nfrom math import *\n\n\n', HEAD],
];
for (const [why, names, rows] of REPORTED)
  test(`a function of two modules is not touched: ${why}`, async () => {
    const files = {
      'app/names.py': `${names}def clean(names):\n${BODY}`,
      'app/rows.py': `${rows}def clean(names):\n${BODY}${USE}`,
    };
    const found = await diagnose(files, 'python/identical-function');
    assert.equal(
      found.flatMap(({ edits }) => edits),
      [],
    );
  });

test('an import that only the removed function needed goes with it', async () => {
  const files = {
    'app/names.py': `import re\n\n\ndef clean(names):\n${BODY}`,
    'app/rows.py': `${HEAD}def clean(names):\n${BODY}\n\ndef rows(names):\n    return thing(clean(names))\n`,
  };
  const found = await diagnose(files, 'python/identical-function');
  assert.equal(found[0]?.unbinds, { names: ['re'], usedElsewhere: 'report' });
  assert.not.match(apply(files['app/rows.py'], found), 'import re');
});

test('a function of two scripts is imported from the one that exports it', async () => {
  const body =
    '(names: string[]): string[] {\n  const kept: string[] = [];\n  for (const name of names) {\n    if (name !== "") kept.push(name.trim());\n  }\n  kept.sort();\n  return kept;\n}\n';
  const files = {
    'src/names.ts': `export function clean${body}`,
    'src/rows.ts': `import { thing } from './thing.js';\n\nfunction clean${body}\nexport const rows = (names: string[]) => clean(names).map(thing);\n`,
  };
  const found = await diagnose(files, 'javascript/identical-function');
  assert.is(
    apply(files['src/rows.ts'], found),
    "import { thing } from './thing.js';\nimport { clean } from './names.js';\n\nexport const rows = (names: string[]) => clean(names).map(thing);\n",
  );
  const own = { ...files, 'src/names.ts': `import { rows } from './rows.js';\n${files['src/names.ts']}` };
  const kept = await diagnose(own, 'javascript/identical-function');
  assert.equal([kept.length, kept[0]?.edits], [1, []]);
});

test('a method moves with what it reads of its object', async () => {
  const block =
    '        total = 0\n        for item in self.items:\n            if item.price < 0:\n                raise ValueError(item.name)\n            total += item.price * self.rate\n        total = round(total, self.digits)\n';
  const text = `class Cart:\n    def invoice(self):\n${block}        return Invoice(total)\n\n    def quote(self, discount):\n${block}        return total - discount\n`;
  const after = apply(text, await diagnose({ 'app/cart.py': text }, 'python/repeated-block'));
  assert.match(after, '    def _compute_total(self):\n        total = 0\n');
  assert.match(after, '        total = self._compute_total()\n        return total - discount\n');
});

test('what one round of a loop leaves for the next comes back', async () => {
  const block =
    '        page = client.get(\n            at=start,\n            kind=client.kind,\n            more=client.more,\n            size=client.size,\n        )\n        start += page.count\n        log(page, client.name, page.name)\n';
  const text = ['first', 'last']
    .map(
      (name) =>
        `def ${name}(client):\n    start = 0\n    while True:\n${block}        if page.${name}:\n            return page\n`,
    )
    .join('\n\n');
  const after = apply(text, await diagnose({ 'app/pages.py': text }, 'python/repeated-block'));
  assert.match(after, 'def _compute_page_and_start(client, start):\n');
  assert.is(after.match(/ {8}page, start = _compute_page_and_start\(client, start\)\n/g)?.length, 2);
});

test('where the owners are annotated the new function is too', async () => {
  const block =
    '        pairs: dict[str, str] = {}\n        for key, value in self.list:\n            text = value.strip()\n            if key in pairs:\n                pairs[key] += text\n            else:\n                pairs[key] = text\n';
  const text = `class Headers:\n    def values(self) -> Values:\n${block}        return pairs.values()\n\n    def items(self) -> Items:\n${block}        return pairs.items()\n`;
  const after = apply(text, await diagnose({ 'app/headers.py': text }, 'python/repeated-block'));
  assert.match(after, '    def _compute_pairs(self) -> dict[str, str]:\n');
  const bare = text.replaceAll(': dict[str, str]', '');
  assert.is(apply(bare, await diagnose({ 'app/headers.py': bare }, 'python/repeated-block')), bare);
});

test('a block that only refuses is called a check', async () => {
  const block =
    '  if (answer.error) {\n    throw answer.error;\n  }\n  if (answer.status !== 0) {\n    throw new Error(answer.command + answer.stderr);\n  }\n  if (answer.signal) {\n    throw new Error(answer.signal);\n  }\n';
  const text = ['first', 'last']
    .map(
      (name) =>
        `export function ${name}(one) {\n  const answer = ${name}.run(one);\n${block}  return answer.${name};\n}\n`,
    )
    .join('\n');
  const after = apply(text, await diagnose({ 'src/run.js': text }, 'javascript/repeated-block'));
  assert.is(after.match(/^ {2}checkAnswer\(answer\);$/gm)?.length, 2);
});

test('a keyword, a rest and a default are handed on as they came', async () => {
  const body =
    '    rows = []\n    for part in parts:\n        if part.ok and part.size > least:\n            rows.append(read(part, **more))\n    return rows\n';
  const text = `async def one(first, *parts, least=3, **more):\n${body}\n\nasync def two(first, *parts, least=3, **more):\n${body}`;
  const after = apply(text, await diagnose({ 'app/a.py': text }, 'python/identical-function'));
  assert.match(
    after,
    'def two(first, *parts, least=3, **more):\n    return await one(first, *parts, least=least, **more)\n',
  );
});

test('the limits are those of the configuration', async () => {
  const branches = (count: number) => `def f(x):\n${'    if x:\n        g(x)\n'.repeat(count)}`;
  const of = (rule: string, count: number, settings: Record<string, unknown>) =>
    diagnose({ 'app/a.py': branches(count) }, rule, settings);
  assert.is((await of('python/complex-function', 6, { complexity_threshold: 5 })).length, 1);
  assert.is((await of('python/complex-function', 4, { complexity_threshold: 5 })).length, 0);
  assert.is((await of('python/complex-function', 20, { complexity_threshold: 30 })).length, 0);
  const [long] = await of('python/long-function', 6, { max_function_lines: 12 });
  assert.is(long?.finding.message, 'f has 13 lines of code, above 12.');
  assert.is((await of('python/long-function', 6, { max_function_lines: 13 })).length, 0);
});

test('a file tells of its three worst functions, and of all where two states are compared', async () => {
  const text = Array.from(
    { length: 6 },
    (_, at) => `def f${at}(x):\n${'    if x:\n        g(x)\n'.repeat(20 + at)}`,
  ).join('\n\n');
  const files = [source('app/a.py', text)];
  const conventions = { python: null, esm: true, tools: [], ignoredRules: [] };
  const count = async (uncapped: boolean) => {
    const { found } = await architect.diagnose(files, { conventions, settings: {}, uncapped });
    return found
      .filter(({ finding }) => finding.rule === 'python/complex-function')
      .map(({ finding }) => finding.message.slice(0, 2));
  };
  assert.equal((await count(false)).sort(), ['f3', 'f4', 'f5']);
  assert.is((await count(true)).length, 6);
});

test('what is suppressed stays', async () => {
  const text = CART.replace(
    '    let net = 0;\n    for',
    '    // ambient: ignore-next-line javascript/repeated-block\n    let net = 0;\n    for',
  );
  assert.equal(await diagnose({ 'src/cart.ts': text }, 'javascript/repeated-block'), []);
});

test.run();
