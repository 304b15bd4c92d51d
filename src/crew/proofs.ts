/**
 * What is shown of a candidate beyond its checks: failing inputs that are refused now. Rule: made from the base and our own
 * templates; where nothing can be shown, nothing is said.
 */
import { AmbientError } from '../base/index.ts';
import { isTestPath, languageOf } from '../code/index.ts';
import { type Check, type EvaluationResult, type Programs, proofs } from '../evaluate/index.ts';
import type { Finding, Witness } from '../records/index.ts';
import { limitsFrom } from '../sandbox/index.ts';
import { makeWitness, type SourceFile } from '../specialists/index.ts';
import { sandboxOf, useSlots } from './checks.ts';
import { type Crew, once } from './open.ts';
import type { Candidate } from './verify.ts';

/** Adds to `result` what the witnesses of the findings say that the candidate mends. */
export async function addWitness(
  crew: Crew,
  candidate: Candidate,
  checks: readonly Check[],
  result: EvaluationResult,
): Promise<EvaluationResult> {
  // What is judged together was shown one by one.
  if (result.outcome === 'failed' || candidate.commit === candidate.base) return result;
  const witnesses = await witnessesFor(crew, candidate, checks);
  if (witnesses.length === 0) return result;
  crew.log.progress('trying a failing input on both sides');
  const programs = await programsOn(crew, candidate.baseTree);
  const trees = { base: candidate.baseTree, candidate: candidate.tree };
  const said = await unlessAbsent(() => proofs.judgeWitnesses(witnesses, trees, programs));
  return proofs.withWitnesses(result, said, candidate.claimed.length > 0);
}

/** Witnesses of what the candidate claims to mend, or, where it claims nothing, of what it mends. */
export async function witnessesFor(crew: Crew, candidate: Candidate, checks: readonly Check[]): Promise<Witness[]> {
  const trees = { base: candidate.baseTree, candidate: candidate.tree };
  const mended = await proofs.mendedBy(checks, trees, { cache: crew.store.cache, signal: crew.signal });
  const claims = new Set(candidate.claimed);
  const wanted = mended.filter(({ fingerprint }) => claims.size === 0 || claims.has(fingerprint));
  const made: Witness[] = [];
  for (const finding of wanted) {
    const file = await sourceAt(crew, candidate.baseTree, finding);
    const witness = file && (await makeWitness(file, finding));
    if (witness) made.push(witness);
  }
  return made;
}

async function sourceAt(crew: Crew, tree: string, { path }: Finding): Promise<SourceFile | null> {
  const language = languageOf(path);
  const blob = language === null ? null : await crew.repository.objects.blobAt(tree, path);
  if (language === null || blob === null) return null;
  return { path, blob: blob.oid, text: blob.content.toString('utf8'), language, test: isTestPath(path) };
}

/** Means to run programs of ours on `baseTree` and what is made of it. */
export function programsOn(crew: Crew, baseTree: string): Promise<Programs> {
  return once(crew, `programs ${baseTree}`, () =>
    proofs.open({
      repository: crew.repository,
      baseTree,
      driver: () => sandboxOf(crew),
      slotsDir: useSlots(crew),
      limits: limitsFrom(crew.config.sandbox),
      readOnlyPaths: crew.config.sandbox.read_only_paths,
      path: process.env['PATH'] ?? '',
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
