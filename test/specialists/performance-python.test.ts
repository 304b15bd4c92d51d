/** What the edits for Python do: exact text, and the same results as before where a Python is there to run them. */
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Conventions, loadSpecialist } from '../../src/specialists/index.ts';
import { applyEdits, found, rulesFound } from './javascript-support.ts';

const specialist = await loadSpecialist('PerformanceOptimizer');
const test = suite('specialists/performance-python');

/** [rule, before, after]: a function `f` of a list of small values. */
const EDITED: Array<[string, string, string]> = [
  [
    'python/generator-to-collection',
    'def f(xs):\n    return list(str(x) for x in xs if x)\n',
    'def f(xs):\n    return [str(x) for x in xs if x]\n',
  ],
  [
    'python/generator-to-collection',
    'def f(xs):\n    return dict((str(x), x) for x in xs)\n',
    'def f(xs):\n    return {str(x): x for x in xs}\n',
  ],
  [
    'python/list-to-collection',
    'def f(xs):\n    return len(set([str(x) for x in xs]))\n',
    'def f(xs):\n    return len({str(x) for x in xs})\n',
  ],
  [
    'python/list-to-collection',
    'def f(xs):\n    return dict([(str(x), 1) for x in xs])\n',
    'def f(xs):\n    return {str(x): 1 for x in xs}\n',
  ],
  [
    'python/literal-in-collection-call',
    'def f(xs):\n    return (set((1, 2)), dict([(1, xs)]), tuple([1, xs]), list((1, xs)))\n',
    'def f(xs):\n    return ({1, 2}, {1: xs}, (1, xs), [1, xs])\n',
  ],
  [
    'python/needless-copy-of-collection',
    'def f(xs):\n    return list(sorted(str(x) for x in xs))\n',
    'def f(xs):\n    return sorted(str(x) for x in xs)\n',
  ],
  [
    'python/needless-copy-of-collection',
    'def f(xs):\n    return sorted(list(xs), key=str)\n',
    'def f(xs):\n    return sorted(xs, key=str)\n',
  ],
  [
    'python/identity-comprehension',
    'def f(xs):\n    words = str(xs).splitlines()\n    return [x for x in words]\n',
    'def f(xs):\n    words = str(xs).splitlines()\n    return list(words)\n',
  ],
  [
    'python/map-lambda',
    'def f(xs):\n    return list(map(lambda x: (x, xs), xs))\n',
    'def f(xs):\n    return [(x, xs) for x in xs]\n',
  ],
  [
    'python/list-in-any',
    'def f(xs):\n    return any([x is None or x == 1 for x in xs])\n',
    'def f(xs):\n    return any(x is None or x == 1 for x in xs)\n',
  ],
  [
    'python/list-in-sum',
    'def f(xs):\n    return sum([x * 2 for x in xs if x != 1])\n',
    'def f(xs):\n    return sum(x * 2 for x in xs if x != 1)\n',
  ],
  [
    'python/needless-keys',
    'def f(xs):\n    sizes = {}\n    sizes["a"] = xs\n    return [k for k in sizes.keys()], "a" in list(sizes.keys())\n',
    'def f(xs):\n    sizes = {}\n    sizes["a"] = xs\n    return [k for k in sizes], "a" in sizes\n',
  ],
  [
    'python/list-emptied-by-a-loop',
    'def f(xs):\n    rest = [str(x) for x in xs]\n    out = ["a"]\n    while len(rest) > 0:\n        x = rest.pop(0)\n        if x == "2":\n            break\n        out += x\n    return out\n',
    'def f(xs):\n    rest = [str(x) for x in xs]\n    out = ["a"]\n    for x in rest:\n        if x == "2":\n            break\n        out += x\n    return out\n',
  ],
  [
    'python/text-in-loop',
    'def f(xs):\n    text = "a"\n    for n, x in enumerate(xs):\n        text = text + "%s;" % n + str(x)\n    return text\n',
    'def f(xs):\n    text = "a"\n    for n, x in enumerate(xs):\n        text = text + "%s;" % n + str(x)\n    return text\n',
  ],
  [
    'python/text-in-loop',
    'def f(xs):\n    text = "a"\n    for n, x in enumerate(xs):\n        text += "%s;" % n + str(x)\n    return text\n',
    'def f(xs):\n    text = "a" + "".join("%s;" % n + str(x) for n, x in enumerate(xs))\n    return text\n',
  ],
  [
    'python/sorted-for-one-element',
    'def f(xs):\n    return sorted([0, *xs], key=str)[0]\n',
    'def f(xs):\n    return min([0, *xs], key=str)\n',
  ],
  [
    'python/list-in-any',
    'def f(xs):\n    rows = list(xs)\n    return all([x is None or x == 1 for x in rows])\n',
    'def f(xs):\n    rows = list(xs)\n    return all(x is None or x == 1 for x in rows)\n',
  ],
  [
    'python/dict-from-keys',
    'def f(xs):\n    return {x: 0 for x in str(xs)}\n',
    'def f(xs):\n    return dict.fromkeys(str(xs), 0)\n',
  ],
  [
    'python/unused-half-of-items',
    'def f(xs):\n    d = {str(x): x for x in xs}\n    for k, _ in d.items():\n        xs = [k]\n    return xs\n',
    'def f(xs):\n    d = {str(x): x for x in xs}\n    for k in d.keys():\n        xs = [k]\n    return xs\n',
  ],
  [
    'python/append-in-loop',
    'def f(xs):\n    n = 2\n    out: list = []\n    for i, x in enumerate(xs):\n        if x if i else n:\n            out.append((i, x, n))\n    return out\n',
    'def f(xs):\n    n = 2\n    out: list = [(i, x, n) for i, x in enumerate(xs) if (x if i else n)]\n    return out\n',
  ],
  [
    'python/append-in-loop',
    'def f(xs):\n    out = []\n    for x in 1, 2, 3:\n        out.append(x * 2)\n    rest = []\n    for x in xs:\n        rest.append(str(x))\n    return out + rest\n',
    'def f(xs):\n    out = [x * 2 for x in (1, 2, 3)]\n    rest = [str(x) for x in xs]\n    return out + rest\n',
  ],
  [
    'python/list-asked-per-element',
    'def f(xs):\n    known = [str(x) for x in xs if x]\n    return [x for x in xs if str(x) not in known]\n',
    'def f(xs):\n    known = {str(x) for x in xs if x}\n    return [x for x in xs if str(x) not in known]\n',
  ],
  [
    'python/sorted-for-one-element',
    'def f(xs):\n    return sorted(str(xs).split(","))[0]\n',
    'def f(xs):\n    return min(str(xs).split(","))\n',
  ],
  [
    'python/sorted-for-one-element',
    'def f(xs):\n    return sorted([len(xs), 2.0])[0]\n',
    'def f(xs):\n    return min([len(xs), 2.0])\n',
  ],
  [
    'python/constant-membership',
    'def f(xs):\n    return [c not in ("1", "2", "N", "[") for c in str(xs)], len(xs) in [1, 2, 3, 5]\n',
    'def f(xs):\n    return [c not in {"1", "2", "N", "["} for c in str(xs)], len(xs) in {1, 2, 3, 5}\n',
  ],
];

