/**
 * Which checks a repository has. Rule: read from the base tree and the configuration that is in force there, never from
 * a candidate; what cannot be run is reported with its reason, never dropped and never counted as passed.
 */
import { isAllowed, parseCommand } from '../sandbox/index.ts';
import { detectJavascript } from './detect-javascript.ts';
import { detectPython } from './detect-python.ts';
import { type Plan, planCommand } from './plan-command.ts';
import { pythonPaths } from './python-path.ts';
import type { BaseFiles, CheckKind, DetectedCheck, Toolchain } from './types.ts';

export type ConfiguredCheck =
  | string
  | readonly string[]
  | { name?: string | undefined; command: string | readonly string[]; kind?: 'tests' | 'types' | 'lint' | undefined };

export interface DetectOptions {
  /** `checks` of the configuration: not empty replaces detection. */
  checks: readonly ConfiguredCheck[];
  /** `sandbox.allowed_commands`. */
  allowed: readonly string[];
  toolchain: Toolchain;
  /** Tops of installed dependencies, repository-relative, as `dependencyBinds` found them. */
  installed: readonly string[];
}

/**
 * Lists the checks of a tree, in the order in which they are to run.
 * @throws AmbientError `shell-syntax`, `bad-command` (config) for a configured command that is no plain argv.
 */
export async function detectChecks(files: BaseFiles, options: DetectOptions): Promise<DetectedCheck[]> {
  const wanted =
    options.checks.length > 0
      ? options.checks.map(configured)
      : [...(await detectPython(files)), ...(await detectJavascript(files))];
  const pythonPath = pythonPaths(files.paths);
  const found: DetectedCheck[] = [];
  for (const plan of wanted) found.push(await resolve(plan, options, pythonPath));
  return found;
}

function configured(check: ConfiguredCheck): Plan {
  const full = typeof check === 'object' && 'command' in check ? check : { command: check };
  const argv = parseCommand(full.command as string | readonly string[]);
  const kind = 'kind' in full && full.kind ? full.kind : kindOf(argv);
  const name = 'name' in full && full.name ? full.name : argv.join(' ');
  return { name, kind, argv };
}

function kindOf(argv: readonly string[]): CheckKind {
  const words = argv.slice(0, 4).join(' ');
  if (/\b(mypy|pyright|tsc|typecheck)\b/.test(words)) return 'types';
  return /\b(ruff|flake8|eslint|biome|prettier|lint|clippy|vet)\b/.test(words) ? 'lint' : 'tests';
}

async function resolve(plan: Plan, options: DetectOptions, pythonPath: string[]): Promise<DetectedCheck> {
  const { name, kind, argv } = plan;
  const no = (reason: string): DetectedCheck => ({ name, kind, argv, runnable: false, reason });
  if (!isAllowed(argv, options.allowed).allowed) return no('not in allowed_commands');
  const planned = await planCommand(plan, options.toolchain, options.installed);
  if ('reason' in planned) return no(planned.reason);
  const cwd = plan.cwd === undefined ? {} : { cwd: plan.cwd };
  return { name, kind, ...planned, ...cwd, pythonPath, runnable: true };
}
