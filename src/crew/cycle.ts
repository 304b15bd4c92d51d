/**
 * One cycle: fold the journal, perform the todo, journal what came of it, until done. Rule: the journal line is written
 * before the next todo starts; a cycle whose base or configuration is gone is abandoned, with its drafts.
 */
import { AmbientError, canonicalJson, digest } from '../base/index.ts';
import { type AmbientEvent, next, replay, type Scope, type Step } from '../loops/index.ts';
import { type CycleReport, note, perform } from './driver.ts';
import type { Crew } from './open.ts';

export interface CycleInput {
  base: string;
  scope: Scope;
}

/** Name of a cycle: the same work under the same configuration has the same name, so that it is never done twice at once. */
export function cycleName(crew: Crew, input: CycleInput): string {
  return digest([input.base, crew.configuration, canonicalJson(input.scope)], 12);
}

/** Starts (or goes on with) the cycle of `input`. */
export async function runCycle(crew: Crew, input: CycleInput): Promise<CycleReport> {
  const cycle = cycleName(crew, input);
  if ((await crew.store.journal.read(cycle)).length === 0) {
    const started: AmbientEvent = { step: 'started', ...input, configuration: crew.configuration };
    await crew.store.journal.append(cycle, { ...started });
    await note(crew, cycle, 'cycle_started', { base: input.base, scope: input.scope.kind });
  }
  return resumeCycle(crew, cycle);
}

/** Finishes a cycle from its journal. */
export async function resumeCycle(crew: Crew, cycle: string): Promise<CycleReport> {
  const report: CycleReport = emptyReport(cycle);
  let step = await foldJournal(crew, cycle);
  report.base = step.state.base;
  report.proposals.push(...step.state.published);
  if (step.state.at !== 'finishing' && step.state.at !== 'done' && step.state.configuration !== crew.configuration)
    step = await advance(crew, cycle, step, { step: 'abandoned', reason: 'the trusted configuration changed' });
  while (step.todo !== null) {
    crew.signal.throwIfAborted();
    const event = await perform(crew, cycle, step.todo, report);
    if (event.step === 'landed' && event.commit !== null) report.landed.push(event.id);
    step = await advance(crew, cycle, step, event);
  }
  await remember(crew, report.base);
  await crew.store.journal.remove(cycle);
  return report;
}

async function foldJournal(crew: Crew, cycle: string): Promise<Step> {
  const events = (await crew.store.journal.read(cycle)) as unknown as AmbientEvent[];
  try {
    return replay(events);
  } catch (cause) {
    await crew.store.journal.remove(cycle);
    throw new AmbientError('journal-damaged', `the journal of cycle ${cycle} cannot be followed; it was put aside`, {
      kind: 'environment',
      hint: 'run `git ambient run --all` to look at everything again',
      cause,
    });
  }
}

async function advance(crew: Crew, cycle: string, step: Step, event: AmbientEvent): Promise<Step> {
  const after = next(step.state, event);
  await crew.store.journal.append(cycle, { ...event });
  if (process.env['AMBIENT_CRASH_AFTER']) crashPoint((await crew.store.journal.read(cycle)).length);
  return after;
}

/** Tests kill the process right here: `AMBIENT_CRASH_AFTER=<n>` is a real SIGKILL after the n-th journalled step. */
function crashPoint(steps: number): void {
  if (process.env['AMBIENT_CRASH_AFTER'] === String(steps)) process.kill(process.pid, 'SIGKILL');
}

async function remember(crew: Crew, base: string): Promise<void> {
  const key = await analysedKey(crew, base);
  await crew.store.state.update((state) => {
    state.analysed = [...state.analysed.filter((item) => item !== key), key].slice(-500);
  });
}

/** What was looked at under which configuration. */
export async function analysedKey(crew: Crew, commit: string): Promise<string> {
  return `${(await crew.repository.objects.commit(commit)).tree}:${crew.configuration}`;
}

function emptyReport(cycle: string): CycleReport {
  return { cycle, base: '', files: 0, findings: 0, proposals: [], landed: [], suppressed: [], missing: [] };
}
