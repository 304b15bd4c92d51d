/**
 * Verdict and Clearance. Rule: pure, and the only place that can make a Clearance: landing without one does not
 * type-check. A clearance binds exact object ids: any other base, tip, configuration or evaluation is stale.
 */
import type { Outcome, Risk } from '../records/index.ts';

export interface Verdict {
  outcome: Outcome;
  risk: Risk;
  /** May it land by itself, if the user asked for that? */
  autoLand: boolean;
  needsApproval: boolean;
  reasons: string[];
}

declare const cleared: unique symbol;
export interface Clearance {
  readonly [cleared]: true;
  readonly base: string;
  readonly tip: string;
  readonly configuration: string;
  /** Id of the evaluation record. */
  readonly evaluation: string;
}
