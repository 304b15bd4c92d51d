/**
 * The old tokens → the new text, as steps that leave alone what stays. Pure. Rule: blanks and line ends between tokens that
 * stay are the file's own; what is written anew fits on the line that it stands on.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { isComment } from './alike.ts';
import { anchors } from './changes.ts';
import type { Step } from './types.ts';

/** A token, or a hole as a whole. */
export interface Element {
  start: number;
  end: number;
  key: string;
  hole: number | null;
}

type HoleOf = (node: SyntaxNode) => number | null;

/** The tokens of `top` from left to right; what is in a hole is one. */
export function elementsOf(top: SyntaxNode, holeOf: HoleOf): Element[] {
  const found: Element[] = [];
  const left = [top];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const { start, end, children } = node;
    const hole = node === top ? null : holeOf(node);
    if (hole !== null) found.push({ start, end, key: `#${hole}`, hole });
    else if (children.length === 0) {
      if (start < end && !isComment(node)) found.push({ start, end, key: `${node.kind} ${node.text}`, hole: null });
    } else left.push(...children.toReversed());
  }
  return found;
}

/** Null: the new code spans lines, which only its writer can lay out. */
export function stepsBetween(before: SyntaxNode, after: SyntaxNode, holeOf: HoleOf): Step[] | null {
  const [a, b] = [elementsOf(before, holeOf), elementsOf(after, holeOf)];
  const [keys, others] = [a.map(({ key }) => key), b.map(({ key }) => key)];
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...anchors(keys, others), [a.length, b.length] as const]) {
    if (x > i || y > j) {
      const step = stepOf({ before, a, i, x }, { after, b, j, y });
      if (step === null) return null;
      steps.push(step);
    }
    [i, j] = [x + 1, y + 1];
  }
  return steps;
}

interface Old {
  before: SyntaxNode;
  a: readonly Element[];
  i: number;
  x: number;
}
interface New {
  after: SyntaxNode;
  b: readonly Element[];
  j: number;
  y: number;
}

function stepOf({ before, a, i, x }: Old, { after, b, j, y }: New): Step | null {
  const from = j === 0 ? after.start : (b[j - 1] as Element).end;
  const to = y === b.length ? after.end : (b[y] as Element).start;
  const text = piecesOf(after, b.slice(j, y), from, to);
  if (text.some((piece) => typeof piece === 'string' && piece.includes('\n'))) return null;
  const step: Step = { from: i, to: x, text, keeps: 'none' };
  if (x > i) return step;
  // Nothing goes: the blanks that stand there stay, on the side on which they stand in the new text.
  const gap =
    i === 0 || i === a.length
      ? ''
      : before.text.slice((a[i - 1] as Element).end - before.start, (a[i] as Element).start - before.start);
  const [first, last] = [text[0], text.at(-1)];
  if (typeof last === 'string' && last.endsWith(gap))
    return { ...step, text: [...text.slice(0, -1), last.slice(0, last.length - gap.length)], keeps: 'after' };
  if (typeof first === 'string' && first.startsWith(gap))
    return { ...step, text: [first.slice(gap.length), ...text.slice(1)], keeps: 'before' };
  return gap === '' ? { ...step, keeps: 'after' } : step;
}

/** The text from `from` to `to`, with numbers where `elements` are holes. */
function piecesOf(after: SyntaxNode, elements: readonly Element[], from: number, to: number): Array<string | number> {
  const pieces: Array<string | number> = [];
  let at = from;
  const slice = (start: number, end: number) => after.text.slice(start - after.start, end - after.start);
  for (const { start, end, hole } of elements) {
    if (hole === null) continue;
    pieces.push(slice(at, start), hole);
    at = end;
  }
  return [...pieces, slice(at, to)];
}

/** The edits that the steps are for a place whose tokens are `elements`. */
export function editsOf(
  steps: readonly Step[],
  elements: readonly Element[],
  text: string,
  fill: (hole: number) => string,
): Array<{ start: number; end: number; text: string }> {
  return steps.map(({ from, to, text: pieces, keeps }) => {
    const before = from === 0 ? (elements[0] as Element).start : (elements[from - 1] as Element).end;
    const after = to === elements.length ? (elements.at(-1) as Element).end : (elements[to] as Element).start;
    const start = keeps === 'before' ? after : before;
    const end = keeps === 'after' ? before : after;
    const made = pieces.map((piece) => (typeof piece === 'number' ? fill(piece) : piece)).join('');
    return trimmed({ start, end, text: made }, text);
  });
}

/** Without what is the same at both ends. */
function trimmed(edit: { start: number; end: number; text: string }, text: string) {
  let { start, end, text: made } = edit;
  while (start < end && made !== '' && text[start] === made[0]) {
    start += 1;
    made = made.slice(1);
  }
  while (start < end && made !== '' && text[end - 1] === made.at(-1)) {
    end -= 1;
    made = made.slice(0, -1);
  }
  return { start, end, text: made };
}
