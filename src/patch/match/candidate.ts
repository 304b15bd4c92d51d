/** One way to place a hunk, and what it does to the file. Rule: a candidate whose insertion point is not certain has no edits. */
import type { PatchLine } from '../model.ts';
import type { Tier } from '../place-types.ts';

export interface Candidate {
  tier: Tier;
  /** The lines it was found with: markers may have been put right. */
  lines: readonly PatchLine[];
  /** Line of the file for each of `lines`; -1 for inserted and for unmatched context lines. */
  at: Int32Array;
  /** 0-based, first and one past the last line of the file that it stands on. */
  start: number;
  end: number;
  /** 1 where every line matched. */
  score: number;
}

/** What a candidate does: `from` up to `to` go, the patch lines `insert` come. */
export interface Change {
  from: number;
  to: number;
  insert: number[];
}

/** A block that stands contiguously from `start` on. */
export function contiguous(tier: Tier, lines: readonly PatchLine[], start: number): Candidate {
  const at = new Int32Array(lines.length).fill(-1);
  let line = start;
  for (const [index, { kind }] of lines.entries()) if (kind !== '+') at[index] = line++;
  return { tier, lines, at, start, end: line, score: 1 };
}

/** Null when it is not certain where a line goes in. `size`: the file's lines. */
export function changesOf({ lines, at, start }: Candidate, size: number): Change[] | null {
  const changes: Change[] = [];
  let open: Change | null = null;
  let floating: number[] = [];
  let before = -1;
  for (const [index, { kind }] of lines.entries()) {
    const line = at[index]!;
    if (kind === '+') {
      if (open) open.insert.push(index);
      else floating.push(index);
      continue;
    }
    if (line < 0) continue;
    if (floating.length > 0 && before >= 0 && line !== before + 1) return null;
    if (kind === '-') {
      if (open && open.to !== line) {
        if (open.insert.length > 0 && line > open.to) return null;
        changes.push(open);
        open = null;
      }
      if (open) open.to = line + 1;
      else open = { from: line, to: line + 1, insert: floating };
    } else {
      if (open) {
        if (open.insert.length > 0 && line !== open.to && !endsAtDeletion(lines, index)) return null;
        changes.push(open);
      } else if (floating.length > 0) changes.push({ from: line, to: line, insert: floating });
      open = null;
    }
    floating = [];
    before = line;
  }
  if (open) changes.push(open);
  else if (floating.length > 0) {
    const line = before >= 0 ? before + 1 : start;
    if (line > size) return null;
    changes.push({ from: line, to: line, insert: floating });
  }
  return changes;
}

/** Whether the inserted lines before `index` directly follow a deleted line: they replace it, whatever comes behind. */
function endsAtDeletion(lines: readonly PatchLine[], index: number): boolean {
  let at = index - 1;
  while (at >= 0 && lines[at]!.kind === '+') at -= 1;
  return at >= 0 && lines[at]!.kind === '-';
}

/** Two candidates with one signature do the same to the file. */
export function signature(candidate: Candidate, changes: readonly Change[]): string {
  return changes
    .map(({ from, to, insert }) => `${from},${to}:${insert.map((index) => candidate.lines[index]!.raw).join('\n')}`)
    .join('\0');
}
