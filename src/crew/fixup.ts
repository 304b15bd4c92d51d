/**
 * `merge --fixup`: the fix goes into the unpushed commit that introduced what it mends. Rule: everything is worked out in
 * memory first; what others may have, what a merge joins and what conflicts is refused before anything moves.
 */
import { AmbientError } from '../base/index.ts';
import { landedTrailer, type Proposal } from '../records/index.ts';
import { refNames } from '../store/index.ts';
import type { Crew } from './open.ts';

export interface FixupReport {
  /** The commit that got the fix, by its old name … */
  into: string;
  /** … and by its new one. */
  as: string;
  subject: string;
  /** Commits with a new name, the one with the fix included. */
  rewritten: number;
  /** The ref that keeps the old head. */
  undo: string;
  /** What to type to go back. */
  undo_command: string;
}

interface Planned {
  tip: string;
  tree: string;
  rewritten: Array<[string, string]>;
  report: FixupReport;
}
type Refusal = { reason: string; next: string };

/** Works out the fold of the change from `head` to `tree`. Nothing moves. */
export async function planFixup(
  crew: Crew,
  proposal: Proposal,
  head: string,
  tree: string,
  now = Date.now(),
): Promise<Planned | Refusal> {
  const { repository } = crew;
  const refuse = (reason: string): Refusal => ({ reason, next: `git ambient merge ${proposal.id}` });
  const origins = await repository.rewrite.origins(head, tree);
  const [target, ...more] = origins.commits;
  if (target === undefined) return refuse('the fix only adds lines: no commit introduced what it mends');
  if (more.length > 0)
    return refuse(
      `what the fix changes came with ${origins.commits.length} commits: ${origins.commits.map(short).join(', ')}`,
    );
  const holders = await repository.rewrite.holders(target);
  if (holders.length > 0)
    return refuse(`${short(target)}, which introduced it, is on ${nameHolders(holders)} already: others may have it`);
  const folded = await repository.rewrite.fold({ head, target, tree, trailer: landedTrailer(proposal.id) });
  if (!folded.ok) return refuse(reasonOf(folded, target));
  const headTree = (await repository.objects.commit(head)).tree;
  if (folded.tree === headTree) return refuse(`commits after ${short(target)} would take the fix back`);
  const undo = refNames.undo(proposal.id, now);
  const { message } = await repository.objects.commit(target);
  return {
    tip: folded.tip,
    tree: folded.tree,
    rewritten: folded.rewritten,
    report: {
      into: target,
      as: folded.into,
      subject: message.split('\n')[0] ?? '',
      rewritten: folded.rewritten.length,
      undo,
      undo_command: `git reset --keep ${undo}`,
    },
  };
}

/** The user's own notes follow their commits where `notes.rewriteRef` says so; without them the fold stands all the same. */
export async function carryNotes(crew: Crew, { rewritten }: Planned): Promise<void> {
  try {
    await crew.repository.rewrite.carryNotes(rewritten);
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    crew.log.warn(`your git notes did not follow the rewritten commits: ${error.message}`);
  }
}

function reasonOf(
  { why, commit, paths }: { why: 'merge' | 'conflict' | 'shallow'; commit: string; paths: string[] },
  target: string,
): string {
  switch (why) {
    case 'merge':
      return `${short(commit)}, a merge, is between ${short(target)} and HEAD`;
    case 'shallow':
      return `this clone's history ends at ${short(target)}: it cannot be rewritten`;
    case 'conflict':
      return commit === target
        ? `the fix does not fit into ${short(target)}: ${paths.join(', ')} looked different then`
        : `${short(commit)}, which comes later, conflicts with the fix in ${paths.join(', ')}`;
  }
}

function nameHolders(refs: readonly string[]): string {
  const names = refs.map((ref) => ref.replace(/^refs\/(remotes|tags)\//, ''));
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function short(oid: string): string {
  return oid.slice(0, 12);
}
