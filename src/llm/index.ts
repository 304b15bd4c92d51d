/** Door of the model: one question, an answer as data, what it cost. */
export { askJson } from './ask-json.ts';
export { estimateTokens } from './budget.ts';
export { findJson } from './find-json.ts';
export { type OpenModelOptions, openModel } from './open.ts';
export type * from './types.ts';
