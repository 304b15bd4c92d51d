/** The checks of a JavaScript or TypeScript project. Rule: a script that npm wrote as a placeholder is not a test. */
import type { Plan } from './plan-command.ts';
import type { BaseFiles } from './types.ts';

export async function detectJavascript(files: BaseFiles): Promise<Plan[]> {
  if (!files.paths.includes('package.json')) return [];
  const manifest = parse((await files.read('package.json')) ?? '');
  const plans: Plan[] = [];
  const script = textAt(manifest, 'scripts', 'test');
  if (script !== null && script.trim() !== '' && !/no test specified/.test(script))
    plans.push({ name: 'npm test', kind: onlyLints(script) ? 'lint' : 'tests', argv: ['npm', 'test'] });
  const typescript =
    textAt(manifest, 'devDependencies', 'typescript') ?? textAt(manifest, 'dependencies', 'typescript');
  if (typescript !== null && files.paths.includes('tsconfig.json'))
    plans.push({ name: 'tsc --noEmit', kind: 'types', argv: ['tsc', '--noEmit'] });
  return plans;
}

/** A green linter is no evidence of behaviour, whatever the script is called. */
function onlyLints(script: string): boolean {
  const tools = /^(npx\s+)?(eslint|standard|xo|prettier|biome|oxlint|tsc|semistandard)(\s|$)/;
  return script.split(/&&|;/).every((part) => tools.test(part.trim()));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // A manifest that npm cannot read has no scripts either.
    return null;
  }
}

function textAt(value: unknown, ...keys: string[]): string | null {
  let current: unknown = value;
  for (const key of keys) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, key)) return null;
    current = (current as Record<string, unknown>)[key];
  }
  return typeof current === 'string' ? current : null;
}
