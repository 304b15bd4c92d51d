/**
 * Per-test results out of `go test -json`, `-v` and the plain form. Rule: a package that fails without a failing test (it
 * does not compile, or ends by itself) counts as one failing test; a package that passes proves only its tests.
 */
import type { TestOutcome } from '../types.ts';

const OUTCOMES: Record<string, TestOutcome> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

interface Event {
  Action?: string;
  Package?: string;
  Test?: string;
  Output?: string;
}

/** Reads the output; the id of a test is `<package>.<test>`, subtests after a slash. `shown` is the output for people. */
export function readGo(stdout: string): { tests: Record<string, TestOutcome>; shown?: string } {
  if (!/^\{"(Time|ImportPath|Action)"/m.test(stdout)) return { tests: readGoText(stdout) };
  const tests: Record<string, TestOutcome> = {};
  const shown: string[] = [];
  for (const line of stdout.split('\n')) {
    const event = eventOf(line);
    if (event === null) {
      if (line !== '') shown.push(`${line}\n`);
      continue;
    }
    const { Action: action = '', Package: place = '', Test: name, Output: output } = event;
    if (output !== undefined) shown.push(output);
    const outcome = OUTCOMES[action];
    if (outcome === undefined) continue;
    if (name !== undefined) tests[`${place}.${name}`] = outcome;
    else if (outcome === 'failed' && !failsIn(tests, place)) tests[place] = 'failed';
  }
  // What passed is said by its number; nobody reads it one by one.
  const telling = shown.filter((text) => !/^(=== (RUN|PAUSE|CONT|NAME)|\s*--- PASS)/.test(text));
  return { tests, shown: telling.join('') };
}

function eventOf(line: string): Event | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Event;
  } catch {
    return null;
  }
}

function failsIn(tests: Record<string, TestOutcome>, place: string): boolean {
  return Object.entries(tests).some(([id, outcome]) => outcome === 'failed' && id.startsWith(`${place}.`));
}

/** Results of a package stand before the line that closes it. Without -v only failures are named, so nothing is. */
function readGoText(text: string): Record<string, TestOutcome> {
  const verbose = /^=== RUN/m.test(text);
  const tests: Record<string, TestOutcome> = {};
  let open: Array<[string, TestOutcome]> = [];
  for (const line of text.split('\n')) {
    const result = /^\s*--- (PASS|FAIL|SKIP): (.+) \(\d+(?:\.\d+)?s\)$/.exec(line);
    if (result) open.push([result[2] ?? '', OUTCOMES[(result[1] ?? '').toLowerCase()] ?? 'failed']);
    const closing = /^(ok {2}|FAIL|\? {3}|-)\s*\t(\S+)(?:\s|$)/.exec(line);
    if (!closing) continue;
    const [, word = '', place = ''] = closing;
    if (verbose) for (const [name, outcome] of open) tests[`${place}.${name}`] = outcome;
    else if (word.startsWith('ok')) tests[place] = 'passed';
    if (word === 'FAIL' && !failsIn(tests, place)) tests[place] = 'failed';
    open = [];
  }
  return tests;
}
