/**
 * What a file tests, in words that no language owns. Rule: what cannot fail has strength 0; whatever makes a test say
 * less must lower a number or lengthen a list here.
 */

/** One thing that a test insists on. */
export interface Assertion {
  /** The whole of it, canonical. */
  text: string;
  /** As it stands there, on one line. */
  shown: string;
  /** What is looked at, canonical. */
  subject: string;
  /** 0: it cannot fail. 100: nothing but one value passes. Only comparable, never a measure. */
  strength: number;
  /** What a literal says it should be; null where it is no literal. */
  expected: string | null;
  /** How far off still passes; null where there is no such number. More is looser. */
  tolerance: number | null;
  /** Conditions under which alone it is reached, canonical. */
  conditions: string[];
}

export interface TestCase {
  path: string;
  /** From the outside in. */
  names: string[];
  /** Another one of its name takes its place: no runner sees it. */
  hidden: boolean;
  line: number;
  assertions: Assertion[];
  /** Functions that it calls, for those that assert in its place. */
  calls: Call[];
  /** Names that it puts something else in the place of. */
  mocks: string[];
  /** Functions of its own file that are put around it. */
  wrappers: string[];
  /** Ways out before its end. */
  returns: number;
  /** Rows of its tables. */
  rows: number;
  /** The longest time that it names. */
  timeout: number | null;
  /** Without layout and comments; and with names numbered. */
  body: string;
  shape: string;
}

export interface Call {
  name: string;
  /** As of an assertion. */
  conditions: string[];
}

/** A mark that switches tests off or others on; without reasons, which are words for people. */
export interface Marker {
  text: string;
  line: number;
}

export interface Reading {
  path: string;
  tests: TestCase[];
  /** Functions that may assert for tests, with what they assert and call. */
  helpers: Map<string, { assertions: Assertion[]; calls: Call[] }>;
  /** Every function that has a name. */
  functions: ReadonlySet<string>;
  /** Assertions in hooks and fixtures. */
  outside: Assertion[];
  markers: Marker[];
  /** Names that the whole file puts something else in the place of. */
  mocks: string[];
  /** Functions at its top level, which hide what is imported by their names. */
  own: Set<string>;
  /** How many items each list has that tests go through, by its name or that of the fixture. */
  tables: Map<string, number>;
  /** The longest time that it gives to all its tests. */
  limit: number | null;
}

export const NOTHING: Omit<Reading, 'path'> = {
  tests: [],
  helpers: new Map(),
  functions: new Set(),
  outside: [],
  markers: [],
  mocks: [],
  own: new Set(),
  tables: new Map(),
  limit: null,
};

/** Strength of the usual kinds; each language maps its own words to these. */
export const STRENGTH = {
  exact: 95,
  equal: 90,
  loose: 88,
  nothing: 85,
  snapshot: 82,
  called: 75,
  close: 70,
  size: 60,
  error: 60,
  contains: 50,
  matches: 46,
  order: 45,
  falsy: 40,
  differs: 40,
  kind: 40,
  anyError: 35,
  fails: 30,
  any: 25,
  truthy: 20,
  exists: 15,
  never: 0,
} as const;
