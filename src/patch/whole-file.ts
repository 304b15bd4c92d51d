/** Creation and deletion. Rule: a file is created only where none stands, and deleted only as the patch knows it. */
import { indexOf, isBlob } from './blob-id.ts';
import { placeHunks } from './core.ts';
import { CUT_OFF } from './match/lost-lines.ts';
import type { Hunk, PatchLine, Section } from './model.ts';
import type { PlacedHunk, Refusal, StoredFile } from './place-types.ts';
import { splitText } from './text.ts';

export type Whole =
  | { content: string | null; hunks: PlacedHunk[] }
  | { already: true }
  | { refusals: Array<Omit<Refusal, 'path'>> };

const no = (hunk: number | null, reason: string): Whole => ({ refusals: [{ hunk, reason, closest: null }] });

export function createFile(sections: readonly Section[], before: StoredFile | null): Whole {
  const contents = new Set<string>();
  const hunks = sections.flatMap((section) => section.hunks);
  for (const section of sections) {
    const content = contentOf(section.hunks);
    if (typeof content !== 'string') return no(content.hunk, content.reason);
    contents.add(content);
  }
  const [content = ''] = contents;
  if (contents.size > 1) return no(null, 'the patch creates it twice, with different content');
  const placed = hunks.slice(0, 1).map(({ number }) => ({ hunk: number, line: 1, tier: 'exact' as const }));
  if (before === null) return { content, hunks: placed };
  const stands = before.content.toString('latin1');
  if (stands === content || sameLines(stands, content)) return { already: true };
  if (stands === '' && sections.every(({ form }) => form === 'search')) return { content, hunks: placed };
  return no(hunks[0]?.number ?? null, 'it exists already, with other content: a patch never writes over a file');
}

/** Line endings and the last newline apart. */
function sameLines(a: string, b: string): boolean {
  return splitText(a).lines.join('\n') === splitText(b).lines.join('\n');
}

function contentOf(hunks: readonly Hunk[]): string | { hunk: number; reason: string } {
  const lines: PatchLine[] = [];
  let next = 1;
  for (const hunk of hunks) {
    const own = addedLines(hunk);
    if (typeof own === 'string') return { hunk: hunk.number, reason: own };
    if (hunks.length > 1 && hunk.newStart !== next)
      return { hunk: hunk.number, reason: 'a new file is one hunk: where this one belongs is not certain' };
    next += own.length;
    lines.push(...own);
  }
  const last = lines.length - 1;
  return lines.map(({ text, cr, bare }, at) => (at === last && bare ? text : `${text}${cr ? '\r' : ''}\n`)).join('');
}

/** A blank line may have lost its marker; a line of text may have too, if the header counts it. */
function addedLines({ lines, newCount, cut }: Hunk): PatchLine[] | string {
  if (cut === 'line' && (newCount ?? 0) > lines.length) return CUT_OFF;
  let end = lines.length;
  if (newCount !== null && newCount > 0 && newCount < end && isTail(lines.slice(newCount))) end = newCount;
  else while (end > 0 && lines[end - 1]!.raw === '' && end !== newCount) end -= 1;
  const prose = lines.findIndex(({ kind }, at) => at < end && kind === '?');
  if (prose >= 0 && end !== newCount) {
    const blank = lines.findLastIndex(({ raw }, at) => at < prose && raw === '');
    const from = blank >= 0 && lines.slice(blank, prose).every(({ kind }) => kind !== '+') ? blank : prose;
    if (lines.slice(from, end).some(({ kind, text }) => kind === '+' && !text.startsWith(' ') && !/^\d/.test(text)))
      return 'a line of the new file has no marker';
    if (blank < 0 && from === prose) return 'a line of the new file has no marker';
    end = from;
  }
  const kept = lines.slice(0, end);
  const wrong = kept.find(({ kind, text }) => kind === '-' || (kind === ' ' && text.trim() !== ''));
  return wrong ? 'a new file has lines that are not added' : kept;
}

/** What stands behind the counted lines: empty lines and prose, nothing added. */
function isTail(lines: readonly PatchLine[]): boolean {
  return (
    lines[0]!.kind !== '+' &&
    (lines.every(({ raw }) => raw === '') || lines.some(({ kind }) => kind === '?' || kind === '-'))
  );
}

export function deleteFile(sections: readonly Section[], before: StoredFile | null): Whole {
  if (before === null) return { already: true };
  const hunks = sections.flatMap((section) => section.hunks);
  if (hunks.length === 0) {
    const index = indexOf(sections);
    const known = before.content.length === 0 || (index !== null && isBlob(index.old, before.content));
    return known || sections.every(({ form }) => form === 'codex')
      ? { content: null, hunks: [] }
      : no(null, 'its deletion does not show what is deleted');
  }
  const placed = placeHunks(hunks, before.content.toString('latin1'));
  if (!placed.ok) return { refusals: placed.refusals };
  if (placed.content.trim() !== '') {
    const adds = hunks.find(({ lines }) => lines.some(({ kind }) => kind === '+'));
    return no(
      (adds ?? hunks[0]!).number,
      adds ? 'a deletion adds no lines' : 'the file has more lines than its deletion shows',
    );
  }
  return { content: null, hunks: placed.hunks };
}
