/** What an evaluation shows beyond checks that pass: a failing input that is refused now, covering tests, time that is saved. */
import { askFunctions } from './added/ask.ts';
import { worthOf } from './added/worth.ts';
import { mendedBy } from './mended.ts';
import { coveredBy } from './mutants/covered.ts';
import { measureSpeed, withSpeed } from './performance/measure-speed.ts';
import { ownBenchmarks } from './performance/own-benchmarks.ts';
import { openPrograms } from './programs.ts';
import { digestOf, judgeWitnesses, withWitnesses } from './witness/judge-witnesses.ts';
import { witnessTest } from './witness/test-file.ts';

export const proofs = {
  open: openPrograms,
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
