/** Objects by oid, on the shared reader. Rule: what is asked for by oid and is not there is an error, never a null. */
import { AmbientError } from '../base/index.ts';
import { parseCommit } from './commit.ts';
import type { GitContext } from './context.ts';
import type { ObjectType, ReadObject } from './reader.ts';
import { shallowEnds } from './shallow.ts';
import type { Oid, Repository } from './types.ts';

export function createObjects(git: GitContext): Repository['objects'] {
  return {
    commit: async (oid) => {
      const found = await readAs(git, oid, 'commit');
      const commit = parseCommit(found.oid, found.content);
      const ends = shallowEnds(git.info);
      if (ends.has(oid)) return { ...commit, parents: [], cutOff: true };
      // An amended end has no parent at all: git did not know of one.
      return ends.size > 0 && commit.parents.length === 0 ? { ...commit, cutOff: true } : commit;
    },
    blob: async (oid) => (await readAs(git, oid, 'blob')).content,
    blobAt: async (at, path) => {
      const found = /[\n\0]|\r$|^\.\.?(\/|$)/.test(path)
        ? await findOdd(git, at, path)
        : await git.reader.read(`${at}:${path}`);
      return found?.type === 'blob' ? { oid: found.oid, content: found.content } : null;
    },
    resolve: async (expression) =>
      expression === '' || /[\n\0]|\r$/.test(expression) ? null : ((await git.reader.find(expression))?.oid ?? null),
    type: async (oid) => (await git.reader.find(oid))?.type ?? null,
  };
}

export async function readAs(git: GitContext, oid: Oid, type: ObjectType): Promise<ReadObject> {
  const found = await git.reader.read(oid);
  if (found?.type === type) return found;
  const what = found === null ? 'is not in this repository' : `is a ${found.type}, not a ${type}`;
  throw new AmbientError('object-missing', `the ${type} ${oid} ${what}`, {
    kind: 'user',
    hint: 'fetch it, or check the name',
    data: { oid, type },
  });
}

/** The oid of the tree of a commit or tree. @throws AmbientError `object-missing`. */
export const treeOf = (git: GitContext, oid: Oid): Promise<Oid> => requireObject(git, oid, '^{tree}');

/** The full oid of an object that must be there. @throws AmbientError `object-missing`. */
export async function requireObject(git: GitContext, oid: Oid, peel = ''): Promise<Oid> {
  const found = await git.reader.find(`${oid}${peel}`);
  if (found !== null) return found.oid;
  throw new AmbientError('object-missing', `the object ${oid} is not in this repository, or is of another type`, {
    kind: 'user',
    hint: 'fetch it, or check the name',
    data: { oid },
  });
}

/** A path that the reader's line protocol cannot carry. */
async function findOdd(git: GitContext, at: Oid, path: string): Promise<ReadObject | null> {
  if (path.includes('\0')) return null;
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', at, '--', path];
  const result = await git.run(args, { ok: [0, 128] });
  const match = /^\d+ blob ([0-9a-f]+)\t([^\0]*)\0/.exec(result.stdout.toString());
  return match?.[1] !== undefined && match[2] === path ? git.reader.read(match[1]) : null;
}
