/** Trees as text for the rest of this room. Rule: read from git objects only, never from a directory. */
import { AmbientError } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import type { BaseFiles, Change } from './types.ts';

/** Bytes of one file that are looked at: more than any source or configuration has. */
const LARGEST = 2 * 1024 * 1024;

/** Opens `tree` as the view that `detectChecks` reads. */
export async function filesOf(repository: Pick<Repository, 'trees' | 'objects'>, tree: string): Promise<BaseFiles> {
  const entries = (await repository.trees.list(tree)).filter((entry) => entry.mode.startsWith('100'));
  const oids = new Map(entries.map((entry) => [entry.path, entry.oid]));
  return {
    paths: entries.map((entry) => entry.path),
    async read(path) {
      const oid = oids.get(path);
      const content = oid === undefined ? null : await repository.objects.blob(oid).catch(orMissing);
      return content === null ? null : text(content);
    },
  };
}

/** Reads both sides of every regular file that differs between two trees. */
export async function readChanges(
  repository: Pick<Repository, 'trees' | 'objects'>,
  baseTree: string,
  candidateTree: string,
): Promise<Change[]> {
  const read = async (oid: string | null) => (oid === null ? null : text(await repository.objects.blob(oid)));
  const changes: Change[] = [];
  for (const change of await repository.trees.diff(baseTree, candidateTree))
    changes.push({ path: change.path, before: await read(change.oldOid), after: await read(change.newOid) });
  return changes;
}

/** A partial clone has names without content. */
function orMissing(error: unknown): null {
  if (error instanceof AmbientError && error.code === 'object-missing') return null;
  throw error;
}

function text(content: Buffer): string {
  return content.subarray(0, LARGEST).toString('utf8');
}
