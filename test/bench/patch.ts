/**
 * `npm run bench:patch`: damaged patches from real commits, ours and its peers in the same run, then the times. Local
 * clones are named by `--clones <path>[:<path>…]` or AMBIENT_PATCH_CLONES; without them the self-made corpus serves.
 * `--all` takes 5,660 patches instead of about 600, `--cases <n>` as many, `--wrong` names what was not correct, `--times`
 * measures the times alone. Exits with 1 when a goal is missed. Needs a built dist/.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases, type Case, CLASS_NAMES, CLASSES, rotateCases } from '../patch/corpus/cases.ts';
import { sourcesOf } from '../patch/corpus/clones.ts';
import { makeArena } from '../patch/corpus/directory.ts';
import { findEngines } from '../patch/corpus/engines.ts';
import { checkGoals } from '../patch/corpus/goals.ts';
import { judge } from '../patch/corpus/judge.ts';
import { readStories } from '../patch/corpus/stories.ts';
import { makeTally, printTally, type Tally } from '../patch/corpus/tally.ts';
import { temporaryDirectory } from '../support/repository.ts';
import { measurePatches } from './patch-times.ts';

const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    all: { type: 'boolean', default: false },
    cases: { type: 'string' },
    seed: { type: 'string', default: 'bench' },
    wrong: { type: 'boolean', default: false },
    times: { type: 'boolean', default: false },
  },
});
const MANY = { sources: 320, cases: 5660 };
const FEW = { sources: 34, cases: 600 };

function chooseCases(): Case[] {
  const clones = values.clones ?? process.env['AMBIENT_PATCH_CLONES'];
  const wanted = Number(values.cases ?? Number.NaN);
  const { sources, cases } = wanted > 0 ? { sources: Math.ceil(wanted / 17), cases: wanted } : values.all ? MANY : FEW;
  if (clones !== undefined) return rotateCases(sourcesOf(clones, sources, values.seed), values.seed).slice(0, cases);
  say('no clones are given (--clones <path>, AMBIENT_PATCH_CLONES): the self-made corpus, which is small, serves');
  return allCases(readStories(values.seed), values.seed);
}

async function compare(cases: readonly Case[]): Promise<Tally> {
  const { engines, missing } = await findEngines();
  for (const line of missing) say(`skipped: ${line}`);
  const tally = makeTally(engines.map(({ name }) => name));
  const arena = makeArena(join(temporaryDirectory('ambient-bench-'), 'arena'));
  for (const item of cases)
    for (const engine of engines) {
      arena.reset(item.before);
      const applied = await engine.apply(arena.dir, item.patch);
      const verdict = judge(item, { applied, tree: arena.read(), intrusion: arena.intrusion() });
      tally.add(engine.name, item, verdict);
      if (values.wrong && engine === engines[0] && verdict !== 'correct') say(`${verdict}: ${item.name}`);
    }
  return tally;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function correctness(cases: readonly Case[]): Promise<string[]> {
  say(`${cases.length} patches, seed ${values.seed}; correct / refused / wrong / corrupted, in percent`);
  say('');
  const tally = await compare(cases);
  say(printTally(tally, (name) => `${name} ${CLASSES[name][0]}`));
  say('');
  return checkGoals(CLASS_NAMES.map((name) => ({ name, ...tally.of('git ambient', name) })));
}

const cases = chooseCases();
const missed = values.times ? [] : await correctness(cases);
const { table, broken } = await measurePatches(cases);
say(table);
for (const line of [...missed, ...broken]) say(`MISSED: ${line}`);
say(missed.length + broken.length === 0 ? 'every goal holds' : `${missed.length + broken.length} goals missed`);
process.exitCode = missed.length + broken.length === 0 ? 0 : 1;
