/**
 * Per-test results out of what JavaScript test runners print: TAP (node:test, tape, ava --tap) and the tree of ticks
 * (node:test, mocha, jest --verbose, vitest). Rule: names where they are printed, else totals, else nothing: never a guess.
 */
import type { TestCounts, TestOutcome } from '../types.ts';

const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Reads the output of a JavaScript test run; the id of a test is its names from the outside in, joined by ` › `. */
export function readJavascript(output: string): { tests: Record<string, TestOutcome>; counts?: TestCounts } {
  const text = output.replace(ESCAPES, '').replace(/\r/g, '');
  const counts = readTotals(text);
  // Vitest names the tests of a file only when one of them fails: names that come and go prove nothing.
  if (/^ (✓|❯|×) \S+ \(\d+ tests?\b/m.test(text)) return counts === null ? { tests: {} } : { tests: {}, counts };
  const tests = /^(TAP version \d+|\s*(not )?ok \d+\b)/m.test(text) ? readTap(text) : readTicks(text);
  return counts === null ? { tests } : { tests, counts };
}

interface Level {
  indent: number;
  name: string;
}

function readTap(text: string): Record<string, TestOutcome> {
  const results = collector();
  let above: Level[] = [];
  for (const line of text.split('\n')) {
    const [, space = '', subtest] = /^( *)# Subtest: (.*)$/.exec(line) ?? [];
    if (subtest !== undefined) {
      above = [...above.filter((level) => level.indent < space.length), { indent: space.length, name: subtest.trim() }];
      continue;
    }
    const result = /^( *)(not )?ok \d+(?: -)? ?(.*)$/.exec(line);
    if (!result) continue;
    const [, indent = '', not, rest = ''] = result;
    const [, name = '', directive] = /^(.*?)(?:(?<!\\)# ?(SKIP|TODO)\b.*)?$/i.exec(rest) ?? [];
    above = above.filter((level) => level.indent < indent.length);
    results.add([...above.map((level) => level.name), name.trim()], directive ? 'skipped' : not ? 'failed' : 'passed');
  }
  return results.tests;
}

const TICK = /^(\s*)(✔|✓|√|✖|✗|×|✕|﹣|○|↓|✎|-|\d+\)) +(.+)$/;
const OUTCOMES: Record<string, TestOutcome> = { '✔': 'passed', '✓': 'passed', '√': 'passed' };
for (const mark of ['﹣', '○', '↓', '✎', '-']) OUTCOMES[mark] = 'skipped';
/** Where the list ends and the summary, which repeats the failures, begins. */
const SUMMARY =
  /^(ℹ tests |\s*\d+ (passing|failing|pending)\b|✖ failing tests|\s*Summary of all failing|.*Failed (Tests|Suites) \d)/;

function readTicks(text: string): Record<string, TestOutcome> {
  const results = collector();
  let above: Level[] = [];
  let seen = false;
  let over = false;
  for (const line of text.split('\n')) {
    if (SUMMARY.test(line)) over = true;
    // A second runner of the same script starts again: npm announces it.
    if (/^> \S+/.test(line)) over = false;
    if (over || line.trim() === '') continue;
    const tick = TICK.exec(line);
    const indent = line.length - line.trimStart().length;
    if (tick && (tick[2] !== '-' || indent >= 2)) {
      above = above.filter((level) => level.indent < indent);
      const [name, directive] = nameOf(tick[3] ?? '');
      results.add([...above.map((level) => level.name), name], directive ?? OUTCOMES[tick[2] ?? ''] ?? 'failed');
      seen = true;
      continue;
    }
    const group = /^\s*▶ (.+)$/.exec(line)?.[1] ?? (indent >= 2 ? line.trim() : null);
    // Anything else is what a test printed.
    if (group !== null) above = [...above.filter((level) => level.indent < indent), { indent, name: nameOf(group)[0] }];
  }
  return seen ? results.tests : {};
}

/** Strips times and totals, which differ between runs. */
function nameOf(text: string): [string, TestOutcome | undefined] {
  const skipped = /# (SKIP|TODO)\b/.test(text) || /^(skipped|todo) /.test(text) ? 'skipped' : undefined;
  const name = text
    .replace(/\s+# (SKIP|TODO)\b.*$/, '')
    .replace(/\s+\(?\d+(\.\d+)?\s?m?s\)?$/, '')
    .replace(/\s+\(\d+ tests?\b[^)]*\)/, '')
    .replace(/^(skipped|todo) /, '');
  return [name.trim(), skipped];
}

const TOTALS: ReadonlyArray<[keyof TestCounts, RegExp]> = [
  ['passed', /^(?:# |ℹ )pass\s+(\d+)|^\s*(\d+) passing\b|^\s*Passed:\s+(\d+)|^\s*Tests:? .*?(\d+) passed/gm],
  ['failed', /^(?:# |ℹ )fail\s+(\d+)|^\s*(\d+) failing\b|^\s*Tests:? .*?(\d+) failed|^\s*\d+ specs?, (\d+) failure/gm],
  [
    'skipped',
    /^(?:# |ℹ )(?:skipped|todo)\s+(\d+)|^\s*(\d+) pending\b|^\s*Skipped:\s+(\d+)|^\s*Tests:? .*?(\d+) skipped/gm,
  ],
];

function readTotals(text: string): TestCounts | null {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  let any = false;
  for (const [key, pattern] of TOTALS)
    for (const match of text.matchAll(pattern)) {
      counts[key] += Number(match.slice(1).find((group) => group !== undefined) ?? 0);
      any = true;
    }
  // uvu prints how many there are, not how many failed.
  for (const match of text.matchAll(/^\s*Total:\s+(\d+)\n\s*Passed:\s+(\d+)/gm))
    counts.failed += Number(match[1]) - Number(match[2]);
  for (const match of text.matchAll(/^\s*(\d+) specs?, (\d+) failures?/gm)) {
    counts.passed += Number(match[1]) - Number(match[2]);
    any = true;
  }
  return any ? counts : null;
}

function collector() {
  const tests: Record<string, TestOutcome> = {};
  return {
    tests,
    add(names: string[], outcome: TestOutcome) {
      const name = names.join(' › ');
      let id = name;
      for (let count = 2; id in tests; count++) id = `${name} #${count}`;
      tests[id] = outcome;
    },
  };
}
