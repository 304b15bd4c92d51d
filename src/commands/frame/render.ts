/** Text for people. Rule: pure; columns are padded by hand; colour only where the caller says that it is wanted. */
import type {
  CycleReport,
  EvaluationRow,
  FindingsReport,
  MergeResult,
  ProposalDetail,
  StatusReport,
  VerifyReport,
} from '../../crew/index.ts';
import type { CheckComparison } from '../../records/index.ts';
import { renderDiff } from './paint.ts';
import { besideLines } from './render-beside.ts';
import { isShown, shownFirst } from './render-proofs.ts';
import { visible, visibleLine } from './visible.ts';

/** A cell that is wider makes its own row longer, not all of them. */
const WIDEST = 60;

/** Pads cells to columns, each cell on its line; the last one is not padded. */
export function columns(cells: ReadonlyArray<readonly string[]>): string {
  const rows = cells.map((row) => row.map(visibleLine));
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0).filter((width) => width <= WIDEST), 0),
  );
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '))
    .join('\n');
}

export function renderDetail(detail: ProposalDetail, options: { color: boolean }): string {
  const parts = [
    `${detail.id}  ${visibleLine(detail.title)}`,
    `${detail.specialist} · ${detail.rule} · risk ${detail.risk} · ${detail.status}`,
    '',
    ...shownFirst(detail.evaluation),
    wrap(visible(detail.rationale)),
    '',
  ];
  if (detail.evaluation) parts.push(...evaluationLines(detail.evaluation, detail.evidence), '');
  parts.push(...besideLines(detail));
  for (const one of detail.verified_by) parts.push(`Also verified by ${one.by}: ${one.outcome} (shown, not trusted)`);
  for (const one of detail.decisions)
    parts.push(
      `${one.kind} by ${one.by} at ${one.at}${one.reason ? `: ${visibleLine(one.reason)}` : ''}${one.commit ? ` as ${one.commit.slice(0, 12)}` : ''}`,
    );
  parts.push(renderDiff(detail.diff.trimEnd(), options), '', 'Next:', ...detail.next.map((line) => `  ${line}`));
  return parts.join('\n');
}

export function renderMerged(result: Extract<MergeResult, { merged: true }>): string {
  const { id, commit, title, fixup, evidence, test } = result;
  const kept = test === undefined ? [] : [`the failing input stays as ${test}`];
  const untested = evidence === 'analysis' ? ['evidence: analysis: no test of this repository judged it'] : [];
  if (!fixup) return [`Merged ${id} as ${commit.slice(0, 12)}: ${visibleLine(title)}`, ...kept, ...untested].join('\n');
  const later = fixup.rewritten - 1;
  return [
    `Folded ${id} into ${fixup.into.slice(0, 12)}, now ${fixup.as.slice(0, 12)}: ${visibleLine(fixup.subject)}`,
    ...(later > 0 ? [`${count(later, 'later commit')} replayed`] : []),
    ...untested,
    `to go back: ${fixup.undo_command}`,
  ].join('\n');
}

export function evaluationLines(
  {
    outcome,
    checks,
    reasons,
    gates = [],
  }: Pick<EvaluationRow, 'outcome' | 'checks' | 'reasons'> & Partial<EvaluationRow>,
  evidence: string | null,
): string[] {
  return [
    `Evaluation: ${outcome}, evidence: ${evidence}`,
    ...indent(renderChecks(checks)),
    ...reasons.filter((reason) => !isShown(reason) && !isNote(reason, checks)).map((one) => `  ${visibleLine(one)}`),
    ...gates.map(({ name, allowed, reason }) =>
      visibleLine(
        `  gate ${name} ${allowed ? 'allows' : 'denies'}: ${reason}${allowed ? '' : ' (waits for a person)'}`,
      ),
    ),
  ];
}

/** Stands in the table already. */
function isNote(reason: string, checks: readonly CheckComparison[]): boolean {
  return checks.some(({ name, note }) => note !== undefined && reason === `${name}: ${note}`);
}

function renderChecks(checks: readonly CheckComparison[]): string {
  if (checks.length === 0) return '';
  const rows = checks.map((check) => [
    check.name,
    check.base,
    check.candidate,
    `${(check.duration_ms / 1000).toFixed(1)} s`,
    [check.flaky && !check.note?.startsWith('flaky') ? 'flaky' : '', check.note ?? ''].filter(Boolean).join(', '),
  ]);
  return columns([['check', 'base', 'candidate', 'time', ''], ...rows]);
}

export function renderVerify(report: VerifyReport): string {
  const head = `${report.outcome} (evidence: ${report.evidence})`;
  return [
    head,
    ...shownFirst({ witness: report.witness ?? null, performance: report.performance ?? null }),
    ...report.reasons
      .filter((reason) => !isShown(reason) && !isNote(reason, report.checks))
      .map((reason) => `  ${visibleLine(reason)}`),
    ...indent(renderChecks(report.checks)),
    ...renderRecorded(report.recorded),
  ].join('\n');
}

function renderRecorded(recorded: VerifyReport['recorded']): string[] {
  if (recorded === undefined) return [];
  const { at, by, outcome, agrees, changed } = recorded;
  const when = `recorded ${at}${by === null ? '' : ` by ${visibleLine(by)}`}: ${outcome}`;
  if (agrees) return [`${when}; the same answer from the same checks`];
  return [
    `${when}; changed since:`,
    ...changed.map((one) => visibleLine(`  ${one.what}: ${one.before} -> ${one.now}`)),
  ];
}

