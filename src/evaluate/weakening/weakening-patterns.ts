/**
 * What is counted in tests and sources. Rule: each pattern is matched against code whose strings and comments are blank
 * (or against comments alone), and only an increase or decrease of the count speaks against a change.
 */
import type { Language } from '../test-files.ts';

type Patterns = Record<Language, RegExp>;

/** One match per test case. */
export const TESTS: Patterns = {
  python: /^[ \t]*(?:async[ \t]+)?def[ \t]+test\w*[ \t]*\(/gm,
  javascript: /(?<![.\w$])(?:it|test|specify)(?:\.each\b[^\n(]*)?\s*[(`]|(?<=[.])(?:it|test)\s*\(\s*['"`]/g,
  // Subtests are tests as well.
  go: /^func[ \t]+(?:\([^)]*\)[ \t]*)?(?:Test|Fuzz|Example|Benchmark)\w*[ \t]*\(|\b[tbf]\s*\.\s*Run\s*\(/gm,
  rust: /#\s*\[\s*(?:\w+\s*::\s*)*(?:test|bench|rstest|test_case|case|quickcheck|proptest|wasm_bindgen_test)\b|\bproptest!/g,
};

/** Tests that are switched off, or that switch others off. */
export const SWITCHED_OFF: Patterns = {
  python:
    /\b(?:mark\s*\.\s*(?:skip|skipif|xfail)|pytest\s*\.\s*(?:skip|xfail|importorskip|exit)|unittest\s*\.\s*(?:skip\w*|expectedFailure|SkipTest)|skipTest\s*\(|SkipTest\b)|@\s*(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b|\b__test__\s*=\s*False\b|\bcollect_ignore(?:_glob)?\b|\bdef\s+(?:load_tests|pytest_\w+)\b/g,
  javascript:
    /\b(?:it|test|describe|suite|context|specify|t|ctx|this)\s*\.\s*(?:skip|only|todo|fixme|fails|failing|skipIf|runIf|skipAll)\b|(?<![.\w$])(?:xit|xtest|xdescribe|xcontext|xspecify|fit|fdescribe|ftest|fcontext|pending)\s*\(|[{,]\s*(?:skip|todo|only)\s*(?::|[,}])/g,
  go: /\b(?:t|b|f|tb|s|suite)\s*\.\s*(?:T\s*\(\s*\)\s*\.\s*)?Skip(?:f|Now)?\s*\(|\btesting\s*\.\s*Short\s*\(|\bGinkgo(?:Skip)?\s*\.\s*Skip\s*\(|(?<![.\w])(?:X|P|F)(?:It|Describe|Context|Entry|Specify)\s*\(|^func[ \t]+TestMain\s*\(|^func[ \t]+(?:test|\([^)]*\)[ \t]*test)\w*\s*\([^)]*\*testing\./gm,
  rust: /#\s*\[\s*ignore\b|\bcfg_attr\s*\([^\]\n]*\bignore\b|#!?\s*\[\s*cfg\s*\((?!\s*test\s*\))/g,
};

export const ASSERTIONS: Patterns = {
  python:
    /^[ \t]*assert\b|(?<=[;:][ \t]*)assert\b|\.\s*assert\w*\s*\(|\bself\s*\.\s*fail\w*\s*\(|\bpytest\s*\.\s*(?:raises|warns|fail|approx|deprecated_call)\b|(?<![.\w])(?:assert_\w+|raises)\s*\(/gm,
  javascript:
    /(?<![.\w$])(?:assert|expect|should|ok|equal|deepEqual|strictEqual)\b(?:\s*\.\s*\w+)*\s*\(|\bt\s*\.\s*(?:is|not|ok|equal|deepEqual|same|true|false|truthy|falsy|throws|throwsAsync|rejects|like|snapshot|fail|assert|regex|match|plan)\w*\s*\(|\.\s*should\b|\bassert\s*\.\s*\w+/g,
  go: /\b(?:t|b|f|tb|s|suite|c)\s*\.\s*(?:T\s*\(\s*\)\s*\.\s*)?(?:Error|Fatal|Fail)(?:f|Now)?\s*\(|(?<![.\w])(?:assert|require|is|should|must|qt|check|expect)\s*\.\s*\w+\s*\(|(?<![.\w])(?:Expect|Eventually|Consistently|Ω)\s*\(/g,
  rust: /\b(?:debug_|prop_|pretty_)?assert(?:_\w+)?!|\b(?:panic|unreachable|insta::\w+)!|\bexpect_err\s*\(|\bunwrap_err\s*\(/g,
};

/** Assertions that hold whatever happens. */
export const EMPTY_ASSERTIONS: Patterns = {
  python:
    /\bassert\s+(?:True|1|not\s+False|not\s+None)\s*(?:,|$|#)|\bassert\b[^\n]*\bor\s+(?:True|1)\s*$|\.\s*assert(?:True|_)\s*\(\s*(?:True|1)\s*\)|\.\s*assertEqual\s*\(\s*(?:True\s*,\s*True|1\s*,\s*1)\s*\)/gm,
  javascript:
    /\bexpect\s*\(\s*(?:true|1)\s*\)\s*\.\s*(?:toBe|toEqual|toStrictEqual)\s*\(\s*(?:true|1)\s*\)|\bexpect\s*\(\s*true\s*\)\s*\.\s*toBeTruthy\s*\(|\bassert(?:\s*\.\s*ok)?\s*\(\s*(?:true|1)\s*[,)]|\bt\s*\.\s*(?:true|ok|pass)\s*\(\s*(?:true|1)?\s*\)/g,
  go: /\b(?:assert|require)\s*\.\s*(?:True|Truef)\s*\(\s*(?:t\s*,\s*)?true\b|\b(?:assert|require)\s*\.\s*Equalf?\s*\(\s*(?:t\s*,\s*)?(?:1\s*,\s*1|true\s*,\s*true)\b|\bExpect\s*\(\s*true\s*\)\s*\.\s*To\s*\(\s*BeTrue/g,
  rust: /\bassert!\s*\(\s*(?:true|1\s*==\s*1)\s*[,)]|\bassert_eq!\s*\(\s*(?:1\s*,\s*1|true\s*,\s*true)\s*[,)]/g,
};

/** Comments that tell a tool to look away. */
export const SUPPRESSIONS: Patterns = {
  python:
    /#\s*type:\s*ignore|#\s*(?:ruff:\s*|flake8[:=]\s*)?noqa\b|#\s*pylint:\s*disable|#\s*pyright:|#\s*mypy:|#\s*nosec\b|#\s*pragma:\s*no\s*(?:cover|branch|mutate)|#\s*(?:isort|fmt|yapf):\s*(?:skip|off|disable)/gi,
  javascript:
    /eslint-disable|@ts-(?:ignore|expect-error|nocheck)\b|biome-ignore|prettier-ignore|oxlint-disable|tslint:disable|(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)|\bNOSONAR\b|@jest-environment|nosemgrep/gi,
  // A constraint takes the whole file away from those who build without it.
  go: /\/\/\s*nolint\b|\/\/\s*lint:(?:file-)?ignore|#\s*nosec\b|\/\/\s*revive:disable|\/\/go:build\b|\/\/\s*\+build\b|\/\/go:norace\b/g,
  // Attributes, so they are looked for in the code.
  rust: /#!?\s*\[\s*(?:allow|expect)\s*\(|\bcfg_attr\s*\([^\]\n]*\b(?:allow|expect)\s*\(|#!?\s*\[\s*(?:rustfmt::skip|coverage\s*\(\s*off)/g,
};

/** Ways to end a run of tests as if all were well. */
export const EXITS: Patterns = {
  python:
    /\b(?:sys\s*\.\s*)?(?<!\w)exit\s*\(\s*0?\s*\)|\bos\s*\.\s*_exit\s*\(\s*0\s*\)|(?<![.\w])quit\s*\(\s*0?\s*\)|\braise\s+SystemExit\b(?:\s*\(\s*0?\s*\))?(?!\s*\()/g,
  javascript:
    /\bprocess\s*\.\s*(?:exit|reallyExit)\s*\(\s*0?\s*\)|\bprocess\s*\.\s*exitCode\s*=\s*0\b|\bDeno\s*\.\s*exit\s*\(\s*0?\s*\)/g,
  go: /\bos\s*\.\s*Exit\s*\(\s*0\s*\)|\bruntime\s*\.\s*Goexit\s*\(/g,
  rust: /\b(?:process\s*::\s*)?(?<![.\w])exit\s*\(\s*0\s*\)|\bprocess\s*::\s*exit\s*\(\s*0\s*\)/g,
};
