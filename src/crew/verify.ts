/** Judges a candidate tree against a base tree. Rule: the same way for a proposal, a landing and any commit. */
import { evaluate, weakening } from '../evaluate/index.ts';
import type { FileChange } from '../git/index.ts';
import type { EvaluationContent } from '../records/index.ts';
import { checksFor } from './checks.ts';
import type { Crew } from './open.ts';

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
  const diff = await repository.trees.diff(candidate.baseTree, candidate.tree);
  const changes = await Promise.all(diff.map((change) => textsOf(crew, change)));
  const checks = await checksFor(crew, candidate.baseTree, new Set(diff.map((change) => change.path)));
  const result = await evaluate(
    { ...candidate, candidate: candidate.commit, candidateTree: candidate.tree, checks, changes },
    { cache: crew.store.cache, signal: crew.signal, log: crew.log },
  );
  return {
    kind: 'evaluation',
    proposal: candidate.commit,
    base: candidate.base,
    tree: candidate.tree,
    configuration: crew.configuration,
    ...result,
  };
}

/** The reasons to refuse a change that makes checks weaker, for callers that only want to know. */
export async function weakens(crew: Crew, from: string, to: string): Promise<string[]> {
  const diff = await crew.repository.trees.diff(from, to);
  return weakening(await Promise.all(diff.map((change) => textsOf(crew, change))));
}

async function textsOf(crew: Crew, change: FileChange) {
  const text = async (oid: string | null) =>
    oid === null ? null : (await crew.repository.objects.blob(oid)).toString('utf8');
  return { path: change.path, before: await text(change.oldOid), after: await text(change.newOid) };
}
