export { type Landed, landedIn } from './landed.ts';
export { type RuleRecord, rejectedFingerprints, type Standing, standingMerges, trackRecord } from './outcomes.ts';
export { detectReverts } from './reverts.ts';
export { detectRewrites } from './rewrites.ts';
export { type Memory, type RuleScore, scoreRules } from './scores.ts';
