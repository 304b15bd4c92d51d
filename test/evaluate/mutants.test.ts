/** Broken versions of new lines: what they are, who notices, and when nothing is tried. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editTreeIn } from '../../src/crew/edit-tree.ts';
import { type Check, evaluate, type Judgement } from '../../src/evaluate/index.ts';
import { mutantsOf } from '../../src/evaluate/mutants/mutants.ts';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository } from '../support/repository.ts';
import { BASE, CANDIDATE, fakeCheck, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/mutants');
const ROWS: Array<[path: string, before: string, after: string, mutated: string[]]> = [
  ['a.py', 'x = 1\n', 'x = 1\ny = x == 2\n', ['y = x != 2']],
  ['a.py', '', 'def f(a):\n    return a\n', ['    return None']],
  ['a.py', '', 'if a:\n    f()\n', ['if not (a):', '    pass']],
  ['a.js', '', 'if (a) f();\n', ['if (!(a)) f();']],
  ['a.js', '', 'const f = (a) => a && b;\n', ['const f = (a) => a || b;']],
  ['a.ts', 'const a = 1;\n', 'const a: number = 2;\n', ['const a: number = 3;']],
  [
    'a.go',
    'package a\n',
    'package a\n\nfunc F(a int) bool { return a < 2 }\n',
    ['func F(a int) bool { return a >= 2 }'],
  ],
  ['a.rs', '', 'fn f(a: i64) -> bool { a > 1 }\n', ['fn f(a: i64) -> bool { a <= 1 }']],
  ['a.py', 'import a\n', 'import b\n', []],
  ['a.py', 'x = 1\n', '# words\nx = 1\n', []],
  ['a.py', 'f(a)\n', 'if x:\n    f(a)\n', ['if not (x):']],
  ['tests/test_a.py', '', 'assert a == 1\n', []],
  ['a.txt', '', 'a == b\n', []],
];
for (const [path, before, after, mutated] of ROWS)
  test(`${path}: ${after.trim().split('\n').join(' ⏎ ')}`, async () => {
    const mutants = await mutantsOf([{ path, before, after }]);
    const lines = mutants.map(({ text, line }) => text.split('\n')[line - 1]);
    assert.equal(lines.sort(), [...mutated].sort());
  });

const changes = [{ path: 'a.py', before: '', after: 'def f(a):\n    if a > 1:\n        return a\n    return 3\n' }];
async function judged(check: Check, longest: number | undefined = 3000) {
  const made: string[] = [];
  const editTree = async (_: string, files: ReadonlyArray<{ content: unknown }>) => {
    made.push(String(files[0]?.content));
    return `mutant ${made.length}`;
  };
  const result = await evaluate(input([check], { changes }), { cache: memoryCache(), editTree, mutants: longest });
  return { result, made };
}
const answering = (mutant: (tree: string) => Judgement, whole: Judgement = ran('a b')): Check => ({
  ...{ name: 'pytest', kind: 'tests', digest: 'x' },
  judge: async (tree) => (tree === BASE ? ran('a b') : tree === CANDIDATE ? whole : mutant(tree)),
});

test('one that is noticed is enough', async () => {
  const { result, made } = await judged(answering(() => ran('a !b')));
  assert.is(result.outcome, 'passed');
  assert.is(result.evidence, 'tests');
  assert.match(result.reasons.join('\n'), /pytest fails when a\.py:\d is broken/);
  assert.is(made.length, 1);
});

test('none is noticed: it passes, and tests are no evidence for it', async () => {
  const { result, made } = await judged(answering(() => ran('a b')));
  assert.is(result.outcome, 'passed');
  assert.is(result.evidence, 'analysis');
  assert.match(result.reasons.join('\n'), /the tests do not notice when the new lines are broken \(a\.py:\d, a\.py:\d/);
  assert.is(made.length, 3);
});

test('what cannot be loaded is noticed by nobody; what never ends is', async () => {
  assert.is((await judged(answering(() => judgement('failed')))).result.evidence, 'analysis');
  assert.is((await judged(answering(() => judgement('timeout')))).result.evidence, 'tests');
});

test('one that does not end is not waited for until the limit of the check', async () => {
  const endless: Check = {
    ...answering(() => ran('a b')),
    judge: async (tree, options) => {
      if (tree === BASE || tree === CANDIDATE) return { ...ran('a b'), duration: 1 };
      await new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
      throw new Error('nobody ended it');
    },
  };
  const { result } = await judged(endless, 20);
  assert.is(result.evidence, 'tests');
  assert.match(result.reasons.join('\n'), /pytest does not end when a\.py:\d is broken/);
});

test('nothing is tried where tests take long, where they noticed already, where nothing passed, or when nobody asks', async () => {
  const slow = { ...ran('a b'), duration: 5000 };
  assert.equal((await judged(answering(() => ran('a b'), slow))).made, []);
  assert.equal((await judged(fakeCheck([ran('a !b')], [ran('a b')]))).made, []);
  assert.equal((await judged(fakeCheck([ran('a b')], [ran('a !b')]))).made, []);
  const silent = fakeCheck([ran('a')], [ran('a')]);
  await evaluate(input([silent], { changes }), { cache: memoryCache() });
  assert.equal(silent.judged, [BASE, CANDIDATE]);
});

test('a tree is made with other files in it: modes stay, nothing points at it', async () => {
  const repo = makeRepository({ files: { 'a.py': '1\n', 'run.sh': 'x\n', 'dir/b.bin': '\0\xff' } });
  repo.git('update-index', '--chmod=+x', 'run.sh');
  repo.git('commit', '-qm', 'mode');
  const repository = await openRepository(repo.dir, { env: repo.env });
  try {
    const { tree } = await repository.objects.commit(repo.git('rev-parse', 'HEAD'));
    const before = repo.git('for-each-ref');
    const edit = editTreeIn(repository);
    const edited = await edit(tree, [
      { path: 'run.sh', content: 'y\n' },
      { path: 'a.py', content: null },
      { path: 'new/c.py', content: '3\n' },
    ]);
    const list = (await repository.trees.list(edited)).map(({ mode, path }) => `${mode} ${path}`);
    assert.equal(list, ['100644 dir/b.bin', '100644 new/c.py', '100755 run.sh']);
    const back = await edit(edited, [
      { path: 'run.sh', content: { of: tree } },
      { path: 'a.py', content: { of: tree } },
      { path: 'new/c.py', content: { of: tree } },
    ]);
    assert.is(back, tree);
    assert.is(await edit(tree, []), tree);
    assert.is(repo.git('for-each-ref'), before);
  } finally {
    await repository.close();
  }
});

test.run();
