/**
 * RefactorArchitect: structure that makes change hard. Rule: behaviour stays the same; what moves code is proposed only when the
 * repository's tests notice that the moved lines are broken, all else is a finding, and few of them.
 */
import { embeddedSpecialist, inProduct } from '../embedded.ts';
import { identicalRules } from './identical.ts';
import { branchRules as scriptBranches } from './javascript-branches.ts';
import { repeatedBlock as scriptBlock } from './javascript-extract.ts';
import { idiomRules as scriptIdiom } from './javascript-idiom.ts';
import { nearRules } from './near.ts';
import { expressionRules } from './python-expressions.ts';
import { repeatedBlock as pythonBlock } from './python-extract.ts';
import { idiomRules as pythonIdiom } from './python-idiom.ts';
import { sizeRules } from './size.ts';

export const refactorArchitect = embeddedSpecialist(
  'RefactorArchitect',
  [
    ...pythonIdiom,
    ...expressionRules,
    ...scriptIdiom,
    ...scriptBranches,
    pythonBlock,
    scriptBlock,
    ...identicalRules,
    ...sizeRules,
    ...nearRules,
  ].map(inProduct),
  { lints: true },
);
