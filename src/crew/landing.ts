/**
 * Landing: the one place where the user's branch, index and working tree change. Rule: only with a Clearance, journalled
 * before the first byte moves, and undone when it was killed half-way.
 */
import { existsSync } from 'node:fs';
import { AmbientError } from '../base/index.ts';
import { type Landed, type Landing, openRepository, type Repository } from '../git/index.ts';
import { type Clearance, matches } from '../policy/index.ts';
import { landedTrailer, type Proposal } from '../records/index.ts';
import { type Crew, workTreeOf } from './open.ts';
import { inTurn } from './turn.ts';

/** Journal name of a landing; cycles have hexadecimal names, so they never meet. */
const LANDING = 'landing';

export interface Cleared {
  clearance: Clearance;
  proposal: Proposal;
  head: string;
  tree: string;
  evaluation: string;
  /** A fold that is ready: the branch is rewritten instead of growing. `into` is the commit that has the fix. */
  rewrite?: { tip: string; keep: string; into: string };
}

/**
 * Makes `cleared.tree` the user's next commit and writes the archive line. The caller has the turn.
 * @throws AmbientError `stale-clearance` (user) when anything moved since the clearance was given.
 */
export async function land(crew: Crew, cleared: Cleared): Promise<{ commit: string }> {
  const { clearance, proposal, head, tree, evaluation, rewrite } = cleared;
  if (!matches(clearance, { base: head, tip: proposal.commit, configuration: crew.configuration, evaluation }))
    throw new AmbientError(
      'stale-clearance',
      `the clearance of ${proposal.id} is for another state of the repository`,
      {
        kind: 'user',
        hint: `run \`git ambient merge ${proposal.id}\` again`,
      },
    );
  const landing: Landing = { head, tree, message: landingMessage(proposal), ...(rewrite ? { rewrite } : {}) };
  const into = rewrite ? { into: rewrite.into } : {};
  // Of somebody who was killed since we looked.
  await finishInterrupted(crew);
  const entry: Interrupted = { ...landing, ...into, proposal: proposal.id, workTree: workTreeOf(crew) };
  await crew.store.journal.append(LANDING, { ...entry });
  const landed = await crew.repository.work.land(landing).catch(async (error: unknown) => {
    if (!(error instanceof AmbientError && error.code === 'landing-unfinished'))
      await crew.store.journal.remove(LANDING);
    throw error;
  });
  const commit = rewrite?.into ?? landed.commit;
  tellKept(crew, landed);
  await crew.store.decided({ kind: 'merged', proposal, commit });
  await crew.store.journal.remove(LANDING);
  return { commit };
}

interface Interrupted extends Landing {
  proposal: string;
  /** Where it was to land: recovery looks there, wherever it is started. */
  workTree: string;
  /** The commit that has the fix, where that is not the new head. */
  into?: string;
}

/** A landing that stands in the journal, and the living process that is at it. */
export async function findLanding(crew: Crew): Promise<{ proposal: string; pid: number | null } | null> {
  const [entry] = await crew.store.journal.read(LANDING);
  if (entry === undefined) return null;
  return { proposal: String(entry['proposal']), pid: await crew.store.turn.holder() };
}

/** One line for people. */
export function landingNote({ proposal, pid }: { proposal: string; pid: number | null }): string {
  return pid === null
    ? `a landing of ${proposal} was interrupted half-way: \`git ambient run\` completes it or takes it back`
    : `a landing of ${proposal} is under way (process ${pid})`;
}

/**
 * Finishes or undoes a landing whose process was killed. Runs before anything else is done in the repository.
 * @returns whether another process is landing at this moment: its own commit may have woken us.
 */
export async function recoverLanding(crew: Crew): Promise<boolean> {
  if ((await findLanding(crew)) === null) return false;
  try {
    await inTurn(crew, () => finishInterrupted(crew), 0);
    return false;
  } catch (error) {
    if (error instanceof AmbientError && error.code === 'landing-under-way') return true;
    throw error;
  }
}

async function finishInterrupted(crew: Crew): Promise<void> {
  const [entry] = await crew.store.journal.read(LANDING);
  if (entry === undefined) return;
  const { proposal, workTree, into, ...landing } = entry as unknown as Interrupted;
  const said = await withRepositoryAt(crew, workTree, async (repository) => {
    const { commit, kept } = await repository.work.recover(landing);
    tellKept(crew, { changed: [], kept });
    if (commit === null) return 'it was undone';
    const view = await crew.store.proposals.find(proposal);
    await crew.store.decided({ kind: 'merged', proposal: view.proposal, commit: into ?? commit });
    return `it is complete, as ${(into ?? commit).slice(0, 12)}`;
  });
  crew.log.warn(`a landing of ${proposal} was interrupted: ${said ?? `its worktree ${workTree} is gone`}`);
  await crew.store.journal.remove(LANDING);
}

/** What somebody wrote while a landing was at it stands where it was written. */
function tellKept(crew: Crew, { changed, kept }: Pick<Landed, 'changed' | 'kept'>): void {
  const paths = [...new Set([...changed, ...kept.map(({ path }) => path)])];
  if (paths.length > 0)
    crew.log.warn(
      `changed while the landing was at it, and left as it is: ${paths.join(', ')} (\`git diff\` shows it)`,
    );
  for (const { path, blob } of kept)
    if (blob !== null) crew.log.warn(`other bytes of ${path} are kept: git show ${blob}`);
}

/** Null when there is no worktree any more. */
async function withRepositoryAt<T>(crew: Crew, workTree: string, work: (repository: Repository) => Promise<T>) {
  if (workTree === crew.repository.info.workTree) return work(crew.repository);
  if (!existsSync(workTree)) return null;
  const repository = await openRepository(workTree, { signal: crew.signal });
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

function landingMessage(proposal: Proposal): string {
  const trailers = [
    `Ambient-Specialist: ${proposal.specialist}`,
    `Ambient-Rule: ${proposal.rule}`,
    `Ambient-Risk: ${proposal.risk}`,
    ...(proposal.prompt === undefined ? [] : [`Ambient-Prompt: ${proposal.prompt}`]),
    ...(proposal.taught_by === undefined ? [] : [`Ambient-Taught-By: ${proposal.taught_by}`]),
    landedTrailer(proposal.id),
  ];
  return `${proposal.title}\n\n${proposal.rationale}\n\n${trailers.join('\n')}\n`;
}
