/**
 * Does a pattern describe a piece of code? Pure. Rule: token by token, quotes and layout apart; every hole is filled by one
 * piece of code, the same wherever it stands, and by nothing that could mean something else there.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { type Alike, hasComment, partsOf } from './alike.ts';
import { boundBy, isTelling, meansSame, type Names } from './bound.ts';
import { placeholdersIn } from './placeholders.ts';
import { DISPLAYS, isReference, PURE, VALUES } from './roles.ts';
import type { Hole, Lesson, Shape } from './types.ts';

export interface Filled {
  /** The hole that each of these pieces fills. */
  holes: Map<SyntaxNode, number>;
}

export interface MatchOptions {
  alike: Alike;
  names: Names;
  /** Is a name of the code itself bound as where it was taught? Not asked of code that was just made. */
  bound: boolean;
}

/** How `shape` of `lesson` describes `node`; null: it does not. */
export function describes(
  lesson: Pick<Lesson, 'holes' | 'names'>,
  shape: Shape,
  node: SyntaxNode,
  options: MatchOptions,
): Filled | null {
  const filled: Filled = { holes: new Map() };
  const pieces = new Map<number, SyntaxNode>();
  return matches(shape, node) ? filled : null;

  function matches(part: Shape, at: SyntaxNode): boolean {
    if ('hole' in part) return fills(part.hole, at);
    if ('text' in part) {
      if (at.children.length > 0 || !sameToken(part, at)) return false;
      return !options.bound || !isReference(at) || isBoundAlike(at);
    }
    if (part.kind !== at.kind) return false;
    const parts = partsOf(at);
    // A comment inside would be lost or misplaced.
    if (parts.length !== at.children.length || parts.length !== part.children.length) return false;
    return part.children.every((child, index) => matches(child, parts[index] as SyntaxNode));
  }

  function fills(hole: number, at: SyntaxNode): boolean {
    const before = pieces.get(hole);
    if (before !== undefined && options.alike.of(before) !== options.alike.of(at)) return false;
    if (before === undefined && !admits(lesson.holes[hole] as Hole, at, options)) return false;
    pieces.set(hole, at);
    filled.holes.set(at, hole);
    return true;
  }

  function isBoundAlike(at: SyntaxNode): boolean {
    const known = lesson.names.find(({ name }) => name === at.text);
    return known === undefined || meansSame(known.bound, boundBy(at, options.names));
  }
}

function admits(hole: Hole, node: SyntaxNode, { names, bound }: MatchOptions): boolean {
  if (hasComment(node)) return false;
  if (hole.repeated && !PURE.has(node.kind)) return false;
  if (hole.admits === 'value') return VALUES.has(node.kind) || (hole.argument === true && DISPLAYS.has(node.kind));
  if (hole.admits === 'text') return node.kind === 'string' && placeholdersIn(node.text) === hole.placeholders;
  if (node.kind !== 'identifier' || hole.bound === undefined) return false;
  if (!bound) return true;
  const here = boundBy(node, names);
  return meansSame(hole.bound, here) && (isTelling(here) || node.text === hole.name);
}

/** Quotes are a matter of taste where nothing inside depends on them. */
function sameToken(shape: { kind: string; text: string }, { kind, text }: SyntaxNode): boolean {
  if (shape.kind === kind && shape.text === text) return true;
  return QUOTES.test(shape.text) && QUOTES.test(text) && unquoted(shape.text) === unquoted(text);
}

const QUOTES = /^[a-zA-Z]{0,2}['"]$/;
const unquoted = (text: string) => text.replace(/['"]$/, '');
