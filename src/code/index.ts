export { readConventions } from './conventions.ts';
export { isGenerated, isTestPath, languageOf } from './languages.ts';
export type * from './types.ts';
