import type { RuleImpl } from '../rule.ts';

export const pythonRules: readonly RuleImpl[] = [];
