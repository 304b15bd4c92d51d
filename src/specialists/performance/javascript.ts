/** The JavaScript and TypeScript rules of PerformanceOptimizer. */
import type { RuleImpl } from '../rule.ts';
import { arrayRules } from './javascript-arrays.ts';
import { copyRules } from './javascript-copies.ts';
import { queueRules } from './javascript-queues.ts';
import { repeatedRules } from './javascript-repeated.ts';
import { serverRules } from './javascript-server.ts';
import { setRules } from './javascript-sets.ts';
import { waitRules } from './javascript-waits.ts';
import { javascriptPatternRules } from './patterns.ts';

export const javascriptRules: readonly RuleImpl[] = [
  ...[
    ...arrayRules,
    ...copyRules,
    ...repeatedRules,
    ...waitRules,
    ...serverRules,
    ...setRules,
    ...queueRules,
    ...javascriptPatternRules,
  ],
];
