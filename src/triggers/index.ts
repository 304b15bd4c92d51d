export { type HookEvent, hookEvents, type Places } from './body.ts';
export { type HookSight, type HookState, hookState, inspectHooks } from './inspect.ts';
export { type Installation, type InstalledHook, installHooks } from './install.ts';
export { hookPlaces, removeHooks } from './remove.ts';
export { type WatchOptions, watch } from './watch.ts';
