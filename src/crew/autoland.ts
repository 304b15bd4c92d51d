/**
 * Landing without a person. Rule: only when the user asked for it (`commit_on_success`), policy allows this risk with
 * evidence that ran, the tree is clean, HEAD has not moved and nothing is under way; otherwise the proposal waits.
 */
import { AmbientError } from '../base/index.ts';
import { clear, decide } from '../policy/index.ts';
import type { ProposalView } from '../store/index.ts';
import { alternativesOf } from './alternatives.ts';
import { note } from './driver.ts';
import { gateName } from './extend/gates.ts';
import { land } from './landing.ts';
import type { Crew } from './open.ts';
import { inTurn } from './turn.ts';

/** By a person of this clone: what others approve is shown, not obeyed. */
async function isApproved(crew: Crew, view: ProposalView): Promise<boolean> {
  const own = await crew.store.replica();
  return view.decisions.findLast(({ by }) => by === own)?.line.kind === 'approved';
}

/** Returns the landed commit, or null when it is left to a person. */
export async function landByPolicy(crew: Crew, cycle: string, id: string): Promise<string | null> {
  if (!crew.config.commit_on_success || crew.repository.info.workTree === null) return null;
  const view = await crew.store.proposals.find(id);
  const { proposal } = view;
  const evaluation = view.evaluations.at(-1);
  if (evaluation === undefined || view.status !== 'validated') return null;
  const verdict = decide({
    evaluation,
    risk: proposal.risk,
    riskPolicy: { ...crew.config.risk_policy, custom_gates: crew.config.risk_policy.custom_gates.map(gateName) },
    commitOnSuccess: true,
    gates: evaluation.gates ?? [],
    approved: await isApproved(crew, view),
  });
  const state = await crew.repository.work.state();
  const still = state.head === proposal.base && state.dirty.length === 0 && state.underWay === null;
  await note(crew, cycle, 'risk_trigger', { proposal: id, risk: proposal.risk, auto_land: verdict.autoLand && still });
  if (!verdict.autoLand || !still || state.branch === null) return null;
  // Which of several is a person's choice.
  if (alternativesOf(proposal, await crew.store.proposals.heads()).length > 0) return null;
  const decision = clear({
    proposal,
    evaluation,
    base: proposal.base,
    tip: proposal.commit,
    configuration: crew.configuration,
    decisions: view.decisions.map((item) => item.line),
  });
  if (!decision.ok) return null;
  try {
    const landed = await inTurn(crew, async () => {
      if ((await crew.store.proposals.find(id)).status !== 'validated') return null;
      return land(crew, {
        clearance: decision.clearance,
        proposal,
        head: proposal.base,
        tree: proposal.tree,
        evaluation: evaluation.id,
      });
    });
    if (landed === null) return null;
    await note(crew, cycle, 'apply_success', { proposal: id, commit: landed.commit });
    return landed.commit;
  } catch (error) {
    if (!(error instanceof AmbientError) || error.kind === 'bug') throw error;
    await note(crew, cycle, 'apply_failed', { proposal: id, reason: error.message });
    return null;
  }
}
