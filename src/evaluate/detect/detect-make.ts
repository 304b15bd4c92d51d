/**
 * The targets `test`, `check` and `lint` of a makefile. Rule: they fill gaps: where the tests were found by themselves, a
 * target would run the same once more, without naming them as well.
 */

import type { BaseFiles } from '../types.ts';
import { kindOfCommands } from './javascript-scripts.ts';
import type { Plan } from './plan-command.ts';

/** @param found what was detected in the same folder already. */
export async function detectMake(files: BaseFiles, found: readonly Plan[]): Promise<Plan[]> {
  // In the order in which make looks for them.
  const name = ['GNUmakefile', 'makefile', 'Makefile'].find((path) => files.paths.includes(path));
  if (name === undefined) return [];
  const text = (await files.read(name)) ?? '';
  const has = (kind: Plan['kind']) => found.some((plan) => plan.kind === kind);
  const plans: Plan[] = [];
  const add = (target: string, fallback: Plan['kind']) => {
    const recipe = recipeOf(text, target);
    if (recipe === null) return;
    const kind = kindOfRecipe(recipe) ?? fallback;
    if (!has(kind)) plans.push({ name: `make ${target}`, kind, argv: ['make', target] });
  };
  add('test', 'tests');
  if (plans.length === 0) add('check', 'tests');
  add('lint', 'lint');
  return plans;
}

/** The commands of a rule, or null when the makefile has no such target. */
function recipeOf(text: string, target: string): string | null {
  const rule = new RegExp(
    `^(?:[\\w./-]+[ \\t]+)*${target}(?:[ \\t]+[\\w./-]+)*[ \\t]*::?(?!=)[^\\n]*((?:\\n(?:\\t.*|[ \\t]*#.*|[ \\t]*))*)`,
    'gm',
  );
  const found = [...text.matchAll(rule)];
  return found.length === 0 ? null : found.map(([, recipe = '']) => recipe).join('\n');
}

function kindOfRecipe(recipe: string): Plan['kind'] | null {
  const commands = recipe
    .split('\n')
    .map((line) => line.trim().replace(/^[@+-]+\s*/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (commands.length > 0 && commands.every((line) => PYTHON_LINTERS.test(line))) return 'lint';
  return kindOfCommands(commands.join('\n'));
}

const PYTHON_LINTERS =
  /^(?:python3?\s+-m\s+|poetry\s+run\s+|uv\s+run\s+)?(?:ruff|flake8|pylint|black|isort|golangci-lint|go\s+vet|cargo\s+clippy)\b/;
