/**
 * What linters and type checkers complain about, as if each complaint were a failing test. Rule: no line numbers in the
 * ids: a complaint that only moved is not new.
 */
import type { TestOutcome } from './types.ts';

const PATTERNS = [
  // ruff, flake8: path:line:col: CODE message
  /^([^\s:][^:\n]*):\d+:\d+: ([A-Z]+\d+ .+)$/gm,
  // mypy: path:line: error: message  [code]
  /^([^\s:][^:\n]*):\d+(?::\d+)?: (error: .+)$/gm,
  // tsc --pretty false: path(line,col): error TS1234: message
  /^([^\s(][^(\n]*)\(\d+,\d+\): (error TS\d+: .+)$/gm,
];

/** Reads the complaints; the id is `<path>: <complaint>`, numbered when it is repeated. */
export function readComplaints(output: string): Record<string, TestOutcome> {
  const tests: Record<string, TestOutcome> = {};
  for (const pattern of PATTERNS)
    for (const [, path = '', text = ''] of output.matchAll(pattern)) {
      const name = `${path}: ${text.trim()}`;
      let id = name;
      for (let count = 2; id in tests; count++) id = `${name} #${count}`;
      tests[id] = 'failed';
    }
  return tests;
}
