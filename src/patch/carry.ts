/**
 * A patch whose index line names a version of the file that is at hand. Rule: it is believed only if its hunks stand in
 * that version to the letter and to the line, or give the result that it names; then its change is merged into the file.
 */
import { indexOf, isBlob } from './blob-id.ts';
import { placeHunks } from './core.ts';
import type { Job } from './jobs.ts';
import { mergeTexts } from './merge.ts';
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

/** `base` is what the target has under that name. Null: not to be believed, or in conflict with the file. */
export function carryOver({ sections }: Job, before: StoredFile, base: Buffer): Carried | null {
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
  if (merged === null) return null;
  const moved = placed.hunks.map(({ hunk, line }) => ({
    ...{ hunk, line: merged.lineOf(line - 1) + 1, tier: 'three-way' as const },
  }));
  return { content: merged.content, hunks: moved };
}
