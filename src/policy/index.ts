export { type ClearInput, clear, type Decision, matches } from './clearance.ts';
export { checkLimits } from './limits.ts';
export { rank } from './paths.ts';
export { type Assessment, assessRisk, type ChangedFile, type RiskInput } from './risk.ts';
export type * from './types.ts';
export { type DecideInput, decide } from './verdict.ts';
