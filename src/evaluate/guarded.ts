/**
 * An evaluation that the change cannot talk round. Rule: what makes checks say less is refused before anything runs; where
 * tests were edited together with the program, those of the base judge as well; and a green test counts for as much as it
 * notices.
 */
import { bounded, evaluate as compareSides, type EvaluateOptions as SideOptions } from './evaluate.ts';
import { noticed } from './mutants/noticed.ts';
import type { EvaluationInput, EvaluationResult } from './types.ts';
import { byBaseTests } from './weakening/base-tests.ts';
import { alignedChecks } from './weakening/renames.ts';
import { inspect } from './weakening/weakening.ts';

/** Makes `tree` with other files in it and returns its oid; no ref is moved. Null: without it; `of`: as it is in that tree. */
export type EditTree = (
  tree: string,
  files: ReadonlyArray<{ path: string; content: string | null | { of: string } }>,
) => Promise<string>;

export interface EvaluateOptions extends SideOptions {
  /** Absent: tests that were edited are believed, and nothing is broken to see who notices. */
  editTree?: EditTree | undefined;
  /** Break the new lines to see whether the tests notice, where these take at most so many milliseconds. Absent: never. */
  mutants?: number | undefined;
}

/**
 * Refuses what weakens checks, runs every check on base (kept results count) and candidate, and compares. Writes nothing
 * but the cache, and trees by `editTree`.
 * @throws AmbientError `aborted` (environment) when `signal` fires; what a check throws.
 */
export async function evaluate(input: EvaluationInput, options: EvaluateOptions): Promise<EvaluationResult> {
  const found = await inspect(input.changes, input.maker ?? 'proposal');
  if (found.reasons.length > 0)
    return { outcome: 'failed', evidence: 'analysis', reasons: bounded(found.reasons), checks: [] };
  const checks = alignedChecks(input.checks, input.candidateTree, found.renamed);
  const result = await compareSides({ ...input, checks }, options);
  if (result.outcome !== 'passed' || options.editTree === undefined) return result;
  const { editTree, mutants } = options;
  const tests = checks.filter(
    ({ kind, name }) =>
      kind === 'tests' && result.checks.some((one) => one.name === name && one.candidate !== 'absent'),
  );
  const held = await byBaseTests({ ...input, checks: tests }, found.edited, { ...options, editTree });
  if (held !== null)
    return { ...result, outcome: held.outcome, reasons: bounded([...held.reasons, ...result.reasons]) };
  if (mutants === undefined || result.evidence !== 'tests') return result;
  const notice = await noticed({ ...input, checks: tests }, result.checks, { ...options, editTree, mutants });
  if (notice === null) return result;
  return {
    ...result,
    evidence: notice.evidence,
    reasons: bounded([...result.reasons, notice.reason]),
  };
}
