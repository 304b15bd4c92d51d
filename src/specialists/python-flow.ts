/**
 * Where the value of a name comes from inside its function. Rule: read straight down the text, one name at a time; a
 * parameter, a name of another function and anything unusual is unknown.
 */
import { plainString } from './python-source.ts';
import type { Node } from './rule.ts';
import { enclosing, nodesOf, span } from './structural.ts';

const SCOPES = ['function_definition', 'lambda', 'module'];

/** How the value of a name came about. */
export interface Origin {
  /** `whole`: the name is this value; `part`: one of several that it is unpacked into; `element`: one of those in it. */
  how: 'whole' | 'part' | 'element';
  value: Node;
}

/** What `variable` was given last above its use in the same function, or null. */
export function originOf(variable: Node): Origin | null {
  return originsOf(variable).at(-1) ?? null;
}

/** All that `variable` was given above its use in the same function, in text order. */
function originsOf(variable: Node): Origin[] {
  const scope = variable.is('identifier') ? enclosing(variable, SCOPES) : null;
  if (!scope) return [];
  const given: Array<Origin & { at: number }> = [];
  const note = (node: Node, target: Node | null, value: Node | null, how: Origin['how']) => {
    if (!target || !value || span(target).start >= span(variable).start) return;
    if (enclosing(node, SCOPES)?.id() !== scope.id()) return;
    if (target.text() === variable.text()) given.push({ how, value, at: span(node).start });
    else if (/^(pattern_list|tuple_pattern|list_pattern)$/.test(String(target.kind())))
      if (target.namedChildren().some((child) => child.text() === variable.text()))
        given.push({ how: how === 'whole' ? 'part' : how, value, at: span(node).start });
  };
  for (const node of nodesOf(scope, 'assignment')) note(node, node.field('left'), node.field('right'), 'whole');
  for (const node of nodesOf(scope, 'named_expression')) note(node, node.field('name'), node.field('value'), 'whole');
  for (const node of nodesOf(scope, 'for_statement'))
    if (encloses(node, variable)) note(node, node.field('left'), node.field('right'), 'element');
  for (const node of nodesOf(scope, 'as_pattern'))
    note(node, node.children().at(-1)?.child(0) ?? null, node.child(0), 'part');
  return given.sort((a, b) => a.at - b.at);
}

function encloses(outer: Node, inner: Node): boolean {
  return span(outer).start <= span(inner).start && span(inner).end <= span(outer).end;
}

/** The text of an expression and, one step up, of what its names were last given: what a pattern is asked about. */
export function textWithOrigins(node: Node): string {
  const names = node.is('identifier') ? [node] : nodesOf(node, 'identifier');
  const origins = names.slice(0, 20).map((name) => originOf(name)?.value.text() ?? '');
  return [node.text(), ...origins].join('\n');
}

/** Values that the program itself chose: constants, numbers, names made by tempfile, elements of literal lists. */
export function isFixed(node: Node, depth = 3): boolean {
  const text = node.text();
  if (plainString(node) !== null || /^(integer|float|true|false|none)$/.test(String(node.kind()))) return true;
  if (/^(\w+\.)*_*[A-Z][A-Z0-9_]*$/.test(text) || /^(sys\.executable|__file__|os\.(getpid|getcwd)\(\))$/.test(text))
    return true;
  if (/^(int|float|len|id|sum|round)\(/.test(text) || /\.count\(\)$/.test(text)) return true;
  if (node.is('parenthesized_expression')) return node.namedChildren().every((one) => isFixed(one, depth));
  if (node.is('binary_operator'))
    return [node.field('left'), node.field('right')].every((side) => side && isFixed(side, depth));
  if (/^(list|tuple|set)$/.test(String(node.kind()))) return node.namedChildren().every((one) => isFixed(one, depth));
  if (/^(tempfile\.)?(mkstemp|mkdtemp|mktemp|gettempdir|NamedTemporaryFile|TemporaryDirectory)\(/.test(text))
    return true;
  if (/^os\.path\.\w+\(|^str\(/.test(text)) {
    const given = node.field('arguments')?.namedChildren() ?? [];
    return given.every((one) => isFixed(one, depth));
  }
  if (node.is('attribute'))
    return /^(name|pid)$/.test(node.field('attribute')?.text() ?? '') && isFixedName(node.field('object'), depth);
  return isFixedName(node, depth);
}

function isFixedName(node: Node | null, depth: number): boolean {
  const origins = depth > 0 && node ? originsOf(node) : [];
  return origins.length > 0 && origins.every(({ value }) => isFixed(value, depth - 1));
}
