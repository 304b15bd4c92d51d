/** What commits teach: a fix of one place, generalised, and the other places that need it. */
export { isTaught, taughtFindings } from './findings.ts';
export { type Learned, learn } from './learn.ts';
export { isFixMessage } from './meaning.ts';
export type { Lesson, Taught } from './types.ts';
