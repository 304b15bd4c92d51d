/** Open proposals without a cycle: written as the crew writes them, with an evaluation of this clone that passed. */
import { withCrew } from '../../src/crew/index.ts';
import type { Proposal, Risk } from '../../src/records/index.ts';
import type { TestRepository } from './repository.ts';

export interface Written {
  title: string;
  rule: string;
  risk: Risk;
  /** Path → new text. */
  files: Record<string, string>;
}

/** Publishes `proposals` on HEAD; returns them in the same order. */
export function publishProposals(repo: TestRepository, proposals: readonly Written[]): Promise<Proposal[]> {
  return withCrew({ dir: repo.dir }, async ({ store, configuration }) => {
    const base = repo.git('rev-parse', 'HEAD');
    const made: Proposal[] = [];
    for (const [at, { files, ...facts }] of proposals.entries()) {
      const draft = await store.proposals.saveDraft({
        ...{ base, configuration, specialist: 'StyleEnforcer' as const, rationale: 'It reads better.', ...facts },
        fingerprints: [at.toString(16).padStart(16, '0')],
        files: Object.entries(files).map(([path, text]) => ({
          path,
          mode: '100644' as const,
          content: Buffer.from(text),
        })),
      });
      const check = { name: 'unittest', base: 'passed', candidate: 'passed', duration_ms: 100, flaky: false } as const;
      await store.proposals.publish(draft, {
        ...{ kind: 'evaluation', proposal: draft.commit, base, tree: draft.tree, configuration },
        ...{ outcome: 'passed', evidence: 'tests', reasons: [], checks: [check] },
      });
      made.push(draft);
    }
    return made;
  });
}
