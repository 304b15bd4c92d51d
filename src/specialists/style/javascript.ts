/** StyleEnforcer's rules for JavaScript and TypeScript. */
import type { RuleImpl } from '../rule.ts';
import { declarationRules } from './javascript-declarations.ts';
import { defectRules } from './javascript-defects.ts';
import { documentationRules } from './javascript-documentation.ts';
import { equalityRules } from './javascript-equality.ts';
import { idiomRules } from './javascript-idiom.ts';
import { importOrderRules } from './javascript-import-order.ts';
import { javascriptTypos } from './typos.ts';

export const javascriptRules: readonly RuleImpl[] = [
  ...defectRules,
  ...declarationRules,
  ...idiomRules,
  ...equalityRules,
  ...importOrderRules,
  javascriptTypos,
  ...documentationRules,
];
