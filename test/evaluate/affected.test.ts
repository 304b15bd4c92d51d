/** Which tests a change touches, how commands are narrowed to them, and what a narrowed run may say. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { affectedFirst } from '../../src/evaluate/affected/affected-first.ts';
import { filesOfTest } from '../../src/evaluate/affected/files-of-test.ts';
import { narrow } from '../../src/evaluate/affected/narrow.ts';
import { affectedBy, type Check, evaluate, type Judgement, readChanges } from '../../src/evaluate/index.ts';
import type { Report, RunnableCheck } from '../../src/evaluate/types.ts';
import { openRepository } from '../../src/git/index.ts';
import { makeRepository } from '../support/repository.ts';
import { BASE, CANDIDATE, input, judgement, memoryCache, ran } from './fakes.ts';

const test = suite('evaluate/affected');

/** What the last commit of a repository touches. */
async function affectedIn(commits: Array<Record<string, string>>) {
  const [first = {}, ...later] = commits;
  const repo = makeRepository({ files: first });
  for (const [index, files] of later.entries()) repo.commit(`change ${index}`, files);
  const repository = await openRepository(repo.dir, { env: repo.env });
  try {
    const [base, candidate] = await Promise.all(
      ['HEAD^', 'HEAD'].map(async (name) => repository.objects.commit((await repository.objects.resolve(name)) ?? '')),
    );
    const changes = await readChanges(repository, base?.tree ?? '', candidate?.tree ?? '');
    return await affectedBy(
      repository,
      { base: base?.oid ?? '', baseTree: base?.tree ?? '', changes },
      memoryCache(),
    )();
  } finally {
    await repository.close();
  }
}

/** Twenty test files of `other`, so that a quarter of all is more than a few. */
const OTHERS = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`tests/test_other${index}.py`, 'import other\n']),
);
const SHOP = {
  ...OTHERS,
  'other.py': '',
  'shop/__init__.py': '',
  'shop/cart.py': 'A = 1\n',
  'shop/till.py': 'from shop import cart\n',
  'tests/test_cart.py': 'from shop import cart\n',
  'tests/test_till.py': 'from shop import till\n',
  'tests/support.py': 'from shop import cart\n',
};

test('the nearest first: by import, by name; support is no test', async () => {
  const { tests } = await affectedIn([SHOP, { 'shop/cart.py': 'A = 2\n' }]);
  assert.equal(tests, ['tests/test_cart.py', 'tests/test_till.py']);
});

test('what a record of coverage says to have run it comes first; what is damaged says nothing', async () => {
  const contexts = (...names: string[]) =>
    JSON.stringify({ files: { 'shop/cart.py': { contexts: { 1: ['', ...names] } } } });
  const lcov = (name: string, count: number) => `TN:${name}\nSF:/srv/shop/cart.py\nDA:1,${count}\nend_of_record\n`;
  const after = { 'shop/cart.py': 'A = 2\n' };
  for (const [record, first] of [
    [{ 'coverage.json': contexts('tests/test_other3.py::test_a|run') }, 'tests/test_other3.py'],
    [{ 'coverage.json': contexts('tests.test_other3.Suite.test_a') }, 'tests/test_other3.py'],
    [{ 'coverage/lcov.info': lcov('tests_test_other3_py', 2) }, 'tests/test_other3.py'],
    [{ 'coverage/lcov.info': lcov('tests_test_other3_py', 0) }, 'tests/test_cart.py'],
    [{ 'coverage.json': '{"files": {"shop/cart.py": {"contexts": [null, 1]}}' }, 'tests/test_cart.py'],
    [{ 'coverage.json': '[]', 'lcov.info': '\0TN:\nDA:1,1' }, 'tests/test_cart.py'],
  ] as const)
    assert.is((await affectedIn([{ ...SHOP, ...record } as Record<string, string>, after])).tests[0], first);
});

test('what changed together twice is touched, what did so once is not', async () => {
  const both = (text: string) => ({ 'web/page.html': text, 'tests/test_other7.py': `import other\n# ${text}\n` });
  const { tests } = await affectedIn([
    { ...SHOP, 'web/page.html': '' },
    both('a'),
    both('b'),
    { 'web/page.html': 'c', 'tests/test_other8.py': 'import other # c\n' },
    { 'web/page.html': 'd' },
  ]);
  assert.equal(tests, ['tests/test_other7.py']);
});

