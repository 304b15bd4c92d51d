/**
 * Finds texts on which a backtracking matcher needs exponential time. Rule: nothing is said on suspicion; a text is
 * named only after a matcher that counts its steps has failed on it with the expected growth.
 *
 * The search is for "exponential degree of ambiguity" (Weideman et al., CIAA 2016): a place in the pattern that is
 * reached again by one and the same text in two ways.
 */
import { countSteps, MOST_STEPS } from './pattern-match.ts';
import { type Dialect, type Pattern, parsePattern, type Ranges } from './pattern-parse.ts';

export interface Attack {
  prefix: string;
  /** Repeated: every repetition at least doubles the work. */
  pump: string;
  suffix: string;
}

const PLACES = 120;
const PAIRS = 60_000;
const CANDIDATES = 6;
const SUFFIXES = ['!', '\n', '\u0000', '', ' ', '0', 'a', '_', '-', '"', '<', '\uffff'];

/** One sentence that names the text, as written in a program. */
export function describe({ prefix, pump, suffix }: Attack): string {
  const text = (part: string) =>
    JSON.stringify(part).replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const parts = [...(prefix ? [text(prefix)] : []), `${text(pump)} 30 times`, ...(suffix ? [text(suffix)] : [])];
  return `Some texts take exponential time to refuse: ${parts.join(', then ')}.`;
}

/** An attack on `source`, or null when none is proven. `whole`: the text must match to its end. */
export function attackOn(source: string, dialect: Dialect, whole = false): Attack | null {
  const parsed = source.length <= 2000 ? parsePattern(source, dialect) : null;
  if (!parsed || !mayRepeatTwice(parsed, false)) return null;
  const pattern: Pattern = whole ? { kind: 'sequence', items: [parsed, { kind: 'assert', what: 'end' }] } : parsed;
  const graph = graphOf(pattern);
  if (!graph) return null;
  let tried = 0;
  for (const [place, pump] of ambiguous(graph)) {
    tried += 1;
    if (tried > CANDIDATES) return null;
    const prefix = wayTo(graph, place);
    if (prefix === null) continue;
    const suffix = SUFFIXES.find((end) => isExponential(pattern, prefix, pump, end));
    if (suffix !== undefined) return { prefix, pump, suffix };
  }
  return null;
}

function isExponential(pattern: Pattern, prefix: string, pump: string, suffix: string): boolean {
  const steps = (times: number) => countSteps(pattern, prefix + pump.repeat(times) + suffix);
  const [few, some] = [steps(4), steps(8)];
  if (few === null || some === null || some < 10 * few) return false;
  const many = steps(12);
  return many !== null && (many >= 10 * some || many >= MOST_STEPS);
}

/** Is there an unbounded repetition around another one, a choice or an option? Others are never exponential. */
function mayRepeatTwice(pattern: Pattern, inside: boolean): boolean {
  if (pattern.kind === 'repeat') {
    if (inside && pattern.max !== pattern.min) return true;
    return mayRepeatTwice(pattern.item, inside || pattern.max === Infinity);
  }
  if (pattern.kind === 'choice' && inside) return true;
  return 'items' in pattern && pattern.items.some((item) => mayRepeatTwice(item, inside));
}

/** Glushkov's automaton: a place per character of the pattern; `next` counts the ways from place to place. */
interface Graph {
  sets: Ranges[];
  next: Array<Map<number, number>>;
  first: Set<number>;
}

interface Part {
  first: number[];
  last: number[];
  empty: boolean;
}

