/**
 * The tests of the base on the program of the candidate. Rule: a change that edits both cannot be judged by its own tests
 * alone. Excused is one thing: tests that only follow the program to new names, where the old names are gone.
 */
import type { Outcome } from '../../records/index.ts';
import { judgeOnce } from '../baseline.ts';
import { compareRuns } from '../compare.ts';
import { settleRuns } from '../flakes/settle-runs.ts';
import type { EditTree, EvaluateOptions } from '../guarded.ts';
import { isTestFile, languageOf } from '../test-files.ts';
import type { Change, EvaluationInput } from '../types.ts';
import { onlyFollows } from './follow.ts';
import { isEvidence } from './recorded.ts';
import { withTestsOf } from './tests-inside.ts';

export interface Held {
  outcome: Outcome;
  reasons: string[];
}

/**
 * Null where nothing speaks against the change.
 * @param edited files of tests that the base has in another form.
 */
export async function byBaseTests(
  input: EvaluationInput,
  edited: readonly string[],
  { editTree, ...options }: EvaluateOptions & { editTree: EditTree },
): Promise<Held | null> {
  const isTests = ({ path }: Change) => isTestFile(path) || isEvidence(path);
  const program = input.changes.filter((change) => !isTests(change) && languageOf(change.path) !== null);
  if (program.length === 0) return null;
  const inside = await withTestsOf(program);
  if (edited.length === 0 && inside.length === 0) return null;
  // New tests too: what a test of the base is moved to would run twice, and collide.
  const files = input.changes.filter(isTests).map(({ path, before }) => ({
    path,
    content: before === null ? null : { of: input.baseTree },
  }));
  const tree = await editTree(input.candidateTree, [...files, ...inside]);
  if (tree === input.candidateTree) return null;
  const signal = options.signal ?? new AbortController().signal;
  for (const check of input.checks) {
    const judge = (of: string) => check.judge(of, { signal });
    const base = await judgeOnce(check, input.baseTree, { cache: options.cache, underWay: options.underWay, signal });
    const candidate = await judge(tree);
    if (compareRuns(base, candidate).kind === 'broken' && (await onlyFollows(input.changes))) continue;
    // The tree is made up: what is learned of flaky tests comes from the others.
    const flakes = options.flakes && { ...options.flakes, learn: async () => {} };
    const trees = { baseTree: input.baseTree, candidateTree: tree };
    const settled = await settleRuns(check, { ...trees, base, candidate, judge, flakes });
    if (settled.kind === 'fine') continue;
    return {
      outcome: settled.kind === 'broken' ? 'failed' : 'inconclusive',
      reasons: [`${check.name}: by the tests as they are on the base: ${settled.note}`],
    };
  }
  return null;
}
