/**
 * Where Python must look for the repository's own code. Rule: the slot's code comes first: an environment in which the
 * project itself is installed would otherwise test that copy, and every candidate would look fine.
 */
import { join } from 'node:path/posix';
import type { Package } from './packages.ts';

/** Returns a lookup of repository-relative directories by folder ('' is the top): its own first, then its siblings'. */
export function pythonPaths(paths: readonly string[], packages: readonly Package[]): (folder: string) => string[] {
  const projects = packages.filter(({ ecosystems }) => ecosystems.includes('python')).map(({ folder }) => folder);
  const own = new Map(['', ...projects].map((folder) => [folder, sourcesOf(paths, folder)]));
  // Installed side by side, siblings are found in the worktree otherwise, and that is not what is judged.
  return (folder) => {
    const first = own.get(folder) ?? own.get('') ?? [];
    return [...new Set([...first, ...projects.flatMap((other) => own.get(other) ?? [])])];
  };
}

function sourcesOf(paths: readonly string[], folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inSource = new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}src/([^/]+\\.py|[^/]+/__init__\\.py)$`);
  const hasSource = paths.some((path) => inSource.test(path)) && !paths.includes(`${prefix}src/__init__.py`);
  const top = folder === '' ? '.' : folder;
  return hasSource ? [join(folder, 'src'), top] : [top];
}
