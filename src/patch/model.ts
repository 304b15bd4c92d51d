/**
 * One model for every form of patch. Rule: text is latin1, one character per byte, so that bytes survive whatever they
 * mean; only names are decoded.
 */

/** ` ` context, `-` goes, `+` comes, `?` has no marker: context if the file has it, else prose. */
export type Kind = ' ' | '-' | '+' | '?';

export interface PatchLine {
  kind: Kind;
  /** Without marker and line ending. */
  text: string;
  /** As it stood in the patch: a context line that lost its marker is found by this. */
  raw: string;
  /** Ended in CR LF. */
  cr: boolean;
  /** A `\ No newline at end of file` follows. */
  bare: boolean;
}

export interface Hunk {
  /** 1-based, in the order of the patch. */
  number: number;
  form: 'unified' | 'search' | 'codex';
  /** What the header claims, null where it claims nothing. */
  oldStart: number | null;
  oldCount: number | null;
  newStart: number | null;
  newCount: number | null;
  /** The line that git prints behind the second `@@`, or the anchors of a Codex patch: they stand before the hunk. */
  anchors: string[];
  /** Codex says that the hunk ends at the end of the file. */
  atEnd: boolean;
  /** The patch ends here: behind the last line, or (`line`) in the middle of it. */
  cut: 'line' | 'hunk' | null;
  lines: PatchLine[];
}

export interface Section {
  form: Hunk['form'];
  /** 1-based line of the patch where it begins. */
  line: number;
  /** Every name given for the old and the new side, raw and decoded, without `/dev/null`. */
  oldNames: string[];
  newNames: string[];
  /** `/dev/null`, `new file mode`, `deleted file mode`, `*** Add File` and the like. */
  creates: boolean;
  deletes: boolean;
  renames: boolean;
  oldMode: string | null;
  newMode: string | null;
  index: { old: string; new: string } | null;
  /** Why this section can never be placed: binary, copy, a name that cannot be read. */
  fault: string | null;
  hunks: Hunk[];
}

export function emptySection(form: Hunk['form'], line: number): Section {
  return {
    form,
    line,
    oldNames: [],
    newNames: [],
    creates: false,
    deletes: false,
    renames: false,
    oldMode: null,
    newMode: null,
    index: null,
    fault: null,
    hunks: [],
  };
}
