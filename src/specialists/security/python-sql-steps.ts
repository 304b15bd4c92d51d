/**
 * SQL that is put together in several steps: `sql = "…"`, then `sql += "… '" + value + "'"`. Rule: the values go into a list
 * beside the text, in the order in which they are added, and only where nothing else touches the text.
 */
import { beforeOnLine } from '../lines.ts';
import { plainString } from '../python-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span, wholeText } from '../structural.ts';
import { type Query, readQuery, withMarks } from './python-query.ts';

export interface Steps {
  first: Node;
  added: ReadonlyArray<{ statement: Node; value: Node; query: Query | null }>;
}

/** The steps in which the text of `name` was made above, or null when it was made at once or in another way. */
export function stepsOf(name: Node): Steps | null {
  const scope = name.is('identifier') ? enclosing(name, ['function_definition']) : null;
  if (!scope) return null;
  const own = (node: Node) =>
    node.field('left')?.text() === name.text() && enclosing(node, ['function_definition'])?.id() === scope.id();
  const given = nodesOf(scope, 'assignment').filter(own);
  const added = nodesOf(scope, 'augmented_assignment').filter(own);
  const [first, more] = given;
  if (!first || more || added.length === 0 || span(added.at(-1) ?? first).end > span(name).start) return null;
  const steps = added.flatMap((statement) => {
    const value = statement.field('right');
    return value && statement.field('operator')?.text() === '+='
      ? [{ statement, value, query: plainString(value) === null ? readQuery(leading(value)) : null }]
      : [];
  });
  return steps.length === added.length ? { first, added: steps } : null;
}

/** Parentheses around say nothing. */
const leading = (node: Node) => (node.is('parenthesized_expression') ? (node.namedChildren()[0] ?? node) : node);

/** The edits that keep every value in a list and hand it over with the text; none when one is not plainly a value. */
export function listedBeside(name: Node, { first, added }: Steps, mark: string): TextEdit[] {
  const scope = enclosing(name, ['function_definition']);
  const statement = first.parent();
  const [begin, value] = [statement && span(statement), first.field('right')];
  const list = ['params', 'parameters', 'bound'].find((one) => !new RegExp(`\\b${one}\\b`).test(scope?.text() ?? one));
  if (!scope || !statement || !begin || !list || !value || plainString(value) === null || first.field('type'))
    return [];
  const uses = nodesOf(scope, 'identifier').filter((one) => one.text() === name.text()).length;
  const loop = (node: Node) => enclosing(node, ['for_statement', 'while_statement', 'try_statement'])?.id();
  if (
    uses !== added.length + 2 ||
    [name, ...added.map((one) => one.statement)].some((one) => loop(one) !== loop(first))
  )
    return [];
  if (!enclosing(name, [String(statement.parent()?.kind())]) || /[%?]/.test(value.text())) return [];
  const root = wholeText(name.getRoot().root());
  const block = statement.parent();
  if (!block || !name.ancestors().some((above) => above.id() === block.id())) return [];
  const edits: TextEdit[] = [
    { start: begin.end, end: begin.end, text: `\n${beforeOnLine(root, begin.start)}${list} = []` },
    { start: span(name).end, end: span(name).end, text: `, ${list}` },
  ];
  for (const step of added) {
    const plain = plainString(step.value);
    if (plain !== null && !/[%?]/.test(plain)) continue;
    const made = step.query && withMarks(step.query, () => mark);
    const { start, end } = span(step.statement);
    const indent = beforeOnLine(root, start);
    if (!made || !step.query || indent.trim() !== '') return [];
    const { quote } = step.query;
    edits.push({ ...span(step.value), text: `${quote}${made.text}${quote}` });
    for (const one of made.values) edits.push({ start: end, end, text: `\n${indent}${list}.append(${one})` });
  }
  return edits;
}
