/** Picks one candidate for every hunk of a file. Rule: several places that nothing tells apart are a refusal. */
import type { Hunk } from '../model.ts';
import type { Refusal } from '../place-types.ts';
import { type Candidate, contiguous } from './candidate.ts';
import type { FileIndex } from './file-index.ts';

export interface Chosen {
  hunk: Hunk;
  candidate: Candidate;
}

export function chooseAll(
  hunks: readonly Hunk[],
  index: FileIndex,
): { candidates: Chosen[] } | { refusals: Array<Omit<Refusal, 'path'>> } {
  const candidates: Chosen[] = [];
  const refusals: Array<Omit<Refusal, 'path'>> = [];
  for (const hunk of hunks) {
    const block = hunk.lines.filter(({ kind }) => kind !== '+').map(({ text }) => [text]);
    const starts = block.length === 0 ? [hunk.oldStart ?? 0] : index.find('exact', block);
    const best = starts.length === 1 ? starts[0] : starts.find((start) => start + 1 === hunk.oldStart);
    if (best === undefined) {
      const reason = starts.length === 0 ? 'its lines are not in the file' : `it fits in ${starts.length} places`;
      refusals.push({ hunk: hunk.number, reason, closest: null });
    } else candidates.push({ hunk, candidate: contiguous('exact', hunk.lines, best) });
  }
  return refusals.length > 0 ? { refusals } : { candidates };
}