test('a test file that the candidate adds or removes is not among them: both sides must have it', async () => {
  const added = await affectedIn([
    SHOP,
    { 'shop/cart.py': 'A = 3\n', 'tests/test_cart_more.py': 'from shop import cart\n' },
  ]);
  assert.not.ok(added.tests.includes('tests/test_cart_more.py'));
});

test('more than a quarter is no selection', async () => {
  const { tests } = await affectedIn([SHOP, { 'other.py': 'B = 1\n' }]);
  assert.is(tests.length, 5);
});

test('what a test can run of the change: reached, unreached, or nobody knows', async () => {
  const check = {};
  const code = await affectedIn([
    { ...SHOP, 'tests/test_cli.py': 'import subprocess\n' },
    { 'shop/cart.py': 'A = 4\n' },
  ]);
  assert.is(code.reach(check, 'tests.test_till::test_sum'), 'reached');
  assert.is(code.reach(check, 'test_sum (tests.test_till.TillTest)'), 'reached');
  assert.is(code.reach(check, 'tests.test_other3::test_x'), 'unreached');
  assert.is(code.reach(check, 'tests.test_cli::test_run'), 'unknown', 'it starts programs');
  assert.is(code.reach(check, 'sums › adds'), 'unknown', 'names without a place');
  const data = await affectedIn([{ ...SHOP, 'prices.json': '1' }, { 'prices.json': '2' }]);
  assert.is(data.reach(check, 'tests.test_other3::test_x'), 'unknown', 'nobody sees who reads a file');
});

test('ids name files', () => {
  const tests = ['tests/test_a.py', 'a/tests/test_b.py', 'c/tests/test_b.py', 'pkg/x/x_test.go', 'top_test.go'];
  const cases: Array<[string, string, string[]]> = [
    ['tests.test_a.TestX::test_y[1]', '', ['tests/test_a.py']],
    ['test_a::test_y', '', ['tests/test_a.py']],
    ['tests.test_b::test_y', '', []],
    ['tests.test_b::test_y', 'a', ['a/tests/test_b.py']],
    ['test_y (test_a.Case)', '', ['tests/test_a.py']],
    ['example.org/m/pkg/x.TestSum/one_two', '', ['pkg/x/x_test.go']],
    ['example.org/m.TestTop', '', ['top_test.go']],
    ['src/lib.rs (sums) tests::adds', '', []],
  ];
  for (const [id, folder, files] of cases) assert.equal(filesOfTest(id, tests, folder), files, id);
});

const program = { path: 'x', stamp: '', modules: {} };
function runnable(report: Report, argv: string[], more: Partial<RunnableCheck> = {}): RunnableCheck {
  return {
    ...{ name: 'x', kind: 'tests', asked: argv, argv, env: {}, pythonPath: ['.'], lent: [], report, program },
    ...more,
    runnable: true,
  };
}

