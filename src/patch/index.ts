export { countLines } from './lines.ts';
export { planEdits, type TargetFile } from './plan.ts';
export type * from './types.ts';
export { vetPath } from './vet.ts';
