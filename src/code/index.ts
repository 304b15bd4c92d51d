export { readConventions } from './conventions.ts';
export { type ImportCache, type ImportGraph, readImportGraph } from './import-graph.ts';
export { isGenerated, isTestData, isTestPath, languageOf } from './languages.ts';
export { isPython2, PYTHON_2_LINE } from './python2.ts';
export { openGrammars, parseSyntax, type SyntaxNode } from './syntax.ts';
export { testsNamedAfter } from './test-map.ts';
export type * from './types.ts';
