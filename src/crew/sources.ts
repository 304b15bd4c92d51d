/** Which files of a tree the specialists see, and their text. Rule: read from git objects only, never from the disk. */
import ignore from 'ignore';
import { AmbientError } from '../base/index.ts';
import { isGenerated, isTestPath, languageOf } from '../code/index.ts';
import type { Repository, TreeEntry } from '../git/index.ts';
import type { SourceFile } from '../specialists/index.ts';
import { type Crew, once } from './open.ts';

/** Larger than this is data or generated, not something a person edits. Bytes. */
const LARGEST = 1024 * 1024;

/** Is `path` within `watch_paths` (empty: everywhere) and not under `ignore_patterns` (gitignore syntax)? */
export function watchFilter(config: Crew['config'], paths: readonly string[] = []): (path: string) => boolean {
  const ignored = ignore().add([...config.monitoring.ignore_patterns]);
  const within = [config.monitoring.watch_paths, paths].filter((roots) => roots.length > 0);
  // It looks at every part of every path.
  const isIgnored =
    config.monitoring.ignore_patterns.length === 0 ? () => false : (path: string) => ignored.ignores(path);
  return (path) => !isIgnored(path) && within.every((roots) => roots.some((root) => isBelow(path, root)));
}

function isBelow(path: string, root: string): boolean {
  const clean = root.replace(/^\.\/|\/+$/g, '');
  return clean === '' || clean === '.' || path === clean || path.startsWith(`${clean}/`);
}

export interface Sources {
  files: SourceFile[];
  skipped: Array<{ path: string; reason: string }>;
}

/** Reads the source files among `entries`; what cannot be read as text is said, not dropped. */
export async function readSources(repository: Repository, entries: readonly TreeEntry[]): Promise<Sources> {
  const sources: Sources = { files: [], skipped: [] };
  // The crew's own configuration judges: what it is made of is no one's to improve on the way.
  const isSource = ({ path, mode }: TreeEntry) =>
    mode.startsWith('100') && languageOf(path) !== null && !path.startsWith('.ambient/');
  const wanted = entries.filter(isSource);
  await Promise.all(
    wanted.map(async (entry) => {
      const bytes = await repository.objects.blob(entry.oid).catch(orMissing);
      if (bytes === null) {
        sources.skipped.push({ path: entry.path, reason: 'its content is not in this clone' });
        return;
      }
      const language = languageOf(entry.path);
      if (language === null) return;
      if (bytes.length > LARGEST) sources.skipped.push({ path: entry.path, reason: 'larger than 1 MiB' });
      else if (!isUtf8(bytes)) sources.skipped.push({ path: entry.path, reason: 'not UTF-8 text' });
      else {
        const text = bytes.toString('utf8');
        if (isGenerated(entry.path, text)) return;
        sources.files.push({ path: entry.path, blob: entry.oid, text, language, test: isTestPath(entry.path) });
      }
    }),
  );
  sources.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return sources;
}

/** Every entry of `tree`. The last one is kept: it may be a large one. */
export function listingOf(crew: Crew, tree: string): Promise<readonly TreeEntry[]> {
  const key = `listing of ${tree}`;
  for (const other of crew.opened.keys())
    if (other.startsWith('listing of ') && other !== key) crew.opened.delete(other);
  return once(crew, key, () => crew.repository.trees.list(tree));
}

/** A partial clone has names without content. */
export function orMissing(error: unknown): null {
  if (error instanceof AmbientError && error.code === 'object-missing') return null;
  throw error;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
  } catch {
    return false;
  }
}
