/**
 * Closes proposals that nobody can merge any more: mended already, or their code is gone or another on every branch.
 * Rule: in doubt a proposal stays open; what still fits on one branch is never closed, nor is a change of the crew's own
 * configuration.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { Proposal } from '../records/index.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';
import { inTurn } from './turn.ts';

/** What would come of landing a proposal on a commit. */
export type Fit = 'fits' | 'done' | 'conflict';

/** Merges in memory per call; what is left over is looked at the next time. */
const MOST_TRIALS = 200;

/** Closes them with a line in the archive; returns their ids. */
export async function closeStale(crew: Crew): Promise<string[]> {
  const open = (await crew.store.proposals.heads()).filter(({ closed }) => closed === null);
  if (open.length === 0) return [];
  const proposals = open.map(({ proposal }) => proposal);
  const paths = await crew.repository.trees.changedPaths(proposals.map(({ commit }) => commit));
  const tips = await findTips(crew);
  const [head] = tips;
  if (head === undefined) return [];
  const fitOf = createFitting(crew);
  const closed: string[] = [];
  for (const proposal of proposals) {
    const touched = paths.get(proposal.commit) ?? [];
    if (touched.length === 0 || touched.every(isConfiguration)) continue;
    const verdict = await judge(crew, proposal, tips, (tip) => fitOf(proposal, touched, tip));
    if (verdict === null) continue;
    if (await close(crew, proposal, verdict)) closed.push(proposal.id);
  }
  return closed;
}

const isConfiguration = (path: string) => path === '.ambient.yml' || path.startsWith('.ambient/');

type Verdict = { kind: 'superseded' | 'expired'; reason: string };

/** Null: it stays. `tips` begin with HEAD. */
async function judge(
  crew: Crew,
  { id }: Proposal,
  tips: readonly string[],
  fit: (tip: string) => Promise<Fit>,
): Promise<Verdict | null> {
  const [head = ''] = tips;
  let done = false;
  for (const tip of tips) {
    const is = await fit(tip);
    if (is === 'done') done = true;
    // A branch that HEAD has left behind is no place where anybody would still merge it.
    if (is === 'fits' && (tip === head || !(await crew.repository.history.isAncestor(tip, head)))) return null;
  }
  if (done) return { kind: 'superseded', reason: `what ${id} does is there already` };
  return { kind: 'expired', reason: 'the code that it mends is gone or another on every branch' };
}

/** Only what is still open when our turn has come. */
async function close(crew: Crew, proposal: Proposal, { kind, reason }: Verdict): Promise<boolean> {
  try {
    return await inTurn(crew, async () => {
      if (!isOpen(await crew.store.proposals.find(proposal.id))) return false;
      await crew.store.decided({ kind, proposal, reason });
      return true;
    });
  } catch (error) {
    // Somebody is landing: there will be another time.
    if (error instanceof AmbientError && error.kind !== 'bug') return false;
    throw error;
  }
}

/** HEAD first, then the HEADs of the other worktrees, the branches, and those of the remotes. */
async function findTips(crew: Crew): Promise<string[]> {
  const { repository } = crew;
  const linked = await readdir(join(repository.info.commonDir, 'worktrees')).catch(() => [] as string[]);
  const heads = ['HEAD', 'main-worktree/HEAD', ...linked.map((name) => `worktrees/${name}/HEAD`)];
  const found = await Promise.all(heads.map((name) => repository.objects.resolve(`${name}^{commit}`)));
  const branches = [...(await repository.refs.list('refs/heads/')), ...(await repository.refs.list('refs/remotes/'))];
  return [...new Set([...found.filter((oid) => oid !== null), ...branches.map(({ oid }) => oid)])];
}

/** Says how a proposal fits on a commit; the same contents are tried once. */
export function createFitting(crew: Crew) {
  const { objects, trees } = crew.repository;
  const known = new Map<string, Fit>();
  let trials = MOST_TRIALS;
  const blobs = (at: string, paths: readonly string[]) =>
    Promise.all(paths.map((path) => objects.resolve(`${at}:${path}`)));
  return async (proposal: Proposal, paths: readonly string[], tip: string): Promise<Fit> => {
    const [before, after, there] = [
      await blobs(proposal.base, paths),
      await blobs(proposal.commit, paths),
      await blobs(tip, paths),
    ];
    const equals = (others: ReadonlyArray<string | null>) => there.every((oid, index) => oid === others[index]);
    if (equals(after)) return 'done';
    if (equals(before)) return 'fits';
    // Where a file is missing it may have another name: then the whole tree decides.
    const key = [proposal.commit, ...(there.includes(null) ? [tip] : there)].join(' ');
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    if (trials <= 0) return 'fits';
    trials -= 1;
    const fit = await tryMerge();
    known.set(key, fit);
    return fit;

    async function tryMerge(): Promise<Fit> {
      try {
        const merged = await trees.merge({ base: proposal.base, candidate: proposal.commit, onto: tip });
        if (merged.tree === null) return 'conflict';
        return merged.tree === (await objects.resolve(`${tip}^{tree}`)) ? 'done' : 'fits';
      } catch (error) {
        // Its base, or content that a partial clone lacks: nobody can say.
        if (error instanceof AmbientError && error.kind !== 'bug') return 'fits';
        throw error;
      }
    }
  };
}
