/** The Python rules of PerformanceOptimizer. */
import type { RuleImpl } from '../rule.ts';
import { comprehensionRules } from './python-comprehensions.ts';

export const pythonRules: readonly RuleImpl[] = [...comprehensionRules];
