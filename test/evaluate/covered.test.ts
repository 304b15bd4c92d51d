/** Tests that notice when what a change replaces is broken: every place by itself, and nothing is taken for granted. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Check, type Judgement, proofs } from '../../src/evaluate/index.ts';
import { BASE, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/covered');
const before = 'def f(a):\n    if a > 1:\n        return a\n    return 3\n\n\ndef g(a):\n    return a + 2\n';
const F = { path: 'a.py', lines: [2, 4] } as const;
const G = { path: 'a.py', lines: [8, 8] } as const;

/** `notices` says of a broken text whether the tests fail on it. */
async function covered(
  places: Parameters<typeof proofs.coveredBy>[0],
  notices: (text: string) => boolean,
  more: Partial<Check> & { base?: Judgement } = {},
) {
  const texts = new Map<string, string>();
  const { base = ran('a b'), ...own } = more;
  const check: Check = {
    ...{ name: 'pytest', kind: 'tests', digest: 'x' },
    judge: async (tree) => (tree === BASE ? base : ran(notices(texts.get(tree) ?? '') ? 'a !b' : 'a b')),
    ...own,
  };
  const editTree = async (_: string, files: ReadonlyArray<{ content: unknown }>) => {
    const tree = `mutant ${texts.size}`;
    texts.set(tree, String(files[0]?.content));
    return tree;
  };
  const affected = async () => ({ tests: ['test_a.py'], reach: () => 'unknown' as const, filesOf: () => [] });
  const input = { baseTree: BASE, changes: [{ path: 'a.py', before, after: '' }], checks: [check] };
  const result = await proofs.coveredBy(places, input, { cache: memoryCache(), editTree, affected });
  return { ...result, broken: [...texts.values()] };
}

test('each place must be noticed', async () => {
  const all = await covered([F, G], () => true);
  assert.equal([all.covered, all.reason], [true, 'the tests notice when what is replaced is broken (a.py:2, a.py:8)']);
  const one = await covered([F, G], (text) => !text.includes('a - 2'));
  assert.equal([one.covered, one.reason], [false, 'no test notices when a.py:8 is broken']);
});

test('only the lines of the place are broken', async () => {
  const { broken } = await covered([G], () => false);
  assert.equal(broken, [before.replace('a + 2', 'a - 2')]);
});

test('what cannot be broken, or cannot be asked, is not covered', async () => {
  assert.is((await covered([{ path: 'a.py', lines: [5, 6] }], () => true)).covered, false);
  assert.is((await covered([{ path: 'b.py', lines: [1, 3] }], () => true)).covered, false);
  assert.is((await covered([], () => true)).covered, false);
  assert.is((await covered([F], () => true, { base: judgement('failed') })).covered, false);
});

test('where tests take long, those near to the change are asked', async () => {
  const slow = { ...ran('a b'), duration: 60_000 };
  assert.is((await covered([F], () => true, { base: slow })).covered, false, 'it cannot be narrowed');
  const asked: string[] = [];
  const narrow = async (tests: readonly string[]): Promise<Check> => {
    asked.push(...tests);
    return { name: 'pytest', kind: 'tests', digest: 'y', judge: async (tree) => ran(tree === BASE ? 'a' : '!a') };
  };
  assert.is((await covered([F], () => false, { base: slow, narrow })).covered, true);
  assert.equal(asked, ['test_a.py']);
});

test.run();
