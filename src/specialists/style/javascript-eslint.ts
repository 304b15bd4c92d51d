/**
 * ESLint in process over one file. Rule: only the rules named here run, once per file for all of them, and none of the
 * repository's own configuration is read, since that is code; the file's own `eslint-disable` comments are obeyed.
 */
import type { Linter } from 'eslint';
import { type RuleContext, Unanalysable } from '../rule.ts';
import type { SourceFile } from '../types.ts';
import { hoistedVar, unusedImport } from './javascript-scope.ts';

export interface Message {
  rule: string;
  /** UTF-16 range of the report. */
  start: number;
  end: number;
  message: string;
  fix: { start: number; end: number; text: string } | null;
}

const RULES: Linter.RulesRecord = {
  'prefer-const': ['error', { destructuring: 'all', ignoreReadBeforeAssign: true }],
  'no-var': 'error',
  'no-useless-rename': 'error',
  'no-extra-boolean-cast': 'error',
  'no-unneeded-ternary': 'error',
  'no-regex-spaces': 'error',
  'no-useless-computed-key': 'error',
  'no-undef-init': 'error',
  'no-debugger': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-case': 'error',
  'no-unreachable': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
  'no-self-assign': 'error',
  'unicorn/prefer-node-protocol': 'error',
  'unicorn/throw-new-error': 'error',
  'unicorn/prefer-date-now': 'error',
  'unicorn/prefer-optional-catch-binding': 'error',
  'ambient/unused-import': 'error',
  'ambient/hoisted-var': 'error',
};

/** Lints `file` once per `diagnose` of it. @throws Unanalysable on a syntax error. */
export async function lint(file: SourceFile, context: RuleContext): Promise<readonly Message[]> {
  return context.perFile('eslint', async () => {
    const verify = await context.perRun(`eslint:${file.language}`, () => makeVerify(file.language === 'typescript'));
    return verify(file.text, file.path, RULES);
  });
}

/** Lints another text in the place of `file`, with one rule. */
export async function lintText(file: SourceFile, text: string, rule: string, context: RuleContext) {
  const verify = await context.perRun(`eslint:${file.language}`, () => makeVerify(file.language === 'typescript'));
  return verify(text, file.path, { [rule]: RULES[rule] ?? 'error' });
}

type Verify = (text: string, path: string, rules: Linter.RulesRecord) => Message[];

async function makeVerify(typescript: boolean): Promise<Verify> {
  const { Linter, loadUnicorn } = await import('./load-eslint.ts');
  const unicorn = await loadUnicorn();
  const parser = typescript ? await import('@typescript-eslint/parser') : null;
  const linter = new Linter({ configType: 'flat' });
  const ambient = { rules: { 'unused-import': unusedImport, 'hoisted-var': hoistedVar } };
  const verify = (text: string, path: string, rules: Linter.RulesRecord, type: 'module' | 'commonjs') => {
    const config = {
      files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
      plugins: { unicorn, ambient },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      languageOptions: {
        ecmaVersion: 'latest',
        sourceType: type,
        ...(parser ? { parser } : {}),
        parserOptions: { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path) } },
      },
      rules,
    } as unknown as Linter.Config;
    const name = /\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? '.js';
    return linter.verify(text, [config], { filename: `file${name}` });
  };
  return (text, path, rules) => {
    const type = sourceType(path, text);
    const reports = verify(text, path, rules, type);
    const wrong = reports.some((report) => report.fatal) && /\.jsx?$/.test(path);
    return messages(text, wrong ? verify(text, path, rules, type === 'module' ? 'commonjs' : 'module') : reports);
  };
}

/** `import` or `export` at the beginning of a line makes a module; all else may `return` at the top. */
export function sourceType(path: string, text: string): 'module' | 'commonjs' {
  if (/\.[cm]?tsx?$|\.mjs$/.test(path)) return 'module';
  if (/\.cjs$/.test(path)) return 'commonjs';
  return /^\s*(import\s*['"{*]|import\s+\w|export\s+\w|export\s*[{*])/m.test(text) ? 'module' : 'commonjs';
}

function messages(text: string, reports: readonly Linter.LintMessage[]): Message[] {
  const fatal = reports.find((report) => report.fatal);
  if (fatal) throw new Unanalysable(`syntax error on line ${fatal.line}`);
  const lines = lineStarts(text);
  const offset = (line: number, column: number) => (lines[line - 1] ?? 0) + column - 1;
  return reports.flatMap((report): Message[] => {
    if (!report.ruleId) return [];
    const start = offset(report.line, report.column);
    const end = offset(report.endLine ?? report.line, report.endColumn ?? report.column + 1);
    const { fix } = report;
    const change = fix ? { start: fix.range[0], end: fix.range[1], text: fix.text } : null;
    return [{ rule: report.ruleId, start, end: Math.max(end, start + 1), message: report.message, fix: change }];
  });
}

/** ESLint counts lines by these terminators, not by `\n` alone. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|[\r\n\u2028\u2029]/g)].map((match) => match.index + match[0].length)];
}
