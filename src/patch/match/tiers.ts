/** The tiers in which a block is found whole. Rule: the first tier that finds anything decides, with all that it finds. */
import type { PatchLine } from '../model.ts';
import type { Tier } from '../place-types.ts';
import { type Candidate, contiguous } from './candidate.ts';
import type { Element, FileIndex, Level } from './file-index.ts';

export interface WholeTier {
  tier: Tier;
  level: Level;
  element(line: PatchLine): Element;
}

const itself = ({ text }: PatchLine): Element => [text];
/** Without its marker, the first character of a line was read as one. */
const orRaw = ({ kind, text, raw }: PatchLine): Element => (kind === '+' || raw === text ? [text] : [text, raw]);

export const WHOLE_TIERS: readonly WholeTier[] = [
  { tier: 'exact', level: 'exact', element: itself },
  { tier: 'trailing-blanks', level: 'blanks', element: itself },
  { tier: 'lost-marker', level: 'blanks', element: orRaw },
  { tier: 'indentation', level: 'strip', element: orRaw },
];

/** More places than these say nothing, save those near the claimed line. */
export const MOST_PLACES = 200;

/** Where the old side of `lines` stands in the way of `tier`: every place, or those nearest to the line `claim`. */
export function findWhole(
  { tier, level, element }: WholeTier,
  lines: readonly PatchLine[],
  index: FileIndex,
  claim: number | null = null,
): Candidate[] {
  const old = lines.filter(({ kind }) => kind !== '+');
  const starts = index.find(level, old.map(element));
  return nearest(starts, claim ?? 0).map((start) => {
    const candidate = contiguous(tier, lines, start);
    return tier === 'exact' || tier === 'trailing-blanks' ? candidate : remarked(candidate, index, level);
  });
}

function nearest(starts: number[], claim: number): number[] {
  if (starts.length <= MOST_PLACES) return starts;
  const sorted = [...starts].sort((a, b) => Math.abs(a - claim) - Math.abs(b - claim) || a - b);
  return sorted.slice(0, MOST_PLACES).sort((a, b) => a - b);
}

/** A `-` line that stands in the file with its marker is context that lost its blank: `- item` of a list. */
function remarked(candidate: Candidate, index: FileIndex, level: Level): Candidate {
  const isContext = (line: PatchLine, at: number) =>
    line.kind === '-' && !index.isAt(level, candidate.at[at]!, line.text)
      ? index.isAt(level, candidate.at[at]!, line.raw)
      : false;
  if (!candidate.lines.some(isContext)) return candidate;
  const lines = candidate.lines.map((line, at) =>
    isContext(line, at) ? { ...line, kind: ' ' as const, text: line.raw } : line,
  );
  return { ...candidate, lines };
}

/** The new side as if it were old: where it stands, the change was made already. */
export function asApplied(lines: readonly PatchLine[]): PatchLine[] {
  return lines
    .filter(({ kind }) => kind !== '-')
    .map((line) => ({ ...line, kind: ' ' as const, raw: ` ${line.text}` }));
}
