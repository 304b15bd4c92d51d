/** Class i: line endings of the file and of the patch differ. Class j: the last newline and its marker. */
import { type Damage, type Damages, type Draft, editing, linesOf, type Tree } from './model.ts';

const isUnix = (draft: Draft) =>
  [...draft.before.values(), ...(draft.after?.values() ?? [])].every(({ content }) => !content.includes('\r'));

/** Gives the touched files Windows line endings, before and after alike. */
function toWindows(draft: Draft): void {
  const paths = new Set(draft.sections.flatMap(({ change }) => [change.oldPath, change.newPath]));
  const convert = (tree: Tree) => {
    for (const path of paths) {
      const file = tree.get(path);
      if (file) tree.set(path, { ...file, content: file.content.replaceAll('\n', '\r\n') });
    }
  };
  convert(draft.before);
  if (draft.after) convert(draft.after);
}

const onlyEdits = (draft: Draft) => draft.sections.every(({ change }) => change.status === 'modified');
const unixEdits =
  (damage: (draft: Draft) => void): Damage =>
  (draft) => {
    if (!isUnix(draft) || !onlyEdits(draft)) return false;
    damage(draft);
    return true;
  };
const eachBody = (draft: Draft, change: (line: string) => string) => {
  for (const { hunks } of draft.sections)
    for (const hunk of hunks) hunk.lines = hunk.lines.map((line) => (line.startsWith('\\') ? line : change(line)));
};

export const lineEndings: Damages = {
  'patch CRLF, file LF': unixEdits((draft) => {
    draft.late.push((text) => text.replaceAll('\n', '\r\n'));
  }),
  'patch body CRLF, file LF': unixEdits((draft) => eachBody(draft, (line) => `${line}\r`)),
  'patch LF, file CRLF': unixEdits(toWindows),
  'both CRLF': unixEdits((draft) => {
    toWindows(draft);
    draft.late.push((text) => text.replaceAll('\n', '\r\n'));
  }),
  'git diff of a CRLF file': unixEdits((draft) => {
    toWindows(draft);
    eachBody(draft, (line) => `${line}\r`);
  }),
  'context CRLF, new lines LF, file CRLF': unixEdits((draft) => {
    toWindows(draft);
    eachBody(draft, (line) => (line.startsWith('+') ? line : `${line}\r`));
  }),
  'headers CRLF, file LF': unixEdits((draft) => {
    draft.late.push((text) => text.replace(/^((?:diff |index |--- |\+\+\+ |@@ ).*)$/gm, '$1\r'));
  }),
  'the last newline of a CRLF patch lost': unixEdits((draft) => {
    draft.late.push((text) => text.replaceAll('\n', '\r\n').slice(0, -2));
  }),
};

const MARKER = '\\ No newline at end of file';

/** Does the last hunk of the section reach the end of its file? */
function reachesEnd(draft: Draft, section: Draft['sections'][number]): boolean {
  const hunk = section.hunks.at(-1);
  const total = linesOf(draft.before.get(section.change.oldPath)?.content ?? '').length;
  if (hunk === undefined) return false;
  return hunk.oldStart + hunk.lines.filter((line) => /^[ -]/.test(line)).length - 1 >= total;
}

/** Takes the last newline off every touched file that stays, and marks the hunks as git would. */
function withoutLastNewline(draft: Draft, options: { marked: boolean }): void {
  for (const section of editing(draft)) {
    const { oldPath } = section.change;
    for (const tree of [draft.before, draft.after as Tree]) {
      const file = tree.get(oldPath);
      if (file) tree.set(oldPath, { ...file, content: file.content.replace(/\n$/, '') });
    }
    if (!options.marked || !reachesEnd(draft, section)) continue;
    const lines = section.hunks.at(-1)?.lines ?? [];
    const lastOf = (marks: string) => lines.findLastIndex((line) => marks.includes(line.charAt(0)));
    const places = [...new Set([lastOf(' -'), lastOf(' +')])].sort((a, b) => b - a);
    for (const at of places) lines.splice(at + 1, 0, MARKER);
  }
}

/** Both sides end in the same way, with one newline and text before it. */
const endsPlainly = (draft: Draft) =>
  editing(draft).length > 0 &&
  editing(draft).every(({ change }) =>
    [draft.before, draft.after as Tree].every((tree) => /[^\n]\n$/.test(tree.get(change.oldPath)?.content ?? '')),
  );
/** The last line stays: only then do the file's own bytes say how it ends. */
const endsInContext = (draft: Draft) =>
  editing(draft).every((section) => !reachesEnd(draft, section) || section.hunks.at(-1)?.lines.at(-1)?.startsWith(' '));
const hasMarker = (draft: Draft) =>
  draft.sections.some(({ hunks }) => hunks.some(({ lines }) => lines.some((line) => line.startsWith('\\'))));

export const lastNewlines: Damages = {
  'the last newline of the patch lost': (draft) => {
    draft.late.push((text) => text.replace(/\n$/, ''));
    return true;
  },
  'several newlines behind the patch': (draft) => {
    draft.late.push((text) => `${text}\n\n\n`);
    return true;
  },
  'files without a last newline, marked': (draft) => {
    if (!endsPlainly(draft)) return false;
    withoutLastNewline(draft, { marked: true });
    return true;
  },
  'files without a last newline, marker lost': (draft) => {
    if (!endsPlainly(draft) || !endsInContext(draft)) return false;
    withoutLastNewline(draft, { marked: false });
    return true;
  },
  'the last line replaced, markers lost': (draft) => {
    if (!endsPlainly(draft) || endsInContext(draft)) return false;
    // Where the tail is only deleted, the line before it keeps the newline that it has.
    if (editing(draft).some(({ hunks }) => hunks.at(-1)?.lines.at(-1)?.startsWith('-'))) return false;
    withoutLastNewline(draft, { marked: false });
    // The patch alone says "ends in a newline" as much as it says "ends as the file does".
    draft.decidable = false;
    return true;
  },
  'spurious marker in the middle': (draft, random) => {
    const sections = editing(draft).filter(
      (section) => !hasMarker(draft) && section.hunks.some((hunk) => hunk.lines.length > 4),
    );
    if (sections.length === 0) return false;
    const section = random.pick(sections);
    const hunk = random.pick(section.hunks.filter(({ lines }) => lines.length > 4));
    hunk.lines.splice(random.between(1, hunk.lines.length - 2), 0, MARKER);
    return true;
  },
  'spurious marker behind a hunk': (draft, random) => {
    const able = editing(draft).filter((section) => !hasMarker(draft) && !reachesEnd(draft, section));
    if (able.length === 0) return false;
    random.pick(random.pick(able).hunks).lines.push(MARKER);
    return true;
  },
  'spurious marker, context at the end of the file': (draft) => {
    const able = editing(draft).filter((section) => reachesEnd(draft, section) && !hasMarker(draft));
    const ends = able.filter(({ hunks }) => hunks.at(-1)?.lines.at(-1)?.startsWith(' '));
    if (ends.length === 0 || !endsPlainly(draft)) return false;
    for (const section of ends) section.hunks.at(-1)?.lines.push(MARKER);
    return true;
  },
};
