/**
 * The contract of a specialist. Rule: a specialist sees text and returns findings with exact edits; it never touches
 * the disk, git or the network, and nothing that it says about risk or size is believed.
 */
import type { Conventions, LanguageId } from '../code/index.ts';
import type { Edit, Finding, Severity, SpecialistName } from '../records/index.ts';

export type { Conventions, LanguageId } from '../code/index.ts';

export interface SourceFile {
  path: string;
  /** Oid of the blob: edits count in its bytes. */
  blob: string;
  text: string;
  language: LanguageId;
  /** Is it a test by its path? Most rules leave tests alone. */
  test: boolean;
}

export interface DiagnoseOptions {
  conventions: Conventions;
  /** The per-agent keys of the configuration. */
  settings: Readonly<Record<string, unknown>>;
  /** Every finding, for comparing two states of a file: a cap would let the next ones in when some are mended. */
  uncapped?: boolean;
  /** A change is judged: what counts only when a change brings it is told too. */
  judging?: boolean;
}

/** A finding and the edits that mend it; no edits = report only. */
export interface Diagnosed {
  finding: Finding;
  edits: Edit[];
  unbinds?: Unbinds;
  /** Learned from a commit of a person; see `Fix`. */
  taught?: { by: string; print: string };
  /** False, or only its edits are wrong, if the repository runs on Python 2: whoever sees the whole tree asks. */
  python3?: 'drop' | 'report';
}

/** Names that the edits take out of the module: whoever sees the whole tree asks whether another file reads them. */
export interface Unbinds {
  names: readonly string[];
  /** When one does: the finding is false, or it stands and only its edits are wrong. */
  usedElsewhere: 'drop' | 'report';
}

export interface Diagnosis {
  found: Diagnosed[];
  /** Files that could not be analysed, and why: they are never silently fine. */
  skipped: Array<{ path: string; reason: string }>;
}

export interface Rule {
  /** `<language>/<name>`. */
  id: string;
  languages: readonly LanguageId[];
  severity: Severity;
  cwe?: string;
  /** Subject of the commit, imperative, at most 60 characters. */
  title: string;
  /** One paragraph: why it matters, why the new text is right, what was left alone. */
  rationale: string;
  fixable: boolean;
  /** A fix is proposed only when the repository's tests notice that what it replaces is broken. */
  demandsTests?: true;
  /** Told only where two states are compared: it speaks against a change, and is no finding of code as it stands. */
  judging?: true;
  /** A test runs it: `before` yields exactly one finding of this rule and, when fixable, `after`. */
  example: { path: string; before: string; after?: string };
  /** What a repository says about itself for this rule to act at all; the example and the look-alikes stand in such a one. */
  conventions?: Partial<Conventions>;
  /** Code that resembles the defect and is fine: no finding. */
  lookAlikes: ReadonlyArray<{ path: string; text: string }>;
}

export interface Specialist {
  name: SpecialistName;
  rules: readonly Rule[];
  diagnose(files: readonly SourceFile[], options: DiagnoseOptions): Promise<Diagnosis>;
}
