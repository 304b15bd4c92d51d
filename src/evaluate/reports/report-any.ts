/** Results of a run whose runner nobody named, such as `make test`. Rule: what is recognised for certain, else nothing. */

import type { TestCounts, TestOutcome } from '../types.ts';
import { readCargo } from './report-cargo.ts';
import { readGo } from './report-go.ts';
import { readJavascript } from './report-javascript.ts';
import { readUnittest } from './report-unittest.ts';

export function readAny(stdout: string, stderr: string): { tests: Record<string, TestOutcome>; counts?: TestCounts } {
  if (/^running \d+ tests?$/m.test(stdout)) return readCargo(stdout, stderr);
  if (/^(ok {2}|FAIL|\? {3})\t\S+/m.test(stdout)) return { tests: readGo(stdout).tests };
  if (/^Ran \d+ tests? in /m.test(stderr)) return readUnittest(stderr);
  const pytest = pytestTotals(stdout);
  return pytest === null ? readJavascript(`${stdout}\n${stderr}`) : { tests: {}, counts: pytest };
}

/** `==== 1 failed, 3 passed, 1 skipped in 0.03s ====`, with or without the rule. */
function pytestTotals(text: string): TestCounts | null {
  const line = /^=*\s?((?:\d+ [a-z]+(?:, )?)+) in \d+(?:\.\d+)?s\b.*$/m.exec(text)?.[1];
  if (line === undefined) return null;
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const failed = count('failed') + count('error');
  return { passed: count('passed') + count('xpassed'), failed, skipped: count('skipped') + count('xfailed') };
}
