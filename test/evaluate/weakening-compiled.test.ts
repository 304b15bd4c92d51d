/** Every way to make the tests of Go and Rust say less, beside a legitimate change that looks like it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { weakening } from '../../src/evaluate/index.ts';

const test = suite('evaluate/weakening-compiled');

const GO = `package sums

import "testing"

// t.Skip("not this one") stands in a comment.
func TestAdd(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		if got := Add(1, 2); got != 3 {
			t.Errorf("t.Skip( is text: %d", got)
		}
	})
	assert.Equal(t, 3, Add(1, 2))
}

func ExampleAdd() {
	fmt.Println(\`
func TestInText(t *testing.T) {}
\`)
}
`;
const RUST = `//! Adds.

/// Adds; assert!(x) in words.
pub fn add<'a>(a: i64, b: i64) -> i64 {
    assert!(a >= 0, "not an assertion of a test");
    let _text: &'a str = r#"#[test] "quoted" assert!(true)"#;
    let _quote = '"';
    a + b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
    }

    #[test]
    #[should_panic]
    fn refuses() {
        add(-1, 2);
    }
}
`;
type Row = [what: string, path: string, before: string | null, after: string | null, refused: RegExp | null];
const swap = (text: string, from: string | RegExp, to: string) => {
  const swapped = text.replace(from, to);
  assert.is.not(swapped, text, `nothing to replace: ${from}`);
  return swapped;
};
const go = (what: string, from: string | RegExp, to: string, refused: RegExp | null): Row => [
  ...([what, 'sums_test.go', GO, swap(GO, from, to), refused] as Row),
];
const rs = (what: string, from: string | RegExp, to: string, refused: RegExp | null): Row => [
  ...([what, 'src/lib.rs', RUST, swap(RUST, from, to), refused] as Row),
];
const ROWS: Row[] = [
  ['Go: the whole file', 'sums_test.go', GO, null, /deletes the tests in sums_test\.go/],
  ['Go: a source file', 'sums.go', 'package sums\n', null, null],
  go('Go: a test is gone', /func ExampleAdd[\s\S]*?\n}\n/, '', /removes 1 test /),
  go('Go: a test is renamed away', 'func TestAdd', 'func checkAdd', /removes 1 test /),
  go('Go: a subtest is gone', /t\.Run\("two", func\(t \*testing\.T\) \{([\s\S]*?)\n\t\}\)/, '$1', /removes 1 test /),
  go('Go: skipped', 'got := Add', 't.Skip("later"); got := Add', /switches tests off/),
  go('Go: skipped when short', 'assert.Equal', 'if testing.Short() { return }\n\tassert.Equal', /switches tests off/),
  go('Go: an assertion is gone', '\tassert.Equal(t, 3, Add(1, 2))\n', '', /removes 1 assertion/),
  go(
    'Go: an assertion that always holds',
    'assert.Equal(t, 3, Add(1, 2))',
    'assert.True(t, true)',
    /removes 1 assertion/,
  ),
  go('Go: logged instead', 't.Errorf', 't.Logf', /removes 1 assertion/),
  go('Go: built only somewhere', 'package sums\n', '//go:build never\n\npackage sums\n', /hides problems/),
  go(
    'Go: the run ends well by itself',
    'package sums\n',
    'package sums\n\nfunc init() { os.Exit(0) }\n',
    /exit with success/,
  ),
  go('Go: a TestMain', 'package sums\n', 'package sums\n\nfunc TestMain(m *testing.M) {}\n', /switches tests off/),
  go('Go: a linter looks away', 'Add(1, 2); got', 'Add(1, 2); /* x */ got', null),
  go(
    'Go: a linter looks away for real',
    'assert.Equal(t, 3, Add(1, 2))',
    'assert.Equal(t, 3, Add(1, 2)) //nolint',
    /hides problems/,
  ),
  go('Go: one more test', 'func ExampleAdd', 'func TestMore(t *testing.T) { t.Fatal() }\n\nfunc ExampleAdd', null),
  go('Go: another expectation', 'assert.Equal(t, 3', 'require.Equal(t, 3', null),
  ['Go: a program may end well', 'main.go', 'func main() {}\n', 'func main() { os.Exit(1) }\n', null],
  ['Rust: a file with tests inside', 'src/lib.rs', RUST, null, /deletes the tests in src\/lib\.rs/],
  ['Rust: a file without', 'src/other.rs', 'fn x() {}\n', null, null],
  ['Rust: a file of tests', 'tests/whole.rs', '#[test]\nfn a() {}\n', null, /deletes the tests/],
  rs('Rust: a test is gone', / {4}#\[test\]\n {4}#\[should_panic\][\s\S]*? {4}}\n/, '', /removes 1 test /),
  rs('Rust: a test is no test any more', '    #[test]\n    fn adds', '    fn adds', /removes 1 test /),
  rs('Rust: ignored', 'fn adds()', '#[ignore]\n    fn adds()', /switches tests off/),
  rs(
    'Rust: ignored on a condition',
    'fn adds()',
    '#[cfg_attr(not(windows), ignore)]\n    fn adds()',
    /switches tests off/,
  ),
  rs('Rust: only with a feature', '#[cfg(test)]', '#[cfg(all(test, feature = "never"))]', /switches tests off/),
  rs('Rust: an assertion is gone', '        assert_eq!(add(1, 2), 3);\n', '', /removes 1 assertion/),
  rs('Rust: an assertion that always holds', 'assert_eq!(add(1, 2), 3)', 'assert!(true)', /removes 1 assertion/),
  rs('Rust: a lint is allowed', '//! Adds.', '#![allow(clippy::all)]\n//! Adds.', /attribute that hides problems/),
  rs('Rust: the run ends well by itself', 'a + b', 'std::process::exit(0); a + b', /exit with success/),
  rs('Rust: an assertion of the program itself', '    assert!(a >= 0, "not an assertion of a test");\n', '', null),
  rs(
    'Rust: one more test',
    '    #[test]\n    fn adds',
    '    #[test]\n    fn more() {}\n\n    #[test]\n    fn adds',
    null,
  ),
  rs('Rust: a lifetime is renamed', /'a\b/g, "'b", null),
  rs('Rust: words about tests', '//! Adds.', '//! Adds. #[ignore] #[allow(x)]', null),
  ['golangci', '.golangci.yml', 'a: 1\n', 'a: 2\n', /decides what checks do/],
  ['clippy', 'clippy.toml', '', 'x = 1\n', /decides what checks do/],
  ['cargo', '.cargo/config.toml', '', 'x = 1\n', /decides what checks do/],
  [
    'lints of a crate',
    'Cargo.toml',
    '[package]\n',
    '[package]\n[lints.rust]\nx = "allow"\n',
    /check settings in Cargo\.toml/,
  ],
  [
    'a test target of a crate',
    'Cargo.toml',
    '[package]\n',
    '[package]\n[[test]]\nname = "a"\ntest = false\n',
    /check settings/,
  ],
  ['a dependency of a crate', 'Cargo.toml', '[package]\n', '[package]\n[dependencies]\nx = "1"\n', null],
  ['a module of Go', 'go.mod', 'module a\n', 'module a\n\nrequire b v1.0.0\n', null],
  ['the modules of Go', 'go.work', 'use ./a\nuse ./b\n', 'use ./a\n', /decides what checks do/],
  ['the packages of a workspace', 'pnpm-workspace.yaml', 'packages: [a]\n', 'packages: []\n', /decides what checks do/],
];
for (const [what, path, before, after, refused] of ROWS)
  test(`${what}: ${refused === null ? 'fine' : 'refused'}`, async () => {
    const reasons = await weakening([{ path, before, after }]);
    if (refused === null) assert.equal(reasons, []);
    else assert.match(reasons.join('\n'), refused);
  });

test('nonsense is read to its end, or said to be too odd', async () => {
  for (const text of [
    '"'.repeat(2e4),
    "'".repeat(2e4),
    'r#"'.repeat(5e3),
    '/*'.repeat(1e4),
    '`'.repeat(2e4),
    '#[cfg('.repeat(5e3),
  ])
    for (const path of ['a_test.go', 'tests/a.rs', 'src/a.rs']) {
      const reasons = await weakening([{ path, before: '', after: text }]);
      assert.ok(
        reasons.every((reason) => /too large to be read/.test(reason)),
        reasons.join('\n'),
      );
    }
});

test.run();