const TREE = [
  'tests/test_a.py',
  'tests/deep/test_b.py',
  'more/test_c.py',
  'test/a.test.js',
  'pkg/a_test.go',
  'a_test.go',
];
const scripts = (test: string, more: Record<string, string> = {}) => JSON.stringify({ scripts: { test, ...more } });
/** Check, files, and the argv that it becomes. */
const COMMANDS: Array<[string, RunnableCheck, string[], string[] | null, string?]> = [
  [
    'pytest',
    runnable('pytest', ['py', '-m', 'pytest', '-x', '-p', 'no:cacheprovider']),
    ['tests/test_a.py'],
    ['py', '-m', 'pytest', '-x', '-p', 'no:cacheprovider', 'tests/test_a.py'],
  ],
  [
    'pytest with a folder of its own',
    runnable('pytest', ['pytest', '-m', 'not slow', 'tests/']),
    ['tests/deep/test_b.py', 'more/test_c.py'],
    ['pytest', '-m', 'not slow', 'tests/deep/test_b.py'],
  ],
  ['pytest with nothing left', runnable('pytest', ['pytest', 'more']), ['tests/test_a.py'], null],
  ['pytest with a word that is no place', runnable('pytest', ['pytest', '--weird', 'x']), ['tests/test_a.py'], null],
  [
    'pytest in a package',
    runnable('pytest', ['pytest'], { cwd: 'tests' }),
    ['tests/test_a.py', 'more/test_c.py'],
    ['pytest', 'test_a.py'],
  ],
  [
    'unittest',
    runnable('unittest', ['py', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.', '-v']),
    ['tests/test_a.py'],
    ['py', '-m', 'unittest', '-v', 'tests.test_a'],
  ],
  [
    'unittest without a top',
    runnable('unittest', ['py', '-m', 'unittest', 'discover', '-s', 'tests', '-v']),
    ['tests/test_a.py'],
    ['py', '-m', 'unittest', '-v', 'test_a'],
  ],
  [
    'unittest with a pattern',
    runnable('unittest', ['py', '-m', 'unittest', 'discover', '-p', '*_test.py']),
    ['tests/test_a.py'],
    null,
  ],
  [
    'go',
    runnable('go', ['go', 'test', '-json', './...']),
    ['pkg/a_test.go', 'a_test.go'],
    ['go', 'test', '-json', './pkg', './.'],
  ],
  ['go of one package', runnable('go', ['go', 'test', './pkg']), ['pkg/a_test.go'], null],
  [
    'node --test',
    runnable('javascript', ['npm', 'test']),
    ['test/a.test.js'],
    ['node', '--import', 'tsx', '--test', 'test/a.test.js'],
    scripts('node --import tsx --test "test/**/*.js"'),
  ],
  [
    'node --test after a build',
    runnable('javascript', ['npm', 'test']),
    ['test/a.test.js'],
    null,
    scripts('node --test', { pretest: 'tsc' }),
  ],
  [
    'node --test by itself',
    runnable('javascript', ['node', '--test', 'test/']),
    ['test/a.test.js'],
    ['node', '--test', 'test/a.test.js'],
  ],
  [
    'jest',
    runnable('javascript', ['npm', 'test']),
    ['test/a.test.js'],
    ['npm', 'test', '--', 'test/a.test.js'],
    scripts('jest --ci'),
  ],
  [
    'vitest by yarn',
    runnable('javascript', ['yarn', 'test']),
    ['test/a.test.js'],
    ['yarn', 'test', 'test/a.test.js'],
    scripts('vitest run'),
  ],
  ['vitest that watches', runnable('javascript', ['npm', 'test']), ['test/a.test.js'], null, scripts('vitest')],
  [
    'mocha',
    runnable('javascript', ['npm', 'run', 'check']),
    ['test/a.test.js'],
    ['npm', 'run', 'check', '--', 'test/a.test.js'],
    scripts('', { check: 'mocha --exit' }),
  ],
  [
    'mocha with files',
    runnable('javascript', ['npm', 'test']),
    ['test/a.test.js'],
    null,
    scripts('mocha "test/**/*.js"'),
  ],
  ['several commands', runnable('javascript', ['npm', 'test']), ['test/a.test.js'], null, scripts('eslint . && jest')],
  ['no such script', runnable('javascript', ['npm', 'run', 'gone']), ['test/a.test.js'], null, scripts('jest')],
  ['a file that looks like an option', runnable('pytest', ['pytest']), ['--co.py'], null],
  ['make', runnable('any', ['make', 'test']), ['tests/test_a.py'], null],
];

for (const [what, check, files, argv, manifest = null] of COMMANDS)
  test(`narrowed: ${what}`, () => {
    assert.equal(narrow(check, files, { paths: TREE, manifest })?.argv ?? null, argv);
  });

test('unittest without a top finds its modules where discovery does', () => {
  const check = runnable('unittest', ['py', '-m', 'unittest', 'discover', '-s', 'tests'], { cwd: 'a' });
  const found = narrow(check, ['a/tests/test_x.py'], { paths: ['a/tests/test_x.py'], manifest: null });
  assert.equal(found?.pythonPath, ['a/tests', '.']);
});

/** A slow suite `a b c`, of which `a` is in the file that is touched; answers in turn, by tree and by selection. */
function slowCheck(answers: Record<'whole' | 'part', { base: Judgement[]; candidate: Judgement[] }>) {
  const judged: string[] = [];
  const make = (part: 'whole' | 'part'): Check => ({
    ...{ name: 'pytest', kind: 'tests', digest: part },
    async judge(tree) {
      const side = tree === BASE ? 'base' : 'candidate';
      judged.push(`${part} ${side}`);
      const list = answers[part][side];
      const answer = list.length > 1 ? list.shift() : list[0];
      if (answer === undefined) throw new Error(`no answer for ${part} ${side}`);
      return { ...answer, duration: part === 'whole' ? 60_000 : 1_000 };
    },
    ...(part === 'whole' ? { narrow: async () => make('part') } : {}),
  });
  return { check: make('whole'), judged };
}

const touched = async () => ({
  tests: ['tests/test_a.py'],
  reach: () => 'unknown' as const,
  filesOf: (_check: object, id: string) => (id === 'a' ? ['tests/test_a.py'] : []),
});
const green = ran('a b c');

test('a break that the touched tests show ends it: the whole is not run on the candidate', async () => {
  const { check, judged } = slowCheck({
    whole: { base: [green], candidate: [] },
    part: { base: [ran('a')], candidate: [ran('!a')] },
  });
  const result = await evaluate(input([check]), { cache: memoryCache(), affected: touched });
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0] ?? '', /newly failing: a .*1 test file nearest to the change ran first/);
  assert.not.ok(judged.includes('whole candidate'));
  assert.is(judged.filter((what) => what === 'part candidate').length, 3, 'and it is believed on no less than ever');
});

