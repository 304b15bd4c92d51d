/**
 * A patch whose index line names a version of the file that is at hand. Rule: it is believed only if its hunks stand in
 * that version to the letter and to the line, or give the result that it names; then its change is merged into the file.
 */
import { indexOf, isBlob } from './blob-id.ts';
import { placeHunks } from './core.ts';
import type { Job } from './jobs.ts';
import { keyOf } from './match/file-index.ts';
import { isInformative } from './match/informative.ts';
import { mergeTexts } from './merge.ts';
import type { Hunk, PatchLine } from './model.ts';
import type { PlacedHunk, StoredFile } from './place-types.ts';

export interface Carried {
  content: string;
  hunks: PlacedHunk[];
}

/** The version to ask for; null where it could not help: it stands there, or the result does. */
export function baseOf({ action, sections }: Job, before: StoredFile | null): string | null {
  const index = indexOf(sections);
  if (before === null || index === null || (action.action !== 'modify' && action.action !== 'rename')) return null;
  if (/^0+$/.test(index.old) || isBlob(index.old, before.content) || isBlob(index.new, before.content)) return null;
  return index.old;
}

/** In conflict with the file: the hunk that deletes a line which is not in the file as it was, if there is one. */
export interface Conflict {
  lost: number | null;
}

/** `base` is what the target has under that name. Null: not to be believed. */
export function carryOver({ sections }: Job, before: StoredFile, base: Buffer): Carried | Conflict | null {
  const index = indexOf(sections);
  if (index === null || !isBlob(index.old, base)) return null;
  const hunks = sections.flatMap((section) => section.hunks);
  const text = base.toString('latin1');
  const isResult = (content: string) => isBlob(index.new, Buffer.from(content, 'latin1'));
  const placed = placeHunks(hunks, text, isResult);
  if (!placed.ok) return null;
  const claims = new Map(hunks.map((hunk) => [hunk.number, hunk.oldStart]));
  const stands = ({ hunk, line, tier }: PlacedHunk) =>
    tier === 'exact' && [line, null].includes(claims.get(hunk) ?? null);
  if (!isResult(placed.content) && !placed.hunks.every(stands)) return null;
  const merged = mergeTexts(text, before.content.toString('latin1'), placed.content);
  if (merged === null) return { lost: lostLine(hunks, before.content.toString('latin1')) };
  const moved = placed.hunks.map(({ hunk, line }) => ({
    ...{ hunk, line: merged.lineOf(line - 1) + 1, tier: 'three-way' as const },
  }));
  return { content: merged.content, hunks: moved };
}

/** In a patch that is known to be whole this is no slip: somebody has changed that line. */
function lostLine(hunks: readonly Hunk[], content: string): number | null {
  const standing = new Set(content.split('\n').map((line) => keyOf('strip', line)));
  const isLost = ({ kind, text }: PatchLine) =>
    kind === '-' && isInformative(text) && !standing.has(keyOf('strip', text));
  return hunks.find(({ lines }) => lines.some(isLost))?.number ?? null;
}
