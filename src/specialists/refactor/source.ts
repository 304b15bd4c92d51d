/** Plain syntax trees for rules that ask much of every node. Rule: a text with an error in it has no tree here. */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { lineStart } from '../lines.ts';
import type { RuleContext } from '../rule.ts';
import type { SourceFile } from '../types.ts';

/** The tree of `file`, made once for all rules; null where it cannot be read as a whole. */
export function syntaxOf(file: SourceFile, context: RuleContext): Promise<SyntaxNode | null> {
  return context.perFile('syntax', () => readSyntax(file));
}

/** The tree of any file; null where it cannot be read as a whole. */
export async function readSyntax({ path, text }: Pick<SourceFile, 'path' | 'text'>): Promise<SyntaxNode | null> {
  const root = await parseSyntax(path, text);
  if (root === null) return null;
  for (const { kind } of root.below()) if (kind === 'ERROR') return null;
  return root;
}

export function isWithin(inner: SyntaxNode, outer: { start: number; end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function nearest(node: SyntaxNode, kinds: RegExp): SyntaxNode | null {
  for (const above of node.above()) if (kinds.test(above.kind)) return above;
  return null;
}

/** 1-based lines of offsets. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** `lines` with `from` at their beginning replaced by `to`; null where one does not begin with it. */
export function reindent(lines: readonly string[], from: string, to: string): string[] | null {
  const moved: string[] = [];
  for (const line of lines) {
    if (line.trim() === '') moved.push('');
    else if (line.startsWith(from)) moved.push(to + line.slice(from.length));
    else return null;
  }
  return moved;
}

/** Where the comments begin that stand right above what begins at `offset`, each on a line of its own. */
export function aboveComments(text: string, offset: number, indent: string): number {
  let at = offset;
  for (;;) {
    const line = lineStart(text, at);
    if (line === 0) return at;
    const previous = lineStart(text, line - 1);
    const above = text.slice(previous, line - 1);
    if (
      !above.startsWith(indent) ||
      !/^(#|\/\/|\/?\*)/.test(
        above
          .slice(indent.length)
          .trimEnd()
          .replace(/^ (?=\*)/, ''),
      )
    )
      return at;
    at = previous + indent.length;
  }
}
