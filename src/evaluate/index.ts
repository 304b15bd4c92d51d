/** Door of the evaluate room: which checks there are, what they say of two trees, and whether a change cheats. */
export { affectedBy } from './affected/affected.ts';
export { filesOf, readChanges } from './base-files.ts';
export { type ConfiguredCheck, type DetectOptions, detectChecks } from './detect/detect.ts';
export { selectChecks } from './detect/select-checks.ts';
export { type FlakeMemory, type FlakyTest, openFlakeMemory } from './flakes/memory.ts';
export { type EditTree, type EvaluateOptions, evaluate } from './guarded.ts';
export { type OpenChecksOptions, openChecks, type RepositoryChecks } from './open-checks.ts';
export { type Place, type Programs, type ProgramsOptions, proofs, type Stand } from './proofs.ts';
export { type SandboxedCheckOptions, sandboxedCheck } from './sandboxed-check.ts';
export { emptySlots, openSlots, type SlotPool, slotsFor } from './slots/slots.ts';
export { lendDependencies } from './slots/writable-modules.ts';
export type * from './types.ts';
export { weakening } from './weakening/weakening.ts';
