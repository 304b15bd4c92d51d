/** Door of the evaluate room: which checks there are, what they say of two trees, and whether a change cheats. */
export { filesOf, readChanges } from './base-files.ts';
export { dependencyBinds } from './dependencies.ts';
export { type ConfiguredCheck, type DetectOptions, detectChecks } from './detect.ts';
export { type EvaluateOptions, evaluate } from './evaluate.ts';
export { type OpenChecksOptions, openChecks } from './open-checks.ts';
export { type SandboxedCheckOptions, sandboxedCheck } from './sandboxed-check.ts';
export { selectChecks } from './select-checks.ts';
export { emptySlots, openSlots, type SlotPool } from './slots.ts';
export type * from './types.ts';
export { weakening } from './weakening.ts';
