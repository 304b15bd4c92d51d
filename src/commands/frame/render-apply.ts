/** Text for people about patches. Rule: pure; a refusal says which hunk, why, and what stands at the closest place. */
import type { ApplyReport, ReplayReport } from '../../crew/index.ts';
import { visible, visibleLine } from './visible.ts';

type Refusals = ApplyReport['refusals'];

/** How a hunk was found, where it was not exact. */
const TIERS: Record<string, string> = {
  'trailing-blanks': 'blanks at line ends differ',
  'lost-marker': 'line markers were lost',
  indentation: 'indented as the file is',
  split: 'a merged hunk was split',
  trimmed: 'outer context left aside',
  aligned: 'its context differs from the file: look at it',
  'three-way': 'merged with what changed since',
  partly: 'some of it stood there already',
  already: 'stood there already',
};

export function renderApply(report: ApplyReport): string {
  const { outcome, files } = report;
  const note = report.recovered ? ['A patch that was stopped half-way was undone first.'] : [];
  if (outcome === 'refused') return note.join('\n');
  if (outcome === 'already') return [...note, 'Already there: nothing to do.'].join('\n');
  const verb = outcome === 'applied' ? 'Applied' : 'Would apply';
  const lines = files.flatMap((file) => {
    const name = file.from === null || file.from === file.path ? file.path : `${file.from} → ${file.path}`;
    const notes = file.hunks.flatMap(({ hunk, line, tier }) =>
      tier === 'exact' ? [] : [`  hunk ${hunk} at line ${line}: ${TIERS[tier] ?? tier}`],
    );
    return [`${verb}: ${visibleLine(name)} (+${file.added} -${file.removed})`, ...notes];
  });
  return [...note, ...lines].join('\n');
}

export function renderRefusals(report: ApplyReport): string {
  const kept = report.bundle === null ? [] : [`  → git ambient debug bundle ${report.bundle}`];
  return ['refused: nothing was changed', ...refusalLines(report.refusals), ...kept].join('\n');
}

/** More of them say no more: the first ones are mended first. */
const MOST = 20;

function refusalLines(refusals: Refusals): string[] {
  const more = refusals.length - MOST;
  const rest = more > 0 ? [`  and ${more} more: \`--json\` has them all`] : [];
  const lines = refusals.slice(0, MOST).flatMap(({ path, hunk, reason, closest }) => {
    const where = [path, hunk === null ? null : `hunk ${hunk}`].filter((part) => part !== null).join(', ');
    const head = visibleLine(`  ${where === '' ? '' : `${where}: `}${reason}`);
    if (closest === null) return [head];
    const differing = closest.differing.flatMap(({ line, expected, found }) => [
      `      ${line}: expected ${JSON.stringify(expected)}`,
      `      ${' '.repeat(String(line).length)}  found    ${JSON.stringify(found)}`,
    ]);
    return [head, `    the closest place is line ${closest.line}`, ...differing];
  });
  return [...lines, ...rest];
}

export function renderReplay(report: ReplayReport): string {
  const files = report.files.map(
    ({ path, mode, oid }) => `  ${visibleLine(path)}  ${oid ?? 'nothing there'}${mode ? `  ${mode}` : ''}`,
  );
  const answer = report.same
    ? 'The same answer today.'
    : report.now === null
      ? 'Today it would be placed.'
      : ['Another answer today:', ...refusalLines(report.now)].join('\n');
  return [
    `Bundle ${report.bundle}, refused at ${report.at}`,
    ...refusalLines(report.refusals),
    'Placed on:',
    ...files,
    answer,
    '',
    visible(report.patch).trimEnd(),
  ].join('\n');
}
