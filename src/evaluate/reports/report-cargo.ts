/**
 * Per-test results out of `cargo test`. Rule: libtest prints its list to stdout and cargo the names of what it runs to
 * stderr, both in the same order: they are put together only when their numbers agree.
 */
import type { TestCounts, TestOutcome } from '../types.ts';

const OUTCOMES: Record<string, TestOutcome> = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' };

/** Reads the output; the id of a test is `<program> <test>`, the program being `src/lib.rs (sums)` or `Doc-tests sums`. */
export function readCargo(stdout: string, stderr: string): { tests: Record<string, TestOutcome>; counts?: TestCounts } {
  const blocks = stdout.split(/^running \d+ tests?\n/m).slice(1);
  const programs = programsIn(stderr);
  const tests: Record<string, TestOutcome> = {};
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const [index, block] of blocks.entries()) {
    const program = programs.length === blocks.length ? programs[index] : `#${index + 1}`;
    // What a failing test printed stands below the blank line, and may look like a result.
    for (const line of (block.split(/\n\n|^failures:$/m)[0] ?? '').split('\n')) {
      const result = /^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b/.exec(line);
      if (result)
        tests[freeId(tests, `${program} ${plainName(result[1] ?? '')}`)] = OUTCOMES[result[2] ?? ''] ?? 'failed';
    }
    const total = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/m.exec(block);
    counts.passed += Number(total?.[1] ?? 0);
    counts.failed += Number(total?.[2] ?? 0);
    counts.skipped += Number(total?.[3] ?? 0);
  }
  return blocks.length === 0 ? { tests } : { tests, counts };
}

function programsIn(stderr: string): string[] {
  return [...stderr.matchAll(/^\s*(?:Running (?:unittests )?(\S+)(?: \((.+)\))?|(Doc-tests \S+))$/gm)].map(
    ([, source = '', path = '', documentation]) => {
      const crate = /([^/\\]+?)-[0-9a-f]{16}(?:\.exe)?$/.exec(path)?.[1];
      return documentation ?? (crate === undefined ? source : `${source} (${crate})`);
    },
  );
}

/** A test in documentation is named by its line, which moves. */
function plainName(name: string): string {
  return name.replace(/ \(line \d+\)/, '');
}

function freeId(tests: Record<string, TestOutcome>, name: string): string {
  let id = name;
  for (let count = 2; id in tests; count++) id = `${name} #${count}`;
  return id;
}
