import type { RuleImpl } from '../rule.ts';

export const javascriptRules: readonly RuleImpl[] = [];
