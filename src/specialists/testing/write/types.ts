/**
 * The contract of tests that are written. Rule: a specialist says which function can be asked with what, and how the answers
 * read as a test; who runs the program and the test is none of its business.
 */
import type { LanguageId } from '../../types.ts';

/** A function that can be tested from outside: pure as far as its text shows, with arguments that can be made. */
export interface Subject {
  name: string;
  /** 1-based, inclusive. */
  line: number;
  endLine: number;
  /** Its text. */
  text: string;
  /** Names of what must be given. */
  parameters: readonly string[];
  /** Arguments as they are written between the brackets, the most telling first. */
  inputs: readonly string[];
  /** Errors that a test may expect of it: others may be slips. */
  raises: readonly string[];
  /** How the module gives it: by its name, or as its default (JavaScript). */
  exported: 'name' | 'default';
}

/** Something that holds for every input, where it holds for all that were tried. */
export type Law =
  | { kind: 'idempotent'; of: string }
  | { kind: 'commutative'; of: string }
  | { kind: 'round-trip'; of: string; undo: string }
  | { kind: 'same-length'; of: string };

/** What to ask of the functions of one file. */
export interface Questions {
  path: string;
  language: LanguageId;
  subjects: readonly Subject[];
  laws: readonly Law[];
  /** Makes the program: run at the top of a slot, it prints `Answers` as JSON, its last line. Null: there is none. */
  program(): Promise<string | null>;
}

export interface Case {
  input: string;
  /** What came back, as it is written. */
  value?: string;
  /** There are fractions in it, which are compared with a tolerance. */
  fractional?: boolean;
  /** Name of the error. */
  raises?: string;
  /** It is an error of the module itself. */
  own?: boolean;
  /** Steps from line to line; for JavaScript none are known. */
  steps: readonly string[];
}

export interface Answers {
  /** What loading the module or calling it did besides answering; then nothing is written. */
  effect: string | null;
  functions: Record<string, { cases: Case[]; lines: number[] }>;
  /** For each law the inputs for which it holds and says something; null where one speaks against it. */
  laws: Array<string[] | null>;
}

/** What a test of one function says. */
export interface Chosen {
  subject: Subject;
  cases: Case[];
  laws: Array<{ law: Law; inputs: string[] }>;
}

/** How tests are written in a repository. */
export interface Manner {
  /** Where the new test stands, and its text now; null: there is no such file yet. */
  path: string;
  existing: string | null;
  /** A test of the repository that it should look like. */
  like: string;
  /** What the module is called in an import. */
  module: string;
  runner: 'pytest' | 'unittest' | 'node:test' | 'jest' | 'vitest' | 'mocha' | 'uvu';
  quote: '"' | "'";
}
