/**
 * Performs the todos of the ambient loop. Rule: every todo may be performed twice; what it found is the event that is
 * journalled, so a killed runner goes on where it stopped.
 */
import { AmbientError } from '../base/index.ts';
import type { Spent } from '../llm/index.ts';
import type { AmbientEvent, AmbientTodo } from '../loops/index.ts';
import type { ProposalView } from '../store/index.ts';
import { spentOf } from './ask-models.ts';
import { landByPolicy } from './autoland.ts';
import { chooseFixes, OVERLAPS } from './choose-fixes.ts';
import { repairDraft } from './model-repair.ts';
import type { Crew } from './open.ts';
import { placeFixes } from './place-fixes.ts';
import { rememberOutcomes, theRule } from './resting.ts';
import { endVerifying, verifyDraft, verifyTogether } from './verify-drafts.ts';
import { addWaiting } from './waiting.ts';

/** What a cycle tells people at its end; kept in telemetry too. */
export interface CycleReport {
  cycle: string;
  base: string;
  files: number;
  findings: number;
  proposals: string[];
  landed: string[];
  /** Fixes that did not become proposals, and why. */
  suppressed: Array<{ rule: string; path: string; reason: string }>;
  /** Findings for which no safe edit exists. */
  unfixable: number;
  /** Specialists or files that gave no answer. */
  missing: string[];
  /** What the model cost, where one was asked. */
  spent?: Spent;
}

export async function perform(
  crew: Crew,
  cycle: string,
  todo: AmbientTodo,
  report: CycleReport,
): Promise<AmbientEvent> {
  switch (todo.do) {
    case 'diagnose':
      return chooseFixes(crew, cycle, todo, report);
    case 'place':
      return placeFixes(crew, cycle, todo, report);
    case 'evaluate':
      return evaluateDraft(crew, cycle, todo, report);
    case 'repair':
      return repair(crew, cycle, todo, report);
    case 'evaluate-together':
      return evaluateTogether(crew, cycle, todo, report);
    case 'publish':
      return publish(crew, cycle, todo, report);
    case 'land':
      return { step: 'landed', id: todo.id, commit: await landByPolicy(crew, cycle, todo.id) };
    case 'finish':
      return finish(crew, cycle, todo, report);
  }
}

type Todo<K extends AmbientTodo['do']> = Extract<AmbientTodo, { do: K }>;

async function evaluateDraft(
  crew: Crew,
  cycle: string,
  todo: Todo<'evaluate'>,
  report: CycleReport,
): Promise<AmbientEvent> {
  const { draft, evaluation, log } = await verifyDraft(crew, todo);
  if (evaluation.outcome !== 'passed') {
    const reason = `${evaluation.outcome}: ${evaluation.reasons.join('; ')}`;
    report.suppressed.push({ rule: draft.rule, path: draft.title, reason });
    await note(crew, cycle, 'verify_failed', { proposal: draft.id, rule: draft.rule, ...summary(evaluation) });
  }
  return { step: 'evaluated', id: todo.id, evaluation, ...(log === '' ? {} : { log }) };
}

/** What comes of it is judged as any other draft. */
async function repair(crew: Crew, cycle: string, todo: Todo<'repair'>, report: CycleReport): Promise<AmbientEvent> {
  const { drafts, missing } = await repairDraft(crew, todo);
  report.missing.push(...missing);
  await note(crew, cycle, 'repair', { proposal: todo.id, drafts: drafts.map(({ id }) => id), missing });
  return { step: 'repaired', id: todo.id, drafts };
}

function summary(evaluation: { outcome: string; reasons: string[] }) {
  return { outcome: evaluation.outcome, reasons: evaluation.reasons.slice(0, 5) };
}

/**
 * Each is right alone; what is offered at the same time must be right together too. A draft that cannot be put on top of
 * the better ones (it touches a neighbouring line) waits until they are decided.
 */
async function evaluateTogether(
  crew: Crew,
  cycle: string,
  todo: Todo<'evaluate-together'>,
  report: CycleReport,
): Promise<AmbientEvent> {
  const { together, conflicts, evaluation } = await verifyTogether(crew, todo.drafts);
  for (const { draft, path } of conflicts) report.suppressed.push({ rule: draft.rule, path, reason: OVERLAPS });
  const ids = together.map(({ id }) => id);
  const passed = evaluation === null || evaluation.outcome === 'passed';
  if (!passed) await note(crew, cycle, 'verify_failed', { together: ids, ...summary(evaluation) });
  const reasons = passed ? [] : evaluation.reasons.slice(0, 3);
  return { step: 'evaluated-together', ids, passed, reasons };
}

