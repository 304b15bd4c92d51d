/** The Python rules of PerformanceOptimizer. */
import type { RuleImpl } from '../rule.ts';
import { pythonPatternRules } from './patterns.ts';
import { appendRules } from './python-append.ts';
import { blockingRules } from './python-blocking.ts';
import { comprehensionRules } from './python-comprehensions.ts';
import { extremeRules } from './python-extremes.ts';
import { halfOfItems } from './python-items.ts';
import { iterableRules } from './python-iterables.ts';
import { repeatedRules } from './python-repeated.ts';
import { waitRules } from './python-waits.ts';

export const pythonRules: readonly RuleImpl[] = [
  ...comprehensionRules,
  halfOfItems,
  ...appendRules,
  ...extremeRules,
  ...pythonPatternRules,
  ...repeatedRules,
  ...iterableRules,
  ...waitRules,
  ...blockingRules,
];
