/** The list of proposals as text. Pure. */
import type { ListPage, ProposalRow } from '../../crew/index.ts';
import { columns } from './render.ts';
import { alternativeTo, waitingLines } from './render-beside.ts';
import { visibleLine } from './visible.ts';

export type Grouping = 'specialist' | 'file' | 'none';

/** Up to this many rows read well in one piece, by urgency; more are easier to take in by specialist. */
const FEW = 10;

/** `group` undefined: what reads best. */
export function renderList(page: ListPage, group?: Grouping): string {
  const { rows } = page;
  if (rows.length === 0) return page.total === 0 ? 'No open proposals.' : 'No open proposal on this page.';
  const by = group ?? (rows.length > FEW ? 'specialist' : 'none');
  const plain = by === 'none' ? columns(rows.map(cells)) : grouped(rows, by);
  const text = [plain, ...waitingLines(page.waiting)].join('\n');
  if (page.pages === 1) return text;
  const next = page.page < page.pages ? `; --page ${page.page + 1} is next` : '';
  return `${text}\n\nPage ${page.page} of ${page.pages}, ${page.total} proposals${next}`;
}

/** Groups in the order of their first, most urgent row. */
function grouped(rows: readonly ProposalRow[], by: 'specialist' | 'file'): string {
  const groups = new Map<string, ProposalRow[]>();
  for (const row of rows) {
    const key = by === 'specialist' ? row.specialist : nameFiles(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  // Padded together, so that the columns stand below each other in all groups.
  const lines = columns([...groups.values()].flat().map(cells)).split('\n');
  const parts = [...groups].map(([name, members]) => {
    const own = lines.splice(0, members.length).map((line) => `  ${line}`);
    return [`${name} (${members.length})`, ...own].join('\n');
  });
  return parts.join('\n\n');
}

function nameFiles({ files }: ProposalRow): string {
  const [first = '(no file)', ...more] = files;
  return visibleLine(more.length === 0 ? first : `${first} and ${more.length} more`);
}

function cells(row: ProposalRow): string[] {
  const state = row.status === 'validated' ? (row.evidence ?? '') : row.status;
  return [row.id, row.risk, state, `${row.title}${alternativeTo(row)}`];
}
