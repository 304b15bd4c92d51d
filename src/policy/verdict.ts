/**
 * What may happen to an evaluated change. Rule: everything that is not plainly allowed waits for a person: a level that
 * no list names, a gate that failed, hung or was never asked.
 */
import type { Config } from '../config/index.ts';
import type { CheckComparison, Evidence, GateAnswer, Outcome, Risk } from '../records/index.ts';
import type { Verdict } from './types.ts';

export interface DecideInput {
  evaluation: {
    outcome: Outcome;
    evidence: Evidence;
    reasons: readonly string[];
    checks: ReadonlyArray<Pick<CheckComparison, 'name' | 'candidate'>>;
  };
  risk: Risk;
  riskPolicy: Pick<Config['risk_policy'], 'auto_apply' | 'require_approval'> &
    Partial<Pick<Config['risk_policy'], 'custom_gates'>>;
  commitOnSuccess: boolean;
  gates: readonly GateAnswer[];
  /** A person of this clone has answered for the risk. */
  approved?: boolean;
}

/** Decides; `reasons` says why it may not land by itself, or why the evaluation ended as it did. */
export function decide(input: DecideInput): Verdict {
  const { evaluation, risk, riskPolicy, commitOnSuccess, gates } = input;
  const { outcome, evidence } = evaluation;
  const reasons: string[] = [];
  const listed = riskPolicy.auto_apply.includes(risk) && !riskPolicy.require_approval.includes(risk);
  const needsApproval = !listed && input.approved !== true;
  if (outcome !== 'passed') reasons.push(...evaluation.reasons, `the evaluation is ${outcome}`);
  if (needsApproval) reasons.push(`risk ${risk} waits for a person`);
  if (evidence !== 'tests' && evidence !== 'witness') reasons.push('no test ran that could have failed');
  // A witness shows that the flaw is gone, not that the rest still works.
  const ran = evaluation.checks.some(({ name, candidate }) => name !== 'analysis' && candidate === 'passed');
  if (evidence === 'witness' && !ran) reasons.push('no check of the repository passed');
  const denials = deniedBy(riskPolicy.custom_gates ?? [], gates);
  reasons.push(...denials);
  const autoLand = commitOnSuccess === true && reasons.length === 0;
  return { outcome, risk, autoLand, needsApproval: needsApproval || denials.length > 0, reasons };
}

function deniedBy(configured: readonly string[], gates: readonly GateAnswer[]): string[] {
  const denied = gates
    .filter((gate) => gate.allowed !== true)
    .map((gate) => `gate ${gate.name} denies: ${gate.reason}`);
  const asked = new Set(gates.map((gate) => gate.name));
  return [...denied, ...configured.filter((name) => !asked.has(name)).map((name) => `gate ${name} gave no answer`)];
}