export function renderFindings(report: FindingsReport): string {
  const rows = report.findings.map((finding) => [
    `${finding.path}:${finding.line}`,
    finding.severity,
    finding.rule,
    `${finding.message}${finding.fixable ? ' (fixable)' : ''}`,
  ]);
  const fixable = report.findings.filter((finding) => finding.fixable).length;
  const tail = `${count(report.findings.length, 'finding')}, ${fixable} fixable, in ${count(report.files, 'file')}`;
  const lines = [...(rows.length > 0 ? [columns(rows)] : []), ...renderUnread(report.skipped)];
  const hint = report.files === 0 ? [NOTHING_READ] : [];
  return [...lines, ...report.missing.map(visibleLine), tail, ...hint].join('\n');
}

/** What was left out. Up to this many files of one reason are named; of more the first, and how many there are. */
const NAMED = 3;

function fewOfEach<T>(items: readonly T[], reasonOf: (item: T) => string): Array<{ item: T; more: number }> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(reasonOf(item), [...(groups.get(reasonOf(item)) ?? []), item]);
  return [...groups.values()].flatMap((members) =>
    members.length > NAMED
      ? members.slice(0, 1).map((item) => ({ item, more: members.length - 1 }))
      : members.map((item) => ({ item, more: 0 })),
  );
}

function renderUnread(skipped: FindingsReport['skipped']): string[] {
  return fewOfEach(skipped, ({ by, reason }) => `${by?.join(', ') ?? ''}\0${reason}`).map(({ item, more }) => {
    const which = `${item.path}${more > 0 ? ` and ${more} more` : ''}`;
    return visibleLine(`not read${item.by ? ` by ${item.by.join(', ')}` : ''}: ${which}: ${item.reason}`);
  });
}

/** A person in a repository of another language, or whose newest commit touched none of ours. */
const NOTHING_READ = 'There was no Python, JavaScript or TypeScript to read.';

export function renderCycles(reports: readonly CycleReport[], titles: ReadonlyMap<string, string> = new Map()): string {
  if (reports.length === 0) return 'Nothing new to look at. `git ambient run --all` looks at the whole repository.';
  return reports.map((report) => renderCycle(report, titles)).join('\n');
}

function renderCycle(report: CycleReport, titles: ReadonlyMap<string, string>): string {
  const head = `${count(report.files, 'file')}, ${count(report.findings, 'finding')}, ${count(report.proposals.length, 'proposal')}`;
  // What stands open is in the list; nobody needs to hear why it is not proposed twice.
  const open = report.suppressed.filter((item) => item.reason.startsWith(OPEN_AS));
  const suppressed = report.suppressed
    .filter((item) => !open.includes(item))
    .map((item) => visibleLine(`  not proposed: ${item.rule} (${item.path}): ${item.reason}`));
  if (open.length > 0) suppressed.push(`  ${count(open.length, 'fix', 'fixes')} open already: git ambient list`);
  if (report.unfixable > 0)
    suppressed.push(`  ${count(report.unfixable, 'finding')} without a safe fix: git ambient findings`);
  const next = report.proposals.length > 0 ? ['', 'Next: git ambient list'] : report.files === 0 ? [NOTHING_READ] : [];
  return [
    head,
    ...report.proposals.map((id) => {
      const landed = report.landed.includes(id) ? ' (landed)' : '';
      return `  ${id}  ${visibleLine(titles.get(id) ?? '')}${landed}`.trimEnd();
    }),
    ...suppressed,
    ...renderSpent(report.spent),
    ...fewOfEach(report.missing, (line) => line.slice(line.indexOf(': ') + 2)).map(
      ({ item, more }) => `  left out: ${visibleLine(item)}${more > 0 ? ` (and ${more} more)` : ''}`,
    ),
    ...next,
  ].join('\n');
}

function renderSpent(spent: CycleReport['spent']): string[] {
  if (spent === undefined) return [];
  const { calls, kept, tokens, usd } = spent;
  const parts = [
    `${count(calls, 'question')}, ${tokens} tokens`,
    ...(kept > 0 ? [`${kept} answered before`] : []),
    ...(usd > 0 ? [`${usd} dollars`] : []),
  ];
  return [`  model: ${parts.join(', ')}`];
}

/** Reasons of the crew for a fix that is on the table already. */
const OPEN_AS = 'open as ';

export function renderStatus(report: StatusReport): string {
  const { proposals: p, last_cycle: cycle } = report;
  const rows = [
    ['repository', report.repository],
    ['proposals', `${p.open} open, ${p.merged} merged, ${p.rejected} rejected`],
    ['hook', report.hook],
    [
      'runner',
      report.runner ? `at work (process ${report.runner.pid})` : report.pending ? 'woken, not started' : 'idle',
    ],
    [
      'last cycle',
      cycle
        ? `${cycle.at}: ${cycle.status}, ${count(cycle.findings, 'finding')}, ${count(cycle.proposals, 'proposal')}${whyNone(cycle)}`
        : 'none yet',
    ],
  ];
  if (report.last_error) rows.push(['last error', `${report.last_error.at}: ${report.last_error.message}`]);
  return [columns(rows), ...report.notes.map((note) => `note: ${note}`)].join('\n');
}

/** Findings and no proposal: a person asks why. */
function whyNone({ findings, proposals, reasons }: NonNullable<StatusReport['last_cycle']>): string {
  if (findings === 0 || proposals > 0 || reasons.length === 0) return '';
  return ` (${reasons.map((one) => `${one.count} ${one.reason}`).join(', ')})`;
}

function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

function indent(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => `  ${line.trimEnd()}`);
}

export function wrap(text: string, width = 80): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + word.length + 1 > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.join('\n');
}
