/** Functions of a module that an edit needs. Rule: added beside one that is imported already, never under a name that is taken. */
import type { Binding } from '../javascript-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { nodesOf, span, wholeText } from '../structural.ts';

/** How the file calls `names` of `module`, and the edits that import those that are missing beside `known`; null if in doubt. */
export function reached(
  root: Node,
  bindings: ReadonlyMap<string, Binding>,
  module: string,
  names: readonly string[],
  known: string,
): { prefix: string; edits: TextEdit[] } | null {
  const whole = [...bindings].find(([, one]) => one.module === module && /^(\*|default)$/.test(one.name))?.[0];
  if (whole) return { prefix: `${whole}.`, edits: [] };
  const isOwn = (name: string) => bindings.get(name)?.module === module && bindings.get(name)?.name === name;
  const missing = names.filter((name) => !isOwn(name));
  if (missing.some((name) => new RegExp(`\\b${name}\\b`).test(wholeText(root)))) return null;
  const beside = ['import_specifier', 'shorthand_property_identifier_pattern']
    .flatMap((kind) => nodesOf(root, kind))
    .filter((one) => one.text() === known);
  if (beside.length !== 1 || !beside[0] || !isOwn(known)) return null;
  const { end } = span(beside[0]);
  const text = missing.map((name) => `, ${name}`).join('');
  return { prefix: '', edits: missing.length > 0 ? [{ start: end, end, text }] : [] };
}
