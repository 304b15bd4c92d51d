/**
 * Do the tests notice when what a change replaces is broken? Rule: every place is asked for by itself, on the base; one that
 * nobody notices, or that nobody can ask about, is not covered.
 */
import { judgeOnce } from '../baseline.ts';
import type { EditTree, EvaluateOptions } from '../guarded.ts';
import type { EvaluationInput } from '../types.ts';
import { mutantsAt } from './mutants.ts';
import { notices } from './noticed.ts';

/** Lines of a file of the base, 1-based, inclusive. */
export interface Place {
  path: string;
  lines: readonly [number, number];
}

export interface Covered {
  covered: boolean;
  reason: string;
}

export interface CoveredOptions extends Pick<EvaluateOptions, 'cache' | 'signal' | 'log' | 'affected'> {
  editTree: EditTree;
}

/** Broken versions of one place that are tried. */
const MOST = 3;
/** Milliseconds of a check that is run as a whole; above that only its tests nearest to the change. */
const WHOLE = 20_000;

/** @param input its checks are the tests that passed on both sides. */
export async function coveredBy(
  places: readonly Place[],
  input: Pick<EvaluationInput, 'baseTree' | 'changes' | 'checks'>,
  options: CoveredOptions,
): Promise<Covered> {
  const checks = await quickChecks(input, options);
  if (checks.length === 0)
    return { covered: false, reason: 'no test that passes here can be asked whether it covers this' };
  const noticed: string[] = [];
  for (const { path, lines } of places) {
    const text = input.changes.find((change) => change.path === path)?.before ?? null;
    const mutants = text === null ? [] : (await mutantsAt(path, text, lines)).slice(0, MOST);
    if (mutants.length === 0) continue;
    let by: string | null = null;
    for (const mutant of mutants) {
      options.log?.progress(`breaking ${path}:${mutant.line} to see whether the tests notice`);
      by = await noticedBy(checks, { path, content: mutant.text }, input.baseTree, options);
      if (by !== null) {
        noticed.push(`${path}:${mutant.line}`);
        break;
      }
    }
    if (by === null)
      return {
        covered: false,
        reason: `no test notices when ${path}:${mutants.map(({ line }) => line).join(', ')} is broken`,
      };
  }
  if (noticed.length === 0)
    return { covered: false, reason: 'nothing of it could be broken to see whether a test notices' };
  return { covered: true, reason: `the tests notice when what is replaced is broken (${noticed.join(', ')})` };
}

type Checks = EvaluationInput['checks'];

/** The checks themselves, or what of them is near to the change where they take long. */
async function quickChecks(
  { baseTree, checks }: Pick<EvaluationInput, 'baseTree' | 'checks'>,
  options: CoveredOptions,
): Promise<Checks> {
  const quick: Array<Checks[number]> = [];
  for (const check of checks) {
    const whole = await judgeOnce(check, baseTree, kept(options));
    if (whole.outcome !== 'passed') continue;
    const tests = whole.duration <= WHOLE ? null : ((await options.affected?.())?.tests ?? []);
    const narrow = tests === null ? check : (tests.length > 0 && (await check.narrow?.(tests))) || null;
    if (narrow !== null) quick.push(narrow);
  }
  return quick;
}

async function noticedBy(
  checks: Checks,
  broken: { path: string; content: string },
  baseTree: string,
  options: CoveredOptions,
): Promise<string | null> {
  const tree = await options.editTree(baseTree, [broken]);
  for (const check of checks) {
    const whole = await judgeOnce(check, baseTree, kept(options));
    if (notices(whole, await check.judge(tree, options.signal ? { signal: options.signal } : {}))) return check.name;
  }
  return null;
}

function kept({ cache, signal }: CoveredOptions) {
  return { cache, signal: signal ?? new AbortController().signal };
}