test('a narrowed run never says passed', async () => {
  const { check, judged } = slowCheck({
    whole: { base: [green], candidate: [ran('a b !c')] },
    part: { base: [ran('a')], candidate: [ran('a')] },
  });
  const result = await evaluate(input([check]), { cache: memoryCache(), affected: touched });
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0] ?? '', /newly failing: c/);
  assert.equal(judged.slice(0, 3), ['whole base', 'part candidate', 'whole candidate']);
});

test('a test that fails without the others on both sides is not blamed; nor one that is flaky', async () => {
  for (const base of [[ran('!a')], [ran('a')]]) {
    const { check } = slowCheck({
      whole: { base: [green], candidate: [green] },
      part: { base, candidate: base[0]?.outcome === 'failed' ? [ran('!a')] : [ran('!a'), ran('a')] },
    });
    const result = await evaluate(input([check]), { cache: memoryCache(), affected: touched });
    assert.is(result.outcome, 'passed', JSON.stringify(result));
  }
});

test('a break that others make is one, and it is said that they do', async () => {
  const { check } = slowCheck({
    whole: { base: [green], candidate: [ran('!a b c')] },
    part: { base: [ran('a')], candidate: [ran('a')] },
  });
  const result = await evaluate(input([check]), { cache: memoryCache(), affected: touched });
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0] ?? '', /newly failing: a \(without the other tests it passes/);
});

test('what the whole check does not run is not judged by a part of it', async () => {
  const { check } = slowCheck({
    whole: { base: [green], candidate: [green] },
    part: { base: [ran('a elsewhere')], candidate: [ran('a !elsewhere')] },
  });
  assert.is((await evaluate(input([check]), { cache: memoryCache(), affected: touched })).outcome, 'passed');
});

test('a small suite, a suite that did not run, one that cannot be narrowed, a change that touches nothing: the whole at once', async () => {
  const at = (base: Judgement) => ({
    ...{ baseTree: BASE, candidateTree: CANDIDATE, base, affected: touched },
    judge: async () => assert.unreachable('nothing is run') as never,
  });
  const { check } = slowCheck({ whole: { base: [], candidate: [] }, part: { base: [], candidate: [] } });
  assert.is(await affectedFirst(check, at({ ...green, duration: 3_000 })), null);
  assert.is(await affectedFirst(check, at(judgement('timeout', { duration: 60_000 }))), null);
  const { narrow: _, ...plain } = check;
  assert.is(await affectedFirst(plain, at({ ...green, duration: 60_000 })), null);
  assert.is(await affectedFirst({ ...check, narrow: async () => null }, at({ ...green, duration: 60_000 })), null);
  const nothing = async () => ({ ...(await touched()), tests: [] });
  assert.is(await affectedFirst(check, { ...at({ ...green, duration: 60_000 }), affected: nothing }), null);
});

test('what a change touches is not looked for when nobody asks', async () => {
  const quick: Check = { name: 'pytest', kind: 'tests', digest: 'x', judge: async () => ran('a') };
  const affected = async () => assert.unreachable('nobody asks') as never;
  assert.is((await evaluate(input([quick]), { cache: memoryCache(), affected })).outcome, 'passed');
});

test.run();
