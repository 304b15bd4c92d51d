/**
 * Do the tests notice when the new lines are broken? Rule: it never fails a change, for a correct line may have no test; it
 * says what a green run is worth. One that is noticed is enough, and nothing is tried where tests take long.
 */
import type { CheckComparison, Evidence } from '../../records/index.ts';
import { judgeOnce } from '../baseline.ts';
import { compareRuns } from '../compare.ts';
import type { EditTree, EvaluateOptions } from '../guarded.ts';
import type { Check, EvaluationInput, Judgement } from '../types.ts';
import { mutantsOf } from './mutants.ts';

export interface Notice {
  evidence: Evidence;
  reason: string;
}

/** Broken versions that are tried. */
const MOST = 3;
/** How many times as long as the slowest tests that are asked a broken version may take. */
const PATIENCE = 10;

/** @param input its checks are the tests. Null where nothing can be said. */
export async function noticed(
  input: EvaluationInput,
  compared: readonly CheckComparison[],
  { editTree, mutants: longest, ...options }: EvaluateOptions & { editTree: EditTree; mutants: number },
): Promise<Notice | null> {
  const green = input.checks.flatMap((check) => {
    const said = compared.find(({ name }) => name === check.name);
    return said?.candidate === 'passed' && !said.flaky ? [{ check, said }] : [];
  });
  // What failed on the base and passes now has noticed the change already.
  if (green.length === 0 || green.some(({ said }) => said.base === 'failed')) return null;
  if (green.reduce((sum, { said }) => sum + said.duration_ms, 0) > longest) return null;
  const mutants = (await mutantsOf(input.changes)).slice(0, MOST);
  const signal = options.signal ?? new AbortController().signal;
  const places: string[] = [];
  const kept = { cache: options.cache, underWay: options.underWay, signal };
  for (const mutant of mutants) {
    if (signal.aborted) return null;
    options.log?.progress(`breaking ${mutant.path}:${mutant.line} to see whether the tests notice`);
    const tree = await editTree(input.candidateTree, [{ path: mutant.path, content: mutant.text }]);
    for (const { check } of green) {
      const whole = await judgeOnce(check, input.candidateTree, kept);
      const broken = await judgeInTime(check, tree, longest * PATIENCE, signal);
      if (broken === null)
        return { evidence: 'tests', reason: `${check.name} does not end when ${mutant.path}:${mutant.line} is broken` };
      if (notices(whole, broken))
        return { evidence: 'tests', reason: `${check.name} fails when ${mutant.path}:${mutant.line} is broken` };
      if (broken.duration > 3 * longest) return null;
    }
    places.push(`${mutant.path}:${mutant.line}`);
  }
  if (places.length === 0) return null;
  return {
    // One that nobody notices may mean the same as before; two or more hardly do.
    evidence: places.length > 1 ? 'analysis' : 'tests',
    reason: `the tests do not notice when the new lines are broken (${[...new Set(places)].join(', ')})`,
  };
}

/** Null when it did not end: a broken loop may run until the limit of the check, which is meant for whole suites. */
async function judgeInTime(check: Check, tree: string, time: number, signal: AbortSignal): Promise<Judgement | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), time);
  try {
    return await check.judge(tree, { signal: AbortSignal.any([signal, late.signal]) });
  } catch (cause) {
    if (late.signal.aborted && !signal.aborted) return null;
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

/** A test must fail by its name where tests have names: what cannot be compiled or loaded is noticed by nobody. */
export function notices(whole: Judgement, broken: Judgement): boolean {
  if (broken.outcome === 'timeout') return true;
  const names = Object.keys(whole.tests);
  if (names.length > 0) return names.some((id) => whole.tests[id] === 'passed' && broken.tests[id] === 'failed');
  return compareRuns(whole, broken).kind === 'broken';
}
