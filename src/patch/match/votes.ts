/** Where a block probably stands: each informative line votes for the places that would put it on its like. */
import type { PatchLine } from '../model.ts';
import type { FileIndex } from './file-index.ts';
import { weightOf } from './informative.ts';

/** A line that stands more often than this says too little to be worth the search. */
const MOST_OCCURRENCES = 64;

/** First lines (0-based, perhaps negative) with the weight of their votes, the strongest first. */
export function voteForStarts(old: readonly PatchLine[], index: FileIndex, most: number): Array<[number, number]> {
  const votes = new Map<number, number>();
  for (const [at, line] of old.entries()) {
    const weight = weightOf(line.text);
    if (weight < 1) continue;
    const [texts, raws] = [index.occurrences('strip', line.text), index.occurrences('strip', line.raw)];
    if (texts.length + raws.length > 2 * MOST_OCCURRENCES) continue;
    for (const place of new Set([...texts, ...raws])) votes.set(place - at, (votes.get(place - at) ?? 0) + weight);
  }
  return [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most);
}
