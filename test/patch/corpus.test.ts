/**
 * The self-made corpus in every kind of damage: never wrong, never corrupted, nothing hostile, and the goal rates. On real
 * commits: `npm run bench:patch`.
 */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/repository.ts';
import { allCases, type Case, CLASS_NAMES, CLASSES } from './corpus/cases.ts';
import { makeArena } from './corpus/directory.ts';
import { type Engine, gitApply, ours, placeInMemory } from './corpus/engines.ts';
import { GOALS } from './corpus/goals.ts';
import { judge, type Verdict } from './corpus/judge.ts';
import { readStories } from './corpus/stories.ts';

const test = suite('patch/corpus');
const SEED = 'corpus';
const cases = allCases(readStories(SEED), SEED);
const root = temporaryDirectory();
const arena = makeArena(join(root, 'arena'));

async function verdictOf(item: Case, engine: Engine): Promise<Verdict> {
  arena.reset(item.before);
  const applied = await engine.apply(arena.dir, item.patch);
  return judge(item, { applied, tree: arena.read(), intrusion: arena.intrusion() });
}

/** What is hostile is let at a real directory; for the rest memory is quicker and shows the same. */
async function verdictOfOurs(item: Case): Promise<Verdict> {
  return item.class === 'p' ? verdictOf(item, ours) : judge(item, await placeInMemory(item.before, item.patch));
}

for (const name of CLASS_NAMES)
  test(`${name}: ${CLASSES[name][0]}`, async () => {
    const own = cases.filter((item) => item.class === name);
    assert.ok(own.length >= 10, `only ${own.length} cases`);
    const failed: string[] = [];
    let decidable = 0;
    let correct = 0;
    for (const item of own) {
      const verdict = await verdictOfOurs(item);
      const bad = verdict === 'wrong' || verdict === 'corrupted';
      if (item.decidable) decidable += 1;
      if (item.decidable && verdict === 'correct') correct += 1;
      if (bad || (item.decidable && verdict !== 'correct')) failed.push(`${verdict}: ${item.name}`);
      assert.not.ok(bad, `${verdict}: ${item.name}\n${item.patch.toString('utf8').slice(0, 2000)}`);
    }
    assert.ok(
      (100 * correct) / decidable >= GOALS[name],
      `${correct} of ${decidable}, the goal is ${GOALS[name]} %\n${failed.join('\n')}`,
    );
  });

test('every kind of damage is made at least once', () => {
  const made = new Set(cases.map((item) => `${item.class} ${item.kind}`));
  const never = CLASS_NAMES.flatMap((name) =>
    Object.keys(CLASSES[name][1])
      .filter((kind) => !made.has(`${name} ${kind}`))
      .map((kind) => `${name} ${kind}`),
  );
  // These need a history, or files that the stories do not have.
  const excused = ['m an older version of the file', 'f trailing blanks of context lost'];
  assert.equal(
    never.filter((kind) => !excused.includes(kind)),
    [],
  );
});

test('the corpus is deterministic', () => {
  const again = allCases(readStories(SEED), SEED);
  assert.is(again.length, cases.length);
  for (const [at, item] of again.entries()) {
    assert.is(item.name, cases[at]?.name);
    assert.ok(item.patch.equals(cases[at]?.patch ?? Buffer.alloc(0)), item.name);
  }
});

test('the judge is awake: git apply is right on clean patches, refuses many, and is caught writing outside', async () => {
  const verdicts = new Map<string, Verdict>();
  for (const item of cases.filter(({ class: name }) => ['a', 'c', 'p'].includes(name)))
    verdicts.set(item.name, await verdictOf(item, gitApply));
  const count = (prefix: string, verdict: Verdict) =>
    [...verdicts].filter(([name, found]) => name.startsWith(prefix) && found === verdict).length;
  assert.is(count('a: git:', 'correct'), cases.filter(({ name }) => name.startsWith('a: git:')).length);
  assert.ok(count('c:', 'refused') > 10);
  assert.ok(count('p:', 'corrupted') > 10);
});

test.run();
