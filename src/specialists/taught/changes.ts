/**
 * Where two versions of a file differ, as pairs of expressions. Pure. Rule: only code that takes the place of code is a
 * replacement; a file in which a statement comes or goes (an import apart) has none.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { type Alike, partsOf } from './alike.ts';
import { CALLS, MEMBERS } from './roles.ts';

export interface Change {
  before: SyntaxNode;
  after: SyntaxNode;
}

const BLOCKS: ReadonlySet<string> = new Set(['module', 'program', 'block', 'statement_block', 'class_body']);
const IMPORTS = /^import_|^future_import/;
/** Nothing above one of these belongs to an expression below it. */
const BORDER =
  /statement|definition|declaration|declarator|clause|block|body|program|module|lambda|arrow_function|function|comprehension/;

/** The replaced expressions, each with what carries its meaning (the call, the member); null: there are other changes. */
export function changesBetween(before: SyntaxNode, after: SyntaxNode, alike: Alike): Change[] | null {
  const leaves = differences(before, after, alike);
  if (leaves === null) return null;
  const units: Change[] = [];
  for (const leaf of leaves) {
    const unit = unitOf(leaf);
    if (unit === null) return null;
    if (!units.some((one) => one.before === unit.before)) units.push(unit);
  }
  return units.filter(
    (one) =>
      !units.some((other) => other !== one && covers(other.before, one.before) && covers(other.after, one.after)),
  );
}

const covers = (outer: SyntaxNode, inner: SyntaxNode) => outer.start <= inner.start && inner.end <= outer.end;

function differences(a: SyntaxNode, b: SyntaxNode, alike: Alike): Change[] | null {
  if (alike.of(a) === alike.of(b)) return [];
  const [before, after] = [partsOf(a), partsOf(b)];
  if (a.kind !== b.kind || before.length === 0 || after.length === 0) return [{ before: a, after: b }];
  if (BLOCKS.has(a.kind)) return blockDifferences(before, after, alike);
  if (before.length !== after.length) return [{ before: a, after: b }];
  return inPairs(before, after, alike);
}

function inPairs(before: readonly SyntaxNode[], after: readonly SyntaxNode[], alike: Alike): Change[] | null {
  const found: Change[] = [];
  for (const [index, one] of before.entries()) {
    const below = differences(one, after[index] as SyntaxNode, alike);
    if (below === null) return null;
    found.push(...below);
  }
  return found;
}

/** Statements that stayed are the fixed points; between them as many must come as go. */
function blockDifferences(before: readonly SyntaxNode[], after: readonly SyntaxNode[], alike: Alike): Change[] | null {
  const found: Change[] = [];
  const isImport = (node: SyntaxNode) => IMPORTS.test(node.kind);
  const [a, b] = [before, after].map((all) => all.filter((node) => !isImport(node))) as [SyntaxNode[], SyntaxNode[]];
  let [i, j] = [0, 0];
  const points = [...anchors(a.map(alike.of), b.map(alike.of)), [a.length, b.length] as const];
  for (const [x, y] of points) {
    if (x - i !== y - j) return null;
    const below = inPairs(a.slice(i, x), b.slice(j, y), alike);
    if (below === null) return null;
    found.push(...below);
    [i, j] = [x + 1, y + 1];
  }
  return found;
}

/** Longest common subsequence, as pairs of positions. */
export function anchors<T>(a: readonly T[], b: readonly T[]): Array<readonly [number, number]> {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [rows, columns] = [a.length - start - end, b.length - start - end];
  const pairs: Array<readonly [number, number]> = Array.from({ length: start }, (_, at) => [at, at]);
  // Beyond this it is no small change, and nobody learns from it.
  if (rows * columns <= 1_000_000) {
    const length = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
    const at = (i: number, j: number) => length[i]?.[j] ?? 0;
    const same = (i: number, j: number) => a[start + i] === b[start + j];
    for (let i = rows - 1; i >= 0; i--)
      for (let j = columns - 1; j >= 0; j--)
        (length[i] as Uint32Array)[j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    for (let [i, j] = [0, 0]; i < rows && j < columns; ) {
      if (same(i, j)) pairs.push([start + i++, start + j++]);
      else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
      else j += 1;
    }
  }
  for (let at = end; at > 0; at--) pairs.push([a.length - at, b.length - at]);
  return pairs;
}

/** The nearest call around a difference, or the chain of members that it stands in; null: nothing of that kind. */
function unitOf(change: Change): Change | null {
  let { before, after } = change;
  if (CALLS.has(before.kind) && !BORDER.test(after.kind)) return change;
  let chain: Change | null = null;
  for (;;) {
    if (before.kind === after.kind) {
      if (CALLS.has(before.kind)) return { before, after };
      if (MEMBERS.has(before.kind)) chain = { before, after };
      // `element.innerHTML = text`: what is written to counts too.
      const [left] = partsOf(before);
      if (/^assignment/.test(before.kind) && chain !== null && chain.before === left) return { before, after };
    }
    const [up, other] = [before.parent, after.parent];
    if (up === null || other === null || up.kind !== other.kind || BORDER.test(up.kind)) return chain;
    [before, after] = [up, other];
  }
}
