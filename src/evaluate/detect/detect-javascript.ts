/**
 * The checks of a JavaScript or TypeScript package. Rule: a script that npm wrote as a placeholder is not a test, one that
 * watches is not a check, and what a script is called does not decide what it proves: what it runs does.
 */

import type { BaseFiles } from '../types.ts';
import { kindOfCommands, parseManifest, type Scripts, scriptsOf, textAt } from './javascript-scripts.ts';
import type { Plan } from './plan-command.ts';

/** @param files of one package. @param top the manifest of the workspace, whose tools serve its packages. */
export async function detectJavascript(files: BaseFiles, top = ''): Promise<Plan[]> {
  if (!files.paths.includes('package.json')) return [];
  const manifest = parseManifest((await files.read('package.json')) ?? '');
  const has = (name: string) => [manifest, parseManifest(top)].some((one) => dependsOn(one, name));
  const scripts = scriptsOf(manifest);
  const runner = files.paths.includes('.pnp.cjs') || files.paths.includes('.pnp.loader.mjs') ? 'yarn' : 'npm';
  const plans = ['test', 'lint', ...TYPES, 'check'].flatMap((name) => planScript(name, scripts, runner));
  const lints = plans.some(({ name, kind }) => kind === 'lint' && / (run )?lint$/.test(name));
  if (!lints && has('eslint') && (hasKey(manifest, 'eslintConfig') || files.paths.some(isEslintConfig)))
    plans.push({ name: 'eslint', kind: 'lint', argv: ['eslint', '.'] });
  if (!plans.some(({ kind }) => kind === 'types')) plans.push(...(await planTypes(files, scripts, runner, has)));
  return plans;
}

/** The spellings of one thing; the first that is there is taken. */
const TYPES = ['typecheck', 'type-check', 'check-types', 'types', 'tsc'];

function planScript(name: string, scripts: Scripts, runner: string): Plan[] {
  const text = scripts.expanded(name);
  if (text === null || /no test specified/.test(text)) return [];
  if (TYPES.includes(name) && TYPES.slice(0, TYPES.indexOf(name)).some((other) => scripts.expanded(other) !== null))
    return [];
  // A script `check` that runs the others would run everything twice.
  if (name === 'check' && ['test', 'lint', ...TYPES].some((other) => scripts.calls('check', other))) return [];
  const kind = kindOfCommands(text) ?? (TYPES.includes(name) ? 'types' : name === 'lint' ? 'lint' : 'tests');
  const argv = name === 'test' ? [runner, 'test'] : [runner, 'run', name];
  const watches = /(^|\s)(--watch(All)?(?!\S)|-w\b.*\btsc|nodemon|vitest (watch|dev))/.test(text);
  return [{ name: argv.join(' '), kind, argv, ...(watches ? { reason: 'it watches files and does not end' } : {}) }];
}

function isEslintConfig(path: string): boolean {
  return /^(eslint\.config\.[cm]?[jt]s|\.eslintrc(\.(c?js|json|ya?ml))?)$/.test(path);
}

async function planTypes(
  files: BaseFiles,
  scripts: Scripts,
  runner: string,
  has: (name: string) => boolean,
): Promise<Plan[]> {
  const settings = files.paths.includes('tsconfig.json') ? ((await files.read('tsconfig.json')) ?? '') : null;
  // A file that only refers to others checks nothing by itself.
  const refers =
    settings !== null && /"references"\s*:\s*\[\s*\{/.test(settings) && /"files"\s*:\s*\[\s*\]/.test(settings);
  if (settings !== null && has('typescript') && !refers)
    return [{ name: 'tsc --noEmit', kind: 'types', argv: ['tsc', '--noEmit'] }];
  const build = scripts.expanded('build');
  if (build === null || !/\b(tsc|vue-tsc|svelte-check|ng build|next build|astro check)\b/.test(build)) return [];
  return [{ name: `${runner} run build`, kind: 'types', argv: [runner, 'run', 'build'] }];
}

function dependsOn(manifest: unknown, name: string): boolean {
  return textAt(manifest, 'devDependencies', name) !== null || textAt(manifest, 'dependencies', name) !== null;
}

function hasKey(manifest: unknown, key: string): boolean {
  return manifest !== null && typeof manifest === 'object' && Object.hasOwn(manifest, key);
}
