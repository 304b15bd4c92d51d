/**
 * Judges a candidate against its base. Rule: passed means that nothing speaks against it and nothing is unknown; the
 * base decides what is run, and is itself run again before anything is blamed on the candidate.
 */
import { AmbientError, type Log } from '../base/index.ts';
import type { CheckComparison, Finding } from '../records/index.ts';
import { type Affected, reachOf } from './affected/affected.ts';
import { affectedFirst } from './affected/affected-first.ts';
import { explainOrder } from './affected/order.ts';
import { type JudgementCache, judgeOnce, type UnderWay } from './baseline.ts';
import { compareRuns } from './compare.ts';
import { againstFindings, stillThere } from './compare-findings.ts';
import { speaksFor } from './coverage.ts';
import type { FlakeMemory } from './flakes/memory.ts';
import { settleRuns } from './flakes/settle-runs.ts';
import type { Check, EvaluationInput, EvaluationResult, Judgement } from './types.ts';

export interface EvaluateOptions {
  cache: JudgementCache;
  signal?: AbortSignal | undefined;
  log?: Log | undefined;
  /** What is known of flaky tests, and is learned here. */
  flakes?: FlakeMemory | undefined;
  /** What the change touches; asked at most when a check takes long or looks broken. */
  affected?: (() => Promise<Affected>) | undefined;
  /** Runs of the same process. */
  underWay?: UnderWay | undefined;
  /** Kept results of `candidate`, or of `all`, do not count: those runs are made anew. */
  fresh?: 'candidate' | 'all' | undefined;
  /** Told what a check printed that says no to the candidate. */
  heard?: ((check: string, detail: string) => void) | undefined;
}

/** What one check contributes. */
interface Contribution {
  comparison: CheckComparison;
  kind: 'fine' | 'failed' | 'inconclusive';
  reasons: string[];
  /** Tests that pass on both sides. */
  proves: number;
  findings: { base: Finding[]; candidate: Finding[] };
}

/**
 * Runs every check on base (kept results count) and candidate, and compares. Writes nothing but the cache.
 * @throws AmbientError `aborted` (environment) when `signal` fires; what a check throws.
 */
export async function evaluate(input: EvaluationInput, options: EvaluateOptions): Promise<EvaluationResult> {
  const signal = options.signal ?? new AbortController().signal;
  const { cache, flakes, affected, underWay, fresh, heard } = options;
  const running = { cache, signal, flakes, affected, underWay, fresh, heard };
  const contributions: Contribution[] = [];
  let checks: Check[] = [];
  for (const stage of stagesOf(input.checks)) {
    const before = checks.length;
    contributions.push(
      ...(await runStage(stage, input, running, (done) =>
        options.log?.progress(`checks: ${before + done} of ${input.checks.length} done`),
      )),
    );
    checks = [...checks, ...stage];
    if (contributions.some(({ kind }) => kind === 'failed')) break;
  }
  const left = input.checks.filter((check) => !checks.includes(check)).map(({ name }) => name);
  const result = conclude({ ...input, checks }, contributions);
  if (left.length === 0) return result;
  return { ...result, reasons: bounded([...result.reasons, `not run any more after that: ${left.join(', ')}`]) };
}

/** The packages that are touched answer first; where they say no, nobody waits for the whole. */
function stagesOf(checks: readonly Check[]): Check[][] {
  const first = checks.filter(({ scope, kind }) => scope !== undefined || kind === 'analysis');
  if (!first.some(({ scope }) => scope !== undefined)) return [[...checks]];
  return [first, checks.filter((check) => !first.includes(check))];
}

