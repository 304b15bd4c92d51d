/** Runs a table of cases through the real evaluation: real git, the real sandbox, real test runners. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { defaults } from '../../../src/config/index.ts';
import { editTreeIn } from '../../../src/crew/edit-tree.ts';
import {
  type ConfiguredCheck,
  type EvaluationResult,
  evaluate,
  openChecks,
  readChanges,
  selectChecks,
} from '../../../src/evaluate/index.ts';
import { openRepository } from '../../../src/git/index.ts';
import { limitsFrom } from '../../../src/sandbox/index.ts';
import { makeRepository } from '../../support/repository.ts';
import { memoryCache } from '../fakes.ts';
import { driver, type Register } from '../world.ts';
import type { Case } from './case.ts';

/**
 * Registers every case; the repository is made, and its base judged, once for all of them.
 * @param links of its worktree, as dependencies are installed.
 * @param checks absent: what is detected
 */
export function judgeCases(
  register: Register,
  files: Record<string, string>,
  cases: readonly Case[],
  links: Record<string, string> = {},
  checks: readonly ConfiguredCheck[] = [],
): void {
  let opened: ReturnType<typeof openWorld> | undefined;
  for (const one of cases)
    register(`${one.what}: ${one.is}`, async () => {
      opened ??= openWorld(files, links, checks);
      const result = await (await opened)(one);
      const said = `${one.what}\n${JSON.stringify(result, null, 1)}`;
      assert.is(result.outcome, one.is, said);
      if (one.says) assert.match(result.reasons.join('\n'), one.says, said);
      if (one.evidence) assert.is(result.evidence, one.evidence, said);
    });
}

async function openWorld(
  files: Record<string, string>,
  links: Record<string, string>,
  configured: readonly ConfiguredCheck[],
): Promise<(one: Case) => Promise<EvaluationResult>> {
  const repo = makeRepository({ files });
  for (const [at, target] of Object.entries(links)) symlinkSync(target, join(repo.dir, at));
  const repository = await openRepository(repo.dir, { env: repo.env });
  const base = repo.git('rev-parse', 'HEAD');
  const baseTree = (await repository.objects.commit(base)).tree;
  const cache = memoryCache();
  const open = (timeout: number) =>
    openChecks({
      ...{ repository, baseTree, driver: async () => driver, checks: configured, path: process.env['PATH'] ?? '' },
      ...{ slotsDir: join(repo.dir, '.git', 'ambient', 'slots'), allowed: defaults().sandbox.allowed_commands },
      limits: limitsFrom({ timeout_seconds: timeout }),
    });
  const usual = open(60);
  return async ({ change, maker = 'person', mutants, timeout }) => {
    const changed = Object.entries(change).map(([path, content]) => ({
      path,
      content: typeof content === 'function' ? content(files[path] ?? '') : content,
    }));
    const candidateTree = await editTreeIn(repository)(baseTree, changed);
    const changes = await readChanges(repository, baseTree, candidateTree);
    const { checks } = await (timeout === undefined ? usual : open(timeout));
    const selected = selectChecks(
      checks,
      changes.map(({ path }) => path),
    );
    return evaluate(
      {
        ...{ base, candidate: candidateTree, baseTree, candidateTree, checks: selected, claimed: [] },
        ...{ changes, maker },
      },
      { cache, editTree: editTreeIn(repository), mutants: mutants && 60_000 },
    );
  };
}
