/** `*** Begin Patch`, as Codex writes it. Rule: every section says what it does; a line that fits none ends the patch. */
import { emptySection, type Hunk, type Section } from '../model.ts';
import { isCodexLine, isHunkHeader, readRange } from './shape.ts';
import { closes, cutOf, readLine, type Source } from './unified.ts';

const ACTION = /^\*\*\* (Update|Add|Delete) File:\s*(.+?)\s*$/s;

/** Reads one section, from a line that `isCodexLine` on. Null where the line only opens or closes a patch. */
export function readCodex(
  source: Source,
  at: number,
  fence: string | null,
  hunksBefore: number,
): { section: Section | null; next: number } {
  const { lines } = source;
  const action = ACTION.exec(lines[at]!);
  if (!action) return { section: null, next: at + 1 };
  const section = emptySection('codex', at + 1);
  const name = decode(action[2]!);
  section.oldNames.push(name);
  section.creates = action[1] === 'Add';
  section.deletes = action[1] === 'Delete';
  let next = at + 1;
  const move = /^\*\*\* Move to:\s*(.+?)\s*$/s.exec(lines[next] ?? '');
  if (move) {
    section.newNames.push(decode(move[1]!));
    section.renames = true;
    next += 1;
  }
  let anchors: string[] = [];
  let hunk: Hunk | null = null;
  for (; next < lines.length; next += 1) {
    const line = lines[next]!;
    if (/^\*\*\* End of File/.test(line)) {
      if (hunk) hunk.atEnd = true;
      continue;
    }
    if (isCodexLine(line) || (line[0] === fence?.[0] && closes(line, fence))) break;
    if (isHunkHeader(line)) {
      const range = readRange(line);
      if (hunk !== null && hunk.lines.length > 0) anchors = [];
      if (range.heading !== '') anchors.push(range.heading);
      hunk = open(hunksBefore + section.hunks.length + 1, [...anchors]);
      if (range.oldStart !== null && range.oldStart > 0) hunk.oldStart = range.oldStart;
      section.hunks.push(hunk);
      continue;
    }
    if (hunk === null) {
      hunk = open(hunksBefore + section.hunks.length + 1, []);
      section.hunks.push(hunk);
    }
    const read = readLine(line, source.cr[next] === 1);
    hunk.lines.push(section.creates && line === '' ? { ...read, kind: '+' } : read);
  }
  const isChange = hunk?.lines.at(-1)?.kind === '+' || hunk?.lines.at(-1)?.kind === '-';
  if (hunk !== null && isChange && cutOf(source, next, hunk) === 'line')
    section.fault ??= 'the patch breaks off in the middle of a hunk';
  section.hunks = section.hunks.filter(({ lines: own }) => own.length > 0);
  if (section.creates) dropEmptyEnd(section.hunks.at(-1));
  return { section, next };
}

function dropEmptyEnd(hunk: Hunk | undefined): void {
  while (hunk?.lines.at(-1)?.raw === '') hunk.lines.pop();
}

function open(number: number, anchors: string[]): Hunk {
  const unknown = { oldStart: null, oldCount: null, newStart: null, newCount: null };
  return { number, form: 'codex', ...unknown, anchors, atEnd: false, cut: null, lines: [] };
}

const decode = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
