export { type DispatchOptions, type DispatchResult, dispatch } from './dispatch.ts';
export { groupFixes } from './group.ts';
export { buildPack } from './pack/build-pack.ts';
export type { ContextPack, PackRequest } from './pack/types.ts';
export { type ChangedLines, ratchet } from './ratchet.ts';
export { overlaps, type Selection, selectFixes } from './select.ts';
