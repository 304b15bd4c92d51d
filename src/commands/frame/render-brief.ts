/** What happened, on one screen. Pure. */
import type { BriefItem, BriefReport } from '../../crew/index.ts';
import { columns } from './render.ts';

/** Of each kind; the rest is counted. */
const MOST = 5;

export function renderBrief(report: BriefReport): string {
  const { commits, waiting } = report;
  const looked = `${count(commits.length, 'commit')} in ${count(report.cycles, 'cycle')}, ${count(report.findings, 'finding')}`;
  const sections = [
    section(
      'Looked at',
      looked,
      [...commits].reverse().map((one) => [one.commit.slice(0, 12), one.subject]),
    ),
    section('New', '', report.new.map(row)),
    section('Merged', '', report.merged.map(row)),
    section('Rejected', '', report.rejected.map(because)),
    section('Approved', '', report.approved.map(because)),
    section('Taken back', '', report.reverted.map(because)),
    section('Expired or replaced', '', report.expired.map(because)),
    section(
      'Could not run',
      '',
      report.could_not_run.map((line) => [line]),
    ),
  ].filter((text) => text !== '');
  const next = waiting.length === 0 ? 'Nothing waits for you.' : section('Waits for you', '', waiting.map(row));
  const way = waiting.length === 0 ? [] : ['', 'Next: git ambient next'];
  return [`Since ${localTime(report.since)}`, '', ...sections, next, ...way].join('\n');
}

function section(name: string, summary: string, rows: string[][]): string {
  if (rows.length === 0 && summary === '') return '';
  const shown = rows.slice(0, MOST);
  const more = rows.length > MOST ? [`  and ${rows.length - MOST} more`] : [];
  const lines = shown.length === 0 ? [] : columns(shown).split('\n');
  return [`${name}: ${summary || rows.length}`, ...lines.map((line) => `  ${line}`), ...more].join('\n');
}

/** The person's own clock, to the minute. */
function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const row = (item: BriefItem): string[] => [item.id, item.risk ?? '', item.title];
const because = (item: BriefItem): string[] => [item.id, item.title + (item.reason ? ` (${item.reason})` : '')];

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
