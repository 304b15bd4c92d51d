/** A repository with its store, closed when the test ends; and drafts to put into it. */
import { openRepository, type Repository } from '../../src/git/index.ts';
import type { EvaluationContent, Proposal } from '../../src/records/index.ts';
import { type DraftInput, openStore, type Store } from '../../src/store/index.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';

export const oid = (digit: string) => digit.repeat(40);

export interface Place {
  test: TestRepository;
  repository: Repository;
  store: Store;
  clock: { now: number };
}

export async function withStore(work: (place: Place) => Promise<void>): Promise<void> {
  const test = makeRepository({ files: { 'a.py': 'x == None\n', 'dir/b.txt': 'b\n' } });
  const repository = await openRepository(test.dir);
  const clock = { now: Date.UTC(2026, 0, 10, 12) };
  try {
    await work({ test, repository, store: openStore(repository, { now: () => clock.now }), clock });
  } finally {
    await repository.close();
  }
}

export function draftOf(base: string, text = 'x is None\n', more: Partial<DraftInput> = {}): DraftInput {
  return {
    base,
    specialist: 'StyleEnforcer',
    rule: 'python/none-comparison',
    title: 'Compare with None by identity',
    rationale: 'None is a singleton.',
    risk: 'low',
    fingerprints: ['0123456789abcdef'],
    configuration: oid('c'),
    files: [{ path: 'a.py', mode: '100644', content: Buffer.from(text) }],
    ...more,
  };
}

export function evaluationOf(proposal: Proposal, more: Partial<EvaluationContent> = {}): EvaluationContent {
  return {
    kind: 'evaluation',
    proposal: proposal.commit,
    base: proposal.base,
    tree: proposal.tree,
    configuration: proposal.configuration,
    outcome: 'passed',
    evidence: 'tests',
    reasons: ['all checks pass'],
    checks: [{ name: 'pytest', base: 'passed', candidate: 'passed', duration_ms: 5, flaky: false }],
    ...more,
  };
}
