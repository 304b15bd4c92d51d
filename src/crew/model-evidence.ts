/** Analysis is evidence for a rule, which knows what it looks at. Rule: for what a model wrote, only a test or a witness is. */
import type { EvaluationContent } from '../records/index.ts';
import { isFromModel } from '../swarm/index.ts';

/** The evaluation of a draft, or inconclusive where a model wrote it and nothing that ran speaks for it. */
export function asModelsNeed<T extends Pick<EvaluationContent, 'outcome' | 'evidence' | 'reasons'>>(
  rule: string,
  evaluation: T,
): T {
  if (!isFromModel(rule) || evaluation.outcome !== 'passed' || evaluation.evidence !== 'analysis') return evaluation;
  const reasons = ['a model wrote this, and no test that ran speaks for it', ...evaluation.reasons];
  return { ...evaluation, outcome: 'inconclusive', reasons };
}
