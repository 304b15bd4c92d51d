/**
 * The checks that judge a candidate: the repository's own, run in the sandbox, and our own analysis. Rule: which checks
 * there are is read from the base tree and the trusted configuration, never from the candidate.
 */
import { digest } from '../base/index.ts';
import {
  type Check,
  type Judgement,
  type OpenChecksOptions,
  openChecks,
  type RepositoryChecks,
  selectChecks,
} from '../evaluate/index.ts';
import type { SpecialistName } from '../records/index.ts';
import { type Driver, limitsFrom, openSandbox } from '../sandbox/index.ts';
import { analysePaths, enabledSpecialists } from './diagnose.ts';
import { ownSpecialists } from './extend/own.ts';
import { rememberedLessons } from './lessons.ts';
import { thisMachine } from './machine.ts';
import { isYielding } from './manners.ts';
import { type Crew, once, slotsDir } from './open.ts';
import { grantFor } from './sandbox-grants.ts';

/** The repository's own checks in `tree`. Opens the sandbox only when there is something to run in it. */
export function repositoryChecks(crew: Crew, tree: string, slots = useSlots(crew)): Promise<RepositoryChecks> {
  return once(crew, `checks ${tree}`, () => openRepositoryChecks(crew, tree, slots));
}

/** What programs the sandbox has, asked once for a cycle. */
export function programAnswers(crew: Crew): Promise<Answers> {
  return once(crew, 'answers', async (): Promise<Answers> => new Map());
}
type Answers = NonNullable<OpenChecksOptions['answers']>;

async function openRepositoryChecks(crew: Crew, tree: string, slots: string): Promise<RepositoryChecks> {
  return openChecks({
    repository: crew.repository,
    baseTree: tree,
    driver: () => sandboxOf(crew),
    slotsDir: slots,
    ...(isYielding(crew, thisMachine) ? { slots: 1 } : {}),
    limits: limitsFrom(crew.config.sandbox),
    checks: crew.config.checks,
    allowed: crew.config.sandbox.allowed_commands,
    readOnlyPaths: crew.config.sandbox.read_only_paths,
    path: process.env['PATH'] ?? '',
    answers: await programAnswers(crew),
    signal: crew.signal,
  });
}

/**
 * Opens the sandbox. @throws AmbientError `no-sandbox` (environment) with what to install, `no-grant` (config) when a network
 * is asked for that nobody granted in this clone.
 */
export function sandboxOf(crew: Crew): Promise<Driver> {
  return once(crew, 'sandbox', async () => {
    const { driver, image } = crew.config.sandbox;
    return openSandbox({ driver, image, grant: await grantFor(crew) });
  });
}

/** Where trees are judged; from now on the crew empties it when it ends. */
export function useSlots(crew: Crew): string {
  crew.opened.set('slots', Promise.resolve(true));
  return slotsDir(crew);
}

/**
 * The checks for candidates on `baseTree` that touch `paths`: those of the packages that they touch come first. `by`: who
 * claims to mend something.
 */
export async function checksFor(
  crew: Crew,
  baseTree: string,
  paths: ReadonlySet<string>,
  by: readonly SpecialistName[],
): Promise<Check[]> {
  const { checks } = await repositoryChecks(crew, baseTree);
  const lessons = (await rememberedLessons(crew)).map(({ lesson }) => lesson.print).sort();
  return [analysisCheck(crew, paths, by, lessons), ...selectChecks(checks, paths)];
}

/** Our own diagnosis as a check: the claimed findings must be gone and no new one may appear. */
function analysisCheck(
  crew: Crew,
  paths: ReadonlySet<string>,
  by: readonly SpecialistName[],
  lessons: readonly string[],
): Check {
  const own = [...by].sort().filter((name) => ownSpecialists(crew).some((program) => program.name === name));
  return {
    name: 'analysis',
    kind: 'analysis',
    digest: digest([
      'analysis 2',
      crew.configuration,
      ...enabledSpecialists(crew),
      ...own,
      ...lessons,
      ...[...paths].sort(),
    ]),
    async judge(tree): Promise<Judgement> {
      const started = performance.now();
      const report = await analysePaths(crew, tree, paths, own);
      const unread = report.skipped.map((item) => `${item.path}: ${item.reason}`);
      const lost = report.missing.map((item) => `${item.specialist}: ${item.reason}`);
      return {
        outcome: lost.length > 0 ? 'error' : unread.length > 0 ? 'failed' : 'passed',
        // A candidate that no longer parses has no findings either: unreadable must not look like mended.
        tests: Object.fromEntries(report.skipped.map((item) => [item.path, 'failed'])),
        findings: report.found.map((item) => item.finding),
        detail: [...lost, ...unread].join('\n').slice(0, 4096),
        duration: Math.round(performance.now() - started),
      };
    },
  };
}
