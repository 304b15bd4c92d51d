/** Tests that are written: what is asked, what the answers make, and what is left alone. The programs run as in a slot. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { languageOf } from '../../src/code/index.ts';
import { type Answers, type SourceFile, writtenTests } from '../../src/specialists/index.ts';
import { temporaryDirectory } from '../support/repository.ts';

const test = suite('specialists/testing-write');

type Files = Record<string, string>;

function source(path: string, text: string): SourceFile {
  return { path, blob: '', text, language: languageOf(path) ?? 'python', test: false };
}

const viewOf = (files: Files) => ({ paths: Object.keys(files), read: async (path: string) => files[path] ?? null });

/** Names of the functions of `text` that would be asked. */
async function asked(path: string, text: string): Promise<string[]> {
  const questions = await writtenTests.questionsOf(source(path, text), { quote: '"' }, () => true);
  return questions?.subjects.map(({ name }) => name) ?? [];
}

/** The test of `path`, after `times` runs; null where nothing is written. */
async function written(files: Files, path: string, times = 1): Promise<{ path: string; text: string } | null> {
  const view = viewOf(files);
  const manner = await writtenTests.mannerOf(path, view);
  if (manner === null) return null;
  const questions = await writtenTests.questionsOf(source(path, files[path] ?? ''), manner, () => true, view.read);
  const program = (await questions?.program()) ?? null;
  if (questions === null || program === null) return null;
  const dir = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const runs = Array.from({ length: times }, (_, at) => {
    const argv = path.endsWith('.py') ? ['python3', '-s', '-B', '-c', program] : [process.execPath, '-e', program];
    const env = { PATH: process.env['PATH'] ?? '', PYTHONHASHSEED: String(at) };
    const { stdout, stderr } = spawnSync(argv[0] ?? '', argv.slice(1), { cwd: dir, env, encoding: 'utf8' });
    assert.match(stdout, /^\{.*\}\n$/s, stderr);
    return JSON.parse(stdout) as Answers;
  });
  const text = writtenTests.textOf(writtenTests.choose(questions, runs, manner, 80), manner);
  return text === null ? null : { path: manner.path, text };
}

const PYTHON: Files = {
  'shop/__init__.py': '',
  'shop/cart.py': 'def total(prices):\n    return sum(prices)\n',
  'tests/test_cart.py':
    'import pytest\n\nfrom shop.cart import total\n\n\ndef test_total():\n    assert total([1]) == 1\n',
};

test('Python: the edges of the input, errors by their type, in the place and the manner of the others', async () => {
  const sizes =
    'class SizeError(ValueError):\n    pass\n\n\ndef parse_size(text: str) -> int:\n    """Bytes."""\n    if text.endswith("kb"):\n        return int(text[:-2]) * 1024\n    if not text.isdigit():\n        raise SizeError(text)\n    return int(text)\n';
  const made = await written({ ...PYTHON, 'shop/sizes.py': sizes }, 'shop/sizes.py');
  assert.is(made?.path, 'tests/test_sizes.py');
  assert.is(
    made?.text,
    'import pytest\n\nfrom shop.sizes import SizeError, parse_size\n\n\ndef test_parse_size():\n    assert parse_size("10kb") == 10240\n    assert parse_size("12") == 12\n\n\ndef test_parse_size_raises_size_error():\n    with pytest.raises(SizeError):\n        parse_size("Hello World")\n',
  );
});

test('Python: fractions with a tolerance, truth by identity, into the test file that is there', async () => {
  const cart =
    'def total(prices):\n    return sum(prices)\n\n\ndef share(part: float, whole: float) -> float:\n    return part / whole\n\n\ndef is_free(price: int) -> bool:\n    return price == 0\n';
  const made = await written({ ...PYTHON, 'shop/cart.py': cart }, 'shop/cart.py');
  assert.is(made?.path, 'tests/test_cart.py');
  assert.match(made?.text ?? '', /^from shop\.cart import is_free, share, total$/m);
  assert.match(made?.text ?? '', /^ {4}assert share\(2\.5, 2\.5\) == pytest\.approx\(1\.0\)$|pytest\.approx/m);
  assert.match(made?.text ?? '', /with pytest\.raises\(ZeroDivisionError\):/);
  assert.match(made?.text ?? '', /assert is_free\(0\) is True/);
  assert.match(made?.text ?? '', /^import pytest\n[\s\S]*def test_total\(\):\n {4}assert total\(\[1\]\) == 1\n/);
});

