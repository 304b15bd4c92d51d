/**
 * Unified diffs, of git and plain. Rule: the body beats the header; a line ends a hunk only when it cannot belong to one.
 */
import { emptySection, type Hunk, type PatchLine, type Section } from '../model.ts';
import { isNothing, readName, readPair } from './names.ts';
import { isCodexLine, isFileHeader, isGitHeader, isHunkHeader, isSearchMarker, readRange } from './shape.ts';

export interface Source {
  lines: readonly string[];
  /** 1 where the line ended in CR LF and that is no matter of transport. */
  cr: Uint8Array;
  /** The last line has no ending. */
  open: boolean;
}

export function startsUnified(lines: readonly string[], at: number): boolean {
  const line = lines[at]!;
  return isGitHeader(line) || isFileHeader(lines, at, false) || isHunkHeader(line);
}

/** Reads one section from `at` on. `fence`: the fence that the text stands in. Returns the first line behind it. */
export function readUnified(
  source: Source,
  at: number,
  fence: string | null,
  hunksBefore: number,
): { section: Section; next: number } {
  const section = emptySection('unified', at + 1);
  let next = readHeader(source.lines, at, section);
  for (;;) {
    const line = source.lines[next];
    if (line === undefined) break;
    const headed = isHunkHeader(line);
    const bare = section.hunks.length === 0 && !headed && section.line < next + 1 && /^[ +-]/.test(line);
    if (!headed && !bare) break;
    const read = readHunk(source, next, headed, fence, hunksBefore + section.hunks.length + 1);
    if (read.hunk.lines.length > 0) section.hunks.push(read.hunk);
    else if (headed && claims(read.hunk) && read.next >= source.lines.length)
      section.fault ??= 'it breaks off behind the header of its last hunk';
    if (read.next === next) break;
    next = read.next;
  }
  if (source.open && next >= source.lines.length && breaksOff(section, source.lines))
    section.fault ??= 'the patch breaks off in a header';
  return { section, next: Math.max(next, at + 1) };
}

/** The last line is the beginning of a header, or of one that names a file. */
function breaksOff({ hunks }: Section, lines: readonly string[]): boolean {
  const last = lines.at(-1)!;
  if (hunks.length === 0) return last.startsWith('diff --git ');
  return last === '@' || (last !== '' && 'diff --git '.startsWith(last));
}

function readHeader(lines: readonly string[], start: number, section: Section): number {
  let at = start;
  let named = false;
  for (; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (line.startsWith('diff --') && at > start) break;
    if (line.trim() === '') {
      const next = lines[at + 1];
      if (next !== undefined && (isHunkHeader(next) || isFileHeader(lines, at + 1, true))) continue;
      break;
    }
    if (isFileHeader(lines, at, false) && !named) {
      named = true;
      const first = at;
      for (; at < lines.length && !isHunkHeader(lines[at]!); at += 1) {
        const name = /^(---|\+\+\+) (.*)$/s.exec(lines[at]!);
        if (name) addName(section, name[1] === '---' ? 'old' : 'new', name[2]!);
        else if (lines[at]!.trim() !== '') break;
        if (name?.[1] === '+++') {
          at += 1;
          break;
        }
      }
      at = Math.max(first, at - 1);
      continue;
    }
    if (!isGitHeader(line) && !/^(?:Index: |={20,}\s*$)/.test(line)) break;
    if (named && !/^(?:GIT binary|Binary files)/.test(line)) break;
    readHeaderLine(section, line);
  }
  return at;
}

function readHeaderLine(section: Section, line: string): void {
  const [, word = '', rest = ''] =
    /^((?:diff --\w+|(?:new|deleted) file mode|old mode|new mode|rename from|rename to|copy|index|GIT binary|Binary files|From|Index:))\s?(.*)$/s.exec(
      line,
    ) ?? [];
  if (word === 'diff --git') {
    const pair = readPair(rest);
    if (pair === null) return;
    if (!isNothing(pair[0])) section.oldNames.push(pair[0]);
    if (!isNothing(pair[1])) section.newNames.push(pair[1]);
  } else if (word.startsWith('diff --')) section.fault = 'it is a combined diff of a merge, which has no single base';
  else if (word === 'new file mode') [section.creates, section.newMode] = [true, rest.trim()];
  else if (word === 'deleted file mode') [section.deletes, section.oldMode] = [true, rest.trim()];
  else if (word === 'old mode') section.oldMode = rest.trim();
  else if (word === 'new mode') section.newMode = rest.trim();
  else if (word.startsWith('rename')) {
    section.renames = true;
    addName(section, word === 'rename from' ? 'old' : 'new', rest);
  } else if (word === 'copy') section.fault = 'it copies a file, which is not supported: create the file instead';
  else if (word === 'GIT binary' || word === 'Binary files') section.fault = 'it is a binary patch';
  else if (word === 'index') readIndex(section, rest);
  else if (word === 'Index:') addName(section, 'new', rest);
}