function graphOf(pattern: Pattern): Graph | null {
  const graph: Graph = { sets: [], next: [], first: new Set() };
  const connect = (from: readonly number[], to: readonly number[]) => {
    for (const a of from) for (const b of to) graph.next[a]?.set(b, (graph.next[a]?.get(b) ?? 0) + 1);
  };
  const sequence = (parts: readonly Part[]): Part =>
    parts.reduce(
      (left, right) => {
        connect(left.last, right.first);
        return {
          first: left.empty ? [...left.first, ...right.first] : left.first,
          last: right.empty ? [...left.last, ...right.last] : right.last,
          empty: left.empty && right.empty,
        };
      },
      { first: [], last: [], empty: true },
    );
  const walk = (node: Pattern): Part => {
    if (graph.sets.length > PLACES) return { first: [], last: [], empty: true };
    if (node.kind === 'assert') return { first: [], last: [], empty: true };
    if (node.kind === 'set') {
      const place = graph.sets.push(node.ranges) - 1;
      graph.next.push(new Map());
      return { first: [place], last: [place], empty: false };
    }
    if (node.kind === 'sequence') return sequence(node.items.map(walk));
    if (node.kind === 'choice') {
      const parts = node.items.map(walk);
      return {
        first: parts.flatMap((part) => part.first),
        last: parts.flatMap((part) => part.last),
        empty: parts.some((part) => part.empty),
      };
    }
    // A counted repetition is written out a few times; that may miss an attack and never invents one.
    const open = node.max === Infinity;
    const copies = Array.from(
      { length: Math.max(1, Math.min(node.max, Math.max(node.min, open ? 1 : node.max), 8)) },
      () => walk(node.item),
    );
    const last = copies.at(-1);
    if (open && last) connect(last.last, last.first);
    return sequence(copies.map((part, index) => ({ ...part, empty: part.empty || index >= node.min })));
  };
  const whole = walk(pattern);
  if (graph.sets.length > PLACES) return null;
  for (const place of whole.first) graph.first.add(place);
  return graph;
}

/** Places that a text leads back to in two ways, each with that text. */
function* ambiguous(graph: Graph): Generator<[number, string]> {
  let budget = PAIRS;
  for (let place = 0; place < graph.sets.length; place += 1) {
    const seen = new Set<number>();
    const queue = [{ left: place, right: place, apart: false, text: '' }];
    for (let at = 0; at < queue.length && budget > 0; at += 1) {
      const { left, right, apart, text } = queue[at] as (typeof queue)[number];
      if (apart && left === place && right === place) {
        yield [place, text];
        break;
      }
      for (const [a, ways] of graph.next[left] ?? [])
        for (const b of graph.next[right]?.keys() ?? []) {
          budget -= 1;
          const letter = shared(graph.sets[a] ?? [], graph.sets[b] ?? []);
          if (letter === null) continue;
          const parted = apart || a !== b || (left === right && ways > 1);
          const key = (a * PLACES + b) * 2 + (parted ? 1 : 0);
          if (seen.has(key)) continue;
          seen.add(key);
          queue.push({ left: a, right: b, apart: parted, text: text + letter });
        }
    }
  }
}

/** The shortest text that leads to `place`, the place's own character included. */
function wayTo(graph: Graph, place: number): string | null {
  const start = [...graph.first].map((first) => ({ at: first, text: shared(graph.sets[first] ?? [], ANY) ?? '' }));
  const seen = new Set(graph.first);
  for (let index = 0; index < start.length; index += 1) {
    const { at, text } = start[index] as (typeof start)[number];
    if (at === place) return text;
    for (const next of graph.next[at]?.keys() ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      start.push({ at: next, text: text + (shared(graph.sets[next] ?? [], ANY) ?? '') });
    }
  }
  return null;
}

const ANY: Ranges = [[0, 0xffff]];
const READABLE: Ranges = [
  [97, 122],
  [48, 57],
  [65, 90],
  [32, 126],
  [0, 0xffff],
];

/** A character of both sets, a readable one if there is any; null when they share none. */
function shared(left: Ranges, right: Ranges): string | null {
  for (const [low, high] of READABLE)
    for (const [a, b] of left)
      for (const [c, d] of right) {
        const from = Math.max(a, c, low);
        if (from <= Math.min(b, d, high)) return String.fromCharCode(from);
      }
  return null;
}
