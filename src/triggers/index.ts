export type { Places } from './block.ts';
export { hookState, type Installation, installHook, removeHook } from './hooks.ts';
export { type WatchOptions, watch } from './watch.ts';
