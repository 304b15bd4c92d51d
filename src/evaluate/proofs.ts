/** What an evaluation shows beyond checks that pass: a failing input that is refused now, covering tests, time that is saved. */
import { askFunctions } from './added/ask.ts';
import { worthOf } from './added/worth.ts';
import { hostCaches } from './detect/package-caches.ts';
import { type Prepared, prepareCargo, prepareGo } from './detect/plan-compiled.ts';
import { mendedBy } from './mended.ts';
import { coveredBy } from './mutants/covered.ts';
import { measureSpeed, withSpeed } from './performance/measure-speed.ts';
import { ownBenchmarks } from './performance/own-benchmarks.ts';
import { openPrograms } from './programs.ts';
import { digestOf, judgeWitnesses, withWitnesses } from './witness/judge-witnesses.ts';
import { witnessTest } from './witness/test-file.ts';

export const proofs = {
  open: openPrograms,
  prepareCompiled,
  mendedBy,
  coveredBy,
  judgeWitnesses,
  withWitnesses,
  measureSpeed,
  ownBenchmarks,
  withSpeed,
  witnessTest,
  digestOf,
  askFunctions,
  worthOf,
};
export type { Place } from './mutants/covered.ts';
export type { Programs, ProgramsOptions, Stand } from './programs.ts';

/** `go …` or `cargo …` as it runs without a network, with what was fetched on this machine. */
async function prepareCompiled([program, ...rest]: readonly string[]): Promise<Prepared> {
  return (program === 'go' ? prepareGo : prepareCargo)(rest, await hostCaches());
}
