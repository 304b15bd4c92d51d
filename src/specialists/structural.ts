/**
 * Syntax trees by ast-grep, loaded on first use. Rule: offsets are UTF-16; a file with a syntax error is not analysed,
 * since an edit that is right in a recovered tree may be wrong in the real one.
 */
import { openGrammars } from '../code/index.ts';
import { type Node, type RuleContext, Unanalysable } from './rule.ts';
import type { SourceFile } from './types.ts';

/** Parses `file`. @throws Unanalysable when the text is not valid in the file's language. */
export async function parseTree(file: SourceFile): Promise<Node> {
  const { Lang, parse } = await openGrammars();
  let root: Node;
  if (file.language === 'python') {
    root = parse('python', file.text).root();
  } else if (file.language === 'typescript') {
    root = parse(/x$/.test(file.path) ? Lang.Tsx : Lang.TypeScript, file.text).root();
  } else {
    root = parse(Lang.JavaScript, file.text).root();
  }
  const broken = root.find({ rule: { kind: 'ERROR' } });
  if (broken) throw new Unanalysable(`not parsed: stopped at line ${broken.range().start.line + 1}`);
  return root;
}

/** The text of the file of a root, which itself begins at the first word: its offsets are those of every node. */
export function wholeText(root: Node): string {
  return '\n'.repeat(root.range().start.index) + root.text();
}

/** UTF-16 range of a node. */
export function span(node: Node): { start: number; end: number } {
  const { start, end } = node.range();
  return { start: start.index, end: end.index };
}

/** The first of `kinds` above `node`, or null. */
export function enclosing(node: Node, kinds: readonly string[]): Node | null {
  return node.ancestors().find((ancestor) => kinds.includes(String(ancestor.kind()))) ?? null;
}

/** Does `inner` stand in `outer`, or is it the same text? */
export function within(inner: Node, outer: Node): boolean {
  const [part, whole] = [span(inner), span(outer)];
  return whole.start <= part.start && part.end <= whole.end;
}

/** Every node of `kind` below `root`, in text order. */
export function nodesOf(root: Node, kind: string): Node[] {
  return root.findAll({ rule: { kind } });
}

/** The last node of `kind` whose range satisfies `fits`; ranges are read once per file and kind. */
export async function nodeWhere(
  context: RuleContext,
  kind: string,
  fits: (range: { start: number; end: number }) => boolean,
): Promise<Node | null> {
  const known = await context.perFile(`nodes of ${kind}`, async () =>
    nodesOf(await context.tree(), kind).map((node) => ({ node, ...span(node) })),
  );
  return known.findLast(fits)?.node ?? null;
}