test('Python: laws by name, where every input obeys', async () => {
  const text =
    'def encode(text: str) -> str:\n    return text.replace("%", "%25").replace(" ", "%20")\n\n\ndef decode(text: str) -> str:\n    return text.replace("%20", " ").replace("%25", "%")\n\n\ndef clean(text: str) -> str:\n    return " ".join(text.split())\n\n\ndef strip_first(text: str) -> str:\n    return text[1:]\n';
  const made = await written({ ...PYTHON, 'shop/words.py': text }, 'shop/words.py');
  assert.match(
    made?.text ?? '',
    /def test_decode_undoes_encode\(\):\n {4}for value in \(.*\):\n {8}assert decode\(encode\(value\)\) == value/,
  );
  assert.match(made?.text ?? '', 'def test_clean_twice_is_clean_once():');
  assert.not.match(made?.text ?? '', 'strip_first_twice');
});

test('Python: what differs between runs, prints, changes its arguments or the process says nothing', async () => {
  const rows: Record<string, string> = {
    order: 'def words(text: str) -> list[str]:\n    return list({"a", "b", "c", "d", text})\n',
    prints: 'from shop.cart import total\n\nprint("loaded")\n\n\ndef twice(n: int) -> int:\n    return n * 2\n',
    environment:
      'import os\n\nX = os.environ.setdefault("SHOP", "1")\n\n\ndef twice(n: int) -> int:\n    return n * 2\n',
    changes: 'def last(items: list[int]) -> int:\n    return items.pop() if items else 0\n',
    constant: 'def zero(n: int) -> int:\n    return 0\n',
    same: 'def same(text: str) -> str:\n    return text\n',
  };
  for (const [name, text] of Object.entries(rows))
    assert.is(await written({ ...PYTHON, 'shop/odd.py': text }, 'shop/odd.py', name === 'order' ? 2 : 1), null, name);
});

test('Python: only functions that compute, and whose arguments can be made, are asked', async () => {
  const module = (body: string) =>
    `import os\nimport random\nimport time\nfrom datetime import datetime\n\nSEEN = []\nLIMIT = 3\n\n\n${body}`;
  const left: string[] = [
    'def f(n: int) -> float:\n    return time.time() + n\n',
    'def f(n: int) -> int:\n    return random.randint(0, n)\n',
    'def f(n: int) -> str:\n    return str(datetime.now()) + str(n)\n',
    'def f(name: str) -> str:\n    return os.environ[name]\n',
    'def f(path: str) -> str:\n    return open(path).read()\n',
    'def f(n: int) -> int:\n    SEEN.append(n)\n    return len(SEEN)\n',
    'def f(n: int) -> int:\n    global LIMIT\n    LIMIT = n\n    return n\n',
    'def f(n: int) -> None:\n    print(n)\n',
    'def f(n):\n    return n\n',
    'def f(request: Request) -> str:\n    return str(request)\n',
    'def _f(n: int) -> int:\n    return n + 1\n',
    'async def f(n: int) -> int:\n    return n + 1\n',
    'def f(n: int):\n    yield n\n',
    'def f(n: int) -> int:\n    return helper(n)\n\n\ndef helper(n):\n    return n + os.getpid()\n',
    'def f(a: int, b: int, c: int, d: int) -> int:\n    return a + b + c + d\n',
    'def f(box: dict[str, int]) -> int:\n    box["a"] = 1\n    return 1\n',
    'setup()\n\n\ndef f(n: int) -> int:\n    return n + 1\n',
  ];
  for (const body of left) assert.equal(await asked('shop/a.py', module(body)), [], body);
  const right = 'def f(n: int) -> int:\n    return helper(n) + LIMIT\n\n\ndef helper(n):\n    return n + 1\n';
  assert.equal(await asked('shop/a.py', module(right)), ['f']);
  assert.equal(await asked('scripts/dev/a.py', module(right)), []);
});

const SLUG =
  "import type { Options } from './options.js';\nimport { lower } from './lower.js';\n\nexport interface Size {\n  text: string;\n  unit?: string;\n}\n\nexport function slugify(text: string): string {\n  return text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-');\n}\n\nexport const bytes = ({ length }: string): number => length;\n\nexport function half(n: number): number {\n  if (n < 0) throw new RangeError('negative');\n  return n / 2;\n}\n\nexport function stamp(n: number): number {\n  return Date.now() + n;\n}\n\nexport function low(text: string): string {\n  return lower(text);\n}\n";
