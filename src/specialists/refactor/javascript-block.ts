/**
 * Whether a run of JavaScript statements can become a function. Rule: it gives values only to names of its own, what goes in
 * was declared before it, and it does not know where it runs; else the answer is no.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { LOOP } from '../performance/javascript-loops.ts';
import { type Declared, FUNCTION, isAssigned, referencesIn, resolveIn } from './javascript-bindings.ts';
import type { Site } from './repeated.ts';
import { isWithin, nearest } from './source.ts';

export interface Shape {
  inputs: Input[];
  outputs: string[];
  /** How the outputs are declared. */
  how: 'const' | 'let';
  returns: boolean;
  owner: SyntaxNode;
}

export interface Input {
  name: string;
  /** As it is written, where it is. */
  type: string | null;
}

const FORBIDDEN =
  /^(this|super|await|await_expression|yield_expression|meta_property|labeled_statement|variable_declaration|function_declaration|generator_function_declaration|function_expression|generator_function|class_declaration|class|debugger_statement|with_statement|import|export_statement|type_alias_declaration|interface_declaration|enum_declaration|using|ERROR)$/;
const MOST_INPUTS = 5;
const MOST_OUTPUTS = 3;
/** Types that what stands before may have narrowed. */
const NARROWABLE = /[|?]|\b(unknown|object|asserts|typeof)\b/;

/** @param declared everything that the file declares. Null: it cannot be taken out, or nobody can be sure. */
export function shapeOf({ statements, start, end }: Site, declared: readonly Declared[], typed: boolean): Shape | null {
  const code = statements.filter(({ kind }) => kind !== 'comment');
  const [first, last] = [code[0], code.at(-1)];
  const owner = first ? nearest(first, FUNCTION) : null;
  if (!first || !last || !owner) return null;
  const returns = last.kind === 'return_statement';
  if (!code.every((one) => [...one.below()].every((node) => isAllowed(node, start, last)))) return null;
  const block = { start, end };
  const inputs = new Map<string, Input>();
  for (const reference of code.flatMap(referencesIn)) {
    const means = resolveIn(reference, declared);
    if (means === null || means.scope.kind === 'program') {
      if (means === null && /^(arguments|eval)$/.test(reference.text)) return null;
      continue;
    }
    if (isWithin(means.node, block)) continue;
    if (means.kind === 'type' || isAssigned(reference)) return null;
    const input = inputOf(means, reference, block, declared, typed);
    if (input === null) return null;
    inputs.set(input.name, input);
  }
  const own = declared.filter(({ node, scope }) => isWithin(node, block) && !isWithin(scope, block));
  const outputs = own.filter(({ name, scope, node }) =>
    referencesIn(scope).some(
      (one) => one.text === name && !isWithin(one, block) && resolveIn(one, declared)?.node === node,
    ),
  );
  if (inputs.size > MOST_INPUTS || outputs.length > MOST_OUTPUTS || (returns && outputs.length > 0)) return null;
  if (!outputs.every(({ kind, node }) => kind === 'const' || (kind === 'let' && !isCaptured(node, code)))) return null;
  const changes = outputs.some(({ name, node, scope }) =>
    referencesIn(scope).some(
      (one) => one.text === name && !isWithin(one, block) && isAssigned(one) && resolveIn(one, declared)?.node === node,
    ),
  );
  const how = changes ? 'let' : 'const';
  return { inputs: [...inputs.values()], outputs: outputs.map(({ name }) => name), how, returns, owner };
}

function isAllowed(node: SyntaxNode, start: number, last: SyntaxNode): boolean {
  if (FORBIDDEN.test(node.kind)) return false;
  if (node.kind === 'async') return false;
  if (node.kind === 'return_statement' && node !== last) return nearest(node, FUNCTION) !== nearest(last, FUNCTION);
  if (/^(break|continue)_statement$/.test(node.kind)) {
    if (node.child('statement_identifier')) return false;
    for (const above of node.above()) {
      if (FUNCTION.test(above.kind)) return false;
      if (LOOP.test(above.kind) || (above.kind === 'switch_statement' && node.kind === 'break_statement'))
        return above.start >= start;
    }
    return false;
  }
  return !(node.kind === 'template_string' && node.text.includes('\n')) && !/^jsx_text$/.test(node.kind);
}

function inputOf(
  means: Declared,
  reference: SyntaxNode,
  block: { start: number; end: number },
  declared: readonly Declared[],
  typed: boolean,
): Input | null {
  if (!/^(parameter|const|let|catch)$/.test(means.kind) || means.node.start >= block.start) return null;
  const inner = nearest(reference, FUNCTION);
  // A function that is made here would see what the name is given later.
  const captured = inner !== null && inner.start >= block.start;
  if (captured || means.kind === 'let') {
    const elsewhere = referencesIn(means.scope).filter((one) => one.text === means.name);
    const changes = elsewhere.filter((one) => resolveIn(one, declared)?.node === means.node && isAssigned(one));
    if (captured && changes.length > 0) return null;
    // Without a value at its declaration, it may have none.
    if (
      means.kind === 'let' &&
      means.node.parent?.kind === 'variable_declarator' &&
      !means.node.parent.child('=') &&
      changes.length !== 1
    )
      return null;
  }
  if (!typed) return { name: means.name, type: null };
  const annotation = means.node.parent?.child('type_annotation');
  const type = annotation?.children.at(-1);
  if (!/^(required_parameter|variable_declarator)$/.test(means.node.parent?.kind ?? '') || type === undefined)
    return null;
  if (NARROWABLE.test(type.text)) return null;
  const local = referencesIn(type).some((one) => {
    const known = resolveIn(one, declared);
    return known !== null && known.scope.kind !== 'program';
  });
  return local ? null : { name: means.name, type: type.text };
}

function isCaptured(name: SyntaxNode, code: readonly SyntaxNode[]): boolean {
  return code
    .flatMap(referencesIn)
    .some((one) => one.text === name.text && (nearest(one, FUNCTION)?.start ?? -1) >= (code[0]?.start ?? 0));
}
