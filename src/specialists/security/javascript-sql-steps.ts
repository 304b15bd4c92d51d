/** SQL that grows by `+=` before it is sent. Rule: only values in quotes or right of a comparison, and only reported. */
import { type Piece, piecesOf } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

const FUNCTIONS = ['function_declaration', 'function_expression', 'arrow_function', 'method_definition'];

/** The pieces of the first text of `name` and of all that is added before it is read; none where anything else happens to it. */
export function grownPieces(name: Node): Piece[] {
  const scope = name.is('identifier') ? enclosing(name, FUNCTIONS) : null;
  if (!scope) return [];
  const own = (kind: string, field: string) =>
    nodesOf(scope, kind).filter((one) => one.field(field)?.text() === name.text());
  const [declared, more] = own('variable_declarator', 'name');
  const added = own('augmented_assignment_expression', 'left');
  const first = declared?.field('value');
  if (!first || more || added.length === 0 || own('assignment_expression', 'left').length > 0) return [];
  const before = added.filter((one) => span(one).end <= span(name).start && one.field('operator')?.text() === '+=');
  const parts = before.flatMap((one) => one.field('right') ?? []);
  return [first, ...parts].flatMap((part) => piecesOf(part));
}

/** Does the value stand in quotes, or right of a comparison? */
export function isCompared(pieces: readonly Piece[], at: number): boolean {
  const before = pieces[at - 1]?.text ?? '';
  return /(^|[^:<>!])(=|<>|!=|<=|>=|<|>|\bLIKE)\s*'?%?$/i.test(before);
}
