/**
 * Which pieces of two syntax trees say the same. Pure. Rule: layout and comments do not count, and nothing else is left
 * out: two nodes with one number are the same code.
 */
import type { SyntaxNode } from '../../code/index.ts';

export interface Alike {
  /** The same for nodes with the same code, in whichever tree. */
  of(node: SyntaxNode): number;
}

export function createAlike(): Alike {
  const numbers = new Map<string, number>();
  const known = new Map<SyntaxNode, number>();
  const numberOf = (key: string) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  return {
    of(top) {
      // Children first, without recursion: code may nest as deeply as it likes.
      const left = [top];
      for (let node = left.at(-1); node !== undefined; node = left.at(-1)) {
        const missing = known.has(node) ? [] : partsOf(node).filter((child) => !known.has(child));
        if (missing.length > 0) {
          left.push(...missing);
          continue;
        }
        left.pop();
        if (!known.has(node)) known.set(node, numberOf(keyOf(node, known)));
      }
      return known.get(top) as number;
    },
  };
}

function keyOf(node: SyntaxNode, known: ReadonlyMap<SyntaxNode, number>): string {
  if (node.children.length === 0) return JSON.stringify([node.kind, node.text]);
  return `${node.kind} ${partsOf(node)
    .map((child) => known.get(child))
    .join(' ')}`;
}

/** The children that are code. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => !isComment(child));
}

export const isComment = ({ kind }: SyntaxNode): boolean => kind === 'comment' || kind === 'html_comment';

export function hasComment(node: SyntaxNode): boolean {
  for (const one of node.below()) if (isComment(one)) return true;
  return false;
}

/** Could a part of it not be read? */
export function isBroken(node: SyntaxNode): boolean {
  for (const one of node.below()) if (one.kind === 'ERROR') return true;
  return false;
}

/** The tokens, in their order. */
export function leavesOf(node: SyntaxNode): SyntaxNode[] {
  return [...node.below()].filter((one) => one.children.length === 0 && !isComment(one) && one.start < one.end);
}
