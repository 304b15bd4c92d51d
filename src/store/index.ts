/** Door of the store: what is kept, and how to get at it. */

export { type Bundles, openBundles } from './bundles.ts';
export { createLock } from './lock.ts';
export { openStore } from './open.ts';
export { refNames } from './refs.ts';
export type * from './types.ts';
