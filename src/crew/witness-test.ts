/**
 * `merge --with-witness`: the failing input stays as a test. Rule: what lands is what was verified: the tree with the test
 * is judged like any other, and a test that does not pass there does not land.
 */
import type { Evaluation, Proposal } from '../records/index.ts';
import type { Crew } from './open.ts';
import { keepWitness } from './proofs.ts';

export interface WithTest {
  /** `tree` with the test in it. */
  tree: string;
  path: string;
}

/** Puts the witness that `evaluation` names into `tree`, or says why that cannot be. Nothing moves. */
export async function addWitnessTest(
  crew: Crew,
  input: { proposal: Proposal; head: string; tree: string; evaluation: Evaluation },
): Promise<WithTest | { reason: string; next: string }> {
  const { proposal, head, tree, evaluation } = input;
  const refuse = (reason: string) => ({ reason, next: `git ambient merge ${proposal.id}` });
  if (evaluation.witness === undefined) return refuse(`there is no witness for ${proposal.id}`);
  const baseTree = (await crew.repository.objects.commit(head)).tree;
  const claims = { claimed: proposal.fingerprints, by: [proposal.specialist] };
  const candidate = { commit: proposal.commit, tree, base: head, baseTree, ...claims };
  const test = await keepWitness(crew, candidate, evaluation.witness);
  if (test === null) return refuse('the repository has no tests that the witness could join');
  const merged = await crew.repository.trees.merge({
    base: head,
    candidate: await commitWith(crew, head, test),
    onto: tree,
  });
  return merged.tree === null ? refuse(`${test.path} is there already`) : { tree: merged.tree, path: test.path };
}

/** A commit that nothing points at: `head` and one more file. */
async function commitWith(crew: Crew, head: string, { path, text }: { path: string; text: string }): Promise<string> {
  const person = { name: 'git-ambient', email: 'noreply@git-ambient.invalid' };
  const { oids } = await crew.repository.transact({
    commits: [
      {
        ...{ key: 'test', parents: [head], from: head, author: person, committer: person, time: 0, message: 'test' },
        files: [{ path, mode: '100644', content: Buffer.from(text) }],
      },
    ],
  });
  return oids['test'] as string;
}
