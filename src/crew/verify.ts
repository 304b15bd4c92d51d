/** Judges a candidate tree against a base tree. Rule: the same way for a proposal, a landing and any commit. */
import { evaluate, readChanges } from '../evaluate/index.ts';
import type { EvaluationContent } from '../records/index.ts';
import { checksFor } from './checks.ts';
import { withContentReason } from './content.ts';
import { flakesOf } from './flaky.ts';
import type { Crew } from './open.ts';
import { addWitness } from './proofs.ts';

export interface Candidate {
  /** Commit that is judged (for a landing: the proposal, although `tree` is another). */
  commit: string;
  tree: string;
  base: string;
  baseTree: string;
  /** Fingerprints that must be gone. */
  claimed: readonly string[];
}

/** Runs every check on base (cached) and candidate, and compares. Writes nothing but the cache and slots. */
export async function verifyCandidate(crew: Crew, candidate: Candidate): Promise<EvaluationContent> {
  const { repository } = crew;
  const changes = await readChanges(repository, candidate.baseTree, candidate.tree);
  const checks = await checksFor(crew, candidate.baseTree, new Set(changes.map((change) => change.path)));
  const judged = await evaluate(
    { ...candidate, candidate: candidate.commit, candidateTree: candidate.tree, checks, changes },
    { cache: crew.store.cache, signal: crew.signal, log: crew.log, flakes: await flakesOf(crew) },
  );
  const result = await addWitness(crew, candidate, checks, judged);
  return withContentReason(crew, candidate.baseTree, {
    kind: 'evaluation',
    proposal: candidate.commit,
    base: candidate.base,
    tree: candidate.tree,
    configuration: crew.configuration,
    ...result,
  });
}
