/**
 * PerformanceOptimizer: work that is done twice, or in vain. Rule: nothing is measured here, and every rule says so; an
 * edit is made only where the syntax itself shows that behaviour stays the same, all else is reported.
 */
import { embeddedSpecialist } from '../embedded.ts';
import { FOR_DEVELOPMENT } from '../javascript-source.ts';
import type { RuleImpl } from '../rule.ts';
import { javascriptRules } from './javascript.ts';
import { pythonRules } from './python.ts';

/** Nobody waits for examples, documentation and benchmarks, and benchmarks may be slow on purpose. */
function inProduct(rule: RuleImpl): RuleImpl {
  return {
    ...rule,
    find: (file, context) => (FOR_DEVELOPMENT.test(file.path) ? [] : rule.find(file, context)),
  };
}

export const performanceOptimizer = embeddedSpecialist(
  'PerformanceOptimizer',
  [...pythonRules, ...javascriptRules].map(inProduct),
  { lints: true },
);
