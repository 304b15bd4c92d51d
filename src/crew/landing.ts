/**
 * Landing: the one place where the user's branch, index and working tree change. Rule: only with a Clearance, journalled
 * before the first byte moves, and undone when it was killed half-way.
 */
import { AmbientError } from '../base/index.ts';
import type { Landing } from '../git/index.ts';
import { type Clearance, matches } from '../policy/index.ts';
import { landedTrailer, type Proposal } from '../records/index.ts';
import type { Crew } from './open.ts';

/** Journal name of a landing; cycles have hexadecimal names, so they never meet. */
const LANDING = 'landing';

export interface Cleared {
  clearance: Clearance;
  proposal: Proposal;
  head: string;
  tree: string;
  evaluation: string;
}

/**
 * Makes `cleared.tree` the user's next commit and writes the archive line.
 * @throws AmbientError `stale-clearance` (user) when anything moved since the clearance was given.
 */
export async function land(crew: Crew, cleared: Cleared): Promise<{ commit: string }> {
  const { clearance, proposal, head, tree, evaluation } = cleared;
  if (!matches(clearance, { base: head, tip: proposal.commit, configuration: crew.configuration, evaluation }))
    throw new AmbientError(
      'stale-clearance',
      `the clearance of ${proposal.id} is for another state of the repository`,
      {
        kind: 'user',
        hint: `run \`git ambient merge ${proposal.id}\` again`,
      },
    );
  const landing: Landing = { head, tree, message: landingMessage(proposal) };
  await crew.store.journal.append(LANDING, { ...landing, proposal: proposal.id, pid: process.pid });
  try {
    const { commit } = await crew.repository.work.land(landing);
    await crew.store.decided({ kind: 'merged', proposal, commit });
    return { commit };
  } finally {
    await crew.store.journal.remove(LANDING);
  }
}

/** Finishes or undoes a landing whose process was killed. Runs before anything else is done in the repository. */
export async function recoverLanding(crew: Crew): Promise<void> {
  const [entry] = await crew.store.journal.read(LANDING);
  if (entry === undefined) return;
  const { proposal, pid, ...landing } = entry as unknown as Landing & { proposal: string; pid: number };
  if (pid !== process.pid && isAlive(pid)) return;
  const outcome = await crew.repository.work.recover(landing);
  if (outcome === 'landed') {
    const commit = await crew.repository.objects.resolve('HEAD^{commit}');
    const view = await crew.store.proposals.find(proposal);
    if (commit !== null) await crew.store.decided({ kind: 'merged', proposal: view.proposal, commit });
  }
  crew.log.warn(
    `a landing of ${proposal} was interrupted: ${outcome === 'landed' ? 'it is complete' : 'it was undone'}`,
  );
  await crew.store.journal.remove(LANDING);
}

/** The process that lands may be alive: its own commit wakes a runner before it has finished. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function landingMessage(proposal: Proposal): string {
  const trailers = [
    `Ambient-Specialist: ${proposal.specialist}`,
    `Ambient-Rule: ${proposal.rule}`,
    `Ambient-Risk: ${proposal.risk}`,
    landedTrailer(proposal.id),
  ];
  return `${proposal.title}\n\n${proposal.rationale}\n\n${trailers.join('\n')}\n`;
}
