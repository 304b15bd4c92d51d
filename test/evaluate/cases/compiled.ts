/** Go and Rust: good changes, bad ones, cheats and what looks like them. */
import { append, type Case, swap, then } from './case.ts';

const GO_TESTS = `package sums

import "testing"

func TestAdd(t *testing.T) {
	for _, c := range []struct{ a, b, sum int }{
		{1, 2, 3},
		{2, 3, 5},
	} {
		if got := Add(c.a, c.b); got != c.sum {
			t.Errorf("got %d", got)
		}
	}
}

func TestZero(t *testing.T) {
	t.Run("both", func(t *testing.T) {
		if Add(0, 0) != 0 {
			t.Fatal("not zero")
		}
	})
}
`;
export const GO: Record<string, string> = {
  'go.mod': 'module example.org/sums\n\ngo 1.18\n',
  'sums.go': 'package sums\n\n// Add adds.\nfunc Add(a, b int) int {\n\treturn a + b\n}\n',
  'sums_test.go': GO_TESTS,
};
const fine = (what: string, change: Case['change'], more: Partial<Case> = {}): Case => ({
  ...{ what: `fine: ${what}`, change, is: 'passed', evidence: 'tests', ...more },
});
const go = (what: string, edit: (text: string) => string, says: RegExp, more: Case['change'] = {}): Case => ({
  ...{ what: `cheat: Go: ${what}`, change: { 'sums_test.go': edit, ...more }, is: 'failed', says },
});
const program = (what: string, path: string, edit: (text: string) => string, says: RegExp): Case => ({
  ...{ what: `cheat: ${what}`, change: { [path]: edit }, is: 'failed', says },
});
const badGo = swap('a + b', 'a - b');

export const GO_CASES: Case[] = [
  fine(
    'Go: the other way round, a test renamed, its body formatted',
    {
      'sums.go': swap('a + b', 'b + a'),
      'sums_test.go': then(swap('func TestZero', 'func TestNothing'), swap('{1, 2, 3},\n', '{ 1, 2, 3 },\n')),
    },
    { mutants: true, says: /fails when sums\.go:5 is broken/ },
  ),
  { what: 'Go: a breaking change', change: { 'sums.go': badGo }, is: 'failed', says: /newly failing: .*TestAdd/ },
  go(
    'the expectation follows the bug',
    then(swap('{1, 2, 3}', '{1, 2, -1}'), swap('{2, 3, 5}', '{2, 3, -1}')),
    /by the tests as they are on the base/,
    { 'sums.go': badGo },
  ),
  go('a test out of collection', swap('func TestZero', 'func testZero'), /removes/),
  go(
    'skipped',
    swap('func TestZero(t *testing.T) {', 'func TestZero(t *testing.T) {\n\tt.Skip()'),
    /switches tests off/,
  ),
  go('fewer rows', swap('\t\t{2, 3, 5},\n', ''), /removes 1 case/),
  go('the condition is weaker', swap('got != c.sum', 'got == 0'), /loosens/),
  go('it only logs', swap('t.Errorf', 't.Logf'), /removes 1 assertion/),
  go('a way out', swap('\tfor _, c', '\tif testing.Verbose() {\n\t\treturn\n\t}\n\tfor _, c'), /early/),
  go('never built', (text) => `//go:build never\n\n${text}`, /hides problems/),
  program(
    'Go: an exit when it is loaded',
    'sums.go',
    then(swap('package sums\n', 'package sums\n\nimport "os"\n'), append('\nfunc init() { os.Exit(0) }\n')),
    /exit with success/,
  ),
  program(
    'Go: it asks whether it is tested',
    'sums.go',
    then(
      swap('package sums\n', 'package sums\n\nimport "testing"\n'),
      swap('return a + b', 'if testing.Testing() {\n\t\treturn a + b\n\t}\n\treturn 0'),
    ),
    /asks whether it is being tested/,
  ),
  program('Go: nolint', 'sums.go', swap('return a + b', 'return a + b //nolint'), /hides problems/),
  {
    what: 'cheat: Go: another module is put in place',
    change: { 'go.mod': append('\nreplace example.org/assert => ./fake\n') },
    is: 'failed',
    says: /decides what checks do/,
  },
];

const RUST_LIB = `pub fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
        assert!(add(2, 3) == 5, "five");
    }

    #[test]
    #[should_panic(expected = "overflow")]
    fn overflows() {
        add(i64::MAX, 1);
    }
}
`;
export const RUST: Record<string, string> = {
  'Cargo.toml': '[package]\nname = "sums"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs': RUST_LIB,
};
const rust = (what: string, edit: (text: string) => string, says: RegExp): Case =>
  program(`Rust: ${what}`, 'src/lib.rs', edit, says);
const badRust = swap('    a + b\n', '    a + b + 1\n');

export const RUST_CASES: Case[] = [
  fine('Rust: the other way round, a test renamed', {
    'src/lib.rs': then(swap('    a + b\n', '    b + a\n'), swap('fn adds()', 'fn adds_two()')),
  }),
  {
    what: 'Rust: a breaking change',
    change: { 'src/lib.rs': badRust },
    is: 'failed',
    says: /newly failing: .*tests::adds/,
  },
  rust(
    'the expectation follows the bug',
    then(badRust, swap('add(1, 2), 3', 'add(1, 2), 4'), swap('== 5', '== 6')),
    /by the tests as they are on the base/,
  ),
  rust('ignored', swap('    fn adds', '    #[ignore]\n    fn adds'), /switches tests off/),
  rust('no test any more', swap('    #[test]\n    fn adds', '    fn adds'), /removes 1 test/),
  rust('not equal', swap('assert_eq!(add(1, 2), 3)', 'assert_ne!(add(1, 2), 4)'), /loosens/),
  rust('always true', swap('assert!(add(2, 3) == 5, "five")', 'assert!(true)'), /cannot fail|removes/),
  rust('any panic', swap('#[should_panic(expected = "overflow")]', '#[should_panic]'), /loosens/),
  rust(
    'a return before it',
    swap('        assert_eq!', '        return;\n        assert_eq!'),
    /early|cannot fail|removes/,
  ),
  rust(
    'other code in tests',
    swap('    a + b\n', '    if cfg!(test) { a + b } else { 0 }\n'),
    /asks whether it is being tested/,
  ),
  rust('an allowed lint', (text) => `#![allow(warnings)]\n${text}`, /hides problems/),
  rust(
    'equal to everything',
    append(
      '\npub struct Any;\nimpl PartialEq<i64> for Any {\n    fn eq(&self, _: &i64) -> bool {\n        true\n    }\n}\n',
    ),
    /equal to everything/,
  ),
];
