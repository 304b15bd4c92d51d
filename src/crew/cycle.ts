/**
 * One cycle: fold the journal, perform the todo, journal what came of it, until done. Rule: the journal line is written
 * before the next todo starts; a cycle whose base or configuration is gone is abandoned, with its drafts.
 */
import { AmbientError, canonicalJson, digest, exitCodeOf } from '../base/index.ts';
import { type AmbientEvent, type AmbientTodo, next, replay, type Scope, type Step } from '../loops/index.ts';
import { forgetSpent } from './ask-models.ts';
import { type CycleReport, note, perform } from './driver.ts';
import { lookOut, type Newer } from './newer.ts';
import type { Crew } from './open.ts';

export interface CycleInput {
  base: string;
  scope: Scope;
}

/** Name of a cycle: the same work under the same configuration has the same name, so that it is never done twice at once. */
export function cycleName(crew: Crew, input: CycleInput): string {
  return digest([input.base, crew.configuration, canonicalJson(input.scope)], 12);
}

/** Journals the cycle of `input` and returns its name: from then on it is finished, by whoever runs next. */
export async function startCycle(crew: Crew, input: CycleInput): Promise<string> {
  const cycle = cycleName(crew, input);
  if ((await crew.store.journal.read(cycle)).length === 0) {
    const started: AmbientEvent = { step: 'started', ...input, configuration: crew.configuration };
    await crew.store.journal.append(cycle, { ...started });
    const from = input.scope.kind === 'changes' ? { from: input.scope.from } : {};
    await note(crew, cycle, 'cycle_started', { base: input.base, scope: input.scope.kind, ...from });
  }
  return cycle;
}

/**
 * Journals what takes the place of `obsolete`, before that is abandoned, so that nothing is lost. False: there is nothing
 * after all, and it goes on.
 */
export type TakeNewer = (obsolete: CycleInput) => Promise<boolean>;

/**
 * Finishes a cycle from its journal. One that meets a fault of ours is abandoned: it would stand in the way for ever.
 * With `takeNewer` it is broken off as soon as a newer commit takes the place of its base.
 * @returns null when it was broken off: nothing came of it.
 */
export async function finishCycle(crew: Crew, cycle: string, takeNewer?: TakeNewer): Promise<CycleReport | null> {
  try {
    return await followJournal(crew, cycle, null, takeNewer);
  } catch (error) {
    if (exitCodeOf(error) === 70 && !crew.signal.aborted)
      await followJournal(crew, cycle, 'a fault of git-ambient').catch(() => crew.store.journal.remove(cycle));
    throw error;
  }
}

async function followJournal(
  crew: Crew,
  cycle: string,
  fault: string | null,
  takeNewer?: TakeNewer,
): Promise<CycleReport | null> {
  const report: CycleReport = emptyReport(cycle);
  forgetSpent(crew);
  let step = await foldJournal(crew, cycle);
  const { base, scope } = step.state;
  report.base = base;
  report.proposals.push(...step.state.published);
  const reason = fault ?? (await whyAbandon(crew, step));
  if (reason !== null) step = await advance(crew, cycle, step, { step: 'abandoned', reason });
  let newer = takeNewer !== undefined && scope?.kind === 'changes' ? lookOut(crew, base) : null;
  let obsolete = false;
  try {
    while (step.todo !== null) {
      crew.signal.throwIfAborted();
      const event = await performUnlessNewer(crew, cycle, step.todo, report, newer);
      if (event === null && scope !== null) {
        await newer?.end();
        newer = null;
        obsolete = (await takeNewer?.({ base, scope })) === true;
        forgetChecks(crew);
        if (!obsolete) continue;
        crew.log.progress('a newer commit came: beginning again with it');
      }
      if (event?.step === 'landed' && event.commit !== null) report.landed.push(event.id);
      step = await advance(
        crew,
        cycle,
        step,
        event ?? { step: 'abandoned', reason: 'a newer commit made it obsolete' },
      );
    }
  } finally {
    await newer?.end();
  }
  if (obsolete) {
    await crew.store.journal.remove(cycle);
    return null;
  }
  if (step.state.reason === null && scope !== null) await remember(crew, { base, scope });
  await crew.store.journal.remove(cycle);
  return report;
}

/** Those that were opened under a signal that has fired. */
function forgetChecks(crew: Crew): void {
  for (const key of crew.opened.keys()) if (/^(checks|programs) /.test(key)) crew.opened.delete(key);
}

/** What has passed is published, and what lands has landed: only before that is there something to break off. */
const BREAKABLE: ReadonlySet<string> = new Set(['diagnose', 'place', 'evaluate', 'repair', 'evaluate-together']);

/** What came of it; null: it was broken off. */
async function performUnlessNewer(
  crew: Crew,
  cycle: string,
  todo: AmbientTodo,
  report: CycleReport,
  newer: Newer | null,
): Promise<AmbientEvent | null> {
  if (newer === null || !BREAKABLE.has(todo.do)) return perform(crew, cycle, todo, report);
  try {
    newer.signal.throwIfAborted();
    return await perform({ ...crew, signal: newer.signal }, cycle, todo, report);
  } catch (error) {
    if (newer.arrived()) return null;
    throw error;
  }
}

async function whyAbandon(crew: Crew, { state }: Step): Promise<string | null> {
  if (state.at === 'finishing' || state.at === 'done') return null;
  if (state.configuration !== crew.configuration) return 'the trusted configuration changed';
  return (await crew.repository.objects.type(state.base)) === 'commit' ? null : 'its commit is gone';
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

async function remember(crew: Crew, input: CycleInput): Promise<void> {
  const key = await keyOf(crew, input);
  if (key === null) return;
  await crew.store.state.update((state) => {
    state.analysed = [...state.analysed.filter((item) => item !== key), key];
  });
}

/** Was this looked at before, or everything in this tree? */
export async function isAnalysed(crew: Crew, analysed: readonly string[], input: CycleInput): Promise<boolean> {
  const whole = await keyOf(crew, { base: input.base, scope: { kind: 'all', paths: [] } });
  const keys = [whole, await keyOf(crew, input)];
  return keys.some((key) => key !== null && analysed.includes(key));
}

/** Names what was looked at under which configuration; null for some paths of a tree: the others are still to do. */
async function keyOf(crew: Crew, { base, scope }: CycleInput): Promise<string | null> {
  if (scope.kind === 'all' && scope.paths.length > 0) return null;
  const treeOf = async (commit: string) => (await crew.repository.objects.commit(commit)).tree;
  const from = scope.kind === 'all' || scope.from === null ? '' : await treeOf(scope.from);
  return `${from}..${await treeOf(base)}:${crew.configuration}`;
}

function emptyReport(cycle: string): CycleReport {
  return {
    cycle,
    base: '',
    files: 0,
    findings: 0,
    unfixable: 0,
    proposals: [],
    landed: [],
    suppressed: [],
    missing: [],
  };
}
