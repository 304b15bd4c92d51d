/** A proposal as a row, and which row comes first. Pure. */
import { rank } from '../policy/index.ts';
import type {
  CheckComparison,
  Evaluation,
  Evidence,
  GateAnswer,
  PerformanceResult,
  Proposal,
  Risk,
  Status,
  WitnessResult,
} from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';

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
  evaluation: EvaluationRow | null;
  /** Other specialists that proposed the same. */
  also?: string[];
  /** Ids of open proposals that change the same lines for other reasons: merging one supersedes the others. */
  alternatives?: string[];
}

export interface EvaluationRow {
  outcome: string;
  reasons: string[];
  checks: CheckComparison[];
  /** A failing input that got through before and is refused now. */
  witness: WitnessResult | null;
  performance: PerformanceResult | null;
  /** What each custom gate said; a denial waits for a person. */
  gates: GateAnswer[];
}

type Ranked = Pick<Proposal, 'id' | 'risk' | 'created_at'>;

/** What matters most first, then what is newest. */
export function byUrgency(a: Ranked, b: Ranked): number {
  const risk = rank(b.risk) - rank(a.risk);
  if (risk !== 0) return risk;
  return a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? -1 : 1;
}

/** For a review: what can land comes before what cannot; the same risk with better evidence comes first. */
export function byReview(a: ProposalView, b: ProposalView): number {
  const order = (view: ProposalView) => (view.status === 'validated' || view.status === 'stale' ? 0 : 1);
  const strength = (view: ProposalView) => EVIDENCE.indexOf(view.evaluations.at(-1)?.evidence ?? 'analysis');
  return (
    order(a) - order(b) ||
    rank(b.proposal.risk) - rank(a.proposal.risk) ||
    strength(a) - strength(b) ||
    byUrgency(a.proposal, b.proposal)
  );
}

const EVIDENCE: readonly Evidence[] = ['witness', 'tests', 'analysis'];

/** @param alternatives see `alternativesOf` */
export function rowOf(view: ProposalView, files: string[], alternatives: readonly Proposal[] = []): ProposalRow {
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
    evaluation: evaluation === undefined ? null : evaluationRow(evaluation),
    ...(proposal.also === undefined ? {} : { also: proposal.also }),
    ...(alternatives.length === 0 ? {} : { alternatives: alternatives.map(({ id }) => id) }),
  };
}

function evaluationRow({ outcome, reasons, checks, witness, performance, gates = [] }: Evaluation): EvaluationRow {
  return { outcome, reasons, checks, witness: witness ?? null, performance: performance ?? null, gates };
}
