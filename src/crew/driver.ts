/**
 * Performs the todos of the ambient loop. Rule: every todo may be performed twice; what it found is the event that is
 * journalled, so a killed runner goes on where it stopped.
 */
import { AmbientError } from '../base/index.ts';
import type { AmbientEvent, AmbientTodo, RankedDraft } from '../loops/index.ts';
import { vetPath } from '../patch/index.ts';
import type { Fix } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { groupFixes, selectFixes } from '../swarm/index.ts';
import { proposeByModel } from './ask-models.ts';
import { landByPolicy } from './autoland.ts';
import { diagnose, ruleIndex } from './diagnose.ts';
import { closedFingerprints, openProposals } from './known.ts';
import type { Crew } from './open.ts';
import { placeFix } from './place.ts';
import { endVerifying, verifyDraft, verifyTogether } from './verify-drafts.ts';
import { addWaiting, setWaiting } from './waiting.ts';

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
}

export async function perform(
  crew: Crew,
  cycle: string,
  todo: AmbientTodo,
  report: CycleReport,
): Promise<AmbientEvent> {
  switch (todo.do) {
    case 'diagnose':
      return { step: 'diagnosed', fixes: await diagnoseAndSelect(crew, todo, report) };
    case 'place':
      return { step: 'placed', drafts: await place(crew, cycle, todo, report) };
    case 'evaluate':
      return evaluateDraft(crew, cycle, todo, report);
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

async function diagnoseAndSelect(crew: Crew, todo: Todo<'diagnose'>, report: CycleReport): Promise<Fix[]> {
  const diagnosis = await diagnose(crew, todo.base, todo.scope);
  const rules = await ruleIndex(crew);
  // A name that no proposal may touch must not cost the files that share its fix.
  const names = new Map(diagnosis.found.map(({ finding: { path } }) => [path, vetPath(path)]));
  const fixes = groupFixes(
    diagnosis.found.filter(({ finding }) => names.get(finding.path) === null),
    {
      fileLimit: crew.config.risk_policy.file_change_limit,
      rule: (id) => rules.get(id),
    },
  );
  const modelled = await proposeByModel(crew, todo.base, todo.scope, diagnosis);
  const open = await openProposals(crew);
  const selection = selectFixes([...fixes, ...modelled.fixes], {
    room: Math.max(0, crew.config.risk_policy.max_open_proposals - open.length),
    closed: await closedFingerprints(crew, open),
  });
  report.files = diagnosis.files;
  report.findings = diagnosis.found.length;
  report.missing = [
    ...diagnosis.missing.map((item) => `${item.specialist} on ${item.paths.length} files: ${item.reason}`),
    ...diagnosis.skipped.map((item) => `${item.path}: ${item.reason}`),
    ...[...names.values()].filter((reason) => reason !== null),
    ...modelled.missing,
  ];
  for (const { specialist, title, reason } of modelled.refused)
    report.suppressed.push({ rule: `model/${specialist}`, path: title, reason: `could not be placed: ${reason}` });
  for (const { fix, reason } of selection.suppressed) {
    const standing = reason === 'known' ? openAs(fix, open) : null;
    suppress(report, fix, standing === null ? SUPPRESSED[reason] : `open as ${standing}`);
  }
  report.unfixable = diagnosis.found.filter(({ finding }) => !finding.fixable).length;
  await setWaiting(
    crew,
    selection.suppressed.filter(({ reason }) => reason !== 'known').flatMap(({ fix }) => fix.findings),
  );
  return selection.chosen;
}

const SUPPRESSED = {
  known: 'rejected before; comes back when its code changes',
  overlaps: 'touches the same lines as a better fix; comes back after that one is decided',
  'no room': 'max_open_proposals are open',
} as const;

/** Id of the open proposal that does the same, or null: then it was turned down. */
function openAs(fix: Fix, open: readonly ProposalView[]): string | null {
  const prints = new Set(fix.findings.map(({ fingerprint }) => fingerprint));
  return open.find(({ proposal }) => proposal.fingerprints.some((one) => prints.has(one)))?.proposal.id ?? null;
}

async function place(crew: Crew, cycle: string, todo: Todo<'place'>, report: CycleReport): Promise<RankedDraft[]> {
  const drafts: RankedDraft[] = [];
  for (const fix of todo.fixes) {
    const placed = await placeFix(crew, todo.base, fix);
    if (placed.ok) {
      if (!drafts.some((draft) => draft.id === placed.draft.id)) {
        drafts.push({ id: placed.draft.id, commit: placed.draft.commit });
      }
      continue;
    }
    suppress(report, fix, placed.reason);
    await note(crew, cycle, 'apply_failed', { rule: fix.rule, reason: placed.reason });
  }
  return drafts;
}

async function evaluateDraft(
  crew: Crew,
  cycle: string,
  todo: Todo<'evaluate'>,
  report: CycleReport,
): Promise<AmbientEvent> {
  const { draft, evaluation } = await verifyDraft(crew, todo);
  if (evaluation.outcome !== 'passed') {
    const reason = `${evaluation.outcome}: ${evaluation.reasons.join('; ')}`;
    report.suppressed.push({ rule: draft.rule, path: draft.title, reason });
    await note(crew, cycle, 'verify_failed', { proposal: draft.id, rule: draft.rule, ...summary(evaluation) });
  }
  return { step: 'evaluated', id: todo.id, evaluation };
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
  for (const { draft, path } of conflicts)
    report.suppressed.push({ rule: draft.rule, path, reason: SUPPRESSED.overlaps });
  const ids = together.map(({ id }) => id);
  const passed = evaluation === null || evaluation.outcome === 'passed';
  if (!passed) await note(crew, cycle, 'verify_failed', { together: ids, ...summary(evaluation) });
  const reasons = passed ? [] : evaluation.reasons.slice(0, 3);
  return { step: 'evaluated-together', ids, passed, reasons };
}

async function publish(crew: Crew, cycle: string, todo: Todo<'publish'>, report: CycleReport): Promise<AmbientEvent> {
  const { proposal } = await crew.store.proposals.find(todo.id);
  await crew.store.proposals.publish(proposal, todo.evaluation);
  const { id, specialist, rule, title, risk } = proposal;
  await note(crew, cycle, 'proposal', { proposal: id, agent: specialist, rule, title, risk });
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
  );
  for (const { id, beside, reasons } of todo.unfit) {
    const draft = dropped.find((one) => one.id === id);
    if (draft === undefined) continue;
    const others = `${beside.slice(0, 3).join(', ')}${beside.length > 3 ? ` and ${beside.length - 3} more` : ''}`;
    const reason = `waits for ${others}: does not pass together with them: ${reasons.join('; ')}`;
    report.suppressed.push({ rule: draft.rule, path: draft.title, reason });
  }
  await crew.store.proposals.dropDrafts(dropped.filter((draft) => draft.draft));
  await note(crew, cycle, 'cycle_completed', {
    status: todo.reason === null ? 'success' : 'abandoned',
    ...(todo.reason === null ? {} : { reason: todo.reason }),
    base: report.base,
    files: report.files,
    findings: report.findings,
    proposals: todo.published,
    suppressed: report.suppressed.length,
    reasons: countReasons(report),
  });
  return { step: 'finished' };
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
  [/^(touches the same lines|waits for)/, 'waiting for a better fix'],
  [/^max_open_proposals/, 'waiting for room'],
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
    crew.log.warn(`telemetry was not written: ${error.message}`);
  }
}

function suppress(report: CycleReport, fix: Fix, reason: string): void {
  report.suppressed.push({ rule: fix.rule, path: fix.findings[0]?.path ?? '', reason });
}
