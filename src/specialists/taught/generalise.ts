/**
 * One replacement → a pattern. Pure. Rule: what is the same before and after may be anything of its kind; what carries the
 * meaning (called names, members, keywords, short strings, numbers) stays as it is; a name of the function itself is never
 * part of a pattern, except as the thing that is called upon, on both sides.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { type Alike, hasComment, leavesOf, partsOf } from './alike.ts';
import { boundBy, isLocal, type Names } from './bound.ts';
import type { Change } from './changes.ts';
import { placeholdersIn } from './placeholders.ts';
import { DISPLAYS, isReference, NAMES, roleOf, VALUES } from './roles.ts';
import { stepsBetween } from './steps.ts';
import type { Hole, Lesson, Shape } from './types.ts';

export type Pattern = Pick<Lesson, 'before' | 'after' | 'holes' | 'steps' | 'names'>;

export interface GeneraliseOptions {
  alike: Alike;
  /** Of the file before and after. */
  names: { before: Names; after: Names };
  /** Strings that several places do not share: they are then anything too. */
  loose?: boolean;
}

/** Tokens of an expression that people still take in at once. */
const MOST_TOKENS = 60;

/** Null: it holds for this place alone. */
export function generalise({ before, after }: Change, options: GeneraliseOptions): Pattern | null {
  if (hasComment(before) || hasComment(after)) return null;
  if (leavesOf(before).length > MOST_TOKENS || leavesOf(after).length > MOST_TOKENS) return null;
  const closed = new Set<number>();
  for (;;) {
    const attempt = new Attempt(before, after, options, closed);
    const split = attempt.torn();
    if (split === null) return attempt.pattern();
    for (const number of split) closed.add(number);
  }
}

class Attempt {
  readonly #before: SyntaxNode;
  readonly #after: SyntaxNode;
  readonly #options: GeneraliseOptions;
  /** Code that may not be one hole: its parts stand elsewhere too. */
  readonly #closed: ReadonlySet<number>;
  readonly #holes = new Map<number, number>();
  readonly #made: Hole[] = [];

  constructor(before: SyntaxNode, after: SyntaxNode, options: GeneraliseOptions, closed: ReadonlySet<number>) {
    this.#before = before;
    this.#after = after;
    this.#options = options;
    this.#closed = closed;
    this.#open(before, this.#valuesOf(after));
  }

  /** What can be a hole on the new side. */
  #valuesOf(after: SyntaxNode): Set<number> {
    const found = new Set<number>();
    for (const node of after.below())
      if (node !== after && ['argument', 'operand', 'receiver'].includes(roleOf(node)))
        found.add(this.#options.alike.of(node));
    return found;
  }

  #open(node: SyntaxNode, known: ReadonlySet<number>): void {
    for (const part of partsOf(node)) {
      const number = this.#options.alike.of(part);
      if (this.#holes.has(number)) continue;
      const hole = known.has(number) && !this.#closed.has(number) ? this.#holeFor(part) : null;
      if (hole === null) this.#open(part, known);
      else this.#holes.set(number, this.#made.push(hole) - 1);
    }
  }

  #holeFor(node: SyntaxNode): Hole | null {
    const role = roleOf(node);
    if (role === 'receiver') return this.#receiver(node);
    if (role !== 'argument' && role !== 'operand') return null;
    if (!VALUES.has(node.kind) && !(role === 'argument' && DISPLAYS.has(node.kind))) return null;
    if (/^(integer|float|number)$/.test(node.kind)) return null;
    const argument = role === 'argument' ? { argument: true } : {};
    if (node.kind !== 'string') return { admits: 'value', repeated: false, ...argument };
    const placeholders = placeholdersIn(node.text);
    if (placeholders !== '') return { admits: 'text', repeated: false, placeholders };
    // A short word chooses what is done; a sentence or an address does not.
    if (/^\w{0,3}['"`][\w-]{0,24}['"`]$/.test(node.text))
      return this.#options.loose ? { admits: 'text', repeated: false, placeholders: '' } : null;
    return { admits: 'value', repeated: false, ...argument };
  }

  /** A variable that a method is called upon: another one that comes from the same place will do. */
  #receiver(node: SyntaxNode): Hole | null {
    if (node.kind !== 'identifier') return null;
    const bound = boundBy(node, this.#options.names.before);
    if (!isLocal(bound) && !bound.startsWith('file:')) return null;
    if (bound.startsWith('self:') || bound.startsWith('file:')) return null;
    return { admits: 'name', repeated: false, name: node.text, bound };
  }

  /** Code in holes that also stands outside of them, by itself: then the hole hides what belongs together. */
  torn(): number[] | null {
    const outside = new Set([...this.#loose(this.#before), ...this.#loose(this.#after)].map((node) => node.text));
    const split = new Set<number>();
    for (const side of [this.#before, this.#after])
      for (const node of side.below()) {
        const number = this.#options.alike.of(node);
        if (!this.#holes.has(number) || NAMES.has(node.kind)) continue;
        for (const inner of node.below())
          if (isReference(inner) && inner !== node && outside.has(inner.text)) split.add(number);
      }
    return split.size === 0 ? null : [...split];
  }

  /** References that are in no hole. */
  #loose(side: SyntaxNode): SyntaxNode[] {
    const isHole = (node: SyntaxNode) => this.#holes.has(this.#options.alike.of(node));
    return [...side.below((node) => !isHole(node))].filter((node) => isReference(node) && !isHole(node));
  }

  pattern(): Pattern | null {
    const names = new Map<string, string>();
    const sides = [
      [this.#before, this.#options.names.before],
      [this.#after, this.#options.names.after],
    ] as const;
    for (const [side, known] of sides)
      for (const node of this.#loose(side)) {
        const bound = boundBy(node, known);
        // Of this function: it means nothing elsewhere. The object itself may be called upon, on both sides.
        if (isLocal(bound) && !bound.startsWith('self:')) return null;
        if (names.has(node.text) && names.get(node.text) !== bound) return null;
        names.set(node.text, bound);
      }
    const isOnBoth = (name: string) => sides.every(([side]) => this.#loose(side).some(({ text }) => text === name));
    if ([...names].some(([name, bound]) => bound.startsWith('self:') && !isOnBoth(name))) return null;
    const [before, after] = [this.#shapeOf(this.#before), this.#shapeOf(this.#after)];
    const counts = [countHoles(before), countHoles(after)];
    const holes = this.#made.map((hole, at) => ({
      ...hole,
      repeated: (counts[1]?.get(at) ?? 0) > (counts[0]?.get(at) ?? 0),
    }));
    const holeOf = (node: SyntaxNode) => this.#holes.get(this.#options.alike.of(node)) ?? null;
    const steps = stepsBetween(this.#before, this.#after, holeOf);
    if (steps === null) return null;
    return { before, after, holes, steps, names: [...names].sort().map(([name, bound]) => ({ name, bound })) };
  }

  #shapeOf(node: SyntaxNode): Shape {
    const hole = this.#holes.get(this.#options.alike.of(node));
    if (hole !== undefined && node !== this.#before && node !== this.#after) return { hole };
    if (node.children.length === 0) return { kind: node.kind, text: node.text };
    return { kind: node.kind, children: partsOf(node).map((part) => this.#shapeOf(part)) };
  }
}

function countHoles(shape: Shape, counts = new Map<number, number>()): Map<number, number> {
  if ('hole' in shape) counts.set(shape.hole, (counts.get(shape.hole) ?? 0) + 1);
  else if ('children' in shape) for (const child of shape.children) countHoles(child, counts);
  return counts;
}
