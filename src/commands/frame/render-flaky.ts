/** The list of flaky tests as text. Pure. */
import type { FlakyRow } from '../../crew/index.ts';
import { columns } from './render.ts';

export function renderFlaky(rows: readonly FlakyRow[]): string {
  if (rows.length === 0) return 'No flaky test is known here.';
  const head = ['fails', 'seen', 'last seen', 'check', 'test'];
  return columns([head, ...rows.map(cells)]);
}

function cells({ test, check, passed, failed, flip_rate, last_seen }: FlakyRow): string[] {
  const seen = `${failed} of ${passed + failed}`;
  return [`${Math.round(100 * flip_rate)} %`, seen, last_seen.slice(0, 10), check, test ?? '(the whole)'];
}
