/** Door of the patch room: exact edits and patches become the new bytes of files; all or none are written. */
export { mentionedFiles } from './directory/mentioned.ts';
export { directoryTarget } from './directory/target.ts';
export { inspectFiles, recoverWrites, type WritePlace, writeFiles } from './directory/write.ts';
export { countLines } from './lines.ts';
export { placePatch } from './place.ts';
export type * from './place-types.ts';
export { planEdits, type TargetFile } from './plan.ts';
export type * from './types.ts';
export { vetPath } from './vet.ts';
