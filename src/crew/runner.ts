/**
 * The runner: one per repository, holds the lock, finishes what a killed one left, then works off what is new. Rule:
 * wake is cleared before the work is read and looked at again after the lock is gone, so no touch is ever lost.
 */
import { AmbientError } from '../base/index.ts';
import { cutOffNotice, explicitWork, type RunRequest } from './asked.ts';
import { type CycleInput, finishCycle, isAnalysed, startCycle } from './cycle.ts';
import type { CycleReport } from './driver.ts';
import { recoverLanding } from './landing.ts';
import type { Crew } from './open.ts';
import { noticeOutcomes } from './outcomes.ts';

/** Runs the cycles of `request`. @throws AmbientError `busy` (environment) when another runner holds the lock. */
export async function run(crew: Crew, request: RunRequest): Promise<CycleReport[]> {
  const reports: CycleReport[] = [];
  let asked = request;
  do {
    const lock = await crew.store.lock.acquire();
    await crew.store.wake.started();
    if (lock === null) {
      if (asked === request && !request.background) throw await busy(crew);
      // The holder looks at `wake` again before it goes; should it be gone already, this is our work.
      if ((await crew.store.lock.holder()) === null && (await crew.store.wake.pending())) continue;
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
  for (const cycle of await crew.store.journal.unfinished()) reports.push(await finishCycle(crew, cycle));
  await noticeOutcomes(crew);
  const asked = await explicitWork(crew, request);
  if (asked === null) reports.push(...(await workOff(crew)));
  else reports.push(await finishCycle(crew, await startCycle(crew, asked)));
  await crew.store.telemetry.retain(crew.config.telemetry.retention_days);
  return reports;
}

async function workOff(crew: Crew): Promise<CycleReport[]> {
  const reports: CycleReport[] = [];
  do {
    const byHook = await crew.store.wake.pending();
    await crew.store.wake.clear();
    for (const cycle of await takePending(crew, byHook ? 'hook' : 'cursor'))
      reports.push(await finishCycle(crew, cycle));
  } while (await crew.store.wake.pending());
  return reports;
}

/**
 * Moves the cursor over the commits made in this clone and coalesces them: one cycle per tip, compared with the parent
 * of the first commit below it; what a newer commit made obsolete is dropped. The cursor moves last: a runner that is
 * killed before finds the same commits again, one that is killed after finds the cycles in the journal.
 */
async function takePending(crew: Crew, by: 'hook' | 'cursor'): Promise<string[]> {
  const state = await crew.store.state.read();
  const { commits, cursor } = await crew.repository.history.madeHere(state.cursor);
  const cycles: string[] = [];
  for (const input of await coalesce(crew, commits))
    if (!(await isAnalysed(crew, state.analysed, input))) cycles.push(await startCycle(crew, input));
  await crew.store.state.update((next) => {
    next.cursor = cursor;
    next.woken = [...next.woken, ...commits.map((commit) => ({ commit, by }))];
  });
  return cycles;
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
