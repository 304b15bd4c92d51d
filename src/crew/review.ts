/** What people see of proposals: `list`, `show`, `diff`, `reject`. Rule: reads, except for one archive line. */
import { AmbientError } from '../base/index.ts';
import { rank } from '../policy/index.ts';
import type { CheckComparison, Evidence, Risk, Status } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { note } from './driver.ts';
import { isOpen } from './known.ts';
import type { Crew } from './open.ts';

/** One row of `list --json`. */
export interface ProposalRow {
  id: string;
  commit: string;
  base: string;
  specialist: string;
  rule: string;
  title: string;
  risk: Risk;
  status: Status;
  evidence: Evidence | null;
  files: string[];
  created_at: string;
  evaluation: { outcome: string; reasons: string[]; checks: CheckComparison[] } | null;
}

/** Rows, highest risk first. `all` includes what is decided; `files` costs another look at every commit. */
export async function listProposals(
  crew: Crew,
  options: { all?: boolean; files?: boolean } = {},
): Promise<ProposalRow[]> {
  const views = await crew.store.proposals.list();
  const wanted = options.all ? views : views.filter(isOpen);
  const commits = options.files ? wanted.map((view) => view.proposal.commit) : [];
  const files = await crew.repository.trees.changedPaths(commits);
  const rows = wanted.map((view) => rowOf(view, files.get(view.proposal.commit) ?? []));
  return rows.sort(byUrgency);
}

/** What matters most first, then what is newest. */
function byUrgency(a: ProposalRow, b: ProposalRow): number {
  const risk = rank(b.risk) - rank(a.risk);
  if (risk !== 0) return risk;
  return a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? -1 : 1;
}

function rowOf(view: ProposalView, files: string[]): ProposalRow {
  const { proposal } = view;
  const evaluation = view.evaluations.at(-1);
  return {
    id: proposal.id,
    commit: proposal.commit,
    base: proposal.base,
    specialist: proposal.specialist,
    rule: proposal.rule,
    title: proposal.title,
    risk: proposal.risk,
    status: view.status,
    evidence: evaluation?.evidence ?? null,
    files,
    created_at: proposal.created_at,
    evaluation: evaluation
      ? { outcome: evaluation.outcome, reasons: evaluation.reasons, checks: evaluation.checks }
      : null,
  };
}

export interface ProposalDetail extends ProposalRow {
  rationale: string;
  decisions: Array<{ by: string; kind: string; at: string; reason: string | null; commit: string | null }>;
  verified_by: Array<{ by: string; outcome: string; at: string }>;
  diff: string;
  next: string[];
}

export async function showProposal(crew: Crew, prefix: string, options: { color: boolean }): Promise<ProposalDetail> {
  const view = await crew.store.proposals.find(prefix);
  const { proposal } = view;
  const files = await crew.repository.trees.changedPaths([proposal.commit]);
  return {
    ...rowOf(view, files.get(proposal.commit) ?? []),
    rationale: proposal.rationale,
    decisions: view.decisions.map(({ by, line }) => ({
      by,
      kind: line.kind,
      at: line.at,
      reason: line.reason ?? null,
      commit: line.commit ?? null,
    })),
    verified_by: view.foreign.map(({ by, evaluation }) => ({ by, outcome: evaluation.outcome, at: evaluation.at })),
    diff: await crew.repository.trees.patch(proposal.base, proposal.commit, options),
    next: isOpen(view)
      ? [`git ambient merge ${proposal.id}`, `git ambient reject ${proposal.id} --reason "…"`]
      : [`git show ${proposal.id}`],
  };
}

/**
 * Rejects: the same fix does not come back while the code that it touches stays as it is.
 * @throws AmbientError `already-decided` (user).
 */
export async function rejectProposal(
  crew: Crew,
  prefix: string,
  reason: string,
): Promise<{ id: string; title: string; reason: string }> {
  const view = await crew.store.proposals.find(prefix);
  const { proposal } = view;
  if (view.status === 'merged' || view.status === 'reverted')
    throw new AmbientError('already-decided', `${proposal.id} is ${view.status} already`, {
      kind: 'user',
      hint: 'to undo it, use `git revert`: the crew notices',
    });
  await crew.store.decided({ kind: 'rejected', proposal, reason });
  await note(crew, proposal.id, 'decision', { proposal: proposal.id, decision: 'rejected', reason });
  return { id: proposal.id, title: proposal.title, reason };
}
