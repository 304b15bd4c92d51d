/** Class f: blanks and markers lost. Class g: tabs, spaces, indentation. */
import { type Damage, type Damages, type Draft, type DraftHunk, editing, linesOf } from './model.ts';
import type { Random } from './random.ts';

/** Changes lines of editing sections one by one; false when none changed. */
function eachLine(change: (line: string, random: Random) => string): Damage {
  return (draft, random) => {
    let changed = false;
    for (const { hunks } of editing(draft))
      for (const hunk of hunks)
        hunk.lines = hunk.lines.map((line) => {
          const next = change(line, random);
          changed ||= next !== line;
          return next;
        });
    return changed;
  };
}
const onContext = (change: (line: string, random: Random) => string) =>
  eachLine((line, random) => (line.startsWith(' ') ? change(line, random) : line));

export const blanks: Damages = {
  'blank context emptied': onContext((line) => (line === ' ' ? '' : line)),
  'trailing blanks of context lost': eachLine((line) => (/^[ -]/.test(line) ? line.replace(/(.)[ \t]+$/, '$1') : line)),
  'trailing blanks of context added': onContext((line, random) =>
    random.chance(0.3) ? `${line}${random.pick([' ', '  ', '\t'])}` : line,
  ),
  'trailing blanks of deletions added': eachLine((line, random) =>
    line.startsWith('-') && random.chance(0.5) ? `${line}  ` : line,
  ),
  'blank context filled': onContext((line, random) => (line === ' ' ? ' '.repeat(random.between(2, 9)) : line)),
  'one marker lost': (draft, random) => {
    const lines = editing(draft).flatMap(({ hunks }) =>
      hunks.flatMap((hunk) => hunk.lines.flatMap((line, at) => (canLoseMarker(line) ? [{ hunk, at }] : []))),
    );
    if (lines.length === 0) return false;
    const { hunk, at } = random.pick(lines);
    hunk.lines[at] = (hunk.lines[at] as string).slice(1);
    return true;
  },
  'some markers lost': onContext((line, random) => (canLoseMarker(line) && random.chance(0.3) ? line.slice(1) : line)),
  'all markers of context lost': onContext((line) => (canLoseMarker(line) || line === ' ' ? line.slice(1) : line)),
  'blank at the end of a hunk lost': (draft) => {
    const ends = editing(draft).flatMap(({ hunks }) => hunks.filter((hunk) => hunk.lines.at(-1) === ' '));
    for (const hunk of ends) hunk.lines.pop();
    return ends.length > 0;
  },
  'trailing blanks stripped everywhere': (draft) => {
    const any = editing(draft).some(({ hunks }) => hunks.some(({ lines }) => lines.some((line) => line === ' ')));
    const safe = draft.sections.every(({ hunks }) =>
      hunks.every(({ lines }) => lines.every((line) => !/^\+.*[ \t\r]$/.test(line))),
    );
    if (!any || !safe) return false;
    draft.late.push((text) => text.replace(/[ \t]+$/gm, ''));
    return true;
  },
};

/** Without its marker a line must not pass for another kind of line. */
function canLoseMarker(line: string): boolean {
  return line.startsWith(' ') && !/^ (?:[+\-\\@#`*<>=]|diff |index |\s*$)/.test(line);
}

const LEADING = /^([ +-])([ \t]*)(.*)$/s;

/** Rewrites the indentation of every line of the patch: context, old and new. */
function reindent(change: (indent: string, hunk: DraftHunk) => string | null): Damage {
  return (draft) => {
    let changed = false;
    const next = new Map<DraftHunk, string[]>();
    for (const { hunks } of editing(draft))
      for (const hunk of hunks) {
        const lines: string[] = [];
        for (const line of hunk.lines) {
          const [, mark = '', indent = '', rest = ''] = LEADING.exec(line) ?? [];
          const fresh = mark === '' || rest.trim() === '' ? indent : change(indent, hunk);
          if (fresh === null) return false;
          if (fresh !== indent) changed = true;
          lines.push(mark === '' ? line : `${mark}${fresh}${rest}`);
        }
        next.set(hunk, lines);
      }
    if (!changed) return false;
    for (const [hunk, lines] of next) hunk.lines = lines;
    return true;
  };
}

const tabsTo = (width: number) =>
  reindent((indent) => (/^\t* ?$/.test(indent) ? indent.replaceAll('\t', ' '.repeat(width)) : null));

/** The unit by which the files of the patch are indented, where they agree on one. */
function unitOf(draft: Draft): number | null {
  const units = editing(draft).map(({ change }) => {
    const indents = linesOf(draft.before.get(change.oldPath)?.content ?? '').flatMap((line) => {
      const found = /^( +)[^ *]/.exec(line)?.[1];
      return found === undefined ? [] : [found.length];
    });
    return indents.length === 0 ? null : indents.every((indent) => indent % 4 === 0) ? 4 : 2;
  });
  const [first = null] = units;
  return first !== null && units.every((unit) => unit === first) ? first : null;
}

const spacesToTabs: Damage = (draft, random) => {
  const unit = unitOf(draft);
  if (unit === null) return false;
  return reindent((indent) => {
    if (indent.includes('\t') || indent.length % unit > 1) return null;
    return '\t'.repeat(Math.floor(indent.length / unit)) + ' '.repeat(indent.length % unit);
  })(draft, random);
};

const indentOf = (line: string) => /^[ +-](\s*)\S/.exec(line)?.[1] ?? null;

/** What all lines of a hunk start with. */
function commonIndent(hunk: DraftHunk): string {
  const indents = hunk.lines.flatMap((line) => (line.startsWith('\\') ? [] : (indentOf(line) ?? [])));
  const shortest = indents.reduce((least, indent) => (indent.length < least.length ? indent : least), indents[0] ?? '');
  return indents.every((indent) => indent.startsWith(shortest)) ? shortest : '';
}

export const indentation: Damages = {
  'tabs to four spaces': tabsTo(4),
  'tabs to two spaces': tabsTo(2),
  'tabs to eight spaces': tabsTo(8),
  'spaces to tabs': spacesToTabs,
  'common indentation removed': (draft, random) => {
    if (!editing(draft).some(({ hunks }) => hunks.some((hunk) => commonIndent(hunk) !== ''))) return false;
    const common = new Map<DraftHunk, number>();
    const lengthOf = (hunk: DraftHunk) => {
      const known = common.get(hunk) ?? commonIndent(hunk).length;
      common.set(hunk, known);
      return known;
    };
    return reindent((indent, hunk) => indent.slice(lengthOf(hunk)))(draft, random);
  },
  'two more': reindent((indent) => (indent.includes('\t') ? null : `  ${indent}`)),
  'four more': reindent((indent) => (indent.includes('\t') ? null : `    ${indent}`)),
  'a tab more': reindent((indent) => (indent.includes(' ') ? null : `\t${indent}`)),
  'one space more': reindent((indent) => (indent.includes('\t') ? null : ` ${indent}`)),
};
