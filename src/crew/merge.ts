/**
 * `merge`: re-place on HEAD when the base moved, re-evaluate when the tree differs, clear, land. Rule: the explicit base
 * decides what the proposal changed: history (an amend that removed a secret) is never brought back.
 */
import { AmbientError } from '../base/index.ts';
import { clear } from '../policy/index.ts';
import type { Evaluation, Evidence, Proposal } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { supersedeAlternatives } from './alternatives.ts';
import { note } from './driver.ts';
import { withGates } from './extend/gates.ts';
import { carryNotes, type FixupReport, planFixup } from './fixup.ts';
import { land, recoverLanding } from './landing.ts';
import { type Crew, headOf, workTreeOf } from './open.ts';
import { releaseClosed } from './release.ts';
import { closeStale } from './stale.ts';
import { inTurn } from './turn.ts';
import { noticeUndone } from './undone.ts';
import { verifyCandidate } from './verify.ts';
import { addWitnessTest } from './witness-test.ts';

export type MergeResult =
  | {
      id: string;
      merged: true;
      commit: string;
      title: string;
      /** Placed on another base than it was made on. */
      replaced: boolean;
      /** How strong what speaks for it is: `analysis` means that no test judged it. */
      evidence: Evidence;
      /** Only after `--fixup`. */
      fixup?: FixupReport;
      /** Only after `--with-witness`: where the test stands. */
      test?: string;
    }
  | MergeRefusal;

/** A gate said no: nothing changed. */
interface MergeRefusal {
  id: string;
  merged: false;
  reason: string;
  next: string;
}

export interface MergeOptions {
  /** Into the commit that introduced what it mends. */
  fixup?: boolean;
  /** With the failing input as a test. */
  withWitness?: boolean;
}

/** Lands the proposal that `prefix` names on the checked-out branch. */
export async function merge(crew: Crew, prefix: string, options: MergeOptions = {}): Promise<MergeResult> {
  workTreeOf(crew);
  // A living landing is told by whoever wants the turn.
  if (await recoverLanding(crew)) await inTurn(crew, async () => {});
  await noticeUndone(crew);
  const view = await crew.store.proposals.find(prefix);
  const { proposal } = view;
  const head = await headOf(crew);
  const decided = refuseDecided(view);
  if (decided) return decided;
  const placed = await placeOnHead(crew, proposal, head);
  if ('reason' in placed) return { id: proposal.id, merged: false, ...placed };
  await refuseUnsafe(crew, head, placed.tree);
  const fold = options.fixup ? await planFixup(crew, proposal, head, placed.tree) : null;
  if (fold && 'reason' in fold) return { id: proposal.id, merged: false, ...fold };
  let tree = fold?.tree ?? placed.tree;
  let evaluation = await evaluationFor(crew, view, head, tree);
  const test = options.withWitness ? await addWitnessTest(crew, { proposal, head, tree, evaluation }) : null;
  if (test && 'reason' in test) return { id: proposal.id, merged: false, ...test };
  if (test) {
    tree = test.tree;
    await refuseUnsafe(crew, head, tree);
    evaluation = await evaluationFor(crew, view, head, tree);
  }
  const decision = clear({
    proposal,
    evaluation,
    base: head,
    tip: proposal.commit,
    configuration: crew.configuration,
    decisions: view.decisions.map((item) => item.line),
  });
  if (!decision.ok) return { id: proposal.id, merged: false, reason: decision.reason, next: decision.next };
  const landed = await inTurn(crew, async () => {
    const meanwhile = refuseDecided(await crew.store.proposals.find(proposal.id));
    if (meanwhile) return meanwhile;
    return land(crew, {
      clearance: decision.clearance,
      proposal,
      head,
      tree,
      evaluation: evaluation.id,
      ...(fold ? { rewrite: { tip: fold.tip, keep: fold.report.undo, into: fold.report.as } } : {}),
    });
  });
  if ('merged' in landed) return landed;
  const { commit } = landed;
  if (fold) await carryNotes(crew, fold);
  await closeMended(crew, proposal);
  await note(crew, proposal.id, 'apply_success', { proposal: proposal.id, commit, fixup: fold !== null });
  const { id, title } = proposal;
  const { evidence } = evaluation;
  const result = { id, merged: true as const, commit, title, replaced: placed.replaced, evidence };
  return { ...result, ...(fold ? { fixup: fold.report } : {}), ...(test ? { test: test.path } : {}) };
}

