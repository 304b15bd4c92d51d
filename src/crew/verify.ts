/** Judges a candidate tree against a base tree. Rule: the same way for a proposal, a landing and any commit. */
import { affectedBy, type EvaluateOptions, evaluate, readChanges } from '../evaluate/index.ts';
import type { EvaluationContent, SpecialistName } from '../records/index.ts';
import { checksFor, repositoryChecks } from './checks.ts';
import { withContentReason } from './content.ts';
import { editTreeIn } from './edit-tree.ts';
import { flakesOf } from './flaky.ts';
import { type Crew, once } from './open.ts';
import { addProofs } from './proofs.ts';
import { rememberFacts } from './recorded.ts';

export interface Candidate {
  /** Commit that is judged (for a landing: the proposal, although `tree` is another). */
  commit: string;
  tree: string;
  base: string;
  baseTree: string;
  /** Fingerprints that must be gone. */
  claimed: readonly string[];
  /** Who claims it: programs of the repository among them look again. */
  by: readonly SpecialistName[];
  /** Default: a proposal, which may do less to the tests than a person. */
  maker?: 'proposal' | 'person';
  /** Measure whether it is faster, whatever it claims. */
  measure?: boolean;
  /** It says that it is faster, and is wrong unless that can be measured. */
  claimsSpeed?: boolean;
}

/** Milliseconds of the tests: longer ones are not run again only to see what they are worth. */
const MUTANTS_UP_TO = 3000;

/**
 * Runs every check on base and candidate (kept results count, unless `fresh`), and compares. Writes nothing but the cache
 * and slots.
 */
export async function verifyCandidate(
  crew: Crew,
  candidate: Candidate,
  fresh?: EvaluateOptions['fresh'],
  heard?: EvaluateOptions['heard'],
): Promise<EvaluationContent> {
  const { repository } = crew;
  const changes = await readChanges(repository, candidate.baseTree, candidate.tree);
  const checks = await checksFor(crew, candidate.baseTree, new Set(changes.map((change) => change.path)), candidate.by);
  const judged = await evaluate(
    { ...candidate, candidate: candidate.commit, candidateTree: candidate.tree, checks, changes },
    {
      ...{ cache: crew.store.cache, signal: crew.signal, log: crew.log, flakes: await flakesOf(crew) },
      ...{ underWay: await once(crew, 'runs under way', async () => new Map()), fresh, heard },
      // Several together are judged for whether they get along; each has been looked at closely before.
      ...{ editTree: editTreeIn(repository), mutants: candidate.commit === candidate.base ? undefined : MUTANTS_UP_TO },
      affected: affectedBy(repository, { ...candidate, changes }, crew.store.cache),
    },
  );
  const result = await addProofs(crew, candidate, { checks, changes, result: judged });
  await rememberFacts(crew, checks);
  const { sandbox } = await repositoryChecks(crew, candidate.baseTree);
  return withContentReason(crew, candidate.baseTree, {
    kind: 'evaluation',
    proposal: candidate.commit,
    base: candidate.base,
    tree: candidate.tree,
    configuration: crew.configuration,
    ...(sandbox === null ? {} : { sandbox }),
    ...result,
  });
}
