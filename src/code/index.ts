export { isGenerated, isTestPath, languageOf } from './languages.ts';
export type * from './types.ts';
