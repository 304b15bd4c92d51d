/**
 * Statements that stand in one file more than once, word for word. Rule: a cheap look at the lines decides whether a tree is
 * worth making; the longest repetition of a file is handed on, since extracting it changes the others.
 */
import { createHash } from 'node:crypto';
import type { SyntaxNode } from '../../code/index.ts';
import { indentAt, lineStart } from '../lines.ts';

/** A run of statements in one block. */
export interface Site {
  statements: readonly SyntaxNode[];
  start: number;
  end: number;
  indent: string;
}

export interface Repetition {
  /** At least two, in text order; none within another. */
  sites: Site[];
  /** Lines with code. */
  lines: number;
}

/** Below this a call is hardly shorter than what it replaces. */
export const FEWEST_LINES = 6;
const FEWEST_WORDS = 20;
/** A statement that stands more often says nothing. */
const COMMON = 40;

/** Do any five lines with words stand there twice? Of six with code, one may be a bracket alone. */
export function repeatsLines(text: string): boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line) && !/^(#|\/\/|\*|import\b|from\b)/.test(line));
  const seen = new Set<string>();
  for (let at = 0; at + 5 <= lines.length; at += 1) {
    const window = lines.slice(at, at + 5).join('\n');
    if (seen.has(window)) return true;
    seen.add(window);
  }
  return false;
}

/**
 * Repetitions in `blocks`, lists of statements, the largest first. Whole bodies of functions are left out: those are equal
 * functions, which is another matter.
 */
export function findRepetitions(text: string, blocks: ReadonlyArray<readonly SyntaxNode[]>): Repetition[] {
  const hashed = blocks.map((statements) => statements.map((one) => hashOf(text, one)));
  const places = new Map<string, Array<{ block: number; at: number }>>();
  for (const [block, hashes] of hashed.entries())
    for (const [at, hash] of hashes.entries()) {
      if (hash === null) continue;
      const known = places.get(hash) ?? [];
      known.push({ block, at });
      places.set(hash, known);
    }
  const found = new Map<string, Repetition>();
  for (const spots of places.values()) {
    if (spots.length < 2 || spots.length > COMMON) continue;
    for (const [index, one] of spots.entries())
      for (const other of spots.slice(index + 1)) {
        const run = sharedRun(hashed, one, other);
        if (run === 0 || follows(hashed, one, other)) continue;
        const key = (hashed[one.block] ?? []).slice(one.at, one.at + run).join('');
        if (found.has(key)) continue;
        const repetition = repetitionOf(text, blocks, hashed, key, run, spots);
        if (repetition !== null) found.set(key, repetition);
      }
  }
  return [...found.values()].sort((a, b) => b.lines * b.sites.length - a.lines * a.sites.length);
}

type Hashes = ReadonlyArray<ReadonlyArray<string | null>>;
interface Spot {
  block: number;
  at: number;
}

function sharedRun(hashed: Hashes, one: Spot, other: Spot): number {
  const [a, b] = [hashed[one.block] ?? [], hashed[other.block] ?? []];
  const most = one.block === other.block ? other.at - one.at : Number.POSITIVE_INFINITY;
  let run = 0;
  while (
    run < most &&
    a[one.at + run] !== undefined &&
    a[one.at + run] === b[other.at + run] &&
    a[one.at + run] !== null
  )
    run += 1;
  return run;
}

/** Is the pair the rest of a longer one that begins before it? */
function follows(hashed: Hashes, one: Spot, other: Spot): boolean {
  const before = hashed[one.block]?.[one.at - 1] ?? null;
  return before !== null && before === hashed[other.block]?.[other.at - 1];
}

function repetitionOf(
  text: string,
  blocks: ReadonlyArray<readonly SyntaxNode[]>,
  hashed: Hashes,
  key: string,
  run: number,
  spots: readonly Spot[],
): Repetition | null {
  const sites: Site[] = [];
  for (const { block, at } of spots) {
    if ((hashed[block] ?? []).slice(at, at + run).join('') !== key) continue;
    const site = siteOf(text, withoutTorn(blocks[block] ?? [], at, at + run));
    if (site !== null && !sites.some((known) => site.start < known.end)) sites.push(site);
  }
  const [first] = sites;
  if (first === undefined || sites.length < 2) return null;
  const raw = text.slice(first.start, first.end);
  const lines = raw.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line)).length;
  const words = raw.match(/[A-Za-z_$][\w$]*/g)?.length ?? 0;
  if (lines < FEWEST_LINES || words < FEWEST_WORDS) return null;
  if (sites.every(isWholeBody)) return null;
  // Comments and blank lines between the statements count too.
  const body = dedented(text, first);
  return body !== null && sites.every((site) => dedented(text, site) === body) ? { sites, lines } : null;
}

function isWholeBody({ statements }: Site): boolean {
  const block = statements[0]?.parent;
  if (!/function|method/.test(block?.parent?.kind ?? '')) return false;
  const others = block?.children.filter((one) => !/^([{}]|comment)$/.test(one.kind) && !statements.includes(one)) ?? [];
  return others.every(({ kind, children }) => kind === 'expression_statement' && children[0]?.kind === 'string');
}

/** A run that begins in the middle of a comment of several lines begins after it. */
function withoutTorn(statements: readonly SyntaxNode[], from: number, to: number): readonly SyntaxNode[] {
  let first = from;
  if (statements[from - 1]?.kind === 'comment') while (first < to && statements[first]?.kind === 'comment') first += 1;
  return statements.slice(first, to);
}

/** Statements that have their lines for themselves; null elsewhere. */
function siteOf(text: string, statements: readonly SyntaxNode[]): Site | null {
  const [first, last] = [statements[0], statements.at(-1)];
  if (!first || !last || last.kind === 'comment') return null;
  const indent = indentAt(text, first.start);
  const rest = /^[^\n]*/.exec(text.slice(last.end))?.[0] ?? '';
  if (indent === null || !/^[ \t]*(?:(?:#|\/\/)[^\n]*)?$/.test(rest)) return null;
  return { statements, start: first.start, end: last.end + rest.trimEnd().length, indent };
}

/** The lines of a site without its indentation; null where a line stands further out. */
export function dedented(text: string, site: Site): string | null {
  const lines = text.slice(lineStart(text, site.start), site.end).split('\n');
  const moved: string[] = [];
  for (const line of lines) {
    if (line.trim() === '') moved.push('');
    else if (!line.startsWith(site.indent)) return null;
    else moved.push(line.slice(site.indent.length).trimEnd());
  }
  return moved.join('\n');
}

/** Of the lines without indentation; null for what does not begin its line. */
function hashOf(text: string, node: SyntaxNode): string | null {
  const indent = indentAt(text, node.start);
  if (indent === null) return null;
  const lines = text.slice(node.start, node.end).split('\n');
  const body = lines.map((line, at) => (at > 0 && line.startsWith(indent) ? line.slice(indent.length) : line));
  return createHash('sha256').update(body.join('\n')).digest('base64').slice(0, 16);
}
