/** What a test insists on with the help of others. Rule: a helper counts as often as it is called, three calls deep. */
import type { Assertion, Call, Reading, TestCase } from './reading.ts';

export function effective(test: TestCase, helpers: Reading['helpers']): Assertion[] {
  return [...test.assertions, ...fromCalls(test.calls, helpers, 3)];
}

function fromCalls(calls: readonly Call[], helpers: Reading['helpers'], depth: number): Assertion[] {
  if (depth === 0) return [];
  const found: Assertion[] = [];
  for (const { name, conditions } of calls) {
    const helper = helpers.get(name);
    if (helper === undefined || found.length > 500) continue;
    for (const one of [...helper.assertions, ...fromCalls(helper.calls, helpers, depth - 1)])
      found.push(conditions.length === 0 ? one : { ...one, conditions: [...conditions, ...one.conditions] });
  }
  return found;
}