function readIndex(section: Section, rest: string): void {
  const match = /^([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?/.exec(rest);
  if (!match) return;
  section.index = { old: match[1]!, new: match[2]! };
  if (match[3] !== undefined) section.oldMode ??= match[3];
}

function addName(section: Section, side: 'old' | 'new', text: string): void {
  const name = readName(text);
  if (name === null) section.fault ??= 'it has a name that cannot be read';
  else if (isNothing(name)) section[side === 'old' ? 'creates' : 'deletes'] = true;
  else section[side === 'old' ? 'oldNames' : 'newNames'].push(name);
}

function readHunk(source: Source, start: number, headed: boolean, fence: string | null, number: number) {
  const { lines } = source;
  const range = headed ? readRange(lines[start]!) : null;
  const hunk: Hunk = {
    number,
    form: 'unified',
    oldStart: range?.oldStart ?? null,
    oldCount: range?.oldCount ?? null,
    newStart: range?.newStart ?? null,
    newCount: range?.newCount ?? null,
    anchors: range === null || range.heading === '' ? [] : [range.heading],
    atEnd: false,
    cut: null,
    lines: [],
  };
  let at = headed ? start + 1 : start;
  const left = { old: hunk.oldCount ?? Number.POSITIVE_INFINITY, new: hunk.newCount ?? Number.POSITIVE_INFINITY };
  for (; at < lines.length; at += 1) {
    const line = lines[at]!;
    const satisfied = left.old === 0 && left.new === 0;
    if (endsHunk(lines, at, fence, satisfied) && !(isPair(lines, at) && countsGoOn(lines, at, left))) break;
    if (/^\s?\\ ?No newline/i.test(line)) {
      const last = hunk.lines.at(-1);
      if (last) last.bare = true;
      continue;
    }
    const read = readLine(line, source.cr[at] === 1);
    if (read.kind === ' ' || read.kind === '-') left.old -= 1;
    if (read.kind === ' ' || read.kind === '+') left.new -= 1;
    hunk.lines.push(read);
  }
  hunk.cut = cutOf(source, at, hunk);
  trimTail(hunk);
  return { hunk, next: at };
}

/** The header names lines, or a place without saying how many. */
const claims = ({ oldStart, oldCount, newCount }: Hunk): boolean =>
  oldStart !== null && (oldCount === null || oldCount + (newCount ?? 0) > 0);

/** `next`: the line behind the hunk. */
export function cutOf({ lines, open }: Source, next: number, hunk: Hunk): Hunk['cut'] {
  const last = hunk.lines.at(-1);
  if (next < lines.length || last === undefined || last.kind === '?' || last.raw === '') return null;
  // An added line that is whole may well be the last one, whatever the header counts.
  if (open) return 'line';
  return last.kind === '+' ? null : 'hunk';
}

export function readLine(line: string, cr: boolean): PatchLine {
  const mark = line[0];
  if (mark === undefined) return { kind: ' ', text: '', raw: '', cr, bare: false };
  if (mark === ' ' || mark === '+' || mark === '-')
    return { kind: mark, text: line.slice(1), raw: line, cr, bare: false };
  return { kind: '?', text: line, raw: line, cr, bare: false };
}

/** `--- x` above `+++ x`, without a hunk behind: the names of a file, or a deleted `-- x` and an added `++ x`. */
function isPair(lines: readonly string[], at: number): boolean {
  const isContent = lines[at]!.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ');
  return isContent === true && !isHunkHeader(lines[at + 2] ?? '');
}

/** Lines that are looked ahead. */
const AHEAD = 40;

/** Whether the lines from `at` on make up what the header counts, to the line. */
function countsGoOn(lines: readonly string[], at: number, left: { old: number; new: number }): boolean {
  let { old, new: now } = left;
  if (old >= AHEAD || now >= AHEAD) return false;
  for (let next = at; next < at + AHEAD && old >= 0 && now >= 0; next += 1) {
    if (old === 0 && now === 0) return next > at + 1 && !/^[ +-]/.test(lines[next] ?? '');
    const line = lines[next];
    if (line === undefined || isHunkHeader(line) || isGitHeader(line)) return false;
    if (line.startsWith('\\')) continue;
    if (!line.startsWith('+')) old -= 1;
    if (!line.startsWith('-')) now -= 1;
  }
  return false;
}

function endsHunk(lines: readonly string[], at: number, fence: string | null, satisfied: boolean): boolean {
  const line = lines[at]!;
  if (isHunkHeader(line) || isGitHeader(line) || isCodexLine(line) || isSearchMarker(line)) return true;
  if (line.startsWith('Index: ') && /^={20,}/.test(lines[at + 1] ?? '')) return true;
  if (isFileHeader(lines, at, !satisfied)) return true;
  if (/^-- ?$/.test(line) && (satisfied || /^\d+\.\d+/.test(lines[at + 1] ?? ''))) return true;
  if (line[0] === fence?.[0] && closes(line, fence)) return satisfied || !/^[ +-]/.test(lines[at + 1] ?? '');
  return false;
}

/** A fence with an info string does not close. */
export function closes(line: string, fence: string | null): boolean {
  if (fence === null) return false;
  const text = line.trim();
  return text.startsWith(fence) && text.replaceAll(fence[0]!, '') === '';
}

/** Bare empty lines at the end separate; they are context only as far as the header counts them. */
function trimTail(hunk: Hunk): void {
  if (hunk.oldCount === 0) return;
  const count = (kinds: string) => hunk.lines.filter((line) => kinds.includes(line.kind)).length;
  let [old, now] = [count(' -'), count(' +')];
  while (hunk.lines.at(-1)?.raw === '') {
    if (hunk.oldCount !== null && hunk.newCount !== null && old <= hunk.oldCount && now <= hunk.newCount) break;
    hunk.lines.pop();
    old -= 1;
    now -= 1;
  }
}
