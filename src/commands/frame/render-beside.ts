/** What stands beside a proposal: who else made it, what it excludes, what waits for it. Pure. */
import type { ListPage, ProposalDetail, ProposalRow } from '../../crew/index.ts';
import { visibleLine } from './visible.ts';

/** Of `show`; an empty line at the end where there is something to say. */
export function besideLines({ also = [], alternatives = [], waiting = [], prompt }: ProposalDetail): string[] {
  const lines = [
    ...(also.length > 0 ? [`Proposed by ${also.join(', ')} as well`] : []),
    ...(prompt === undefined ? [] : [`Written by a model under the prompt ${prompt.slice(0, 12)}`]),
    ...alternatives.map((id) => `Alternative: ${id} changes the same lines; merging one supersedes the other`),
    ...waiting.map(({ rule, path }) => `Waiting for it: ${rule} (${path})`),
  ];
  return lines.length === 0 ? [] : [...lines.map(visibleLine), ''];
}

export function alternativeTo({ alternatives = [] }: ProposalRow): string {
  return alternatives.length === 0 ? '' : ` (or ${alternatives.join(', ')})`;
}

/** Up to this many are named. */
const NAMED = 5;

export function waitingLines(waiting: ListPage['waiting']): string[] {
  const lines = waiting.map((fix) => `waiting for ${fix.for.join(', ')}: ${visibleLine(`${fix.rule} (${fix.path})`)}`);
  const more = lines.length > NAMED ? [`and ${lines.length - NAMED} more that wait`] : [];
  return lines.length === 0 ? [] : ['', ...lines.slice(0, NAMED), ...more];
}
