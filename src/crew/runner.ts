/**
 * The runner: one per repository, holds the lock, finishes what a killed one left, then works off what is new. Rule:
 * wake is cleared before the work is read and looked at again after the lock is gone, so no touch is ever lost.
 */
import { AmbientError } from '../base/index.ts';
import { refNames } from '../store/index.ts';
import { cutOffNotice, explicitWork, type RunRequest } from './asked.ts';
import { type CycleInput, finishCycle, isAnalysed, startCycle } from './cycle.ts';
import type { CycleReport } from './driver.ts';
import { takeEvents } from './extend/events.ts';
import { recoverLanding } from './landing.ts';
import { quietFor } from './manners.ts';
import type { Crew } from './open.ts';
import { noticeOutcomes } from './outcomes.ts';
import { closeStale } from './stale.ts';
import { dropStrayDrafts, emptyStraySlots, tidyUp } from './tidy.ts';

/** Runs the cycles of `request`. @throws AmbientError `busy` (environment) when another runner holds the lock. */
export async function run(crew: Crew, request: RunRequest): Promise<CycleReport[]> {
  if (!request.background && quietFor(crew.config, new Date()) > 0)
    crew.log.warn(`these are quiet hours (${crew.config.monitoring.quiet_hours}); working all the same, as you asked`);
  const reports: CycleReport[] = [];
  let asked = request;
  do {
    const lock = await crew.store.lock.acquire();
    await crew.store.wake.started();
    if (lock === null) {
      if (asked === request && !request.background) throw await busy(crew);
      // The holder looks at `wake` again before it goes; should it be gone already, this is our work.
      const pid = await crew.store.lock.holder();
      if (pid === null && (await crew.store.wake.pending())) continue;
      if (!request.background && pid !== null)
        crew.log.warn(`a runner that a commit woke is at work (process ${pid}): what it finds is not in this answer`);
      return reports;
    }
    try {
      reports.push(...(await runLocked(crew, asked)));
    } finally {
      await lock.release();
    }
    // What was asked for is done; what came meanwhile is ordinary work.
    asked = {};
    // A commit that came after the last look, while the hook still saw us alive.
  } while (await crew.store.wake.pending());
  return reports;
}

async function runLocked(crew: Crew, request: RunRequest): Promise<CycleReport[]> {
  const reports: CycleReport[] = [];
  await recoverLanding(crew);
  await finishAll(crew, await crew.store.journal.unfinished(), reports);
  await dropStrayDrafts(crew);
  await emptyStraySlots(crew);
  await noticeOutcomes(crew);
  await closeStale(crew);
  const asked = await explicitWork(crew, request);
  if (asked === null) await workOff(crew, reports);
  else {
    const report = await finishCycle(crew, await startCycle(crew, asked));
    if (report !== null) reports.push(report);
  }
  await tidyUp(crew);
  return reports;
}

async function workOff(crew: Crew, reports: CycleReport[]): Promise<void> {
  do await finishAll(crew, [...(await takePending(crew)), ...(await takeEvents(crew))], reports);
  while (await crew.store.wake.pending());
}

/** Finishes `cycles` and those that take the place of one that became obsolete meanwhile. */
async function finishAll(crew: Crew, cycles: readonly string[], reports: CycleReport[]): Promise<void> {
  const queue = [...cycles];
  for (let cycle = queue.shift(); cycle !== undefined; cycle = queue.shift()) {
    const report = await finishCycle(crew, cycle, async (obsolete) => {
      const newer = await takePending(crew, obsolete);
      queue.push(...newer.filter((name) => !queue.includes(name)));
      return newer.length > 0;
    });
    if (report !== null) reports.push(report);
  }
}

/**
 * Moves the cursor over the commits made in this clone and coalesces them: one cycle per tip, compared with the parent
 * of the first commit below it; what a newer commit made obsolete is dropped. The cursor moves last: a runner that is
 * killed before finds the same commits again, one that is killed after finds the cycles in the journal.
 * What takes the place of an obsolete cycle looks at everything that this one was to look at.
 */
async function takePending(crew: Crew, obsolete?: CycleInput): Promise<string[]> {
  const by = (await crew.store.wake.pending()) ? ('hook' as const) : ('cursor' as const);
  await crew.store.wake.clear();
  const state = await crew.store.state.read();
  const { commits, cursor } = await crew.repository.history.madeHere(state.cursor);
  const cycles: string[] = [];
  for (const found of await coalesce(crew, commits)) {
    const input = obsolete === undefined ? found : await inheriting(crew, found, obsolete);
    if (!(await isAnalysed(crew, state.analysed, input))) cycles.push(await startCycle(crew, input));
  }
  await crew.store.state.update((next) => {
    next.cursor = cursor;
    next.woken = [...next.woken, ...commits.map((commit) => ({ commit, by }))];
  });
  return cycles;
}

/** `input` from where `obsolete` began, when that lies before its own beginning. */
async function inheriting(crew: Crew, input: CycleInput, obsolete: CycleInput): Promise<CycleInput> {
  if (input.scope.kind !== 'changes' || obsolete.scope.kind !== 'changes') return input;
  const [from, earlier] = [input.scope.from, obsolete.scope.from];
  if (from === null || from === earlier) return input;
  const { isAncestor } = crew.repository.history;
  if (earlier === null) {
    // From the root on: only where it is the same history, or one that was amended.
    const { base } = obsolete;
    const same =
      (await isAncestor(base, input.base)) ||
      (await crew.repository.history.lost([base], [`${refNames.all}*`])).length > 0;
    return same ? { ...input, scope: { kind: 'changes', from: null } } : input;
  }
  return (await isAncestor(earlier, from)) ? { ...input, scope: { kind: 'changes', from: earlier } } : input;
}

async function coalesce(crew: Crew, commits: readonly string[]): Promise<CycleInput[]> {
  const { repository } = crew;
  const groups: Array<{ tip: string; first: string }> = [];
  for (const commit of [...commits].reverse()) {
    const group = await findGroup(crew, groups, commit);
    if (group) group.first = commit;
    else groups.push({ tip: commit, first: commit });
  }
  const inputs: CycleInput[] = [];
  for (const { tip, first } of groups) {
    const { parents, cutOff } = await repository.objects.commit(first);
    if (cutOff) crew.log.warn(cutOffNotice(first));
    else inputs.push({ base: tip, scope: { kind: 'changes', from: parents[0] ?? null } });
  }
  return inputs;
}

async function findGroup<T extends { tip: string }>(crew: Crew, groups: readonly T[], commit: string) {
  for (const group of groups) if (await crew.repository.history.isAncestor(commit, group.tip)) return group;
  return undefined;
}

/** The error of whoever cannot wait for the runner that is at work. */
export async function busy(crew: Crew): Promise<AmbientError> {
  const pid = await crew.store.lock.holder();
  return new AmbientError(
    'busy',
    `another runner is at work in this repository${pid === null ? '' : ` (process ${pid})`}`,
    {
      kind: 'environment',
      hint: 'wait for it: `git ambient status` shows when it is done',
      data: { pid },
    },
  );
}
