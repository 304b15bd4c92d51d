/**
 * What is found → what goes forward: fixes of rules and models, without doubles, the best set of them first. Rule: what is
 * not proposed is said, with the reason.
 */
import { digest } from '../base/index.ts';
import type { AmbientEvent, AmbientTodo } from '../loops/index.ts';
import { planEdits, vetPath } from '../patch/index.ts';
import type { Edit, Finding, Fix } from '../records/index.ts';
import type { ProposalView } from '../store/index.ts';
import { deduplicate, groupFixes, type Loser, type Shape, selectFixes } from '../swarm/index.ts';
import { proposeByModel } from './ask-models.ts';
import { type DiagnosisReport, diagnose, enabledSpecialists, missingLine, ruleIndex } from './diagnose.ts';
import type { CycleReport } from './driver.ts';
import { closedFingerprints, openProposals } from './known.ts';
import { forgetLessons } from './lessons.ts';
import type { Crew } from './open.ts';
import { holdBack, memoryOf } from './record.ts';
import { rememberOutcomes, restingOf, theRule } from './resting.ts';
import { fixesByLessons } from './taught.ts';
import { setWaiting } from './waiting.ts';
import { writeTests } from './write-tests.ts';

/** Losers that are followed further; the others are only told. */
const FOLLOWED = 50;

const SUPPRESSED = {
  known: 'rejected before; comes back when its code changes',
  'no room': 'max_open_proposals are open',
} as const;
/** Of a fix that conflicts with a better one. */
export const OVERLAPS = 'touches the same lines as a better fix; comes back after that one is decided';

export async function chooseFixes(
  crew: Crew,
  cycle: string,
  todo: Extract<AmbientTodo, { do: 'diagnose' }>,
  report: CycleReport,
): Promise<Extract<AmbientEvent, { step: 'diagnosed' }>> {
  const resting = await restingOf(crew);
  forgetLessons(crew);
  const diagnosis = await diagnose(crew, todo.base, todo.scope, resting);
  const rules = await ruleIndex(crew);
  // A name that no proposal may touch must not cost the files that share its fix.
  const names = new Map(diagnosis.found.map(({ finding: { path } }) => [path, vetPath(path)]));
  const found = groupFixes(
    diagnosis.found.filter(({ finding, taught }) => names.get(finding.path) === null && taught === undefined),
    {
      fileLimit: crew.config.risk_policy.file_change_limit,
      rule: (id) => rules.get(id),
    },
  );
  const modelled = await proposeByModel(crew, todo.base, todo.scope, { diagnosis, resting, fixes: found });
  const memory = await memoryOf(crew);
  const open = await openProposals(crew);
  const closed = await closedFingerprints(crew, open);
  const learned = await fixesByLessons(crew, { ...todo, found: diagnosis.found, closed });
  report.suppressed.push(...learned.suppressed);
  const room = Math.max(0, crew.config.risk_policy.max_open_proposals - open.length);
  const tests = await writeTests(crew, { ...todo, resting, closed, room });
  const both = [...found, ...modelled.fixes, ...learned.fixes, ...tests.fixes];
  const { fixes, shapes } = await deduplicate(both, (fix) => shapeOf(crew, fix), memory.weightOf);
  const tired = fixes.filter(({ rule }) => resting(theRule(rule)) !== null);
  const { fixes: offered, held } = holdBack(
    fixes.filter((fix) => !tired.includes(fix)),
    memory,
    open.map(({ proposal }) => proposal),
  );
  const selection = selectFixes(offered, {
    room,
    closed,
    record: memory.weightOf,
    shapes,
  });
  report.files = diagnosis.files;
  report.findings = diagnosis.found.length;
  report.missing = [
    ...diagnosis.missing.map(missingLine),
    ...diagnosis.notes,
    ...diagnosis.skipped.map((item) => `${item.path}: ${item.reason}`),
    ...[...names.values()].filter((reason) => reason !== null),
    ...modelled.missing,
  ];
  report.suppressed.push(...tests.refused);
  for (const { specialist, title, reason } of modelled.refused)
    report.suppressed.push({ rule: `model/${specialist}`, path: title, reason: `could not be placed: ${reason}` });
  for (const { fix, reason } of selection.suppressed) {
    const standing = reason === 'known' ? openAs(fix, open) : null;
    suppress(report, fix, standing === null ? SUPPRESSED[reason] : `open as ${standing}`);
  }
  for (const fix of tired) suppress(report, fix, resting(theRule(fix.rule)) ?? '');
  for (const { fix, reason } of held) suppress(report, fix, reason);
  for (const { fix } of selection.losers.slice(FOLLOWED)) suppress(report, fix, OVERLAPS);
  // A test that was written answers for a finding that has no edit.
  const placeOf = ({ rule, path, line }: Finding) => `${rule} ${path}:${line}`;
  const answered = new Set(both.flatMap(({ findings }) => findings.map(placeOf)));
  const unanswered = diagnosis.found.filter(({ finding }) => !finding.fixable && !answered.has(placeOf(finding)));
  report.unfixable = unanswered.length;
  const left = selection.suppressed.filter(({ reason }) => reason !== 'known');
  const late = [...left, ...selection.losers, ...held, ...tired.map((fix) => ({ fix }))];
  await setWaiting(
    crew,
    late.flatMap(({ fix }) => fix.findings),
  );
  await rememberOutcomes(crew, cycle, new Map([...outcomesOf(crew, diagnosis), ...modelled.outcomes]));
  return { step: 'diagnosed', fixes: selection.chosen, behind: selection.losers.slice(0, FOLLOWED).map(behindOf) };
}