/** As many at once as there are slots; all are waited for, so that nothing runs on when one of them throws. */
async function runStage(
  checks: readonly Check[],
  input: EvaluationInput,
  running: Running,
  progress: (done: number) => void,
): Promise<Contribution[]> {
  let done = 0;
  const settled = await Promise.allSettled(
    checks.map(async (check) => {
      const said = await contribution(check, input, running);
      done += 1;
      progress(done);
      return said;
    }),
  );
  const broken = settled.find((one) => one.status === 'rejected');
  if (broken) throw broken.reason;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

interface Running extends Pick<EvaluateOptions, 'cache' | 'flakes' | 'affected' | 'underWay' | 'fresh' | 'heard'> {
  signal: AbortSignal;
}

async function contribution(check: Check, input: EvaluationInput, running: Running): Promise<Contribution> {
  const base = await judge(check, input.baseTree, running, 'base');
  const { baseTree, candidateTree } = input;
  const { affected, flakes } = running;
  const again = (one: Check, tree: string) => judge(one, tree, running, 'again');
  const early =
    affected && (await affectedFirst(check, { baseTree, candidateTree, base, affected, flakes, judge: again }));
  const candidate = early?.candidate ?? (await judge(check, candidateTree, running, 'candidate'));
  const findings = { base: base.findings, candidate: candidate.findings };
  if (check.kind === 'analysis') return { ...fromAnalysis(check, base, candidate, input.claimed), findings };
  const settle = async () => {
    const settled = await settleRuns(check, {
      ...{ baseTree, candidateTree, base, candidate, flakes },
      judge: (tree) => again(check, tree),
      reach: affected && (async () => reachOf(check, await affected())),
    });
    return explainOrder(check, settled, { candidateTree, affected, judge: again });
  };
  const settled = early?.settled ?? (await settle());
  const kind = settled.kind === 'broken' ? 'failed' : settled.kind === 'unknown' ? 'inconclusive' : 'fine';
  if (kind === 'failed') running.heard?.(check.name, candidate.detail);
  const ran = base.outcome !== 'absent' || candidate.outcome !== 'absent';
  const says = settled.note !== '' && (kind !== 'fine' || settled.flaky || !ran || base.outcome !== 'passed');
  return {
    comparison: {
      ...{ name: check.name, base: base.outcome, candidate: candidate.outcome },
      ...{ duration_ms: Math.round(candidate.duration), flaky: settled.flaky, digest: shortDigest(check) },
      ...(settled.note === '' ? {} : { note: settled.note }),
    },
    kind,
    reasons: says ? [`${check.name}: ${settled.note}`] : [],
    proves: check.kind === 'tests' ? settled.proves : 0,
    findings,
  };
}

async function judge(
  check: Check,
  tree: string,
  { cache, signal, flakes, underWay, fresh }: Running,
  as: 'base' | 'candidate' | 'again',
): Promise<Judgement> {
  if (signal.aborted)
    throw new AmbientError('aborted', 'the evaluation was stopped before it ended', {
      kind: 'environment',
      cause: signal.reason,
    });
  if (as === 'again') return check.judge(tree, { signal });
  const keeps = as === 'base' || check.kind === 'analysis' ? undefined : await passedForSure(check, flakes);
  const anew = fresh === 'all' || (fresh === 'candidate' && as === 'candidate' && check.kind !== 'analysis');
  return judgeOnce(check, tree, { cache, signal, underWay, fresh: anew, keeps });
}

/** Of a candidate only what passed is kept, and nothing of a test that is known to pass only sometimes. */
async function passedForSure(check: Check, flakes: FlakeMemory | undefined) {
  const known = await flakes?.of(check);
  const steady = (id: string) => known === undefined || known.before(id).bad === 0;
  return ({ outcome, tests }: Judgement) => outcome === 'passed' && ['', ...Object.keys(tests)].every(steady);
}

function fromAnalysis(
  check: Check,
  base: Judgement,
  candidate: Judgement,
  claimed: readonly string[],
): Omit<Contribution, 'findings'> {
  const ran = ({ outcome }: Judgement) => outcome === 'passed' || outcome === 'failed';
  const lastLine = candidate.detail.trim().split('\n').at(-1) ?? '';
  const because = lastLine === '' ? '' : `: ${lastLine.slice(0, 300)}`;
  const comparison = {
    ...{ name: check.name, base: base.outcome, candidate: candidate.outcome },
    ...{ duration_ms: Math.round(candidate.duration), flaky: false, digest: shortDigest(check) },
  };
  const as = (kind: Contribution['kind'], reasons: string[]) => ({ comparison, kind, reasons, proves: 0 });
  if (!ran(candidate)) return as('inconclusive', [`${check.name}: ${candidate.outcome}${because}`]);
  // Without the base nobody knows what is new.
  if (!ran(base)) return as('inconclusive', [`${check.name}: the base could not be analysed (${base.outcome})`]);
  const against = againstFindings(base, candidate, claimed);
  if (against.length > 0) return as('failed', against);
  // An analysis names the files that it cannot read as failing tests.
  const first = compareRuns(base, candidate);
  if (first.kind === 'broken') return as('failed', [`${check.name}: ${first.note}${because}`]);
  return as('fine', []);
}

function conclude(input: EvaluationInput, contributions: readonly Contribution[]): EvaluationResult {
  const failed = contributions.filter(({ kind }) => kind === 'failed').flatMap(({ reasons }) => reasons);
  const unknown = contributions.filter(({ kind }) => kind === 'inconclusive').flatMap(({ reasons }) => reasons);
  const said = contributions.filter(({ kind }) => kind === 'fine').flatMap(({ reasons }) => reasons);
  const analysed = input.checks.some(({ kind }) => kind === 'analysis');
  const before = contributions.flatMap(({ findings }) => findings.base);
  const after = contributions.flatMap(({ findings }) => findings.candidate);
  failed.push(...stillThere(before, after, input.claimed));
  if (input.claimed.length > 0 && !analysed) unknown.push('no analysis looked whether the finding is gone');
  const ran = contributions.some(({ comparison }) => comparison.candidate !== 'absent');
  if (!ran) unknown.push('no check could be run');
  const unproved = firstUnproved(input, contributions);
  if (unproved !== null) unknown.push(...testsNotRun(input, contributions));
  const evidence = unproved === null ? 'tests' : 'analysis';
  said.push(...proofs(contributions));
  if (unproved !== null) said.push(reasonWithoutTests(input.checks, contributions, unproved));
  const outcome = failed.length > 0 ? 'failed' : unknown.length > 0 ? 'inconclusive' : 'passed';
  return {
    outcome,
    evidence,
    reasons: bounded([...failed, ...unknown, ...said]),
    checks: contributions.map((one) => one.comparison),
  };
}

/** A record of an evaluation is one line of at most 4 KiB. */
export function bounded(reasons: readonly string[]): string[] {
  const kept: string[] = [];
  let room = 1600;
  for (const reason of reasons) {
    const short = reason.length > 400 ? `${reason.slice(0, 399)}…` : reason;
    room -= short.length;
    if (room < 0) return [...kept, `and ${reasons.length - kept.length} more`];
    kept.push(short);
  }
  return kept;
}

/** The first changed file that no passing test can speak for ('' where nothing is changed and nothing passed), or null. */
function firstUnproved({ checks, changes }: EvaluationInput, contributions: readonly Contribution[]): string | null {
  const proving = checks.filter((_, index) => (contributions[index]?.proves ?? 0) > 0);
  if (proving.length === 0) return changes[0]?.path ?? '';
  return changes.find(({ path }) => !proving.some((check) => speaksFor(check, path, checks)))?.path ?? null;
}

/** Tests that exist and could not be run leave open what they would have said of the change, unless others said it. */
function testsNotRun({ checks, changes }: EvaluationInput, contributions: readonly Contribution[]): string[] {
  const concerns = (check: Check | undefined) =>
    check?.kind === 'tests' && (changes.length === 0 || changes.some(({ path }) => speaksFor(check, path, checks)));
  return contributions
    .filter(({ comparison }, index) => concerns(checks[index]) && comparison.candidate === 'absent')
    .map(({ comparison }) => `the tests of ${comparison.name} could not be run: git ambient doctor`);
}

function proofs(contributions: readonly Contribution[]): string[] {
  return contributions
    .filter(({ proves, kind }) => proves > 0 && kind === 'fine')
    .map(({ comparison, proves }) => `${comparison.name}: ${proves} passed on the base and here`);
}

function reasonWithoutTests(
  checks: readonly Check[],
  contributions: readonly Contribution[],
  unproved: string,
): string {
  if (contributions.some(({ proves }) => proves > 0)) return `no test that passed is of the kind of ${unproved}`;
  const tests = contributions.filter((_, index) => checks[index]?.kind === 'tests');
  const red = tests.find(({ comparison }) => comparison.base === 'failed');
  if (red) return `no test is evidence: ${red.comparison.name} fails on the base`;
  return tests.some(({ comparison }) => comparison.candidate !== 'absent')
    ? 'no test passed on both sides'
    : 'no test ran';
}

function shortDigest({ digest }: Check): string {
  return digest.slice(0, 16);
}
