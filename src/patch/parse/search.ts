/**
 * SEARCH/REPLACE blocks as aider and Roo write them. Rule: a block is whole or a fault; its file is named right above it,
 * inside its fence, in a tag around it, or by the block before.
 */
import { emptySection, type Hunk, type PatchLine, type Section } from '../model.ts';
import { diffLines } from './line-diff.ts';
import { isSearchMarker } from './shape.ts';
import type { Source } from './unified.ts';

const DIVIDER = /^={5,9}\s*$/;
const END = /^>{5,9} ?REPLACE\s*$/i;
const ROO_LINE = /^:(start|end)_line:\s*(\d+)\s*$/;

/** `at` is the line of the SEARCH marker; `last` the name that blocks before it had. */
export function readSearch(
  source: Source,
  at: number,
  last: string | null,
  number: number,
): { section: Section; next: number } {
  const { lines } = source;
  const section = emptySection('search', at + 1);
  const name = nameAbove(lines, at) ?? last;
  if (name !== null) section.newNames.push(name);
  let next = at + 1;
  let start: number | null = null;
  for (; next < lines.length; next += 1) {
    const claimed = ROO_LINE.exec(lines[next]!);
    if (claimed?.[1] === 'start') start = Number(claimed[2]);
    if (!claimed) break;
  }
  if (/^-{5,9}\s*$/.test(lines[next] ?? '')) next += 1;
  let end = next;
  while (end < lines.length && !END.test(lines[end]!) && !isSearchMarker(lines[end]!)) end += 1;
  if (!END.test(lines[end] ?? '')) {
    section.fault = 'a SEARCH block has no end: >>>>>>> REPLACE is missing';
    return { section, next: end };
  }
  const dividers = lines.slice(next, end).flatMap((line, index) => (DIVIDER.test(line) ? [next + index] : []));
  const exact = dividers.filter((index) => lines[index]!.trim().length === markLength(lines[at]!));
  const [divider] = exact.length === 1 ? exact : dividers;
  if (divider === undefined) section.fault = 'a SEARCH block has no ======= line';
  else if (dividers.length > 1 && exact.length !== 1) section.fault = 'a SEARCH block has several ======= lines';
  else {
    const hunk = hunkOf(source, next, divider, end, number, start);
    if (hunk.lines.every(({ kind }) => kind === '+')) section.creates = true;
    section.hunks.push(hunk);
  }
  return { section, next: end + 1 };
}

const markLength = (line: string): number => /^<+/.exec(line)![0].length;

function hunkOf(
  source: Source,
  from: number,
  divider: number,
  end: number,
  number: number,
  start: number | null,
): Hunk {
  const old = side(source, from, divider);
  const now = side(source, divider + 1, end);
  return {
    number,
    form: 'search',
    oldStart: start !== null && start > 0 ? start : null,
    oldCount: null,
    newStart: null,
    newCount: null,
    anchors: [],
    atEnd: false,
    cut: null,
    lines: diffLines(old, now),
  };
}

/** Roo escapes lines that look like its markers. */
function side({ lines, cr }: Source, from: number, to: number): PatchLine[] {
  return lines.slice(from, to).map((line, index) => {
    const text = line.replace(/^\\(?=<{5,9} |={5,9}$|>{5,9} |-{5,9}$|:(?:start|end)_line:)/, '');
    return { kind: ' ', text, raw: text, cr: cr[from + index] === 1, bare: false };
  });
}

/** Looks up to four lines above, past fences and empty lines. */
function nameAbove(lines: readonly string[], at: number): string | null {
  for (let line = at - 1, seen = 0; line >= 0 && seen < 4; line -= 1, seen += 1) {
    const text = lines[line]!.trim();
    if (END.test(text) || /^<\/\w+>$/.test(text)) return null;
    if (text === '' || /^(?:```+|~~~+)[\w+-]*$/.test(text) || /^<\w+>$/.test(text)) continue;
    const name = cleanName(text) ?? (isAlone(lines, line, at) ? decode(text) : null);
    if (name !== null) return name;
  }
  return null;
}

/** A name without folder or extension is one only right above the block or its fence. */
function isAlone(lines: readonly string[], line: number, at: number): boolean {
  const between = lines.slice(line + 1, at);
  return (
    /^[\w+-]+$/.test(lines[line]!.trim()) &&
    between.length <= 1 &&
    between.every((text) => /^\s*(?:```|~~~)/.test(text))
  );
}

/** `**src/a.py**`, `### File: src/a.py:`, "```py src/a.py", `<file path="src/a.py">`, `<path>src/a.py</path>`. */
function cleanName(text: string): string | null {
  const tagged = /<(?:file_)?path>([^<]+)<\/(?:file_)?path>|<\w+ (?:[\w-]+="[^"]*" )*path="([^"]+)"/.exec(text);
  if (tagged) return decode((tagged[1] ?? tagged[2])!.trim());
  const fenced = /^(?:```+|~~~+)\s*(?:[\w+-]+[ :])?\s*(\S+)$/.exec(text);
  const quoted = /`([^`\s]+)`/.exec(text);
  const plain = (fenced?.[1] ?? quoted?.[1] ?? text)
    .replace(/^(?:[#>*\-\s]|\/\/|\d+\.\s)+/, '')
    .replace(/^\*+|\*+$/g, '')
    .replace(/^(?:File|Path|Filename)\s*:\s*/i, '')
    .replace(/[:*\s]+$/, '')
    .trim();
  const name = plain.replace(/^["']|["']$/g, '');
  const looksLikePath = /^[^\s<>|"?]+$/.test(name)
    ? /[./\\]/.test(name) || /^[A-Z]\w*file$/.test(name)
    : /^[^<>|"?]*\/[^<>|"?]*\.\w+$/.test(name);
  const isMarked = /^(?:\*\*[\w+-]+:?\*\*|`[\w+-]+`):?$/.test(text);
  return (looksLikePath || isMarked) && !/^(?:e\.g\.|i\.e\.|\.+)$/.test(name) ? decode(name) : null;
}

const decode = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