async function mended(rule: string, text: string, conventions: Partial<Conventions> = {}): Promise<string> {
  const all = (await found(specialist, 'app/a.py', text, conventions)).filter((one) => one.finding.rule === rule);
  return applyEdits(
    text,
    all.flatMap((one) => one.edits),
  );
}

for (const [rule, before, after] of EDITED)
  test(`${rule}: ${after.split('\n').at(-2)?.trim()}`, async () => {
    assert.is(await mended(rule, before), after);
    const windows = (text: string) => text.replaceAll('\n', '\r\n');
    assert.is(await mended(rule, windows(before)), windows(after));
  });

test(
  'before and after give the same results and errors',
  (() => {
    const python = spawnSync('python3', ['-c', 'print(1)'], { encoding: 'utf8' });
    if (python.status !== 0) return () => console.log('skipped: there is no python3 here');
    return () => {
      const program = `
import json, sys
inputs = [[], [1], [0, 1, 2, 1], [None, "a", 1], ["b", "a"], [float("nan"), 1], [[1], 2], [True, 1.0], list(range(30))]
def run(code, xs):
    scope = {}
    exec(code, scope)
    try:
        return repr(scope["f"](list(xs)))
    except Exception as error:
        return type(error).__name__
for rule, before, after in json.load(sys.stdin):
    for xs in inputs:
        if run(before, xs) != run(after, xs):
            print(rule, xs, run(before, xs), run(after, xs))
`;
      const env = { ...process.env, PYTHONHASHSEED: '0' };
      const ran = spawnSync('python3', ['-c', program], { encoding: 'utf8', input: JSON.stringify(EDITED), env });
      assert.is(ran.status, 0, ran.stderr);
      assert.is(ran.stdout, '');
    };
  })(),
);

