/**
 * Finds the commit that a landing made, wherever HEAD has gone since. Rule: its message says so (the last line of the
 * landing's), or, where a hook wrote another message, it stands right on the landing's HEAD with the landing's content.
 */
import type { GitContext } from './context.ts';
import { type RawChange, rawChanges } from './diff.ts';
import type { Landing, Oid } from './types.ts';

/** Null: nothing landed, or it was taken away again. */
export async function findLandedCommit(
  git: GitContext,
  landing: Landing,
  changes: readonly RawChange[],
): Promise<Oid | null> {
  if (landing.rewrite) {
    const { tip } = landing.rewrite;
    const { code } = await git.run(['merge-base', '--is-ancestor', tip, 'HEAD'], { ok: [0, 1, 128] });
    return code === 0 ? tip : null;
  }
  // On it: also when another branch was checked out since. Anywhere on this branch: also when it was rebased.
  const onHead = async (...more: string[]) =>
    (await list(git, ['HEAD', '--branches', `^${landing.head}`, ...more]))
      .filter(({ parents }) => parents[0] === landing.head)
      .map(({ oid }) => oid);
  const mark = landing.message.trim().split('\n').at(-1) ?? '';
  const said = [`--grep=${mark}`, '--fixed-strings'];
  const [named] = [...(await onHead(...said)), ...(await list(git, ['HEAD', `^${landing.head}`, ...said])).map(oidOf)];
  if (named !== undefined) return named;
  for (const oid of await onHead()) if (await holds(git, landing, changes, oid)) return oid;
  return null;
}

interface Listed {
  oid: Oid;
  parents: Oid[];
}
const oidOf = ({ oid }: Listed) => oid;

/** Oldest first. */
async function list(git: GitContext, args: readonly string[]): Promise<Listed[]> {
  const result = await git.run(['rev-list', '--parents', '--topo-order', '--reverse', ...args], { ok: [0, 128] });
  return result.stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [oid = '', ...parents] = line.split(' ');
      return { oid, parents };
    });
}

async function holds(git: GitContext, landing: Landing, changes: readonly RawChange[], commit: Oid): Promise<boolean> {
  const made = new Map((await rawChanges(git, landing.head, commit)).map((change) => [change.path, change.newOid]));
  return changes.length > 0 && changes.every(({ path, newOid }) => made.get(path) === newOid);
}
