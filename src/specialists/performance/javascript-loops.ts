/** What a loop in JavaScript is, and which names change from round to round. Rule: a function that is only defined in a loop is not run by it. */
import type { Node } from '../rule.ts';
import { isFunction, methodCall } from './javascript-values.ts';

export const LOOP = /^(for_statement|for_in_statement|while_statement|do_statement)$/;
const PER_ELEMENT =
  /^(map|filter|forEach|some|every|find|findIndex|findLast|flatMap|reduce|reduceRight|sort|toSorted)$/;

/** The loop, or the call that runs a function per element, whose rounds run `node`; null when there is none. */
export function loopOf(node: Node, { callbacks = true }: { callbacks?: boolean } = {}): Node | null {
  let below = node;
  for (const above of node.ancestors()) {
    if (LOOP.test(String(above.kind())) && isRepeated(above, below)) return above;
    if (isFunction(above)) {
      const call = callbacks && above.parent()?.is('arguments') ? above.parent()?.parent() : null;
      return call && PER_ELEMENT.test(methodCall(call)?.method ?? '') ? call : null;
    }
    below = above;
  }
  return null;
}

function isRepeated(loop: Node, part: Node): boolean {
  return ['body', 'condition', 'increment'].some((field) => loop.field(field)?.id() === part.id());
}

/** Names that may stand for something else in every round. */
export function namesOfRound(loop: Node): Set<string> {
  const bound = new Set<string>();
  const add = (node: Node | null) => {
    const kinds = ['identifier', 'shorthand_property_identifier_pattern'].map((kind) => ({ kind }));
    for (const name of node?.findAll({ rule: { any: kinds } }) ?? []) bound.add(name.text());
  };
  if (loop.is('for_in_statement')) add(loop.field('left'));
  if (loop.is('for_statement')) add(loop.field('initializer'));
  const body = loop.is('call_expression') ? loop.field('arguments') : loop;
  for (const kind of ['variable_declarator', 'formal_parameters'])
    for (const node of body?.findAll({ rule: { kind } }) ?? [])
      add(kind === 'formal_parameters' ? node : node.field('name'));
  for (const node of body?.findAll({ rule: { kind: 'arrow_function' } }) ?? []) add(node.field('parameter'));
  for (const kind of ['assignment_expression', 'augmented_assignment_expression'])
    for (const node of body?.findAll({ rule: { kind } }) ?? []) add(node.field('left'));
  for (const node of body?.findAll({ rule: { kind: 'update_expression' } }) ?? []) add(node);
  return bound;
}

/** Does `node` mention one of `names`? */
export function mentionsAny(node: Node, names: ReadonlySet<string>): boolean {
  return node
    .findAll({ rule: { any: [{ kind: 'identifier' }, { kind: 'shorthand_property_identifier' }] } })
    .some((one) => names.has(one.text()));
}
