/** `verify` and `findings`: judging without proposing. Rule: same rules as for proposals; no ref is written. */
import { AmbientError } from '../base/index.ts';
import type {
  CheckComparison,
  EvaluationContent,
  Evidence,
  Finding,
  Outcome,
  PerformanceResult,
  SpecialistName,
  WitnessResult,
} from '../records/index.ts';
import { type RunRequest, scopeOf } from './asked.ts';
import { diagnose, missingLine, ruleIndex } from './diagnose.ts';
import { withGates } from './extend/gates.ts';
import { type Crew, commitOf } from './open.ts';
import { compareWithRecorded, newestOf, type Recorded } from './recorded.ts';
import { toSarif } from './sarif.ts';
import { verifyCandidate } from './verify.ts';

export interface VerifyReport {
  commit: string;
  base: string;
  outcome: Outcome;
  evidence: Evidence;
  reasons: string[];
  checks: CheckComparison[];
  /** A failing input that got through on the base and is refused here. */
  witness?: WitnessResult;
  /** Null: it was asked for and nothing could be measured. */
  performance?: PerformanceResult | null;
  /** What was recorded of it before, and how that differs; only for a proposal on its own base. */
  recorded?: Recorded;
}

/** What is asked of a verification besides the target. */
export interface VerifyOptions {
  /** Revision to compare with, instead of the parent. */
  base?: string | undefined;
  /** Measure how much faster it is. */
  performance?: boolean;
}

/** Judges a proposal, or any commit, against its parent or `base`. A proposal of ours gets the evaluation recorded. */
export async function verify(crew: Crew, target: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { base, performance: measure = false } = options;
  const view = await findProposal(crew, target);
  const commit = view?.proposal.commit ?? (await commitOf(crew, target));
  const info = await crew.repository.objects.commit(commit);
  const baseOid = base === undefined ? info.parents[0] : await commitOf(crew, base);
  if (baseOid === undefined)
    throw new AmbientError(
      'no-base',
      `${target} has no parent ${info.cutOff ? 'in this shallow clone' : 'to compare with'}`,
      {
        kind: 'user',
        hint: info.cutOff ? 'run `git fetch --deepen=1`, or name one with --base <rev>' : 'name one with --base <rev>',
      },
    );
  const baseTree = (await crew.repository.objects.commit(baseOid)).tree;
  const ours = view !== null && baseOid === view.proposal.base;
  const judged = await verifyCandidate(
    crew,
    {
      ...{ commit, tree: info.tree, base: baseOid, baseTree, claimed: view?.proposal.fingerprints ?? [] },
      by: view === null ? [] : [view.proposal.specialist],
      ...{ maker: view === null ? ('person' as const) : ('proposal' as const), measure },
    },
    // Who asks wants to know what it is now, not what it was.
    ours ? 'all' : 'candidate',
  );
  const evaluation = ours ? await withGates(crew, view.proposal, judged) : judged;
  const before = ours ? newestOf(view) : null;
  const recorded = before === null ? {} : { recorded: await compareWithRecorded(crew, before, evaluation) };
  if (ours && !view.proposal.draft) await crew.store.evaluated(evaluation);
  const measured = measure || evaluation.performance ? { performance: evaluation.performance ?? null } : {};
  return { ...reportOf(evaluation), ...measured, ...recorded };
}

async function findProposal(crew: Crew, target: string) {
  if (!/^[0-9a-f]{4,64}$/.test(target)) return null;
  try {
    return await crew.store.proposals.find(target);
  } catch (error) {
    if (error instanceof AmbientError && ['unknown-proposal', 'closed-proposal'].includes(error.code)) return null;
    throw error;
  }
}

function reportOf(evaluation: EvaluationContent): VerifyReport {
  const { proposal: commit, base, outcome, evidence, reasons, checks, witness } = evaluation;
  return { commit, base, outcome, evidence, reasons, checks, ...(witness ? { witness } : {}) };
}

export interface FindingsReport {
  findings: Finding[];
  /** What could not be read, and by whom where the others read it: never silently fine. */
  skipped: Array<{ path: string; reason: string; by?: SpecialistName[] }>;
  missing: string[];
  files: number;
}

/** Diagnoses what `request` names; without any flag the newest commit. */
export async function findings(crew: Crew, request: RunRequest): Promise<FindingsReport> {
  const { base, scope } = await scopeOf(crew, request);
  const report = await diagnose(crew, base, scope);
  return {
    findings: report.found.map((item) => item.finding),
    skipped: report.skipped,
    missing: report.missing.map(missingLine),
    files: report.files,
  };
}

/** The same as a SARIF log. `version` is that of this package. */
export async function findingsAsSarif(crew: Crew, request: RunRequest, version: string) {
  const report = await findings(crew, request);
  const { findings: found, skipped } = report;
  const log = toSarif({ findings: found, skipped, version, rules: await ruleIndex(crew) });
  return { report, log };
}
