/**
 * Lines that stand for lines which were left out: `...`, `# ... existing code ...`. Rule: between old lines they are a
 * gap, what stands around them is found by itself; among added lines they would be written into the file: a refusal.
 */
import type { Hunk, PatchLine } from '../model.ts';
import type { FileIndex } from './file-index.ts';

const DOTS = String.raw`(?:\.{3,}|\xe2\x80\xa6)`;
const COMMENT = String.raw`(?:\/\/|#|--|;|%|\/\*|<!--|\{\s*\/\*)`;
const GAP = new RegExp(String.raw`^\s*(?:${COMMENT}\s*)?[[(]?${DOTS}[^"'=]*$`, 's');
const SAID = String.raw`\b(?:existing|rest of|remaining|remains|unchanged|omitted|snip|same as before|previous code|other code)\b`;
const PLACEHOLDER = new RegExp(String.raw`^\s*${COMMENT}\s*[[(]?(?:${DOTS}.*${SAID}|${SAID}.*${DOTS})`, 'is');

/** Hunks without their gaps, or why one of them cannot be used. */
export function withoutGaps(
  hunks: readonly Hunk[],
  index: FileIndex,
): { hunks: readonly Hunk[] } | { hunk: number; reason: string } {
  const isNew = ({ text }: PatchLine) => index.occurrences('strip', text).length === 0;
  for (const { number, lines } of hunks)
    if (lines.some((line) => line.kind === '+' && PLACEHOLDER.test(line.text) && isNew(line)))
      return { hunk: number, reason: 'one of its added lines stands for code that was left out: write it out' };
  const isGap = (line: PatchLine) => (line.kind === ' ' || line.kind === '?') && GAP.test(line.text) && isNew(line);
  if (!hunks.some(({ lines }) => lines.some(isGap))) return { hunks };
  return { hunks: hunks.flatMap((hunk) => (hunk.lines.some(isGap) ? cut(hunk, isGap) : [hunk])) };
}

/** Only the first part stands where the header says, and what it counts is the whole. */
function cut(hunk: Hunk, isGap: (line: PatchLine) => boolean): Hunk[] {
  const parts: PatchLine[][] = [[]];
  for (const line of hunk.lines) {
    if (isGap(line)) parts.push([]);
    else parts.at(-1)!.push(line);
  }
  const uncounted = { oldCount: null, newStart: null, newCount: null };
  return parts.flatMap((lines, at) =>
    lines.length === 0
      ? []
      : [
          {
            ...hunk,
            ...uncounted,
            lines,
            oldStart: at === 0 ? hunk.oldStart : null,
            anchors: at === 0 ? hunk.anchors : [],
          },
        ],
  );
}
