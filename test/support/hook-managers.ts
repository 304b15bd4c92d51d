/**
 * The real husky, lefthook and pre-commit. husky is a dependency; the others are installed once into a cache folder
 * outside of the repository. Offline, or without npm or Python, they are skipped visibly; with CI=true that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEFTHOOK = '2.2.2';
const PRE_COMMIT = '4.3.0';

export interface Manager {
  name: string;
  argv: string[];
  /** What it needs in the environment, in the hooks that it writes too. */
  env: Record<string, string>;
  /** Why it is not there. */
  missing?: string;
}

export function husky(): Manager {
  const program = fileURLToPath(new URL('../../node_modules/husky/bin.js', import.meta.url));
  return { name: 'husky', argv: [process.execPath, program], env: {} };
}

/** The package of npm brings its program in an optional package for the platform: nothing is fetched when it starts. */
export function lefthook(): Manager {
  const name = `lefthook-${LEFTHOOK}`;
  const bin = join(cacheFolder(), name, 'node_modules/.bin');
  const manager = {
    name,
    argv: [join(bin, 'lefthook')],
    env: { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
  };
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  return ready(manager, ['version'], (dir) => ['npm', 'install', ...flags, '--prefix', dir, `lefthook@${LEFTHOOK}`]);
}

export function preCommit(): Manager {
  const name = `pre-commit-${PRE_COMMIT}`;
  const env = { PYTHONPATH: join(cacheFolder(), name) };
  const flags = ['-q', '--disable-pip-version-check'];
  return ready({ name, argv: ['python3', '-m', 'pre_commit'], env }, ['--version'], (dir) => {
    return ['python3', '-m', 'pip', 'install', ...flags, '--target', dir, `pre-commit==${PRE_COMMIT}`];
  });
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'git-ambient-tests');
}

function ready(manager: Manager, probe: string[], command: (dir: string) => string[]): Manager {
  const [file = '', ...args] = manager.argv;
  const env = { ...process.env, ...manager.env };
  const starts = () => spawnSync(file, [...args, ...probe], { env, stdio: 'ignore', timeout: 60_000 }).status === 0;
  if (starts()) return manager;
  const complaint = install(join(cacheFolder(), manager.name), command);
  if (starts()) return manager;
  const missing = `${manager.name} could not be installed: ${complaint || 'it does not start'}`;
  if (process.env['CI']) throw new Error(`${missing} (CI=true)`);
  process.stderr.write(`skipped: ${missing}\n`);
  return { ...manager, missing };
}

function moveTo(dir: string, draft: string): void {
  try {
    renameSync(draft, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error;
  }
}

/** Installs beside its place and moves it there as a whole; returns what went wrong, or nothing. */
function install(dir: string, command: (dir: string) => string[]): string {
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    const draft = mkdtempSync(join(cacheFolder(), 'draft-'));
    const [file = '', ...args] = command(draft);
    const result = spawnSync(file, args, { encoding: 'utf8', timeout: 180_000 });
    // Another test may have been quicker, and be using it: what stands there was moved as a whole too.
    if (result.status === 0 && !existsSync(dir)) moveTo(dir, draft);
    rmSync(draft, { recursive: true, force: true });
    return result.status === 0 ? '' : (result.error?.message ?? result.stderr.trim().slice(-500));
  } catch (error) {
    return (error as Error).message;
  }
}
