/** Per-test results out of `python -m unittest -v`, Python 3.8 to 3.13, which writes them to stderr. */
import type { TestCounts, TestOutcome } from '../types.ts';

const START = /^(\s*)([\w.]+) \(([\w.<>]+)\)/;
const STATUS = /(ok|FAIL|ERROR|skipped ['"].*['"]|expected failure|unexpected success)$/;
const HEADER = /^(?:FAIL|ERROR): ([\w.]+ \([\w.<>]+\))/gm;

/** Reads the verbose output; the id of a test is `<name> (<class>)`, as it is printed. */
export function readUnittest(stderr: string): { tests: Record<string, TestOutcome>; counts?: TestCounts } {
  const tests: Record<string, TestOutcome> = {};
  const [list = ''] = stderr.split(/^={60,}$|^-{60,}\nRan /m);
  let pending: string | null = null;
  // Python 3.8 prints no status, and no end of the line, for a test whose subtest fails.
  const lines = list.replace(/ \.\.\. (?=[\w.]+ \([\w.<>]+\) \.\.\. )/g, ' ... \n').split('\n');
  for (const line of lines) {
    const start = START.exec(line);
    if (start && start[1] === '') {
      pending = `${start[2]} (${start[3]})`;
      // Printed over by something else, its status may be lost; the headers below tell the failures.
      tests[pending] = 'passed';
    }
    const status = STATUS.exec(line);
    if (pending === null || !status || (start !== null && start[1] !== '')) continue;
    tests[pending] = outcomeOf(status[1] ?? '');
    pending = null;
  }
  for (const [, id = ''] of stderr.matchAll(HEADER)) tests[id] = 'failed';
  const total = totals(stderr);
  // Without the closing line the run did not end: what was printed is not the whole.
  return total === null ? { tests: {} } : { tests, counts: total };
}

function outcomeOf(status: string): TestOutcome {
  if (/^(FAIL|ERROR|unexpected)/.test(status)) return 'failed';
  return /^(skipped|expected)/.test(status) ? 'skipped' : 'passed';
}

function totals(stderr: string): TestCounts | null {
  const ran = /^Ran (\d+) tests? in /m.exec(stderr);
  if (!ran) return null;
  const count = (label: string) => Number(new RegExp(`[( ]${label}=(\\d+)`).exec(stderr.slice(ran.index))?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('unexpected successes');
  const skipped = count('skipped') + count('expected failures');
  return { passed: Math.max(0, Number(ran[1]) - failed - skipped), failed, skipped };
}
