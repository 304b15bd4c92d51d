/**
 * The permission to land. Rule: made here and nowhere else, only from an evaluation of this clone that is about exactly
 * this commit, on exactly this base, under exactly this configuration.
 */
import { type ArchiveLine, type Evaluation, type Proposal, standingStatus } from '../records/index.ts';
import type { Clearance } from './types.ts';

export interface ClearInput {
  proposal: Pick<Proposal, 'id' | 'commit' | 'draft'>;
  /** A record of this clone, or null when there is none: what others evaluated is shown, never trusted. */
  evaluation: Evaluation | null;
  /** The commit that it is to land on. */
  base: string;
  /** The commit that is to land. */
  tip: string;
  /** Oid of the configuration in force. */
  configuration: string;
  /** About this proposal, oldest first. */
  decisions: readonly Pick<ArchiveLine, 'kind' | 'reason'>[];
}

export type Decision =
  | { ok: true; clearance: Clearance }
  /** `next` is the command to type. */
  | { ok: false; reason: string; next: string };

/** Returns a clearance, or why there is none and what to do. */
export function clear(input: ClearInput): Decision {
  const { evaluation, base, tip, configuration } = input;
  const objection = decided(input) ?? unfit(input);
  if (objection !== null) return { ok: false, ...objection };
  // `unfit` refuses a missing evaluation; the cast is the one place where the brand is given.
  const clearance = { base, tip, configuration, evaluation: evaluation?.id } as unknown as Clearance;
  return { ok: true, clearance: Object.freeze(clearance) };
}

/** Is this clearance for exactly this landing? */
export function matches(
  clearance: Clearance,
  landing: { base: string; tip: string; configuration: string; evaluation: string },
): boolean {
  return (
    clearance.base === landing.base &&
    clearance.tip === landing.tip &&
    clearance.configuration === landing.configuration &&
    clearance.evaluation === landing.evaluation
  );
}

type Objection = { reason: string; next: string };

/** What the decisions mean is said in `records/`, once for all. */
function decided({ proposal: { id }, decisions }: ClearInput): Objection | null {
  switch (standingStatus(decisions.map(({ kind }) => kind))) {
    case 'rejected': {
      const reason = decisions.findLast(({ kind }) => kind === 'rejected')?.reason;
      return { reason: `${id} was rejected${reason ? `: ${reason}` : ''}`, next: `git ambient approve ${id}` };
    }
    case 'merged':
      return { reason: `${id} is merged already`, next: 'git ambient list' };
    case 'reverted':
      return { reason: `${id} was merged and then reverted`, next: `git ambient approve ${id}` };
    case 'superseded':
      return { reason: `${id} was replaced by a newer proposal`, next: 'git ambient list' };
    case 'expired':
      return { reason: `${id} has expired`, next: 'git ambient run --all' };
    default:
      return null;
  }
}

function unfit({ proposal, evaluation, base, tip, configuration }: ClearInput): Objection | null {
  const { id } = proposal;
  const verify = `git ambient verify ${id}`;
  if (proposal.draft) return { reason: `${id} is a draft: it was never published`, next: 'git ambient run' };
  if (proposal.commit !== tip)
    return { reason: `${id} is commit ${short(proposal.commit)}, not ${short(tip)}`, next: `git ambient show ${id}` };
  if (evaluation === null) return { reason: `${id} was not evaluated in this clone`, next: verify };
  if (evaluation.proposal !== tip)
    return { reason: `the evaluation is of ${short(evaluation.proposal)}, not of ${id}`, next: verify };
  if (evaluation.base !== base)
    return {
      reason: `${id} was evaluated on ${short(evaluation.base)}, and is to land on ${short(base)}`,
      next: verify,
    };
  if (evaluation.configuration !== configuration)
    return { reason: `${id} was evaluated under another configuration`, next: verify };
  if (evaluation.outcome === 'passed') return null;
  const why = evaluation.reasons.length > 0 ? `: ${evaluation.reasons.join('; ')}` : '';
  return evaluation.outcome === 'failed'
    ? { reason: `${id} failed its evaluation${why}`, next: `git ambient show ${id}` }
    : { reason: `the evaluation of ${id} is inconclusive${why}`, next: 'git ambient doctor' };
}

function short(oid: string): string {
  return oid.slice(0, 12);
}
