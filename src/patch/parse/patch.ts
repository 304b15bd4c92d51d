/**
 * Patch text → sections. Rule: never throws, touches each line a bounded number of times, and takes nothing for a patch
 * that does not look like one.
 */
import type { Section } from '../model.ts';
import { readCodex } from './codex.ts';
import { takeMargin, withoutColours, withoutMargin } from './margin.ts';
import { readSearch } from './search.ts';
import { isCodexLine, isSearchMarker } from './shape.ts';
import { closes, readUnified, type Source, startsUnified } from './unified.ts';

/** `text` is latin1. */
export function parsePatch(given: string): Section[] {
  const text = withoutColours(given);
  const sections = parseText(text);
  const inner = sections.length === 0 ? withoutMargin(text) : null;
  return inner === null ? sections : parseText(inner);
}

function parseText(text: string): Section[] {
  const source = readSource(text);
  const sections: Section[] = [];
  let fence: string | null = null;
  let hunks = 0;
  for (let at = 0; at < source.lines.length; ) {
    const line = source.lines[at]!;
    if (isSearchMarker(line)) {
      const { section, next } = readSearch(source, at, sections.at(-1)?.newNames[0] ?? null, hunks + 1);
      hunks += section.hunks.length;
      sections.push(section);
      at = next;
      continue;
    }
    if (isCodexLine(line)) {
      const { section, next } = readCodex(source, at, fence, hunks);
      if (section) {
        hunks += section.hunks.length;
        sections.push(section);
      }
      at = next;
      continue;
    }
    if (!startsUnified(source.lines, at)) {
      if (fence === null) takeMargin(source.lines, at);
      fence = nextFence(fence, source.lines[at]!);
      at += 1;
      continue;
    }
    const { section, next } = readUnified(source, at, fence, hunks);
    hunks += section.hunks.length;
    addSection(sections, section);
    at = next;
  }
  return sections;
}

/** Hunks without a name belong to the file before them: prose stood between. */
function addSection(sections: Section[], section: Section): void {
  const last = sections.at(-1);
  const nameless = section.oldNames.length + section.newNames.length === 0;
  if (nameless && last !== undefined && !section.creates && !section.deletes && section.fault === null)
    last.hunks.push(...section.hunks);
  else if (!nameless || section.hunks.length > 0 || section.fault !== null || section.creates || section.deletes)
    sections.push(section);
}

function nextFence(fence: string | null, line: string): string | null {
  if (fence !== null) return closes(line, fence) ? null : fence;
  return /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
}

const HEADER = /^(?:diff --|--- |\+\+\+ |@@|index |<{5,9} ?SEARCH|={5,9}\s*$|>{5,9} ?REPLACE|\*\*\* )/;

/** Where the headers end in CR LF too, the way here made it so: no line's CR means anything. */
function readSource(text: string): Source & { lines: string[] } {
  const lines = (text.startsWith('\xEF\xBB\xBF') ? text.slice(3) : text).split('\n');
  const cr = new Uint8Array(lines.length);
  let [with_, without] = [0, 0];
  for (const [index, line] of lines.entries()) {
    if (line.endsWith('\r')) {
      cr[index] = 1;
      lines[index] = line.slice(0, -1);
    }
    if (!HEADER.test(line)) continue;
    if (cr[index]) with_ += 1;
    else without += 1;
  }
  const open = lines.at(-1) !== '';
  if (!open) lines.pop();
  if (with_ > without) cr.fill(0);
  return { lines, cr, open };
}
