/**
 * What linters and type checkers complain about, as if each complaint were a failing test. Rule: no line numbers in the
 * ids: a complaint that only moved is not new.
 */
import type { TestOutcome } from '../types.ts';

const PATTERNS = [
  // ruff, flake8: path:line:col: CODE message
  /^([^\s:][^:\n]*):\d+:\d+: ([A-Z]+\d+ .+)$/gm,
  // mypy: path:line: error: message  [code]
  /^([^\s:][^:\n]*):\d+(?::\d+)?: (error: .+)$/gm,
  // tsc --pretty false: path(line,col): error TS1234: message
  /^([^\s(][^(\n]*)\(\d+,\d+\): (error TS\d+: .+)$/gm,
  // go vet and go build: ./path.go:line:col: message, the latter also behind `vet: `
  /^(?:vet: )?(?:\.\/)?([^\s:][^:\n]*\.go):\d+(?::\d+)?: (.+)$/gm,
  // cargo --message-format=short: path.rs:line:col: warning: message
  /^([^\s:][^:\n]*\.rs):\d+:\d+: ((?:warning|error\[\w+\]): .+)$/gm,
];

/** Reads the complaints; the id is `<path>: <complaint>`, numbered when it is repeated. */
export function readComplaints(output: string): Record<string, TestOutcome> {
  const tests: Record<string, TestOutcome> = {};
  for (const pattern of PATTERNS)
    for (const [, path = '', text = ''] of output.matchAll(pattern)) add(tests, `${path}: ${text.trim()}`);
  return tests;
}

/**
 * Reads eslint's own form: a path, and below it `line:column  error  message  rule`. Warnings count only where they are
 * all there is and the run failed because of them (`--max-warnings`).
 */
export function readEslint(output: string, code: number): Record<string, TestOutcome> {
  const found: Record<'error' | 'warning', Record<string, TestOutcome>> = { error: {}, warning: {} };
  let path = '';
  for (const line of output.split(/\r?\n/)) {
    const complaint = /^\s+\d+:\d+\s+(error|warning)\s+(.+)$/.exec(line);
    if (complaint)
      add(
        found[complaint[1] as 'error' | 'warning'],
        `${path}: ${(complaint[2] ?? '').replace(/\s{2,}/g, ' ').trim()}`,
      );
    // Absolute where eslint runs: the slot is not the same place every time.
    else if (/^\S/.test(line)) path = line.trim().replace(/^.*?\/slots\/\d+\/|^\/slot\//, '');
  }
  return Object.keys(found.error).length > 0 || code === 0 ? found.error : found.warning;
}

function add(tests: Record<string, TestOutcome>, name: string): void {
  let id = name;
  for (let count = 2; id in tests; count++) id = `${name} #${count}`;
  tests[id] = 'failed';
}
