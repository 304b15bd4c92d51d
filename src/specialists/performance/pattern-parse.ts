/**
 * Reads a regular expression of JavaScript or Python as a tree. Rule: what it does not know exactly (back references,
 * look-around, properties, conditions) makes the whole pattern unknown, and nothing is said about it.
 */

/** Inclusive ranges of UTF-16 units, sorted and apart. */
export type Ranges = ReadonlyArray<readonly [number, number]>;

export type Pattern =
  | { kind: 'set'; ranges: Ranges }
  | { kind: 'sequence'; items: Pattern[] }
  | { kind: 'choice'; items: Pattern[] }
  | { kind: 'repeat'; item: Pattern; min: number; max: number; greedy: boolean }
  | {
      kind: 'assert';
      what: 'start' | 'end' | 'line-start' | 'line-end' | 'last-line-end' | 'boundary' | 'no-boundary';
    };

export interface Dialect {
  python: boolean;
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  /** White space and comments mean nothing. */
  verbose: boolean;
}

const LAST = 0xffff;
const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Ranges = [
  [9, 13],
  [32, 32],
  [160, 160],
];
const LINE_ENDS: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

class Unknown extends Error {}

/** The tree of `source`, or null when any part of it is not known exactly. */
export function parsePattern(source: string, dialect: Dialect): Pattern | null {
  try {
    const parser = new Parser(source, dialect);
    const pattern = parser.choice();
    return parser.done() ? pattern : null;
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

class Parser {
  private at = 0;
  private readonly source: string;
  private readonly dialect: Dialect;

  constructor(source: string, dialect: Dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  done(): boolean {
    return this.at === this.source.length;
  }

  choice(): Pattern {
    const items = [this.sequence()];
    while (this.take('|')) items.push(this.sequence());
    return items.length === 1 ? (items[0] as Pattern) : { kind: 'choice', items };
  }

  private sequence(): Pattern {
    const items: Pattern[] = [];
    for (this.skip(); !this.done() && !/[|)]/.test(this.peek()); this.skip()) items.push(this.repeated());
    return { kind: 'sequence', items };
  }

  private repeated(): Pattern {
    let item = this.atom();
    for (this.skip(); ; this.skip()) {
      const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})/.exec(this.source.slice(this.at, this.at + 20));
      if (!found) return item;
      this.at += found[0].length;
      const [, sign, least, comma, most] = found;
      const min = sign ? (sign === '+' ? 1 : 0) : Number(least);
      const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (most ? Number(most) : Infinity) : min;
      if (this.peek() === '+') throw new Unknown();
      if (item.kind === 'assert') throw new Unknown();
      item = { kind: 'repeat', item, min, max, greedy: !this.take('?') };
    }
  }

  private atom(): Pattern {
    const { dialect } = this;
    if (this.take('(')) return this.group();
    if (this.take('[')) return this.charClass();
    if (this.take('^')) return { kind: 'assert', what: dialect.multiline ? 'line-start' : 'start' };
    if (this.take('$')) return { kind: 'assert', what: this.dollar() };
    if (this.take('.'))
      return { kind: 'set', ranges: dialect.dotAll ? [[0, LAST]] : not(dialect.python ? [[10, 10]] : LINE_ENDS) };
    if (this.take('\\')) {
      if (this.take('b')) return { kind: 'assert', what: 'boundary' };
      if (this.take('B')) return { kind: 'assert', what: 'no-boundary' };
      if (dialect.python && this.take('A')) return { kind: 'assert', what: 'start' };
      if (dialect.python && this.take('Z')) return { kind: 'assert', what: 'end' };
      return { kind: 'set', ranges: this.escaped() };
    }
    if (/[*+?]/.test(this.peek())) throw new Unknown();
    return { kind: 'set', ranges: this.cased([this.character()]) };
  }

  /** Python's `$` also matches before a last line end. */
  private dollar(): 'line-end' | 'last-line-end' | 'end' {
    if (this.dialect.multiline) return 'line-end';
    return this.dialect.python ? 'last-line-end' : 'end';
  }

  private group(): Pattern {
    if (this.take('?')) {
      const head = this.dialect.python ? /^(:|P<\w+>)/ : /^(:|<[\w$]+>)/;
      const found = head.exec(this.source.slice(this.at, this.at + 80));
      if (!found) throw new Unknown();
      this.at += found[0].length;
    }
    const inner = this.choice();
    if (!this.take(')')) throw new Unknown();
    return inner;
  }

  private charClass(): Pattern {
    const negated = this.take('^');
    const ranges: Array<readonly [number, number]> = [];
    for (let first = true; first ? true : this.peek() !== ']'; first = false) {
      if (this.done()) throw new Unknown();
      if (first && this.peek() === ']') {
        if (!this.dialect.python) break;
      }
      const low = this.classItem();
      const next = this.source[this.at + 1];
      if (
        low.length === 1 &&
        low[0]?.[0] === low[0]?.[1] &&
        this.peek() === '-' &&
        next !== undefined &&
        next !== ']'
      ) {
        this.at += 1;
        const high = this.classItem();
        const [from, to] = [low[0]?.[0] ?? 0, high[0]?.[1] ?? 0];
        if (high.length !== 1 || to < from) throw new Unknown();
        ranges.push([from, to]);
      } else ranges.push(...low);
    }
    if (!this.take(']')) throw new Unknown();
    const all = this.cased(ranges);
    return { kind: 'set', ranges: negated ? not(all) : all };
  }

  private classItem(): Ranges {
    if (!this.take('\\')) return [this.character()];
    return this.take('b') ? [[8, 8]] : this.escaped(false);
  }

  /** What stands behind a backslash. */
  private escaped(cased = true): Ranges {
    const sign = this.source[this.at] ?? '';
    this.at += 1;
    const classes: Record<string, Ranges> = { d: DIGIT, w: WORD, s: SPACE, D: not(DIGIT), W: not(WORD), S: not(SPACE) };
    const control: Record<string, number> = { n: 10, r: 13, t: 9, f: 12, v: 11 };
    const known = classes[sign];
    if (known) return known;
    const code = control[sign];
    if (code !== undefined) return [[code, code]];
    const hex = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4}))/.exec(this.source.slice(this.at - 1, this.at + 5));
    if (hex) {
      this.at += hex[0].length - 1;
      const value = Number.parseInt(hex[1] ?? hex[2] ?? '0', 16);
      return cased ? this.cased([[value, value]]) : [[value, value]];
    }
    if (sign === '' || /[\w]/.test(sign)) throw new Unknown();
    const value = sign.charCodeAt(0);
    return [[value, value]];
  }

  private character(): readonly [number, number] {
    if (this.done()) throw new Unknown();
    const value = this.source.charCodeAt(this.at);
    this.at += 1;
    return [value, value];
  }

  /** With the other case of its ASCII letters, where case is ignored. */
  private cased(ranges: ReadonlyArray<readonly [number, number]>): Ranges {
    if (!this.dialect.ignoreCase) return merged(ranges);
    const others = ranges.flatMap(([from, to]) => [
      [Math.max(from, 65) + 32, Math.min(to, 90) + 32] as const,
      [Math.max(from, 97) - 32, Math.min(to, 122) - 32] as const,
    ]);
    return merged([...ranges, ...others.filter(([from, to]) => from <= to)]);
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }

  private take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at += 1;
    return true;
  }

  private skip(): void {
    if (!this.dialect.verbose) return;
    const found = /^(?:\s|#[^\n]*)+/.exec(this.source.slice(this.at));
    this.at += found?.[0].length ?? 0;
  }
}

function merged(ranges: ReadonlyArray<readonly [number, number]>): Ranges {
  const result: Array<[number, number]> = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function not(ranges: Ranges): Ranges {
  const result: Array<readonly [number, number]> = [];
  let at = 0;
  for (const [from, to] of merged(ranges)) {
    if (at < from) result.push([at, from - 1]);
    at = to + 1;
  }
  return at <= LAST ? [...result, [at, LAST]] : result;
}