/** Already merged or rejected: said, with the way back. */
function refuseDecided({ proposal: { id }, status, decisions }: ProposalView): MergeRefusal | null {
  const refuse = (reason: string, next: string) => ({ id, merged: false as const, reason, next });
  const commit = decisions.findLast(({ line }) => line.kind === 'merged')?.line.commit;
  const as = commit === undefined ? '' : ` as ${commit.slice(0, 12)}`;
  if (status === 'merged')
    return refuse(
      `${id} is merged already${as}`,
      commit === undefined ? `git ambient show ${id}` : `git show ${commit}`,
    );
  if (status === 'rejected') return refuse(`${id} was rejected`, `git ambient approve ${id}`);
  if (status === 'reverted') return refuse(`${id} was merged${as} and taken back`, `git ambient approve ${id}`);
  const why = decisions.findLast(({ line }) => line.kind === status)?.line.reason;
  if (status === 'superseded' || status === 'expired')
    return refuse(`${id} is closed${why === undefined ? '' : `: ${why}`}`, 'git ambient list');
  return null;
}

/** Refuses before the (slow) evaluation what landing would refuse after it. */
async function refuseUnsafe(crew: Crew, head: string, tree: string): Promise<void> {
  const state = await crew.repository.work.state();
  if (state.underWay !== null)
    throw new AmbientError('under-way', `a ${state.underWay} is under way in this worktree`, {
      kind: 'user',
      hint: `finish or abort the ${state.underWay} first`,
    });
  const paths = new Set((await crew.repository.trees.diff(head, tree)).map((change) => change.path));
  const absent = await crew.repository.work.leftOut([...paths]);
  if (absent.length > 0) throw notCheckedOut(absent);
  const overlap = state.dirty.filter((path) => paths.has(path));
  if (overlap.length > 0)
    throw new AmbientError(
      'dirty-overlap',
      `you have uncommitted changes in ${overlap.join(', ')}, which this fix touches`,
      {
        kind: 'user',
        hint: 'commit or stash them first; nothing was changed',
        data: { paths: overlap },
      },
    );
}

/** They hold nothing of the user's; what is done to them should be seen all the same. */
function notCheckedOut(absent: readonly string[]): AmbientError {
  const [first = ''] = absent;
  const folder = first.includes('/') ? first.slice(0, first.lastIndexOf('/')) : '/';
  const what = `your sparse checkout leaves out ${absent.join(', ')}, which this fix touches`;
  return new AmbientError('not-checked-out', what, {
    kind: 'user',
    hint: `run \`git sparse-checkout add ${folder}\` first; nothing was changed`,
    data: { paths: absent },
  });
}

/** What this landing mended elsewhere too, or made impossible; and what only closed proposals still held on to. */
async function closeMended(crew: Crew, landed: Proposal): Promise<void> {
  try {
    await supersedeAlternatives(crew, landed);
    await closeStale(crew);
    await releaseClosed(crew);
  } catch (error) {
    // The fix has landed: the next runner puts the rest in order.
    if (!(error instanceof AmbientError)) throw error;
    crew.log.warn(error.message);
  }
}

/** Looks at the code as it is now, and closes what is out of date. */
const SUPERSEDE = 'git ambient run --all';

type Placement = { tree: string; replaced: boolean } | { reason: string; next: string };

async function placeOnHead(crew: Crew, proposal: Proposal, head: string): Promise<Placement> {
  if (head === proposal.base) return { tree: proposal.tree, replaced: false };
  const merged = await crew.repository.trees.merge({ base: proposal.base, candidate: proposal.commit, onto: head });
  if (merged.tree === null)
    return {
      reason: `the code that ${proposal.id} fixes has changed since (${merged.conflicts.join(', ')})`,
      next: SUPERSEDE,
    };
  const headTree = (await crew.repository.objects.commit(head)).tree;
  if (merged.tree === headTree)
    return {
      reason: `HEAD already contains what ${proposal.id} does`,
      next: SUPERSEDE,
    };
  return { tree: merged.tree, replaced: true };
}

/** The evaluation of exactly this tree on exactly this base in this clone; made now when there is none. */
async function evaluationFor(crew: Crew, view: ProposalView, head: string, tree: string): Promise<Evaluation> {
  const { proposal } = view;
  const known = view.evaluations.findLast(
    (item) => item.base === head && item.tree === tree && item.configuration === crew.configuration,
  );
  if (known) return known;
  crew.log.progress(`the base moved: verifying ${proposal.id} on top of HEAD`);
  const content = await verifyCandidate(crew, {
    commit: proposal.commit,
    tree,
    base: head,
    baseTree: (await crew.repository.objects.commit(head)).tree,
    claimed: proposal.fingerprints,
    by: [proposal.specialist],
  });
  return crew.store.evaluated(await withGates(crew, proposal, content));
}
