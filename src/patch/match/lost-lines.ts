/**
 * Hunks that lost lines on the way: the patch breaks off, or context was left out. Rule: refused where a line that is
 * missing could have been a change, or says where one goes.
 */
import type { Hunk } from '../model.ts';
import type { Candidate } from './candidate.ts';
import type { FileIndex } from './file-index.ts';
import type { Sighting } from './look.ts';
import { countsOf } from './markers.ts';

export const CUT_OFF = 'the patch breaks off in the middle of it: its header counts more lines';

/** Why the hunk cannot be placed so, for what it lost; null: nothing is missing that matters. */
export function lostLines(sighting: Sighting, candidate: Candidate, index: FileIndex): string | null {
  if (candidate.tier === 'already') return endsInChange(sighting.hunk) ? CUT_OFF : null;
  if (breaksOff(sighting, candidate, index)) return CUT_OFF;
  if (hangsInTheAir(sighting, candidate, index)) return IN_THE_AIR;
  return isBesideGap(sighting, candidate, index) ? BESIDE_GAP : null;
}

/** The patch ends in the middle of a line that changes something, and the header counts more of the new side. */
function endsInChange({ cut, lines, newCount }: Hunk): boolean {
  return cut === 'line' && lines.at(-1)?.kind !== ' ' && (newCount ?? 0) > countsOf(lines).now;
}

/** The patch ends, and the header counts more lines on both sides. */
export function isUnfinished({ cut, lines, oldCount, newCount }: Hunk): boolean {
  const { old, now } = countsOf(lines);
  return cut !== null && (oldCount ?? 0) > old && (newCount ?? 0) > now;
}

const IN_THE_AIR = 'it adds lines at its border, its header counts more context, and what is missing would say where';

/**
 * Lines added at the border of a hunk that does not reach the border of the file: git writes no such hunk. Where the
 * header counts more old lines than there are, the missing one stood between, unless they replace as many that go.
 */
function hangsInTheAir({ hunk }: Sighting, { lines, start, end }: Candidate, index: FileIndex): boolean {
  const missing = (hunk.oldCount ?? 0) - countsOf(lines).old;
  if (missing <= 0 || missing > 3) return false;
  const adds = (from: number, step: 1 | -1): boolean => {
    let at = from;
    while (lines[at]?.kind === '+') at += step;
    let replaced = at;
    while (lines[replaced]?.kind === '-') replaced += step;
    return Math.abs(at - from) > Math.abs(replaced - at);
  };
  const behind = end < index.lines.length && adds(lines.length - 1, -1);
  return behind || (start > 0 && adds(0, 1));
}

/** The last line is the beginning of one of the file, or changes something where the header counts more on both sides. */
function breaksOff({ hunk }: Sighting, { lines, at, end }: Candidate, index: FileIndex): boolean {
  const last = lines.length - 1;
  if (lines[last]?.kind === ' ') {
    const before = at.findLast((line) => line >= 0) ?? -1;
    return hunk.cut === 'line' && at[last]! < 0 && isBeginning(lines[last]!.text, index.lines[before + 1] ?? '');
  }
  const { old, now } = countsOf(lines);
  const [moreOld, moreNew] = [(hunk.oldCount ?? 0) > old, (hunk.newCount ?? 0) > now];
  return moreNew && (hunk.cut === 'line' || (hunk.cut === 'hunk' && moreOld && end < index.lines.length));
}

const isBeginning = (text: string, whole: string): boolean => text !== whole && whole.startsWith(text);

const BESIDE_GAP = 'context was left out beside its added lines: which side of it they belong on is not certain';

/** So many context lines stand on either side of a change: where they are complete, the one left out stood elsewhere. */
const BORDER = 3;
/** So many lines may have been left out. */
const OFFSETS = [1, 2, 3, 4];

/**
 * Lines that go and lines that come side by side, and the whole of the context beyond them stands farther off than it
 * should: what was left out stood beyond the change, or in the middle of it, which is for nobody to say.
 */
function isBesideGap({ hunk }: Sighting, { lines, at }: Candidate, index: FileIndex): boolean {
  if (hunk.oldCount !== null && hunk.oldCount <= countsOf(lines).old) return false;
  const hangs = (step: 1 | -1): boolean => {
    let border = step === 1 ? lines.length - 1 : 0;
    const context: number[] = [];
    for (; lines[border]?.kind === ' '; border -= step) context.unshift(border);
    if (context.length < BORDER || lines[border]?.kind !== '+') return false;
    let gone = border;
    while (lines[gone]?.kind === '+') gone -= step;
    const row = at[gone] ?? -1;
    if (lines[gone]?.kind !== '-' || row < 0) return false;
    const standsAt = (off: number) =>
      context.every((position, far) => {
        const line = row + step * (far + 1 + off);
        return line >= 0 && line < index.lines.length && index.isAt('strip', line, lines[position]!.text);
      });
    return !standsAt(0) && OFFSETS.some(standsAt);
  };
  return hangs(1) || hangs(-1);
}
