/**
 * A patch that is set in: colours of a terminal, a list item, a code block, a quoted mail. Rule: a margin is taken off only
 * where every line of the block has it, and only outside of hunks.
 */
import { isCodexLine, isGitHeader, isHunkHeader, isSearchMarker } from './shape.ts';

const COLOUR = /\x1b\[[\d;]*[mK]/g;
const COLOURED = /^(?:\x1b\[[\d;]*[mK])+(?:@@ |diff --git |--- |\+\+\+ )/m;

/** Only where the headers themselves are coloured: nobody writes a file so. */
export function withoutColours(text: string): string {
  return text.includes('\x1b[') && COLOURED.test(text) ? text.replace(COLOUR, '') : text;
}

const opens = (line: string): boolean =>
  isGitHeader(line) ||
  isHunkHeader(line) ||
  isSearchMarker(line) ||
  isCodexLine(line) ||
  /^(?:--- |\+\+\+ |Index: )["\S]/.test(line);

/** Takes the margin of the fenced block that opens at `at` off `lines`, as Markdown does. */
export function takeMargin(lines: string[], at: number): void {
  const fence = /^([ \t]{1,12})(`{3,}|~{3,})/.exec(lines[at]!);
  if (!fence) return;
  const [, margin = '', marks = ''] = fence;
  let first = at + 1;
  while (lines[first]?.trim() === '') first += 1;
  const inner = lines[first];
  if (!inner?.startsWith(margin) || !(opens(inner.slice(margin.length)) || isName(lines, first, margin))) return;
  for (let index = at; index < lines.length; index += 1) {
    const line = lines[index]!;
    if (line.startsWith(margin)) lines[index] = line.slice(margin.length);
    else if (line.trim() !== '') return;
    if (index > at && lines[index]!.startsWith(marks) && lines[index]!.trim().replaceAll(marks[0]!, '') === '') return;
  }
}

/** The name of a file above a block. */
function isName(lines: readonly string[], at: number, margin: string): boolean {
  const next = lines[at + 1];
  return next?.startsWith(margin) === true && isSearchMarker(next.slice(margin.length));
}

/** The whole text without the margin that its first header has, or null where there is none. */
export function withoutMargin(text: string): string | null {
  const margin = /^((?:[ \t]|> ?)+)(?:diff --git |--- ["\S]|@@ |<{5,9} ?SEARCH|\*\*\* Begin Patch)/m.exec(text)?.[1];
  if (margin === undefined) return null;
  const bare = margin.trimEnd();
  return text
    .split('\n')
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.trimEnd() === bare ? '' : line))
    .join('\n');
}