async function publish(crew: Crew, cycle: string, todo: Todo<'publish'>, report: CycleReport): Promise<AmbientEvent> {
  const { proposal } = await crew.store.proposals.find(todo.id);
  const { id, specialist, rule, title, risk } = proposal;
  const line = { kind: 'proposal', run_id: cycle, data: { proposal: id, agent: specialist, rule, title, risk } };
  try {
    await crew.store.proposals.publish(proposal, todo.evaluation, crew.config.telemetry.enabled ? [line] : []);
  } catch (error) {
    // Without the line, if it was that; what fails again is told.
    if (!(error instanceof AmbientError)) throw error;
    await crew.store.proposals.publish(proposal, todo.evaluation);
    untold(crew, error);
  }
  if (!report.proposals.includes(id)) report.proposals.push(id);
  return { step: 'published', id };
}

async function finish(crew: Crew, cycle: string, todo: Todo<'finish'>, report: CycleReport): Promise<AmbientEvent> {
  await endVerifying(crew);
  const views = await crew.store.proposals.list({ drafts: true });
  const dropped = views.map((view) => view.proposal).filter((draft) => todo.drop.some((item) => item.id === draft.id));
  await addWaiting(
    crew,
    dropped.filter((draft) => todo.wait.includes(draft.id)),
    new Map([...todo.unfit, ...todo.held].map(({ id, beside }) => [id, beside])),
  );
  const waits = (id: string, beside: readonly string[], why: string) => {
    const draft = dropped.find((one) => one.id === id);
    if (draft === undefined) return;
    report.suppressed.push({ rule: draft.rule, path: draft.title, reason: `${waitingFor(beside)}: ${why}` });
  };
  for (const { id, beside, reasons } of todo.unfit)
    waits(id, beside, `does not pass together with them: ${reasons.join('; ')}`);
  for (const { id, beside } of todo.held) waits(id, beside, 'touches the same lines');
  await rememberOutcomes(crew, cycle, outcomesOfRules(views, todo.judged));
  await crew.store.proposals.dropDrafts(dropped.filter((draft) => draft.draft));
  const spent = await spentOf(crew);
  if (spent !== null) report.spent = spent;
  await note(crew, cycle, 'cycle_completed', {
    status: todo.reason === null ? 'success' : 'abandoned',
    ...(todo.reason === null ? {} : { reason: todo.reason }),
    base: report.base,
    files: report.files,
    findings: report.findings,
    proposals: todo.published,
    suppressed: report.suppressed.length,
    reasons: countReasons(report),
    ...(report.missing.length === 0 ? {} : { missing: shortened(report.missing) }),
    ...(spent === null ? {} : { model: spent }),
  });
  return { step: 'finished' };
}

/** By rule: null where one of its fixes passed, else why they failed. */
function outcomesOfRules(views: readonly ProposalView[], judged: Todo<'finish'>['judged']): Map<string, string | null> {
  const outcomes = new Map<string, string | null>();
  for (const { id, outcome, reason } of judged) {
    const rule = views.find(({ proposal }) => proposal.id === id)?.proposal.rule;
    if (rule === undefined || outcome === 'inconclusive') continue;
    const name = theRule(rule);
    if (outcome === 'passed') outcomes.set(name, null);
    else if (outcomes.get(name) !== null) outcomes.set(name, reason);
  }
  return outcomes;
}

/** Lines of the diary are short. */
function shortened(lines: readonly string[]): string[] {
  const kept = lines.slice(0, 8).map((line) => (line.length > 200 ? `${line.slice(0, 199)}…` : line));
  return lines.length > kept.length ? [...kept, `and ${lines.length - kept.length} more`] : kept;
}

/** Starts with "waiting for", which `countReasons` and people look for. */
export function waitingFor(ids: readonly string[]): string {
  return `waiting for ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`;
}

/** In few words, what became of what was found. */
function countReasons({ suppressed, unfixable }: CycleReport): Record<string, number> {
  const counts: Record<string, number> = unfixable > 0 ? { 'without a safe fix': unfixable } : {};
  for (const { reason } of suppressed) {
    const short = SHORT.find(([pattern]) => pattern.test(reason))?.[1] ?? 'could not be placed';
    counts[short] = (counts[short] ?? 0) + 1;
  }
  return counts;
}

const SHORT: ReadonlyArray<readonly [RegExp, string]> = [
  [/^open as /, 'open already'],
  [/^rejected before/, 'rejected before'],
  [/^(touches the same lines|waiting for)/, 'waiting for a better fix'],
  [/^max_open_proposals/, 'waiting for room'],
  [/^its rule is proposed less/, 'proposed less'],
  [/^failed/, 'failed their checks'],
  [/^inconclusive/, 'could not be judged'],
];

/** Telemetry of a step; a cycle does not fail because its diary could not be written. */
export async function note(crew: Crew, cycle: string, kind: string, data: Record<string, unknown>): Promise<void> {
  if (!crew.config.telemetry.enabled) return;
  try {
    await crew.store.telemetry.append([{ kind, run_id: cycle, data }]);
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    untold(crew, error);
  }
}

function untold(crew: Crew, { message, hint }: AmbientError): void {
  crew.log.warn(`telemetry was not written: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}
