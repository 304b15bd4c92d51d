/**
 * What a commit teaches, as plain data: it is kept as JSON. Rule: a lesson says everything that is needed to recognise a
 * place and to change it; the commit that taught it is not read again.
 */
import type { LanguageId } from '../../code/index.ts';

/** A piece of syntax: a token, a node with children, or a place that any code of a kind may take. */
export type Shape = { kind: string; text: string } | { kind: string; children: Shape[] } | { hole: number };

export interface Hole {
  /**
   * `value`: an expression. `text`: a string with the same placeholders. `name`: a variable that is bound in the same way
   * (and, where that says little, has the same name).
   */
  admits: 'value' | 'text' | 'name';
  /** How often it stands in the new code more than once in the old: then it must not have effects. */
  repeated: boolean;
  /** Of a `text`: its placeholders, in order. */
  placeholders?: string;
  /** Of a `name`. */
  name?: string;
  bound?: string;
  /** It stands where an argument or a value stands: displays are welcome too. */
  argument?: boolean;
}

/** New text in place of the tokens from `from` up to `to` (not included) of the old code; numbers are holes. */
export interface Step {
  from: number;
  to: number;
  text: Array<string | number>;
  /** Blanks around it that stay as they are: before the new text, after it, or none. */
  keeps: 'before' | 'after' | 'none';
}

export interface Lesson {
  language: LanguageId;
  before: Shape;
  after: Shape;
  holes: Hole[];
  steps: Step[];
  /** Names that must mean the same in a file, and how they are bound where it was taught. */
  names: Array<{ name: string; bound: string }>;
  /** Words of the new code that the old one does not have. */
  calls: string[];
  /** Words that a file must contain. */
  words: string[];
  /** What was done with the value where it was taught, and how far another use will do. */
  uses: { taught: string[]; others: 'any' | 'some' | 'none' };
  /** Does it name code of the repository itself? */
  own: boolean;
  /** Was it taught in tests? Then it holds for tests alone. */
  tests: boolean;
  /** Old and new, in few words, for people. */
  old: string;
  new: string;
  /** 16 hex digits of what makes the pattern: two commits that teach the same have the same. */
  print: string;
}

/** One file that a commit changed. */
export interface Taught {
  path: string;
  before: string;
  after: string;
}

/** A place in a file where the lesson applies; offsets are UTF-16. */
export interface Sibling {
  start: number;
  end: number;
  edits: Array<{ start: number; end: number; text: string }>;
}
