/**
 * Names in JavaScript and TypeScript: where each is declared and what refers to it. Rule: a name belongs to the nearest scope
 * that declares it; what binds names in another way (`with`, `eval`) is not read here, and callers leave it alone.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { isWithin, nearest } from './source.ts';

export const FUNCTION =
  /^(function_declaration|generator_function_declaration|function_expression|generator_function|arrow_function|method_definition)$/;
const BLOCK =
  /^(statement_block|program|switch_body|for_statement|for_in_statement|class_static_block|function_declaration|generator_function_declaration|function_expression|generator_function|arrow_function|method_definition)$/;

export interface Declared {
  name: string;
  node: SyntaxNode;
  kind: 'parameter' | 'const' | 'let' | 'var' | 'function' | 'class' | 'catch' | 'import' | 'type';
  /** Where the name is known. */
  scope: SyntaxNode;
}

/** Identifiers of a pattern that get a value. */
export function namesOfPattern(pattern: SyntaxNode): SyntaxNode[] {
  const { kind, children } = pattern;
  if (kind === 'identifier' || kind === 'shorthand_property_identifier_pattern') return [pattern];
  if (kind === 'pair_pattern') return children.slice(2).flatMap(namesOfPattern);
  if (/^(assignment_pattern|object_assignment_pattern)$/.test(kind))
    return children.slice(0, 1).flatMap(namesOfPattern);
  if (/^(object_pattern|array_pattern|rest_pattern)$/.test(kind)) return children.flatMap(namesOfPattern);
  return [];
}

/** Everything that is declared below `root`, in text order. */
export function declarationsIn(root: SyntaxNode): Declared[] {
  return [...root.below()].flatMap((node) => declaredBy(node));
}

function declaredBy(node: SyntaxNode): Declared[] {
  const { kind, children, parent } = node;
  const as = (name: SyntaxNode, how: Declared['kind'], scope: SyntaxNode | null): Declared[] =>
    scope === null ? [] : [{ name: name.text, node: name, kind: how, scope }];
  const around = (pattern: RegExp) => nearest(node, pattern);
  if (kind === 'variable_declarator') {
    const how =
      parent?.kind === 'variable_declaration' ? 'var' : parent?.children[0]?.kind === 'const' ? 'const' : 'let';
    const scope = around(how === 'var' ? /^(program|.*function.*|method_definition)$/ : BLOCK);
    return namesOfPattern(children[0] as SyntaxNode).flatMap((name) => as(name, how, scope));
  }
  if (/^(required_parameter|optional_parameter)$/.test(kind)) {
    const pattern = children.find(({ kind: one }) => /identifier$|pattern$/.test(one));
    return pattern ? namesOfPattern(pattern).flatMap((name) => as(name, 'parameter', around(FUNCTION))) : [];
  }
  if (kind === 'formal_parameters')
    return children.flatMap(namesOfPattern).flatMap((name) => as(name, 'parameter', parent));
  if (kind === 'arrow_function' && children.find(({ kind: one }) => one !== 'async')?.kind === 'identifier')
    return as(children.find(({ kind: one }) => one === 'identifier') as SyntaxNode, 'parameter', node);
  if (/^(function_declaration|generator_function_declaration)$/.test(kind)) {
    const name = node.child('identifier');
    return name ? as(name, 'function', around(BLOCK)) : [];
  }
  if (/^(function_expression|generator_function)$/.test(kind)) {
    const name = node.child('identifier');
    return name ? as(name, 'function', node) : [];
  }
  if (/^(class_declaration|abstract_class_declaration|enum_declaration)$/.test(kind)) {
    const name = node.child('identifier', 'type_identifier');
    return name ? as(name, 'class', around(BLOCK)) : [];
  }
  if (/^(type_alias_declaration|interface_declaration)$/.test(kind)) {
    const name = node.child('type_identifier');
    return name ? as(name, 'type', around(BLOCK)) : [];
  }
  if (kind === 'type_parameter') {
    const name = node.child('type_identifier');
    return name ? as(name, 'type', parent?.parent ?? null) : [];
  }
  if (kind === 'catch_clause') {
    const pattern = children.find(({ kind: one }) => /identifier$|pattern$/.test(one));
    return pattern ? namesOfPattern(pattern).flatMap((name) => as(name, 'catch', node)) : [];
  }
  if (kind === 'for_in_statement') {
    const how = children.find(({ kind: one }) => /^(const|let|var)$/.test(one))?.kind as
      | 'const'
      | 'let'
      | 'var'
      | undefined;
    const pattern = children.find(({ kind: one }) => /identifier$|pattern$/.test(one));
    if (how === undefined || !pattern) return [];
    const scope = how === 'var' ? around(/^(program|.*function.*|method_definition)$/) : node;
    return namesOfPattern(pattern).flatMap((name) => as(name, how, scope));
  }
  if (kind === 'import_clause') {
    const own = children.filter(({ kind: one }) => one === 'identifier');
    const star = node.child('namespace_import')?.child('identifier');
    return [...own, ...(star ? [star] : [])].flatMap((name) => as(name, 'import', around(/^program$/)));
  }
  if (kind === 'import_specifier') {
    const name = children.filter(({ kind: one }) => one === 'identifier').at(-1);
    return name ? as(name, 'import', around(/^program$/)) : [];
  }
  return [];
}

/** Every place below `node` that names a variable or a type. */
export function referencesIn(node: SyntaxNode): SyntaxNode[] {
  return [...node.below()].filter(isReference);
}

function isReference(node: SyntaxNode): boolean {
  if (
    !/^(identifier|shorthand_property_identifier|shorthand_property_identifier_pattern|type_identifier)$/.test(
      node.kind,
    )
  )
    return false;
  const { parent } = node;
  if (/^jsx_(opening|closing|self_closing)_element$/.test(parent?.kind ?? '')) return /^[A-Z]/.test(node.text);
  return !/^(import_specifier|export_specifier)$/.test(parent?.kind ?? '');
}

/** The declaration that `reference` means, among `declared`; null: a global. */
export function resolveIn(reference: SyntaxNode, declared: readonly Declared[]): Declared | null {
  const known = declared.filter(({ name, scope }) => name === reference.text && isWithin(reference, scope));
  // The innermost scope; of the same scope the first.
  return known.reduce<Declared | null>(
    (best, one) => (best === null || (isWithin(one.scope, best.scope) && one.scope !== best.scope) ? one : best),
    null,
  );
}

/** Is the name at this place given a value? */
export function isAssigned(node: SyntaxNode): boolean {
  let below = node;
  for (const above of node.above()) {
    if (/^(assignment_expression|augmented_assignment_expression)$/.test(above.kind))
      return above.children[0] === below;
    if (above.kind === 'update_expression') return true;
    if (above.kind === 'for_in_statement')
      return (
        above.children.slice(0, 4).includes(below) &&
        !above.children.some(({ kind }) => /^(const|let|var)$/.test(kind)) &&
        below.kind !== 'statement_block'
      );
    if (
      !/(_pattern|parenthesized_expression|non_null_expression|^(array|object|pair|spread_element))$/.test(above.kind)
    )
      return false;
    below = above;
  }
  return false;
}
