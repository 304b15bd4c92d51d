export { isAllowed } from './allowlist.ts';
export { bubblewrap } from './bubblewrap/driver.ts';
export { parseCommand } from './command.ts';
export { limitsFrom } from './limits.ts';
export { openSandbox } from './open.ts';
export type * from './types.ts';
