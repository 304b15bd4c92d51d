/**
 * What the line numbers of a patch are worth. Rule: the hunks that stand in one place only say how far the numbers are
 * off; the more they disagree, the less the number of another one decides.
 */
import type { Hunk } from '../model.ts';
import type { Candidate } from './candidate.ts';
import type { Sighting } from './look.ts';
import { countsOf } from './markers.ts';

export interface Numbers {
  /** Lines between a candidate and the place that the header names; null when it names none. */
  distance(sighting: Sighting, candidate: Candidate): number | null;
  /** Another hunk is off by as much. */
  supported(sighting: Sighting, candidate: Candidate): boolean;
  /** How far the numbers of other hunks were off from what they say together. */
  noise: number;
  /** Hunks with one place only bear the numbers out, to the line. */
  confirmed: boolean;
}

/** 0-based first line that the header claims for the old side. */
export function claimOf(hunk: Hunk, hasOld: boolean): number | null {
  if (hunk.oldStart === null) return null;
  return hasOld ? Math.max(0, hunk.oldStart - 1) : hunk.oldStart;
}

export function readNumbers(sightings: readonly Sighting[]): Numbers {
  const known: Array<{ claim: number; offset: number; sighting: Sighting }> = [];
  for (const sighting of sightings) {
    const { hunk, lines, pending, applied } = sighting;
    const claim = claimOf(
      hunk,
      lines.some(({ kind }) => kind !== '+'),
    );
    if (claim === null || pending.length !== 1 || applied.length > 0) continue;
    known.push({ claim, offset: firstLine(pending[0]!) - claim, sighting });
  }
  const ordered = [...known].sort((a, b) => a.claim - b.claim);
  const offsets = ordered.map(({ offset }) => offset);
  const noise = ordered.length === 0 ? 0 : Math.max(...offsets) - Math.min(...offsets);
  const distance = ({ hunk, lines }: Sighting, candidate: Candidate): number | null => {
    const claim = claimOf(
      hunk,
      lines.some(({ kind }) => kind !== '+'),
    );
    if (claim === null) return null;
    const before = ordered.findLast((other) => other.claim <= claim)?.offset;
    const after = ordered.find((other) => other.claim > claim)?.offset;
    const [low, high] = spread([before ?? after ?? 0, after ?? before ?? 0]);
    const first = firstLine(candidate);
    const gap = Math.max(claim + low - first, first - (claim + high), 0);
    if (candidate.tier !== 'already' || hunk.newStart === null) return gap;
    return Math.min(gap, Math.abs(first - (hunk.newStart - 1)));
  };
  const supported = (sighting: Sighting, candidate: Candidate): boolean => {
    const claim = claimOf(sighting.hunk, true);
    if (claim === null) return false;
    const offset = firstLine(candidate) - claim;
    return known.some((other) => other.sighting !== sighting && other.offset === offset);
  };
  return { distance, supported, noise, confirmed: ordered.length > 0 && noise === 0 };
}

/** Where the first old line of the hunk would stand, matched or not. */
function firstLine({ start, at, lines }: Candidate): number {
  const skipped = Math.max(
    0,
    at.findIndex((line) => line >= 0),
  );
  return start - lines.slice(0, skipped).filter(({ kind }) => kind !== '+').length;
}

function spread(pair: [number, number]): [number, number] {
  return pair[0] <= pair[1] ? pair : [pair[1], pair[0]];
}

/** The header counts what the hunk has: nobody tampered with it. */
export function countsAgree(hunk: Hunk, lines: Sighting['lines']): boolean {
  const { old, now } = countsOf(lines);
  return old === hunk.oldCount && now === hunk.newCount;
}