const behindOf = ({ fix, beside, alternative }: Loser) => ({ fix, beside, alternative });

/** What the specialists that had something to read made of it. */
function outcomesOf(crew: Crew, { files, missing }: DiagnosisReport): Map<string, string | null> {
  const outcomes = new Map<string, string | null>();
  if (files > 0) for (const name of enabledSpecialists(crew)) outcomes.set(name, null);
  for (const { specialist, paths, reason } of missing) {
    // Without a file it rests, which is no answer either way.
    if (paths.length > 0) outcomes.set(specialist, reason);
    else outcomes.delete(specialist);
  }
  return outcomes;
}

export function suppress(report: CycleReport, fix: Fix, reason: string): void {
  report.suppressed.push({ rule: fix.rule, path: fix.findings[0]?.path ?? '', reason });
}

/** Id of the open proposal that does the same, or null: then it was turned down. */
function openAs(fix: Fix, open: readonly ProposalView[]): string | null {
  const prints = new Set(fix.findings.map(({ fingerprint }) => fingerprint));
  return open.find(({ proposal }) => proposal.fingerprints.some((one) => prints.has(one)))?.proposal.id ?? null;
}

/** Null: it cannot be placed, which is said when it is tried. */
async function shapeOf(crew: Crew, { edits, creates = [] }: Fix): Promise<Shape | null> {
  const blobs = new Map(edits.map(({ path, blob }) => [path, blob]));
  const read = async (path: string) => {
    const oid = blobs.get(path);
    return oid === undefined ? null : { oid, mode: '100644', content: await crew.repository.objects.blob(oid) };
  };
  const plan = await planEdits(edits, read, creates);
  if (!plan.ok) return null;
  const results = plan.files.map(({ path, content }) => `${path}\0${digest([content.toString('latin1')], 32)}`);
  const lines: string[] = creates.map(({ path }) => `${path}: new`);
  for (const edit of edits) lines.push(linesOf(edit, (await read(edit.path))?.content ?? Buffer.alloc(0)));
  return { result: digest(results.sort(), 32), lines: [...new Set(lines)].sort().join('\n') };
}

/** `a.py:3-4`; `a.py:3+` is an insertion before line 3. */
function linesOf({ path, start, end }: Edit, content: Buffer): string {
  const lineAt = (byte: number) => content.subarray(0, byte).toString('latin1').split('\n').length;
  const isBetween = start === end && (start === 0 || content[start - 1] === 10);
  return isBetween ? `${path}:${lineAt(start)}+` : `${path}:${lineAt(start)}-${lineAt(Math.max(start, end - 1))}`;
}
