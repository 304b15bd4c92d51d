/** Which files hold tests, by their paths alone. Rule: rather one too many: a file taken for a test is guarded. */
import { basename } from 'node:path/posix';

export type Language = 'python' | 'javascript' | 'go' | 'rust';

export function languageOf(path: string): Language | null {
  if (/\.(py|pyi)$/.test(path)) return 'python';
  if (path.endsWith('.go')) return 'go';
  if (path.endsWith('.rs')) return 'rust';
  return /\.(js|mjs|cjs|jsx|ts|mts|cts|tsx)$/.test(path) ? 'javascript' : null;
}

export function isTestFile(path: string): boolean {
  const name = basename(path);
  const folders = path.split('/').slice(0, -1);
  const inTests = folders.some((folder) => /^(tests?|__tests__|specs?|e2e)$/.test(folder));
  const language = languageOf(path);
  if (language === 'python')
    return /^(test_.*|.*_tests?|tests?)\.py$/.test(name) || (inTests && name !== '__init__.py');
  if (language === 'go') return name.endsWith('_test.go');
  if (language === 'rust') return inTests || /^(tests?|test_.*|.*_tests?)\.rs$/.test(name);
  return (
    language === 'javascript' && (/[.-](test|spec|cy|e2e)\.[cm]?[jt]sx?$/.test(name) || /^test\./.test(name) || inTests)
  );
}
