/**
 * What a specialist with a model gets to see. Rule: a pack is a function of its request: the same request gives the same
 * bytes, so an answer can be kept by them.
 */
import type { Finding, SpecialistName } from '../../records/index.ts';

export interface PackRequest {
  task: { specialist: SpecialistName; goal: string; findings: readonly Finding[] };
  /** Every file of the tree. */
  entries: ReadonlyArray<{ path: string; oid: string }>;
  /** Text of a file; null where it is binary, absent or not to be shown. */
  read(path: string): Promise<string | null>;
  /** What the event changed. */
  changed: readonly string[];
  /** Unified diff of that, '' where there is none. */
  diff: string;
  /** What failed, as it was printed; '' where nothing did. */
  logs: string;
  /** Files that the change may reach, nearest first, and how they are related: "imports src/a.py". */
  reached: ReadonlyArray<{ path: string; why: string }>;
  /** Facts about how code is written here, one a line. */
  conventions: readonly string[];
  /** Tokens, by `estimateTokens`. */
  budget: number;
}

export interface PackSection {
  name: string;
  tokens: number;
  /** Files that are in it, whole or in part. */
  files: string[];
  /** What did not fit, in words; '' when all of it did. */
  left: string;
}

export interface ContextPack {
  text: string;
  /** At most the budget. */
  tokens: number;
  sections: PackSection[];
  /** Line that opens and closes every block: nothing that is quoted can contain it. */
  mark: string;
}
