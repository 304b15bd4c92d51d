/**
 * Where else a lesson applies, and how. Pure. Rule: a place counts only when the changed text reads as the new code of the
 * lesson with the same parts; code in strings and comments, and files that cannot be read, have none.
 */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { edited } from '../edited.ts';
import { createAlike, isBroken, isComment } from './alike.ts';
import { boundBy, createNames, meansSame, type Names } from './bound.ts';
import { describes, type MatchOptions } from './match.ts';
import { isReference } from './roles.ts';
import { editsOf, elementsOf } from './steps.ts';
import type { Lesson, Sibling } from './types.ts';
import { useOf } from './uses.ts';

/** Every place in a file, in text order. */
export async function siblingsIn(lesson: Lesson, path: string, text: string): Promise<Sibling[]> {
  if (!lesson.words.every((word) => text.includes(word))) return [];
  const tree = await parseSyntax(path, text);
  if (tree === null || isBroken(tree)) return [];
  const options: MatchOptions = { alike: createAlike(), names: createNames(path), bound: true };
  const found: Sibling[] = [];
  for (const node of tree.below(isCode)) {
    if (!isCode(node)) continue;
    const filled = describes(lesson, lesson.before, node, options);
    if (
      filled === null ||
      isInside(node, lesson) ||
      !isUsedAlike(node, lesson) ||
      !knowsNames(lesson, node, options.names)
    )
      continue;
    const elements = elementsOf(node, (one) => filled.holes.get(one) ?? null);
    const pieces = new Map([...filled.holes].map(([piece, hole]) => [hole, piece.text]));
    const edits = editsOf(lesson.steps, elements, text, (hole) => pieces.get(hole) ?? '');
    // One in an argument of another: both, where they do not rewrite each other.
    const taken = found.flatMap((one) => one.edits);
    if (edits.some((edit) => taken.some((other) => edit.start <= other.end && other.start <= edit.end))) continue;
    found.push({ start: node.start, end: node.end, edits });
  }
  return found.length > 0 && (await readsAsTaught(lesson, path, text, found)) ? found : [];
}

/** A string is data, also where code is put into it. */
function isCode(node: SyntaxNode): boolean {
  return !isComment(node) && !/^(string|template_string|concatenated_string|regex)$/.test(node.kind);
}

/** In a function that the new code calls it would call itself. */
function isInside(node: SyntaxNode, { calls }: Lesson): boolean {
  for (const above of node.above()) {
    const name = /function|method/.test(above.kind) ? above.child('identifier', 'property_identifier') : undefined;
    const assigned = above.kind === 'variable_declarator' || above.kind === 'pair' ? above.children[0] : undefined;
    if (calls.includes(name?.text ?? assigned?.text ?? '')) return true;
  }
  return false;
}

function isUsedAlike(node: SyntaxNode, { uses: { taught, others } }: Lesson): boolean {
  const use = useOf(node);
  if (others === 'any' || taught.includes(use)) return true;
  // Where nobody looked at the value, it may be another one.
  return others === 'some' && taught.some((one) => one !== 'nothing');
}

/** Names of the new code, asked where it is to stand. */
function knowsNames(lesson: Lesson, node: SyntaxNode, names: Names): boolean {
  return lesson.names.every(({ name, bound }) => meansSame(bound, boundOf(name, node, names)));
}

function boundOf(name: string, at: SyntaxNode, names: Names): string {
  for (const node of at.below()) if (node.text === name && isReference(node)) return boundBy(node, names);
  // As if it stood there.
  const { kind } = at;
  const standIn = {
    text: name,
    kind: NAMED_SELF.has(name) ? name : 'identifier',
    parent: at.parent,
    above: () => at.above(),
  };
  return kind === '' ? '' : boundBy(standIn as unknown as SyntaxNode, names);
}

const NAMED_SELF: ReadonlySet<string> = new Set(['this', 'super']);

/** The text with the edits, read again: where the old code stood, the new one stands, made of the same pieces. */
async function readsAsTaught(lesson: Lesson, path: string, text: string, found: readonly Sibling[]): Promise<boolean> {
  const edits = found.flatMap((one) => one.edits).toSorted((a, b) => a.start - b.start);
  const changed = edited(text, edits);
  if (changed === null) return false;
  const tree = await parseSyntax(path, changed);
  if (tree === null || isBroken(tree)) return false;
  const moved = (offset: number) =>
    edits
      .filter(({ end }) => end <= offset)
      .reduce((sum, one) => sum + one.text.length - (one.end - one.start), offset);
  const options = { alike: createAlike(), names: createNames(path), bound: false };
  const starts = new Map<number, SyntaxNode[]>();
  for (const node of tree.below()) starts.set(node.start, [...(starts.get(node.start) ?? []), node]);
  return found.every(({ start, edits: own }) => {
    // An edit at its very beginning moves nothing before it.
    const before = edits.filter((edit) => !own.includes(edit));
    const place = before
      .filter(({ end }) => end <= start)
      .reduce((sum, one) => sum + one.text.length - (one.end - one.start), start);
    const nodes = starts.get(place) ?? starts.get(moved(start)) ?? [];
    return nodes.some((node) => describes(lesson, lesson.after, node, options) !== null);
  });
}
