export { type DispatchOptions, type DispatchResult, dispatch } from './dispatch.ts';
export { groupFixes } from './group.ts';
export { buildPack } from './pack/build-pack.ts';
export type { ContextPack, PackRequest, PackSection } from './pack/types.ts';
export { refusedToModels } from './propose/allowed-path.ts';
export { isFromModel, type PlacedDiff, type Proposed, proposeWithModel } from './propose/propose.ts';
export { type ChangedLines, ratchet } from './ratchet.ts';
export { overlaps, type Selection, selectFixes } from './select.ts';
export { openWorkers, type Workers } from './workers.ts';
