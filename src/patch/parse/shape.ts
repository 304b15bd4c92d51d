/** What single lines of a patch look like. Rule: a line is a header only where its neighbours bear that out. */
import { NOTHING, readName, withoutPrefix } from './names.ts';

/** Lines that open a section of a git diff, or belong to its header: never the content of a file. */
const GIT_HEADER =
  /^(?:diff --(?:git|cc|combined) \S|(?:new file|deleted file|old|new) mode \d+\s*$|(?:dis)?similarity index \d+%?\s*$|(?:rename|copy) (?:from|to) \S|index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: \d+)?\s*$|GIT binary patch\s*$|Binary files .* differ\s*$|From [0-9a-f]{40} )/s;
const CODEX = /^\*\*\* (?:Begin Patch|End Patch|Update File:|Add File:|Delete File:|Move to:|End of File)/;

export const isGitHeader = (line: string): boolean => GIT_HEADER.test(line);
export const isCodexLine = (line: string): boolean => CODEX.test(line);
export const isSearchMarker = (line: string): boolean => /^<{5,9} ?SEARCH>?\s*$/i.test(line);
export const isHunkHeader = (line: string): boolean => /^@@/.test(line);
const isOld = (line: string | undefined): boolean => line !== undefined && /^--- ["\S]/.test(line);
const isNew = (line: string | undefined): boolean => line !== undefined && /^\+\+\+ ["\S]/.test(line);

/**
 * Whether the names of a file stand at `at`. A deleted line `-- x` above an added `++ x` looks the same: inside a hunk
 * (`strict`) a hunk header must follow, or the names must be two names of one file.
 */
export function isFileHeader(lines: readonly string[], at: number, strict: boolean): boolean {
  const line = lines[at];
  const next = lines[at + 1];
  if (isOld(line) && isNew(next)) return !strict || followedByHunk(lines, at + 2) || sameFile(line!, next!);
  if (isOld(line) && next?.trim() === '' && isNew(lines[at + 2])) return followedByHunk(lines, at + 3);
  if (isOld(line) || isNew(line)) return followedByHunk(lines, at + 1) && looksLikePath(line!.slice(4));
  return false;
}

function followedByHunk(lines: readonly string[], at: number): boolean {
  const next = lines[at]?.trim() === '' ? lines[at + 1] : lines[at];
  return next !== undefined && isHunkHeader(next);
}

function sameFile(old: string, now: string): boolean {
  const [a, b] = [readName(old.slice(4)), readName(now.slice(4))];
  if (a === null || b === null || !looksLikePath(a) || !looksLikePath(b)) return false;
  return a === NOTHING || b === NOTHING || withoutPrefix(a) === withoutPrefix(b);
}

function looksLikePath(text: string): boolean {
  const name = text.split('\t', 1)[0] ?? '';
  return name.startsWith('"') || (/[/.]/.test(name) && !/[;(){}<>=]/.test(name)) || /^[\w.-]+\s*$/.test(name);
}

export interface Range {
  oldStart: number | null;
  oldCount: number | null;
  newStart: number | null;
  newCount: number | null;
  heading: string;
}

/** Reads `@@ -1,2 +3,4 @@ heading` and whatever models make of it; what is not there is null. */
export function readRange(line: string): Range {
  const full = /^@@+\s*-\s*(\d+)(?:\s*,\s*(\d+))?\s+\+\s*(\d+)(?:\s*,\s*(\d+))?\s*(?:@@+)?\s?(.*)$/s.exec(line);
  if (full) {
    const count = (text: string | undefined) => (text === undefined ? 1 : number(text));
    return {
      oldStart: number(full[1]!),
      oldCount: count(full[2]),
      newStart: number(full[3]!),
      newCount: count(full[4]),
      heading: full[5]!.trimEnd(),
    };
  }
  const claimed = /^@@+\s*-(\d+)/.exec(line);
  const heading = line.replace(/^@@+\s*(?:[-+][\d,]+\s*)*(?:\.\.\.|…)?\s*(?:@@+)?\s?/, '').replace(/\s*@@+\s*$/, '');
  return {
    oldStart: claimed ? number(claimed[1]!) : null,
    oldCount: null,
    newStart: null,
    newCount: null,
    heading: /^[.…\s]*$/.test(heading) ? '' : heading.trimEnd(),
  };
}

/** Absurd numbers claim nothing that a file could have. */
const number = (text: string): number => Math.min(Number(text), 1e9);
