/**
 * The checks that judge a candidate: the repository's own, run in the sandbox, and our own analysis. Rule: which checks
 * there are is read from the base tree and the trusted configuration, never from the candidate.
 */
import { join } from 'node:path';
import { digest } from '../base/index.ts';
import {
  type Check,
  type DetectedCheck,
  dependencyBinds,
  detectChecks,
  type Judgement,
  sandboxedCheck,
} from '../evaluate/index.ts';
import { type Driver, defaultAllowedCommands, limitsFrom, openSandbox } from '../sandbox/index.ts';
import { analysePaths, enabledSpecialists } from './diagnose.ts';
import type { Crew } from './open.ts';

/** What the repository offers, runnable or not, read from `tree`. */
export async function detectedChecks(crew: Crew, tree: string): Promise<DetectedCheck[]> {
  const entries = await crew.repository.trees.list(tree);
  return detectChecks(
    {
      paths: entries.map((entry) => entry.path),
      read: async (path) => (await crew.repository.objects.blobAt(tree, path))?.content.toString('utf8') ?? null,
    },
    { checks: crew.config.checks, allowed: allowedCommands(crew) },
    crew.repository.info.workTree,
  );
}

/** The configured allowlist, or the default one where the configuration leaves it out. */
export function allowedCommands(crew: Crew): readonly string[] {
  return crew.config.sandbox.allowed_commands ?? defaultAllowedCommands;
}

/** Opens the sandbox once per process. @throws AmbientError `no-sandbox` (environment) with what to install. */
export function sandboxOf(crew: Crew): Promise<Driver> {
  return openSandbox({ driver: crew.config.sandbox.driver });
}

export function slotsDir(crew: Crew): string {
  return join(crew.store.dir, 'slots');
}

/** The checks for candidates on `baseTree` that touch `paths`. Opens the sandbox only when something is to run in it. */
export async function checksFor(crew: Crew, baseTree: string, paths: ReadonlySet<string>): Promise<Check[]> {
  const detected = await detectedChecks(crew, baseTree);
  const checks: Check[] = [analysisCheck(crew, paths)];
  if (detected.length === 0) return checks;
  const driver = await sandboxOf(crew);
  const { workTree } = crew.repository.info;
  const readOnly = [
    ...(workTree === null ? [] : await dependencyBinds(workTree)),
    ...crew.config.sandbox.read_only_paths.map((path) => ({ path })),
  ];
  for (const one of detected)
    checks.push(
      await sandboxedCheck({
        detected: one,
        driver,
        repository: crew.repository,
        slotsDir: slotsDir(crew),
        limits: limitsFrom(crew.config.sandbox),
        readOnly,
      }),
    );
  return checks;
}

/** Our own diagnosis as a check: the claimed findings must be gone and no new one may appear. */
function analysisCheck(crew: Crew, paths: ReadonlySet<string>): Check {
  return {
    name: 'analysis',
    kind: 'analysis',
    digest: digest(['analysis', crew.configuration, ...enabledSpecialists(crew), ...[...paths].sort()]),
    async judge(tree): Promise<Judgement> {
      const started = performance.now();
      const report = await analysePaths(crew, tree, paths);
      const unread = [...report.skipped.map((item) => `${item.path}: ${item.reason}`)];
      const lost = report.missing.map((item) => `${item.specialist}: ${item.reason}`);
      return {
        outcome: lost.length > 0 ? 'error' : 'passed',
        tests: {},
        findings: report.found.map((item) => item.finding),
        detail: [...lost, ...unread].join('\n').slice(0, 4096),
        duration: Math.round(performance.now() - started),
      };
    },
  };
}