/** [rule, text]: found, and left as it is. */
const REPORTED: Array<[string, string]> = [
  [
    'python/sorted-for-one-element',
    'def f(names):\n    try:\n        return sorted(names)[0]\n    except IndexError:\n        return None\n',
  ],
  ['python/sorted-for-one-element', 'def f(a, b):\n    return sorted([a, b])[-1]\n'],
  ['python/sorted-for-one-element', 'def f(names):\n    return sorted(names, key=len)[-1]\n'],
  [
    'python/list-in-any',
    'def f(names):\n    found = any([name == "a" for name in names])\n    return found, list(names)\n',
  ],
  ['python/needless-keys', 'def f(row, name):\n    return name in row.keys() or row.get(name)\n'],
  ['python/query-in-loop', 'def f(ids):\n    for one in ids:\n        use(User.objects.get(id=one))\n'],
  ['python/query-in-loop', 'def f(session, ids):\n    for one in ids:\n        use(session.get(User, one))\n'],
  [
    'python/list-asked-per-element',
    'def f(a, b):\n    known = [x.id for x in a]\n    return [y for y in b if str(y) in known]\n',
  ],
  [
    'python/list-asked-per-element',
    'def f(a, b):\n    known = [str(x) for x in a]\n    return [y for y in b if y in known]\n',
  ],
  [
    'python/list-asked-per-element',
    'def f(a, b):\n    known: list[str] = [str(x) for x in a]\n    return [y for y in b if str(y) in known]\n',
  ],
  ['python/list-search-in-loop', 'def f(names):\n    return [names.count(name) for name in names]\n'],
];
for (const [rule, text] of REPORTED)
  test(`report only: ${rule} in ${text.split('\n').at(-2)?.trim()}`, async () => {
    const all = await found(specialist, 'app/a.py', text);
    assert.equal(
      all.map((one) => [one.finding.rule, one.finding.fixable, one.edits]),
      [[rule, false, []]],
    );
  });

/** Said nothing about, beyond the look-alikes of the rules. */
const SILENT = [
  'def f(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    else:\n        done()\n    return out\n',
  'def f(xs):\n    out = []\n    with lock:\n        pass\n    for x in xs:\n        out.append(x)\n    return out\n',
  'def f(xs):\n    out = []\n\n    for x in xs:\n        out.append(g(x, out))\n    return out\n',
  'def f(xs, x):\n    out = []\n    for x in xs:\n        out.append(x)\n    return out\n',
  'def f(xs):\n    global out\n    out = []\n    for x in xs:\n        out.append(x)\n',
  'def f(xs):\n    out = []\n    for x in xs:\n        out.append(super().g(x))\n    return out\n',
  'def f(xs):\n    with suppress(KeyError):\n        out = []\n        for x in xs:\n            out.append(d[x])\n    return out\n',
  'def f(word):\n    word = load()\n    return word in ("a", "b", "c", "d")\n',
  'def f(word: str):\n    word = load()\n    return word in ("a", "b", "c", "d")\n',
  'import re\n\n\ndef f(self, xs):\n    for x in xs:\n        use(re.compile(self.pattern, x))\n        use(re.compile(make()))\n',
];
for (const text of SILENT)
  test(`silent: ${JSON.stringify(text)}`, async () => {
    assert.equal(await rulesFound(specialist, 'app/a.py', text), []);
  });

test('old Pythons and chosen rules are respected', async () => {
  const text = 'x = dict((a, b()) for a in c)\n';
  const rule = 'python/generator-to-collection';
  assert.equal(await rulesFound(specialist, 'app/a.py', text), [rule]);
  assert.equal(await rulesFound(specialist, 'app/a.py', text, { python: [3, 7] }), []);
  assert.equal(await rulesFound(specialist, 'app/a.py', text, { python: [2, 7] }), []);
  assert.equal(await rulesFound(specialist, 'app/a.py', text, { selectedRules: ['E', 'F'] }), []);
  assert.equal(await rulesFound(specialist, 'app/a.py', text, { selectedRules: ['C4'] }), [rule]);
  assert.equal(await rulesFound(specialist, 'app/a.py', text, { ignoredRules: ['C402'] }), []);
  assert.equal(await rulesFound(specialist, 'app/a.py', `${text.trim()}  # noqa: C402\n`), []);
  assert.equal(await rulesFound(specialist, 'examples/a.py', text), []);
});

test.run();
