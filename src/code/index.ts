export { readConventions } from './conventions.ts';
export { isGenerated, isTestData, isTestPath, languageOf } from './languages.ts';
export { isPython2, PYTHON_2_LINE } from './python2.ts';
export { openGrammars, parseSyntax, type SyntaxNode } from './syntax.ts';
export type * from './types.ts';
