/** StyleEnforcer's rules for JavaScript and TypeScript. */
import type { RuleImpl } from '../rule.ts';
import { declarationRules } from './javascript-declarations.ts';
import { defectRules } from './javascript-defects.ts';
import { idiomRules } from './javascript-idiom.ts';

export const javascriptRules: readonly RuleImpl[] = [...defectRules, ...declarationRules, ...idiomRules];
