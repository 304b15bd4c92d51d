/** A repository whose commits are judged by real checks in a real sandbox, and registers that skip visibly. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { defaults } from '../../src/config/index.ts';
import {
  type Check,
  type EvaluationResult,
  evaluate,
  openChecks,
  readChanges,
  selectChecks,
} from '../../src/evaluate/index.ts';
import { openRepository } from '../../src/git/index.ts';
import { bubblewrap, type Driver, limitsFrom } from '../../src/sandbox/index.ts';
import { makeRepository, type TestRepository } from '../support/repository.ts';
import { memoryCache } from './fakes.ts';

export const driver = bubblewrap();

export type Register = (title: string, body: () => Promise<void>) => void;
interface Suite {
  (title: string, body: () => Promise<void>): void;
  skip(title: string, body: () => Promise<void>): void;
}
/** Skips visibly where something is missing; where CI promises to have it, that is a failure. */
export function needs(test: Suite, there: boolean, name: string, promised = true): Register {
  if (there) return test;
  if (promised && process.env['CI'] === 'true')
    return (title) => test(title, async () => assert.unreachable(`no ${name}`));
  process.stdout.write(`skipped: no ${name}\n`);
  return (title, body) => test.skip(title, body);
}
export function succeeds(argv: [string, ...string[]]): boolean {
  try {
    execFileSync(argv[0], argv.slice(1), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface World {
  repo: TestRepository;
  /** Judges a commit against another; counts the runs of the driver. */
  judge(base: string, candidate: string, timeout?: number): Promise<EvaluationResult>;
  detected(base: string): Promise<Record<string, string>>;
  /** Hands the checks of a commit to `work`, with its tree. */
  checks<T>(base: string, work: (checks: Check[], tree: string) => Promise<T>): Promise<T>;
  runs: string[][];
  slotsDir: string;
}

export function world(files: Record<string, string>): World {
  const repo = makeRepository({ files });
  const runs: string[][] = [];
  const counting: Driver = {
    ...driver,
    name: driver.name,
    probe: () => driver.probe(),
    reap: () => driver.reap(),
    run: (request) => {
      runs.push([...request.argv]);
      return driver.run(request);
    },
  };
  const slotsDir = join(repo.dir, '.git', 'ambient', 'slots');
  const cache = memoryCache();
  const open = async (base: string, timeout: number) => {
    const repository = await openRepository(repo.dir, { env: repo.env });
    const { tree } = await repository.objects.commit(base);
    const { checks, detected } = await openChecks({
      ...{
        repository,
        baseTree: tree,
        driver: async () => counting,
        slotsDir,
        checks: [],
        path: process.env['PATH'] ?? '',
      },
      ...{ allowed: defaults().sandbox.allowed_commands, limits: limitsFrom({ timeout_seconds: timeout }) },
    });
    return { repository, tree, checks, detected };
  };
  return {
    ...{ repo, runs, slotsDir },
    async judge(base, candidate, timeout = 60) {
      const { repository, tree, checks } = await open(base, timeout);
      try {
        const candidateTree = (await repository.objects.commit(candidate)).tree;
        const changes = await readChanges(repository, tree, candidateTree);
        const selected = selectChecks(
          checks,
          changes.map(({ path }) => path),
        );
        return await evaluate(
          { base, candidate, baseTree: tree, candidateTree, checks: selected, claimed: [], changes, maker: 'person' },
          { cache },
        );
      } finally {
        await repository.close();
      }
    },
    async checks(base, work) {
      const { repository, tree, checks } = await open(base, 60);
      try {
        return await work(checks, tree);
      } finally {
        await repository.close();
      }
    },
    async detected(base) {
      const { repository, detected } = await open(base, 60);
      await repository.close();
      return Object.fromEntries(detected.map((one) => [one.name, one.runnable ? 'runnable' : one.reason]));
    },
  };
}
