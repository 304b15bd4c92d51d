/**
 * Installed dependencies of the user's worktree, lent read-only to slots, which have no network to install their own.
 * Rule: only what git does not track: a tracked folder comes from the tree that is judged.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Dependency } from './types.ts';

/**
 * Finds `node_modules` beside every tracked package.json, and `.venv`, `venv` and `vendor` at the top.
 * @param tracked paths of the base tree. @returns nothing for a bare repository (`workTree` null).
 */
export async function dependencyBinds(workTree: string | null, tracked: readonly string[]): Promise<Dependency[]> {
  if (workTree === null) return [];
  const packages = tracked.filter((path) => basename(path) === 'package.json').map((path) => dirname(path));
  const folders = [...new Set(['.', ...packages])].filter((folder) => !folder.split('/').includes('node_modules'));
  const wanted = [...folders.map((folder) => join(folder, 'node_modules')), '.venv', 'venv', 'vendor'];
  const found: Dependency[] = [];
  for (const at of wanted) {
    if (tracked.some((path) => path === at || path.startsWith(`${at}/`))) continue;
    const dependency = await installed(workTree, at);
    if (dependency !== null) found.push(dependency);
  }
  return found;
}

async function installed(workTree: string, at: string): Promise<Dependency | null> {
  try {
    const path = await realpath(join(workTree, at));
    // A link may lead to another checkout's folder, but not to something of another name.
    if (basename(path) !== basename(at) || !(await stat(path)).isDirectory()) return null;
    if (/^\.?venv$/.test(basename(at))) await stat(join(path, 'pyvenv.cfg'));
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
