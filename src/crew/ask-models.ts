/**
 * What the specialists propose with a model. Rule: a model is asked only when the trusted configuration says how; whatever
 * goes wrong with one specialist costs only that one, and is said.
 */
import { AmbientError } from '../base/index.ts';
import { type Model, openModel, type Spent } from '../llm/index.ts';
import type { Scope } from '../loops/index.ts';
import type { Fix, SpecialistName } from '../records/index.ts';
import { parseCommand } from '../sandbox/index.ts';
import { buildPack, type PackSection, type Participant, proposeWithModel, refine } from '../swarm/index.ts';
import { type DiagnosisReport, diagnose } from './diagnose.ts';
import { diffPlacer } from './model-diff.ts';
import { promptOf } from './model-prompt.ts';
import { requestOf, type View, viewOf } from './model-view.ts';
import { type Crew, commitOf, once } from './open.ts';
import { type Resting, withTheModel } from './resting.ts';

export interface ModelReport {
  fixes: Fix[];
  /** Fixes that were proposed and could not be placed. */
  refused: Array<{ specialist: SpecialistName; title: string; reason: string }>;
  /** Specialists that gave no answer, and why. */
  missing: string[];
  /** By what `resting.ts` calls them: why it failed, or null. */
  outcomes: Map<string, string | null>;
}

/** Also those that have no rules of their own yet: a model needs none. */
const ASKED: readonly SpecialistName[] = [
  ...(['SecurityGuardian', 'RefactorArchitect', 'StyleEnforcer'] as const),
  ...(['PerformanceOptimizer', 'TestEnhancer'] as const),
];

/** Of `timeout_seconds`, for everything that one specialist is asked in a cycle: the others wait for it. */
const PATIENCE = 4;

/** The configured model, opened once a cycle, for its budget is a cycle's; null: none. @throws AmbientError `model-not-configured` (config). */
export function modelOf(crew: Crew): Promise<Model | null> {
  const options = { config: crew.config.model, cache: crew.store.cache, env: process.env, parseCommand };
  return once(crew, 'model', () => openModel(options));
}

/** Before a cycle: what is spent is counted from here on. */
export function forgetSpent(crew: Crew): void {
  crew.opened.delete('model');
}

/** What this process spent on the cycle; null where no model was asked. */
export async function spentOf(crew: Crew): Promise<Spent | null> {
  const model = crew.opened.has('model') ? await modelOf(crew).catch(() => null) : null;
  const spent = model?.spent() ?? null;
  return spent !== null && spent.calls + spent.kept > 0 ? spent : null;
}

/** For people: a program has no model's name that we know. */
export function modelName({ config: { model } }: Crew): string {
  return model.provider === 'exec' ? (parseCommand(model.command)[0] ?? '') : model.model_id;
}

/** One word, asked once. @throws what `Model.ask` throws */
export async function tryModel(crew: Crew): Promise<void> {
  const config = { ...crew.config.model, max_retries: 0 };
  const model = await openModel({ config, cache: crew.store.cache, env: process.env, parseCommand });
  await model?.ask({ messages: [{ role: 'user', text: 'Answer with the word ok.' }], maxTokens: 16 });
}

/** What is known before a model is asked. */
export interface Known {
  diagnosis: DiagnosisReport;
  /** Fixes of rules. */
  fixes: readonly Fix[];
  resting: Resting;
}

/** Asks every enabled specialist about what `scope` covers, and lets them see each other's proposals. */
export async function proposeByModel(crew: Crew, base: string, scope: Scope, known: Known): Promise<ModelReport> {
  const report: ModelReport = { fixes: [], refused: [], missing: [], outcomes: new Map() };
  const model = await modelOf(crew);
  if (model === null) return report;
  const view = await viewOf(crew, base, scope, known.diagnosis).catch((error: unknown) => {
    report.missing.push(`the specialists with the model: ${whyMissing(crew, error)}`);
    return null;
  });
  if (view === null || view.changed.length === 0) return report;
  const participants = await askEach(crew, { model, view, known }, report);
  const refined = await refine(participants, known.fixes, crew.config.refine.max_rounds);
  for (const { specialist, reason } of refined.failed)
    report.missing.push(`${withTheModel(specialist)}, after it saw the others: ${whyMissing(crew, reason)}`);
  report.fixes.push(...refined.participants.flatMap(({ drafts }) => drafts.map(({ fix }) => fix)));
  return report;
}

