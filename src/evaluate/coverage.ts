/**
 * Which changes a test check can speak for. Pure. Rule: a green test of another language or another package is no evidence;
 * what nobody can tell (a make target, a script of no known runner) speaks for everything.
 */
import { type Language, languageOf } from './test-files.ts';
import type { Check, DetectedCheck } from './types.ts';

/** The language that a command tests, or null when it may be any. */
export function languageOfCommand(argv: readonly string[]): Language | null {
  const [first = '', second = '', third = ''] = argv.map((word) => word.slice(word.lastIndexOf('/') + 1));
  if (/^(pytest|py\.test|tox|nox|unittest)$/.test(first)) return 'python';
  if (/^python[\d.]*$/.test(first)) return second === '-m' && /^(pytest|unittest)$/.test(third) ? 'python' : null;
  if (first === 'go') return 'go';
  if (first === 'cargo') return 'rust';
  return /^(npm|npx|pnpm|yarn|bun|node|deno|jest|vitest|mocha)$/.test(first) ? 'javascript' : null;
}

export function languageOfCheck(detected: DetectedCheck): Pick<Check, 'language'> {
  const language = languageOfCommand(detected.runnable ? detected.asked : detected.argv);
  return language === null ? {} : { language };
}

/** @param all every check there is: a file of no package is everybody's. */
export function speaksFor(check: Check, path: string, all: readonly Check[]): boolean {
  const language = languageOf(path);
  if (check.language !== undefined && language !== null && check.language !== language) return false;
  if (check.scope === undefined) return true;
  const inside = (folder: string | undefined) => path.startsWith(`${folder}/`);
  return check.scope.some(inside) || !all.some(({ scope }) => scope !== undefined && inside(scope[0]));
}
