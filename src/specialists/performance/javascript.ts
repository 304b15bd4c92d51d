/** The JavaScript and TypeScript rules of PerformanceOptimizer. */
import type { RuleImpl } from '../rule.ts';
import { arrayRules } from './javascript-arrays.ts';
import { javascriptPatternRules } from './patterns.ts';

export const javascriptRules: readonly RuleImpl[] = [...arrayRules, ...javascriptPatternRules];
