/**
 * Which checks a repository has. Rule: read from the base tree and the configuration that is in force there, never from
 * a candidate; what cannot be run is reported with its reason, never dropped and never counted as passed.
 */
import { join } from 'node:path/posix';
import { isAllowed, parseCommand } from '../../sandbox/index.ts';
import type { BaseFiles, DetectedCheck, HostCaches, Toolchain } from '../types.ts';
import { detectGo } from './detect-go.ts';
import { detectJavascript } from './detect-javascript.ts';
import { detectMake } from './detect-make.ts';
import { detectPython } from './detect-python.ts';
import { detectRust } from './detect-rust.ts';
import { kindOf } from './kind-of.ts';
import { NO_CACHES } from './package-caches.ts';
import { type Ecosystem, filesByPackage, findPackages, type Package } from './packages.ts';
import { type Plan, planCommand } from './plan-command.ts';
import { pythonPaths } from './python-path.ts';

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
  /** Installed dependencies, repository-relative, as `installedIn` lists them. */
  installed: readonly string[];
  caches?: HostCaches;
}

/**
 * Lists the checks of a tree: those of the top first, then those of its packages, which carry their folder and scope.
 * @throws AmbientError `shell-syntax`, `bad-command` (config) for a configured command that is no plain argv.
 */
export async function detectChecks(files: BaseFiles, options: DetectOptions): Promise<DetectedCheck[]> {
  const packages = await findPackages(files);
  const pythonPath = pythonPaths(files.paths, packages);
  const found: DetectedCheck[] = [];
  if (options.checks.length > 0) {
    for (const check of options.checks) found.push(await resolve(configured(check), options, pythonPath('')));
    return found;
  }
  const byFolder = filesByPackage(files, packages);
  const top = (await files.read('package.json')) ?? '';
  const inWorkspace = files.paths.includes('go.work');
  for (const [folder, own] of byFolder) {
    const one = packages.find((other) => other.folder === folder);
    for (const plan of await plansOf(own, { one, top, inWorkspace })) {
      const placed = one === undefined ? plan : { ...plan, name: `${plan.name} (${folder})`, cwd: folder };
      const check = await resolve(placed, options, pythonPath(folder));
      found.push(one === undefined ? check : { ...check, scope: one.scope });
    }
  }
  return found;
}

interface Surroundings {
  one: Package | undefined;
  /** Manifest of the top. */
  top: string;
  inWorkspace: boolean;
}

/** The plans of one package, or of the top when there is none. */
async function plansOf(files: BaseFiles, { one, top, inWorkspace }: Surroundings): Promise<Plan[]> {
  const is = (ecosystem: Ecosystem) => one === undefined || one.ecosystems.includes(ecosystem);
  const plans = [
    ...(is('python') ? await detectPython(files) : []),
    ...(is('javascript') ? await detectJavascript(files, top) : []),
    ...(is('go') ? detectGo(files, inWorkspace) : []),
    ...(is('rust') ? await detectRust(files) : []),
  ];
  return [...plans, ...(await detectMake(files, plans))].map((plan) =>
    plan.environment === undefined || one === undefined
      ? plan
      : { ...plan, environment: join(one.folder, plan.environment) },
  );
}

function configured(check: ConfiguredCheck): Plan {
  const full = typeof check === 'object' && 'command' in check ? check : { command: check };
  const argv = parseCommand(full.command as string | readonly string[]);
  const kind = 'kind' in full && full.kind ? full.kind : kindOf(argv);
  const name = 'name' in full && full.name ? full.name : argv.join(' ');
  return { name, kind, argv };
}

async function resolve(plan: Plan, options: DetectOptions, pythonPath: string[]): Promise<DetectedCheck> {
  const { name, kind, argv } = plan;
  const cwd = plan.cwd === undefined ? {} : { cwd: plan.cwd };
  const no = (reason: string): DetectedCheck => ({ name, kind, argv, ...cwd, runnable: false, reason });
  if (plan.reason !== undefined) return no(plan.reason);
  if (!isAllowed(argv, options.allowed).allowed) return no('not in allowed_commands');
  const planned = await planCommand(plan, { ...options, caches: options.caches ?? NO_CACHES });
  if ('reason' in planned) return no(planned.reason);
  const environment = plan.environment === undefined ? {} : { environment: plan.environment };
  return { name, kind, asked: argv, ...planned, ...cwd, ...environment, pythonPath, runnable: true };
}
