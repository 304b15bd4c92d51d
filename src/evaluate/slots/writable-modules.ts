/**
 * A node_modules that tools may write beside: Vite keeps its cache and its compiled configuration in there and ends where it
 * cannot. Rule: what is installed stays read-only, mounted one folder deeper; around it stands a folder of the slot with a
 * link to each package, as pnpm lays them out, and whatever is written into that is gone with the scrub.
 */
import { mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import type { RepositoryInfo } from '../../git/index.ts';
import type { Dependency, Lent } from '../types.ts';
import { dependencyBinds, mainWorkTree } from './dependencies.ts';

/** Packages that write there, and what they leave. Others ask first whether they can, and do without. */
const WRITERS = new Set(['vite', 'vitest', '@vitejs', '.vite', '.vite-temp', '.vitest']);
/** Made anew by whoever wants it. */
const CACHES = new Set(['.vite', '.vite-temp', '.vitest', '.cache']);

/** Where the folder itself goes. No package can have that name, and none looks for another inside of it. */
const INNER = 'node_modules';

/** Finds what is installed for the tree of `paths`; the answer prepares a slot for all of it and says what is to be mounted. */
export async function lendDependencies(
  info: Pick<RepositoryInfo, 'commonDir' | 'workTree'>,
  paths: readonly string[],
): Promise<(dir: string) => Promise<Lent[]>> {
  const dependencies = await dependencyBinds(info.workTree, paths, mainWorkTree(info));
  return (dir) => Promise.all(dependencies.map((one) => lendTo(dir, one)));
}

/**
 * Prepares `dir` for `dependency`.
 * @returns what is to be mounted; anything but such a node_modules as it is.
 */
export async function lendTo(dir: string, { path, at }: Dependency): Promise<Lent> {
  const place = join(dir, at);
  const plain = { path, at: place };
  if (basename(at) !== 'node_modules') return plain;
  const names = await readdir(path).catch(() => []);
  if (!names.some((name) => WRITERS.has(name))) return plain;
  try {
    await mkdir(join(place, INNER), { recursive: true });
  } catch {
    // The tree has something else there.
    return plain;
  }
  for (const name of names) {
    if (CACHES.has(name) || name === INNER) continue;
    if (name.startsWith('@')) await linkScope(path, place, name);
    else await linkEntry(path, place, name, (entry) => join(INNER, entry));
  }
  return { path, at: join(place, INNER) };
}

async function linkScope(path: string, place: string, scope: string): Promise<void> {
  const names = await readdir(join(path, scope)).catch(() => []);
  await mkdir(join(place, scope), { recursive: true });
  for (const name of names) await linkEntry(path, place, join(scope, name), (entry) => join('..', INNER, entry));
}

/** What leads out of node_modules is another package of the repository: the slot has its own. */
async function linkEntry(path: string, place: string, name: string, inner: (name: string) => string): Promise<void> {
  const target = await readlink(join(path, name)).catch(() => null);
  const leaves = target !== null && normalize(join(name, '..', target)).startsWith('..');
  await symlink(leaves ? target : inner(name), join(place, name)).catch((error: NodeJS.ErrnoException) => {
    // What the tree brings along comes first.
    if (error.code !== 'EEXIST') throw error;
  });
}
