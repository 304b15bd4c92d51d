/**
 * Which hooks git runs here, and who manages them. Rule: git is asked for the place; looking is one part, deciding from
 * what was seen another, and neither writes.
 */
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Repository } from '../git/index.ts';

export type SetupKind = 'config' | 'plain' | 'husky' | 'lefthook' | 'pre-commit' | 'in-tree' | 'elsewhere';

export interface HookSetup {
  kind: SetupKind;
  /** Absolute directory whose hooks git runs. */
  dir: string;
  /** Where our lines belong; differs from `dir` for husky. */
  home: string;
  workTree: string | null;
  /** Origin and scope of `core.hooksPath`, when it is set. */
  configured: { scope: string; origin: string } | null;
  /** Why nothing is written without consent, or at all; null for our own places. */
  reason: string | null;
}

export type HooksOf = Pick<Repository, 'info' | 'config'>;

/** What was seen: enough to decide on. */
export interface Sight {
  version: readonly [number, number, number];
  workTree: string | null;
  commonDir: string;
  dir: string;
  /** `dir` with links followed, as far as it exists. */
  real: string;
  configured: { scope: string; origin: string } | null;
  /** Who generated the files in `dir`. */
  generators: ReadonlyArray<'lefthook' | 'pre-commit'>;
}

/** git runs hooks that the configuration names since this version. */
const CONFIG_HOOKS = [2, 54] as const;

export function hasConfigHooks(version: readonly [number, number, number]): boolean {
  return version[0] > CONFIG_HOOKS[0] || (version[0] === CONFIG_HOOKS[0] && version[1] >= CONFIG_HOOKS[1]);
}

/** Who manages the hook files, whatever the version of git: hooks of the configuration come on top of them. */
export async function findFileSetup(repository: HooksOf): Promise<HookSetup> {
  return decideSetup({ ...(await look(repository)), version: [2, 38, 0] });
}

export function decideSetup(sight: Sight): HookSetup {
  const { dir, configured, workTree } = sight;
  const setup = (kind: SetupKind, reason: string | null, home = dir): HookSetup => {
    return { kind, dir, home, workTree, configured, reason };
  };
  if (hasConfigHooks(sight.version)) return setup('config', null);
  if (configured === null || resolve(dir) === join(sight.commonDir, 'hooks')) return decideOwn(sight, setup);
  const where = `core.hooksPath is set in ${configured.origin} (${configured.scope})`;
  if (dir === '/dev/null') return setup('elsewhere', `${where} to /dev/null: hooks are switched off`);
  if (!['local', 'worktree'].includes(configured.scope))
    return setup('elsewhere', `${where}: its hooks serve other repositories too`);
  const inTree = workTree !== null && isBelow(workTree, dir) && isBelow(workTree, sight.real);
  if (!inTree && !isBelow(sight.commonDir, sight.real))
    return setup('elsewhere', `${where} to a directory outside of this repository`);
  if (basename(dir) === '_') return setup('husky', `${where}: husky manages the hooks`, dirname(dir));
  return setup('in-tree', `${where}: the hooks in ${dir} are managed with the code`);
}

/** `.git/hooks`: ours to use, unless a manager wrote it or it is a link to somewhere else. */
function decideOwn(sight: Sight, setup: (kind: SetupKind, reason: string | null) => HookSetup): HookSetup {
  const [generator] = sight.generators;
  if (generator !== undefined) return setup(generator, `${generator} manages the hooks in ${sight.dir}`);
  if (isBelow(sight.commonDir, sight.real)) return setup('plain', null);
  if (sight.workTree !== null && isBelow(sight.workTree, sight.real))
    return setup('in-tree', `${sight.dir} is a link to ${sight.real}: its hooks are managed with the code`);
  return setup('elsewhere', `${sight.dir} is a link to ${sight.real}, outside of this repository`);
}

function isBelow(parent: string, path: string): boolean {
  const inside = relative(parent, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
}

async function look(repository: HooksOf): Promise<Sight> {
  const { info } = repository;
  const { dir, configured } = await repository.config.hooks();
  return {
    version: info.version,
    workTree: info.workTree,
    commonDir: info.commonDir,
    dir,
    real: await followed(dir),
    configured,
    generators: await generatorsOf(dir),
  };
}

/** Follows links in what exists of `path`. */
async function followed(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null);
  if (found !== null) return found;
  const parent = dirname(path);
  return parent === path ? path : join(await followed(parent), basename(path));
}

async function generatorsOf(dir: string): Promise<Array<'lefthook' | 'pre-commit'>> {
  const names = (await readdir(dir).catch(() => [] as string[])).filter((name) => !/\.(sample|legacy|old)$/.test(name));
  const found = await Promise.all(names.map(async (name) => generatorOf(join(dir, name))));
  return [...new Set(found.filter((generator) => generator !== null))].sort();
}

/** Which manager generated the hook at `path`, if one did. */
export async function generatorOf(path: string): Promise<'lefthook' | 'pre-commit' | null> {
  const info = await lstat(path).catch(() => null);
  if (!info?.isFile() || info.size > 64 * 1024) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.includes('File generated by pre-commit: https://pre-commit.com')) return 'pre-commit';
  return /^\s*call_lefthook run /m.test(text) ? 'lefthook' : null;
}
