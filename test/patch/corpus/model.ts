/**
 * Trees, true changes, and the draft of a patch that damages work on. Rule: text is Latin-1 throughout, one character a
 * byte, so that nothing is lost on the way; what a damage changes in a draft leaves the source as it was.
 */

export interface TreeFile {
  mode: string;
  content: string;
}
export type Tree = Map<string, TreeFile>;

export interface Hunk {
  /** 1-based, as git counts: a side without lines names the line before. */
  oldStart: number;
  newStart: number;
  /** What stands behind the second `@@`. */
  section: string;
  /** With their marker; `\ No newline at end of file` is a line too. */
  lines: string[];
}

export interface Change {
  status: 'modified' | 'added' | 'deleted' | 'renamed';
  oldPath: string;
  newPath: string;
  oldMode: string;
  newMode: string;
  oldOid: string;
  newOid: string;
  similarity: number;
  hunks: Hunk[];
}

/** A true change: `after` is `before` with all of `changes`. */
export interface Source {
  name: string;
  before: Tree;
  after: Tree;
  changes: Change[];
  /** The same change on an older state of one file, as a clean three-way merge sees it. */
  drift: { path: string; before: string; after: string } | null;
}

export interface DraftHunk extends Hunk {
  /** Printed instead of the computed line; null: no header at all. */
  header?: string | null;
}

export interface DraftSection {
  change: Change;
  header: string[];
  hunks: DraftHunk[];
}

export interface Draft {
  source: string;
  before: Tree;
  /** Null: the patch must be refused. */
  after: Tree | null;
  sections: DraftSection[];
  /** Work on the printed text, in this order. */
  late: Array<(text: string) => string>;
  /** The whole text, where a form other than a unified diff was made. */
  text: string | null;
  /** See Source. */
  drift: Source['drift'];
  /** False: what is left in the patch does not say where or what; refusing it is as good as it gets. */
  decidable: boolean;
}

/** Changes a draft in place; false when it finds nothing to damage, with the draft as it was. */
export type Damage = (draft: Draft, random: import('./random.ts').Random) => boolean;

/** Kind → damage. */
export type Damages = Record<string, Damage>;

export function openDraft(source: Source): Draft {
  return {
    source: source.name,
    before: new Map(source.before),
    after: new Map(source.after),
    sections: source.changes.map((change) => ({
      change,
      header: gitHeader(change),
      hunks: change.hunks.map((hunk) => ({ ...hunk, lines: [...hunk.lines] })),
    })),
    late: [],
    text: null,
    drift: source.drift,
    decidable: true,
  };
}

export function gitHeader(change: Change): string[] {
  const { oldPath, newPath, oldMode, newMode, oldOid, newOid, status } = change;
  const lines = [`diff --git a/${oldPath} b/${newPath}`];
  if (status === 'added') lines.push(`new file mode ${newMode}`);
  else if (status === 'deleted') lines.push(`deleted file mode ${oldMode}`);
  else if (oldMode !== newMode) lines.push(`old mode ${oldMode}`, `new mode ${newMode}`);
  if (status === 'renamed')
    lines.push(`similarity index ${change.similarity}%`, `rename from ${oldPath}`, `rename to ${newPath}`);
  const same = status === 'modified' || status === 'renamed';
  if (oldOid !== newOid)
    lines.push(`index ${oldOid.slice(0, 7)}..${newOid.slice(0, 7)}${same && oldMode === newMode ? ` ${oldMode}` : ''}`);
  if (change.hunks.length > 0)
    lines.push(
      `--- ${status === 'added' ? '/dev/null' : `a/${oldPath}`}`,
      `+++ ${status === 'deleted' ? '/dev/null' : `b/${newPath}`}`,
    );
  return lines;
}

export function printDraft(draft: Draft): Buffer {
  let text = draft.text ?? draft.sections.map(printSection).join('');
  for (const change of draft.late) text = change(text);
  return Buffer.from(text, 'latin1');
}

export function printSection(section: DraftSection): string {
  return [...section.header, ...section.hunks.flatMap(printHunk)].map((line) => `${line}\n`).join('');
}

function printHunk(hunk: DraftHunk): string[] {
  if (hunk.header === null) return hunk.lines;
  return [hunk.header ?? headerOf(hunk), ...hunk.lines];
}

export function headerOf(hunk: Hunk): string {
  const { old, new: fresh } = countsOf(hunk.lines);
  const range = (start: number, count: number) => (count === 1 ? `${start}` : `${start},${count}`);
  return `@@ -${range(hunk.oldStart, old)} +${range(hunk.newStart, fresh)} @@${hunk.section}`;
}

export function countsOf(lines: readonly string[]): { old: number; new: number } {
  const count = (markers: string) => lines.filter((line) => line === '' || markers.includes(line.charAt(0))).length;
  return { old: count(' -'), new: count(' +') };
}

/** Lines of a text without their ends; a last empty one is left out. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The old or the new side of a hunk, without markers. */
export function sideOf(hunk: Hunk, side: 'old' | 'new'): string[] {
  const markers = side === 'old' ? ' -' : ' +';
  return hunk.lines.filter((line) => markers.includes(line.charAt(0))).map((line) => line.slice(1));
}

/** How often `block` stands in `lines`, blanks at both ends of a line aside. */
export function occurrences(lines: readonly string[], block: readonly string[]): number {
  const [all, wanted] = [lines.map((line) => line.trim()), block.map((line) => line.trim())];
  let found = 0;
  for (let at = 0; at + wanted.length <= all.length; at += 1)
    if (wanted.every((line, offset) => all[at + offset] === line)) found += 1;
  return found;
}

/** Does the old side of `hunk` stand in its file once? */
export function isUnique(draft: Draft, section: DraftSection, hunk: Hunk): boolean {
  const text = draft.before.get(section.change.oldPath)?.content ?? '';
  const block = sideOf(hunk, 'old');
  return block.some((line) => /\w/.test(line)) && occurrences(linesOf(text), block) === 1;
}

/** Sections that edit a file which stays. */
export function editing(draft: Draft): DraftSection[] {
  return draft.sections.filter(({ change, hunks }) => change.status === 'modified' && hunks.length > 0);
}
