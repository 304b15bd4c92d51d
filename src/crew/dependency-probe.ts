/**
 * Are the dependencies there that scripts of package.json need? Rule: looks at the worktree, for that is what is lent to
 * the sandbox; a check whose script finds no tools would fail on every base and prove nothing.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DetectedCheck } from '../evaluate/index.ts';
import type { Probe } from './doctor.ts';

/** A line of `doctor`; none where nothing is missing. */
export async function dependencyProbes(workTree: string | null, checks: readonly DetectedCheck[]): Promise<Probe[]> {
  const scripts = checks.flatMap((check) =>
    check.runnable && /^(npm|pnpm|yarn)$/.test(check.asked[0] ?? '') ? [check] : [],
  );
  if (workTree === null || scripts.length === 0) return [];
  if (['node_modules', '.pnp.cjs', '.pnp.js'].some((name) => existsSync(join(workTree, name)))) return [];
  if (!wantsPackages(await readFile(join(workTree, 'package.json'), 'utf8').catch(() => ''))) return [];
  const hint = existsSync(join(workTree, 'package-lock.json')) ? 'npm ci' : `${scripts[0]?.asked[0]} install`;
  const message = `there is no node_modules here: ${scripts.map(({ name }) => name).join(', ')} cannot find what it needs`;
  return [{ name: 'dependencies', level: 'warn', message, hint }];
}

function wantsPackages(manifest: string): boolean {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest) as Record<string, object>;
    return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  } catch {
    return false;
  }
}
