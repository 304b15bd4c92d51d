/**
 * ESLint and what of unicorn is asked here. Rule: nobody else imports them. Unicorn hands out its 150 rules only all
 * together, which takes longer than everything else that a worker does: each of ours is taken from its own file.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ESLint } from 'eslint';

/** The linter without its command line: it loads in a fifth of the time. */
export { Linter } from 'eslint/universal';

/** Each is a file; the build bundles the same ones. */
export const UNICORN = ['prefer-date-now', 'prefer-node-protocol', 'prefer-optional-catch-binding', 'throw-new-error'];

export async function loadUnicorn(): Promise<ESLint.Plugin> {
  const require = createRequire(import.meta.url);
  const whole = pathToFileURL(require.resolve('eslint-plugin-unicorn'));
  const part = (path: string) => import(new URL(`rules/${path}.js`, whole).href);
  const [{ toEslintRules }, ...rules] = await Promise.all(['rule/index', ...UNICORN].map(part));
  return { rules: toEslintRules(Object.fromEntries(UNICORN.map((name, at) => [name, rules[at].default]))) };
}