const SCRIPT: Files = {
  'package.json': '{"type": "module", "scripts": {"test": "vitest run"}}',
  'src/lower.ts': 'export const lower = (text: string): string => text.toLowerCase();\n',
  'src/slug.ts': SLUG,
  'src/lower.test.ts':
    "import { describe, expect, it } from 'vitest';\nimport { lower } from './lower.js';\n\ndescribe('lower', () => {\n  it('lowers', () => {\n    expect(lower('A')).toBe('a');\n  });\n});\n",
};

test('TypeScript: types are stripped, modules of the tree are brought along, vitest as the others have it', async () => {
  const made = await written(SCRIPT, 'src/slug.ts');
  assert.is(made?.path, 'src/slug.test.ts');
  const text = made?.text ?? '';
  assert.match(text, "import { describe, expect, it } from 'vitest';\nimport { half, slugify } from './slug.js';\n");
  assert.match(text, "    expect(slugify('Hello World')).toBe('hello-world');");
  assert.match(text, '    expect(half(3)).toBeCloseTo(1.5);');
  assert.match(text, '    expect(() => half(-1)).toThrow(RangeError);');
  assert.match(text, "  it('changes nothing the second time', () => {");
  assert.not.match(text, /stamp|bytes|low\(/);
});

const COMMON =
  "'use strict';\n\nconst UNITS = { kb: 1024, mb: 1048576 };\n\n/**\n * @param {string} text\n */\nfunction parseSize(text) {\n  const [, count, unit] = /^(\\d+)(kb|mb)$/.exec(text) ?? [];\n  return count === undefined ? null : Number(count) * UNITS[unit];\n}\n\nmodule.exports = { parseSize };\n";

for (const [name, like, expected] of [
  [
    'node:test',
    "'use strict';\nconst assert = require('node:assert');\nconst { test } = require('node:test');\nconst { f } = require('../lib/f');\n\ntest('f', () => {\n  assert.strictEqual(f(1), 1);\n});\n",
    "'use strict';\n\nconst assert = require('node:assert');\nconst { test } = require('node:test');\nconst { parseSize } = require('../lib/sizes');\n\ntest('parseSize gives the known answers', () => {\n  assert.strictEqual(parseSize('10kb'), 10240);",
  ],
  [
    'uvu',
    "const { test } = require('uvu');\nconst assert = require('uvu/assert');\nconst { f } = require('../lib/f');\n\ntest('f', () => {\n  assert.is(f(1), 1);\n});\n\ntest.run();\n",
    "assert.is(parseSize('10kb'), 10240);",
  ],
  [
    'mocha',
    "const { expect } = require('chai')\nconst { f } = require('../lib/f')\n\ndescribe('f', () => {\n    it('is', () => {\n        expect(f(1)).to.equal(1)\n        expect(f(2)).to.equal(2)\n        expect(f(3)).to.equal(3)\n        expect(f(4)).to.equal(4)\n    })\n})\n",
    "        expect(parseSize('10kb')).to.equal(10240)\n",
  ],
] as const)
  test(`JavaScript: ${name}, with the quotes, the ends of lines and the indentation of the others`, async () => {
    const manifest = `{"scripts": {"test": "${name === 'node:test' ? 'node --test' : name}"}}`;
    const files = {
      'package.json': manifest,
      'lib/f.js': 'exports.f = (n) => n;\n',
      'lib/sizes.js': COMMON,
      'test/f.test.js': like,
    };
    const made = await written(files, 'lib/sizes.js');
    assert.is(made?.path, 'test/sizes.test.js');
    assert.ok(made?.text.includes(expected), made?.text);
    assert.is(/test\.run\(\);\n$/.test(made?.text ?? ''), name === 'uvu');
  });

test('where the repository shows no custom, nothing is written', async () => {
  assert.is(await writtenTests.mannerOf('a.py', viewOf({ 'a.py': '', 'test/a.test.js': '' })), null);
  assert.is(
    await writtenTests.mannerOf('src/a.js', viewOf({ 'src/a.js': '', 'test/b.test.js': "import test from 'ava';\n" })),
    null,
  );
});

test.run();
