/**
 * Installed dependencies of the user's worktree, lent read-only to slots, which have no network to install their own.
 * Rule: only what git does not track: a tracked folder comes from the tree that is judged.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RepositoryInfo } from '../../git/index.ts';
import { above } from '../detect/plan-command.ts';
import type { Dependency } from '../types.ts';

/**
 * Finds `node_modules` beside every tracked package.json, `.venv`, `venv` and `vendor` at the top and beside every Python
 * project and Go module, and the environments of tox and nox.
 * @param workTree null for a bare repository. @param main the worktree that others are linked to: what is not installed in
 * `workTree` is taken from there. @param tracked paths of the base tree.
 */
export async function dependencyBinds(
  workTree: string | null,
  tracked: readonly string[],
  main: string | null = null,
): Promise<Dependency[]> {
  const found: Dependency[] = [];
  for (const place of new Set([workTree, main]))
    if (place !== null)
      found.push(...(await installedBelow(place, tracked)).filter(({ at }) => !found.some((one) => one.at === at)));
  return found;
}

/** The worktree that a linked one belongs to; null for itself, and where there is only a bare repository. */
export function mainWorkTree({ commonDir, workTree }: Pick<RepositoryInfo, 'commonDir' | 'workTree'>): string | null {
  const main = basename(commonDir) === '.git' ? dirname(commonDir) : null;
  return main === workTree ? null : main;
}

async function installedBelow(workTree: string, tracked: readonly string[]): Promise<Dependency[]> {
  const beside = (...names: string[]) => {
    const manifests = tracked.filter((path) => names.includes(basename(path))).map((path) => dirname(path));
    return [...new Set(['.', ...manifests])].filter((folder) => !folder.split('/').includes('node_modules'));
  };
  const projects = beside('pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt');
  const wanted = [
    ...beside('package.json').map((folder) => join(folder, 'node_modules')),
    ...projects.flatMap((folder) => [join(folder, '.venv'), join(folder, 'venv')]),
    ...beside('go.mod').map((folder) => join(folder, 'vendor')),
    ...(await environmentsOf(workTree, projects)),
  ];
  const holders = new Set(tracked.flatMap(foldersOf));
  const found: Dependency[] = [];
  for (const at of wanted) {
    if (holders.has(at) || tracked.includes(at)) continue;
    const dependency = await installed(workTree, at);
    if (dependency !== null) found.push(dependency);
  }
  return found;
}

function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

async function environmentsOf(workTree: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders.flatMap((one) => [join(one, '.tox'), join(one, '.nox')]))
    for (const name of await readdir(join(workTree, folder)).catch(() => [])) found.push(join(folder, name));
  return found;
}

/** The dependencies and, where they are there, the tools in them that are started by themselves; repository-relative. */
export async function installedIn(dependencies: readonly Dependency[]): Promise<string[]> {
  const found: string[] = [];
  for (const { path, at } of dependencies) {
    found.push(at);
    if (basename(at) !== 'node_modules') continue;
    for (const tool of ['typescript', 'eslint'])
      if (await stat(join(path, tool, 'package.json')).catch(() => null)) found.push(join(at, tool));
  }
  return found;
}

/**
 * What is lent to a check in `folder`, in the order of the search for programs: an environment of its own first, then those
 * of the folders above; environments of other projects not at all. Environments of tox and nox only by their own names.
 */
export function lentTo(dependencies: readonly Dependency[], folder: string): Dependency[] {
  const rank = ({ at }: Dependency) => above(folder).indexOf(isPlain(at) ? parentOf(at) : at);
  const environments = dependencies.filter(isEnvironment).filter((one) => rank(one) !== -1);
  const others = dependencies.filter((one) => !isEnvironment(one));
  return [...environments.toSorted((a, b) => rank(a) - rank(b)), ...others];
}

function isEnvironment({ at }: Dependency): boolean {
  return isPlain(at) || /(^|\/)\.(tox|nox)\/[^/]+$/.test(at);
}

function isPlain(at: string): boolean {
  return /^\.?venv$/.test(basename(at));
}

function parentOf(at: string): string {
  const parent = dirname(at);
  return parent === '.' ? '' : parent;
}

async function installed(workTree: string, at: string): Promise<Dependency | null> {
  try {
    const path = await realpath(join(workTree, at));
    // A link may lead to another checkout's folder, but not to something of another name.
    if (basename(path) !== basename(at) || !(await stat(path)).isDirectory()) return null;
    if (isEnvironment({ path, at, stamp: '' })) await stat(join(path, 'pyvenv.cfg'));
    return { path, at, stamp: await stampOf(path) };
  } catch {
    return null;
  }
}

/** Installers touch one of these whenever what is installed changes. */
async function stampOf(path: string): Promise<string> {
  const markers = ['.', '.package-lock.json', '.yarn-state.yml', '.modules.yaml', 'pyvenv.cfg', 'modules.txt'];
  for (const version of await readdir(join(path, 'lib')).catch(() => []))
    markers.push(join('lib', version, 'site-packages'));
  const stamps: string[] = [path];
  for (const marker of markers) {
    const entry = await stat(join(path, marker)).catch(() => null);
    if (entry !== null) stamps.push(`${marker}:${entry.size}:${entry.mtimeMs}`);
  }
  return stamps.join('\n');
}
