/** What new tests are worth: they pass every time, and notice a broken version that the others do not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Check, type Judgement, proofs } from '../../src/evaluate/index.ts';
import { judgement } from './fakes.ts';

const test = suite('evaluate/added');

const SOURCE = 'def f(a):\n    return a + 1\n\n\ndef g(a):\n    return a * 2\n';
const ADDED = { path: 'tests/test_f.py', text: 'new tests' };

interface World {
  /** Outcome of a run: whether the new tests are in it, and the text of the source. */
  run(own: boolean, source: string): Judgement;
  others?: string[];
  narrows?: boolean;
}

async function worth({ run, others = [], narrows = true }: World) {
  const trees = new Map<string, Record<string, string>>([['base', { 'f.py': SOURCE }]]);
  const checkOn = (own: boolean): Check => ({
    ...{ name: 'pytest', kind: 'tests' as const, digest: 'd', language: 'python' as const },
    judge: async (tree) => run(own, trees.get(tree)?.['f.py'] ?? ''),
    narrow: async (paths) => (narrows ? checkOn(paths.includes(ADDED.path)) : null),
  });
  return proofs.worthOf({
    ...{ check: checkOn(false), baseTree: 'base', test: ADDED, source: { path: 'f.py', text: SOURCE }, others },
    functions: [
      { name: 'f', line: 1, endLine: 2 },
      { name: 'g', line: 5, endLine: 6 },
    ],
    async editTree(tree, files) {
      const oid = `tree ${trees.size}`;
      const edited = files.map(({ path, content }) => [path, String(content)] as const);
      trees.set(oid, { ...trees.get(tree), ...Object.fromEntries(edited) });
      return oid;
    },
    signal: new AbortController().signal,
  });
}

const green = judgement('passed', { tests: { t: 'passed' } });
const red = judgement('failed', { tests: { t: 'failed' } });

test('a function is kept where its broken version is noticed by the new tests alone', async () => {
  const brokenF = (source: string) => !source.includes('a + 1');
  assert.equal(await worth({ run: (own, source) => (own && brokenF(source) ? red : green) }), { kept: ['f'] });
  const run = (own: boolean, source: string) => (own && source !== SOURCE ? red : green);
  assert.equal(await worth({ run }), { kept: ['f', 'g'] });
  assert.equal(await worth({ run, others: ['tests/test_g.py'] }), { kept: ['f', 'g'] });
});

test('what the other tests notice as well adds nothing', async () => {
  const said = await worth({ run: (_, source) => (source === SOURCE ? green : red), others: ['tests/test_g.py'] });
  assert.equal(said, { reason: 'no broken version was noticed by them alone' });
});

test('nothing is kept of what fails once in three times, cannot be seen, or cannot be run alone', async () => {
  let times = 0;
  const flaky = await worth({ run: () => (++times === 3 ? red : green) });
  assert.match('reason' in flaky ? flaky.reason : '', /^they do not pass/);
  assert.is(times, 3);
  const unseen = await worth({ run: () => judgement('passed', { tests: {} }) });
  assert.equal(unseen, { reason: 'nobody can see which of them ran' });
  assert.equal(await worth({ run: () => green, narrows: false }), { reason: 'pytest cannot be run on one file' });
});

test('where the other tests take too long, nobody waits for what they notice', async () => {
  const slow = { ...green, duration: 100_000 };
  const said = await worth({
    run: (own, source) => (own ? (source === SOURCE ? green : red) : slow),
    others: ['tests/a.py'],
  });
  assert.match('reason' in said ? said.reason : '', /^no broken version/);
});

test.run();
