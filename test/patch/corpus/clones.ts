/** Local clones of public repositories, given by path. Rule: which ones there are is never written into this repository. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readSources } from './commits.ts';
import type { Source } from './model.ts';

/** Repositories at `path` itself, below it, or at `<below>/repo`; several paths are joined by colons. */
export function findClones(paths: string): Array<{ name: string; dir: string }> {
  const isRepository = (dir: string) => existsSync(join(dir, 'HEAD')) || existsSync(join(dir, '.git'));
  return paths.split(':').flatMap((path) => {
    if (isRepository(path))
      return [{ name: basename(path) === 'repo' ? basename(dirname(path)) : basename(path), dir: path }];
    return readdirSync(path)
      .sort()
      .flatMap((name) =>
        [join(path, name), join(path, name, 'repo')].filter(isRepository).map((dir) => ({ name, dir })),
      );
  });
}

/** `count` sources, spread evenly over the clones. */
export function sourcesOf(paths: string, count: number, seed: string): Source[] {
  const clones = findClones(paths);
  const each = Math.ceil(count / Math.max(1, clones.length));
  const found = clones.map(({ name, dir }) => readSources(dir, { name, count: each, seed }));
  // Taken in turns, so that a shorter run sees every clone too.
  return Array.from({ length: each }, (_, at) => found.flatMap((sources) => sources[at] ?? []))
    .flat()
    .slice(0, count);
}
