/** Door of the patch room: exact edits and patches become the new bytes of files, in memory. */
export { countLines } from './lines.ts';
export { placePatch } from './place.ts';
export type * from './place-types.ts';
export { planEdits, type TargetFile } from './plan.ts';
export type * from './types.ts';
export { vetPath } from './vet.ts';
