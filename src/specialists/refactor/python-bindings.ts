/**
 * Which names a piece of Python gives values to and which it reads. Rule: only what the syntax says for certain; whatever
 * binds names in an unusual way (`global`, a walrus, `match`, `del`) is unusual, and callers leave it alone.
 */
import type { SyntaxNode } from '../../code/index.ts';

const OWN_SCOPE = /^(function_definition|class_definition|lambda)$/;
const COMPREHENSION = /^(list_comprehension|set_comprehension|dictionary_comprehension|generator_expression)$/;
export const UNUSUAL =
  /^(global_statement|nonlocal_statement|named_expression|match_statement|delete_statement|exec_statement|print_statement|type_alias_statement)$/;

/** Names of a target, `a, (b, *c)`: the identifiers that get a value. */
export function namesOfTarget(target: SyntaxNode): SyntaxNode[] {
  if (target.kind === 'identifier') return [target];
  return /^(pattern_list|tuple_pattern|list_pattern|list_splat_pattern|as_pattern_target|dictionary_splat_pattern)$/.test(
    target.kind,
  )
    ? target.children.flatMap(namesOfTarget)
    : [];
}

/** Parameters of a function in order. */
export interface Parameter {
  name: string;
  kind: 'positional' | 'keyword' | 'rest' | 'keywords';
}

/** Null where one of them is no plain name. */
export function parametersOf(definition: SyntaxNode): Parameter[] | null {
  const list = definition.child('parameters');
  const parameters: Parameter[] = [];
  let after: Parameter['kind'] = 'positional';
  for (const node of list?.children ?? []) {
    if (/^[(),]$/.test(node.kind) || node.kind === 'comment' || node.kind === 'positional_separator') continue;
    if (node.kind === 'keyword_separator') {
      after = 'keyword';
      continue;
    }
    const inner = /^(default_parameter|typed_parameter|typed_default_parameter)$/.test(node.kind)
      ? node.children[0]
      : node;
    const name = inner?.kind === 'identifier' ? inner : inner?.child('identifier');
    if (!inner || !name) return null;
    if (inner.kind === 'list_splat_pattern') {
      parameters.push({ name: name.text, kind: 'rest' });
      after = 'keyword';
    } else if (inner.kind === 'dictionary_splat_pattern') parameters.push({ name: name.text, kind: 'keywords' });
    else if (inner.kind === 'identifier') parameters.push({ name: name.text, kind: after });
    else return null;
  }
  return parameters;
}

/** Everything below `node` that belongs to the same scope, without `node` itself. */
export function* ownNodes(node: SyntaxNode): Generator<SyntaxNode> {
  for (const below of node.below(({ kind }) => !OWN_SCOPE.test(kind))) if (below !== node) yield below;
}

/** Identifiers below `node` that give a name a value in its own scope; those of comprehensions are apart. */
export function bindingsIn(node: SyntaxNode): SyntaxNode[] {
  return [...ownNodes(node)].flatMap((below): SyntaxNode[] => {
    const { kind, children } = below;
    const first = children[0];
    if (kind === 'assignment' || kind === 'augmented_assignment') return first ? namesOfTarget(first) : [];
    if (kind === 'for_statement') {
      const target = children[children[0]?.kind === 'async' ? 2 : 1];
      return target ? namesOfTarget(target) : [];
    }
    if (kind === 'as_pattern_target' || kind === 'named_expression') return first ? namesOfTarget(first) : [];
    if (kind === 'function_definition' || kind === 'class_definition')
      return [below.child('identifier')].filter((one) => one !== undefined);
    if (kind === 'aliased_import') return [below.child('identifier')].filter((one) => one !== undefined);
    if (kind === 'dotted_name' && /^import(_from)?_statement$|^future_import/.test(below.parent?.kind ?? '')) {
      const isModule = below.parent?.kind === 'import_from_statement' && below.parent.child('dotted_name') === below;
      const first = below.child('identifier');
      return isModule && below.parent?.children[1] === below ? [] : first ? [first] : [];
    }
    return [];
  });
}

/** Names that comprehensions below `node` bind, each with the comprehension. */
export function comprehensionNames(node: SyntaxNode): Array<{ name: string; scope: SyntaxNode }> {
  const found: Array<{ name: string; scope: SyntaxNode }> = [];
  for (const clause of node.below()) {
    if (clause.kind !== 'for_in_clause' || !clause.parent || !COMPREHENSION.test(clause.parent.kind)) continue;
    const target = clause.children[clause.children[0]?.kind === 'async' ? 2 : 1];
    for (const name of target ? namesOfTarget(target) : []) found.push({ name: name.text, scope: clause.parent });
  }
  return found;
}

/** Is the identifier a variable: no attribute, no name of an argument? */
export function isVariable(node: SyntaxNode): boolean {
  if (node.kind !== 'identifier') return false;
  const { parent } = node;
  if (parent?.kind === 'attribute') return parent.children[0] === node;
  if (parent?.kind === 'keyword_argument') return parent.children[0] !== node;
  return !(parent?.kind === 'dotted_name' && /import/.test(parent.parent?.kind ?? ''));
}

/** Every variable below `node`, also within inner scopes. */
export function variablesIn(node: SyntaxNode): SyntaxNode[] {
  return [...node.below()].filter(isVariable);
}

/** Names that are local to a function: its parameters and what it gives a value to. Null: nobody can tell. */
export function localsOf(definition: SyntaxNode): Set<string> | null {
  const parameters = parametersOf(definition);
  const body = definition.child('block');
  if (parameters === null || body === undefined) return null;
  for (const { kind } of ownNodes(body)) if (UNUSUAL.test(kind)) return null;
  return new Set([...parameters.map(({ name }) => name), ...bindingsIn(body).map(({ text }) => text)]);
}

/** Names that a function reads and does not bind itself, inner scopes included. Null: nobody can tell. */
export function freeNamesOf(definition: SyntaxNode): Set<string> | null {
  const locals = localsOf(definition);
  if (locals === null) return null;
  const inner = [...definition.below()].filter((node) => node !== definition && OWN_SCOPE.test(node.kind));
  if (inner.length > 0) return null;
  const apart = comprehensionNames(definition);
  const name = definition.child('identifier');
  const free = variablesIn(definition).filter((node) => {
    if (node === name || locals.has(node.text)) return false;
    return !apart.some((one) => one.name === node.text && one.scope.start <= node.start && node.end <= one.scope.end);
  });
  return new Set(free.map(({ text }) => text));
}
