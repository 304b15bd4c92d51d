/**
 * How an embedded rule is written. Rule: a rule looks at one file and returns ranges and edits in UTF-16 offsets;
 * what counts as noise for every rule (caps, suppressions, generated files, tests) is decided once, in `embedded.ts`.
 */
import type { SgNode } from '@ast-grep/napi';
import type { DiagnoseOptions, Rule, SourceFile, Unbinds } from './types.ts';

export type Node = SgNode;

/** Replace the UTF-16 range [start, end) of the file's text. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

export interface Match {
  /** UTF-16 range of the defect. */
  start: number;
  end: number;
  /** One sentence; never quotes a secret. */
  message: string;
  /** No edits = report only, even when the rule is fixable elsewhere. */
  edits?: readonly TextEdit[];
  /** UTF-16 ranges that may hold a secret: masked before anything is hashed. */
  secrets?: ReadonlyArray<readonly [number, number]>;
  unbinds?: Unbinds;
}

export interface RuleContext {
  options: DiagnoseOptions;
  /** The file's syntax tree, parsed once for all rules. @throws Unanalysable on a syntax error. */
  tree(): Promise<Node>;
  /** The files that are diagnosed together and are no tests, this one included. */
  batch: readonly SourceFile[];
  /** Makes a value once per file, for rules that share one analyser run. */
  perFile<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Makes a value once per `diagnose` call, for example an analyser's instance. */
  perRun<T>(key: string, make: () => Promise<T>): Promise<T>;
}

export interface RuleImpl extends Rule {
  /** Look at test files too. Default: they are left alone. */
  tests?: boolean;
  /** A matter of taste: left alone where the repository has chosen its rules by name and not this one. */
  taste?: boolean;
  /** What becomes of its findings where the repository turns out to run on Python 2. */
  python3?: 'drop' | 'report';
  /** Cheap gate: the rule runs only on text that this matches. Must not be global or sticky. */
  trigger: RegExp;
  /** Names of the same rule in other linters (`S501`, `prefer-const`): their suppressions and ignores count. */
  aliases?: readonly string[];
  find(file: SourceFile, context: RuleContext): Match[] | Promise<Match[]>;
}

/** Thrown when a file cannot be analysed: the file is listed as skipped, with this reason. */
export class Unanalysable extends Error {}
