/**
 * What stands above a hunk, where its block stands more than once. Rule: an anchor or the order of the hunks may leave
 * one candidate; where they leave none or several they say nothing.
 */
import type { Candidate } from './candidate.ts';
import type { FileIndex } from './file-index.ts';
import type { Sighting } from './look.ts';

export function narrow(
  sighting: Sighting,
  candidates: readonly Candidate[],
  all: readonly Sighting[],
  index: FileIndex,
): readonly Candidate[] {
  const anchored = byAnchor(sighting, candidates, index);
  if (anchored.length === 1) return anchored;
  const ordered = byOrder(sighting, anchored.length > 0 ? anchored : candidates, all);
  return ordered.length === 1 ? ordered : candidates;
}

/** A heading that stands once: the candidate below it and before the next line of its like. */
function byAnchor({ hunk }: Sighting, candidates: readonly Candidate[], index: FileIndex): Candidate[] {
  const anchor = hunk.anchors.at(-1)?.trim();
  if (anchor === undefined || anchor === '') return [];
  const isAnchor = (text: string) => text.trim() === anchor || (anchor.length >= 20 && text.trim().startsWith(anchor));
  const lines = index.lines.flatMap((text, line) => (isAnchor(text) ? [line] : []));
  if (lines.length !== 1) return [];
  const [line] = lines as [number];
  const indent = /^\s*/.exec(index.lines[line]!)![0].length;
  const ends = index.lines.findIndex(
    (text, at) => at > line && /^\s*[A-Za-z_$@]/.test(text) && /^\s*/.exec(text)![0].length <= indent,
  );
  return candidates.filter(({ start }) => start >= line && (ends < 0 || start <= ends));
}

/** Between the neighbours, if all hunks with one place stand in the order of the patch. */
function byOrder(sighting: Sighting, candidates: readonly Candidate[], all: readonly Sighting[]): Candidate[] {
  const own = all.indexOf(sighting);
  const sure = all.flatMap(({ pending, applied }, at) =>
    pending.length === 1 && applied.length === 0 ? [{ at, start: pending[0]!.start, end: pending[0]!.end }] : [],
  );
  if (sure.length < 2 || sure.some(({ start }, at) => at > 0 && start < sure[at - 1]!.end)) return [];
  const floor = sure.findLast(({ at }) => at < own)?.end ?? 0;
  const ceiling = sure.find(({ at }) => at > own)?.start ?? Number.POSITIVE_INFINITY;
  return candidates.filter(({ start, end }) => start >= floor && end <= ceiling);
}
