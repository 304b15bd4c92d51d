/**
 * What is shown of a candidate beyond its checks: a failing input that is refused now, time that is saved. Rule: made from
 * the base and our own templates; where nothing can be shown, that is all that is said.
 */
import { AmbientError } from '../base/index.ts';
import { isTestPath, languageOf } from '../code/index.ts';
import { type Change, type Check, type EvaluationResult, type Programs, proofs } from '../evaluate/index.ts';
import type { Finding, Witness, WitnessResult } from '../records/index.ts';
import { limitsFrom } from '../sandbox/index.ts';
import { type Benchmark, makeBenchmarks, makeWitness, type SourceFile } from '../specialists/index.ts';
import { checksFor, programAnswers, sandboxOf, useSlots } from './checks.ts';
import { demandTests } from './covering.ts';
import { type Crew, once } from './open.ts';
import type { Candidate } from './verify.ts';

interface Judged {
  checks: readonly Check[];
  changes: readonly Change[];
  result: EvaluationResult;
}

/** Adds what can be shown to the evaluation of `candidate`. */
export async function addProofs(crew: Crew, candidate: Candidate, judged: Judged): Promise<EvaluationResult> {
  const { result, checks } = judged;
  // What is judged together was shown one by one.
  if (result.outcome === 'failed' || candidate.commit === candidate.base) return result;
  const mended = await mendedFindings(crew, candidate, checks);
  const covered = await demandTests(crew, candidate, judged);
  const witnessed = await addWitness(crew, candidate, mended, covered);
  const byRule = candidate.claimed.length > 0 && mended.length > 0 && mended.every(isSlowness);
  const claims = byRule || candidate.claimsSpeed === true;
  return claims || candidate.measure ? addSpeed(crew, candidate, { ...judged, result: witnessed }, claims) : witnessed;
}

const isSlowness = ({ specialist }: Finding) => specialist === 'PerformanceOptimizer';

/** What the candidate claims to mend, or, where it claims nothing, what it mends. */
async function mendedFindings(crew: Crew, candidate: Candidate, checks: readonly Check[]): Promise<Finding[]> {
  const trees = { base: candidate.baseTree, candidate: candidate.tree };
  const mended = await proofs.mendedBy(checks, trees, { cache: crew.store.cache, signal: crew.signal });
  const claims = new Set(candidate.claimed);
  return mended.filter(({ fingerprint }) => claims.size === 0 || claims.has(fingerprint));
}

/** The witness that an evaluation of `candidate` names, as a test of the repository; null where it has none to join. */
export async function keepWitness(
  crew: Crew,
  candidate: Candidate,
  { digest }: WitnessResult,
): Promise<{ path: string; text: string } | null> {
  const { baseTree, tree } = candidate;
  const paths = (await crew.repository.trees.diff(baseTree, tree)).map(({ path }) => path);
  const mended = await mendedFindings(crew, candidate, await checksFor(crew, baseTree, new Set(paths), candidate.by));
  const witness = (await witnessesOf(crew, baseTree, mended)).find((one) => proofs.digestOf(one) === digest);
  return witness === undefined ? null : proofs.witnessTest(witness, (await programsOn(crew, baseTree)).files);
}

async function witnessesOf(crew: Crew, baseTree: string, mended: readonly Finding[]): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  for (const finding of mended) {
    const file = await sourceAt(crew, baseTree, finding.path);
    const witness = file && (await makeWitness(file, finding));
    if (witness) witnesses.push(witness);
  }
  return witnesses;
}

async function addWitness(
  crew: Crew,
  { baseTree, tree, claimed }: Candidate,
  mended: readonly Finding[],
  result: EvaluationResult,
): Promise<EvaluationResult> {
  const witnesses = await witnessesOf(crew, baseTree, mended);
  if (witnesses.length === 0) return result;
  crew.log.progress('trying a failing input on both sides');
  const programs = await programsOn(crew, baseTree);
  const said = await unlessAbsent(() =>
    proofs.judgeWitnesses(witnesses, { base: baseTree, candidate: tree }, programs),
  );
  return proofs.withWitnesses(result, said, claimed.length > 0);
}

async function addSpeed(
  crew: Crew,
  { baseTree, tree }: Candidate,
  { changes, result }: Judged,
  claims: boolean,
): Promise<EvaluationResult> {
  const minSpeedupPercent = crew.config.agents.PerformanceOptimizer.min_speedup_percent;
  const generated: Benchmark[] = [];
  for (const { path } of changes) {
    const [before, after] = [await sourceAt(crew, baseTree, path), await sourceAt(crew, tree, path)];
    if (before && after && !before.test) generated.push(...(await makeBenchmarks(before, after)));
  }
  crew.log.progress('measuring base and candidate in turn');
  const programs = await programsOn(crew, baseTree);
  const own = await proofs.ownBenchmarks(programs, {
    changes,
    allowed: crew.config.sandbox.allowed_commands,
  });
  const trees = { base: baseTree, candidate: tree };
  const measured = await unlessAbsent(() =>
    proofs.measureSpeed({ generated, own, trees, minSpeedupPercent }, programs),
  );
  return proofs.withSpeed(
    result,
    measured ?? { kind: 'unmeasured', why: 'there is no sandbox' },
    minSpeedupPercent,
    claims,
  );
}

async function sourceAt(crew: Crew, tree: string, path: string): Promise<SourceFile | null> {
  const language = languageOf(path);
  const blob = language === null ? null : await crew.repository.objects.blobAt(tree, path);
  if (language === null || blob === null) return null;
  return { path, blob: blob.oid, text: blob.content.toString('utf8'), language, test: isTestPath(path) };
}

/** Means to run programs of ours on `baseTree` and what is made of it. */
export function programsOn(crew: Crew, baseTree: string): Promise<Programs> {
  return once(crew, `programs ${baseTree}`, async () =>
    proofs.open({
      repository: crew.repository,
      baseTree,
      driver: () => sandboxOf(crew),
      slotsDir: useSlots(crew),
      limits: limitsFrom(crew.config.sandbox),
      readOnlyPaths: crew.config.sandbox.read_only_paths,
      path: process.env['PATH'] ?? '',
      answers: await programAnswers(crew),
      signal: crew.signal,
    }),
  );
}

/** Without a sandbox nothing runs; what could not be tried is not said. */
export async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AmbientError && error.code === 'no-sandbox') return null;
    throw error;
  }
}
