/**
 * The contract of a check and of an evaluation. Rule: three outcomes; what could not be judged is inconclusive, never
 * passed; what was red before is never blamed on the candidate and never counted as evidence for it.
 */
import type { CheckComparison, CheckOutcome, Evidence, Finding, Outcome } from '../records/index.ts';

/** What a check said about one tree. */
export interface Judgement {
  outcome: CheckOutcome;
  /** Per test case where the check's output names them: id → passed. Empty when it does not. */
  tests: Record<string, 'passed' | 'failed' | 'skipped'>;
  /** Findings, for checks that are analyses. */
  findings: Finding[];
  /** Tail of the output, for people; at most 4 KiB; redacted by the caller before it is stored. */
  detail: string;
  /** Milliseconds. */
  duration: number;
}

export interface Check {
  /** As it is shown: 'pytest', 'npm test', 'tsc --noEmit', 'analysis'. */
  name: string;
  /** 'tests' is evidence of behaviour; 'types' and 'lint' and 'analysis' are not. */
  kind: 'tests' | 'types' | 'lint' | 'analysis';
  /** Digest of everything that decides the answer besides the tree: argv, sandbox, toolchain. Cache key with the tree. */
  digest: string;
  judge(tree: string, options: { signal?: AbortSignal }): Promise<Judgement>;
}

export interface EvaluationInput {
  base: string;
  candidate: string;
  baseTree: string;
  candidateTree: string;
  checks: readonly Check[];
  /** Fingerprints that must be gone in the candidate. */
  claimed: readonly string[];
}

/** An evaluation before it is a record. */
export interface EvaluationResult {
  outcome: Outcome;
  evidence: Evidence;
  reasons: string[];
  checks: CheckComparison[];
}
