export { type Benchmark, makeBenchmarks } from './benchmark/index.ts';
export type { CompiledFile, CompiledFindings } from './compiled/findings.ts';
export type { Told } from './compiled/types.ts';
export type { AnswerFile, ProgramAnswer } from './custom/answer.ts';
export { compiled, custom, dependencies } from './custom/door.ts';
export type { CustomRule, RefusedRule, RuleText } from './custom/types.ts';
export type { Advisories } from './dependencies/advise.ts';
export { embedded, loadSpecialist } from './registry.ts';
export {
  isFixMessage,
  isTaught,
  type Learned,
  type Lesson,
  learn,
  type Taught,
  taughtFindings,
} from './taught/index.ts';
export {
  type Answers,
  type Chosen,
  type Manner,
  type Questions,
  type Subject,
  writtenTests,
} from './testing/write/index.ts';
export type * from './types.ts';
export { makeWitness } from './witness/index.ts';
