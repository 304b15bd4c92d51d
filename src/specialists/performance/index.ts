/**
 * PerformanceOptimizer: work that is done twice, or in vain. Rule: nothing is measured here, and every rule says so; an
 * edit is made only where the syntax itself shows that behaviour stays the same, all else is reported.
 */
import { embeddedSpecialist, inProduct } from '../embedded.ts';
import { javascriptRules } from './javascript.ts';
import { pythonRules } from './python.ts';

export const performanceOptimizer = embeddedSpecialist(
  'PerformanceOptimizer',
  [...pythonRules, ...javascriptRules].map(inProduct),
  { lints: true },
);