async function askEach(
  crew: Crew,
  { model, view, known }: { model: Model; view: View; known: Known },
  report: ModelReport,
): Promise<Participant[]> {
  const place = diffPlacer(crew, view.entries);
  const { max_repair_rounds: repairRounds } = crew.config.refine;
  const specialists = ASKED.filter((name) => crew.config.agents.enabled.includes(name));
  const asked = specialists.map(async (specialist) => {
    const rests = known.resting(withTheModel(specialist));
    if (rests !== null) return { rests };
    const pack = await buildPack(requestOf(crew, specialist, view, known.diagnosis));
    const prompt = await promptOf(crew, specialist);
    const signal = AbortSignal.any([
      crew.signal,
      AbortSignal.timeout(PATIENCE * crew.config.model.timeout_seconds * 1000),
    ]);
    crew.log.progress(`${specialist} asks ${modelName(crew)}`);
    const options = {
      ...{ model, specialist, pack, place, repairRounds, signal },
      ...{ prompt: prompt.text, promptOid: prompt.oid },
    };
    return { options, proposed: await proposeWithModel(options) };
  });
  const participants: Participant[] = [];
  for (const [at, one] of (await Promise.allSettled(asked)).entries()) {
    const specialist = specialists[at] as SpecialistName;
    const name = withTheModel(specialist);
    if (one.status === 'rejected') {
      const why = whyMissing(crew, one.reason);
      report.missing.push(`${name}: ${why}`);
      // Somebody else's doing, or a bound that was set.
      const isOwn = !(one.reason instanceof AmbientError) || one.reason.code !== 'budget-spent';
      if (isOwn) report.outcomes.set(name, why);
    } else if ('rests' in one.value) report.missing.push(`${name}: ${one.value.rests}`);
    else {
      const { options, proposed } = one.value;
      report.outcomes.set(name, null);
      report.refused.push(...proposed.refused.map((item) => ({ specialist, ...item })));
      participants.push({ options, drafts: proposed.drafts });
    }
  }
  return participants;
}

/** What went wrong, for people. A fault of ours in one specialist leaves the others their turn. @throws when we are to stop */
export function whyMissing(crew: Crew, reason: unknown): string {
  crew.signal.throwIfAborted();
  if (reason instanceof AmbientError) {
    // We are not to stop, as was just seen.
    if (reason.code === 'aborted') return `no answer within ${PATIENCE * crew.config.model.timeout_seconds} seconds`;
    return reason.message;
  }
  crew.log.warn(
    `a fault of git-ambient: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
  );
  return `a fault of git-ambient: ${reason instanceof Error ? reason.message : String(reason)}`;
}

/** What `specialist` would be shown of `revision` against its parent, and how it is asked. @throws AmbientError `unknown-specialist`. */
export async function contextOf(crew: Crew, specialist: string, revision: string): Promise<ContextReport> {
  const name = ASKED.find((known) => known.toLowerCase() === specialist.toLowerCase());
  if (name === undefined)
    throw new AmbientError('unknown-specialist', `${JSON.stringify(specialist)} is no specialist`, {
      kind: 'user',
      hint: `one of ${ASKED.join(', ')}`,
    });
  const { oid, parents } = await crew.repository.objects.commit(await commitOf(crew, revision));
  const scope: Scope = { kind: 'changes', from: parents[0] ?? null };
  // The one in processes of their own, the other here.
  const looking = diagnose(crew, oid, scope);
  looking.catch(() => {});
  const view = await viewOf(crew, oid, scope, null);
  const diagnosis = await looking;
  const { text, tokens, sections } = await buildPack(requestOf(crew, name, view, diagnosis));
  return { specialist: name, commit: oid, tokens, sections, prompt: (await promptOf(crew, name)).text, text };
}

export interface ContextReport {
  specialist: SpecialistName;
  commit: string;
  tokens: number;
  sections: PackSection[];
  /** The system prompt. */
  prompt: string;
  text: string;
}
