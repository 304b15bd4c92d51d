/**
 * What goes into and comes out of placing a patch. Rule: a plan is whole or a refusal; nothing in between exists, and a
 * refusal says enough for its author (a person or a model) to try again.
 */

export interface StoredFile {
  /** As git writes it: `100644`, `100755`, `120000`, `160000`. */
  mode: string;
  content: Buffer;
}

/** Where a patch is to go: a tree of blobs or a working directory. Only this port touches the outside. */
export interface PatchTarget {
  /** Null when nothing or a folder stands there; a link is an entry of mode 120000. @throws when it cannot be read */
  read(path: string): Promise<StoredFile | null>;
  /** Every path, for clashes of case and for names that lost their first folder. */
  paths(): Promise<readonly string[]>;
  /** The blob that an `index` line names, should it be at hand: the last resort when the base moved. */
  blob?(abbreviation: string): Promise<Buffer | null>;
}

/** How much had to be forgiven, from nothing to much; `already`, `partly`: the change stood there, wholly or in part. */
export type Tier =
  | 'exact'
  | 'trailing-blanks'
  | 'lost-marker'
  | 'indentation'
  | 'split'
  | 'trimmed'
  | 'aligned'
  | 'three-way'
  | 'partly'
  | 'already';

export interface PlacedHunk {
  /** 1-based, in the order of the patch. */
  hunk: number;
  /** 1-based first line in the file as it stood. */
  line: number;
  tier: Tier;
}

export interface PlacedFile {
  path: string;
  /** The old path of a renamed file. */
  from: string | null;
  /** Null: the file is new. */
  before: StoredFile | null;
  /** Null: the file goes. */
  after: StoredFile | null;
  added: number;
  removed: number;
  hunks: PlacedHunk[];
}

export interface Refusal {
  path: string | null;
  /** 1-based, in the order of the patch; null when the whole section or patch is meant. */
  hunk: number | null;
  /** One sentence in words that a person understands. */
  reason: string;
  /** The place that came closest. Lines are 1-based. */
  closest: { line: number; differing: Array<{ line: number; expected: string; found: string }> } | null;
}

export type Placement =
  /** No files: everything stood there already. */
  { ok: true; files: PlacedFile[] } | { ok: false; refusals: Refusal[] };
