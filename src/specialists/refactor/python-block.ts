/**
 * Whether a run of Python statements can become a function. Rule: what goes in has a value for certain, what comes out has
 * one for certain, and nothing jumps out of it, looks at its frame or is held by an inner function; else the answer is no.
 */
import type { SyntaxNode } from '../../code/index.ts';
import {
  bindingsIn,
  comprehensionNames,
  isVariable,
  localsOf,
  namesOfTarget,
  ownNodes,
  variablesIn,
} from './python-bindings.ts';
import type { Site } from './repeated.ts';
import { isWithin, nearest } from './source.ts';

export interface Shape {
  /** Local names that are read, in the order of their first use. */
  inputs: string[];
  /** Names that get a value which is read afterwards. */
  outputs: string[];
  /** Its last statement is a return. */
  returns: boolean;
  /** The function around it. */
  owner: SyntaxNode;
}

const FORBIDDEN =
  /^(function_definition|class_definition|decorated_definition|lambda|yield|await|async|global_statement|nonlocal_statement|delete_statement|named_expression|match_statement|import_statement|import_from_statement|future_import_statement|exec_statement|print_statement|type_alias_statement|ERROR)$/;
const FRAMES =
  /^(locals|vars|globals|dir|eval|exec|super|__class__|_getframe|currentframe|stack|stacklevel|extract_stack|breakpoint|__tracebackhide__)$/;
const LOOP = /^(for_statement|while_statement)$/;
const MOST_INPUTS = 5;
const MOST_OUTPUTS = 2;

/** Null: it cannot be taken out, or nobody can be sure. */
export function shapeOf({ statements, start, end }: Site, _at = 0, all: readonly Site[] = []): Shape | null {
  const code = statements.filter(({ kind }) => kind !== 'comment');
  const [first, last] = [code[0], code.at(-1)];
  if (!first || !last) return null;
  const owner = nearest(first, /^(function_definition|class_definition|lambda)$/);
  if (owner?.kind !== 'function_definition' || nearest(owner, /^(function_definition|lambda)$/)) return null;
  const returns = last.kind === 'return_statement';
  // Whoever reads the call would not see that nothing comes after it.
  if (last.kind === 'raise_statement') return null;
  for (const statement of code)
    for (const node of statement.below()) {
      if (FORBIDDEN.test(node.kind)) return null;
      if (node.kind === 'return_statement' && node !== last) return null;
      if (node.kind === 'identifier' && (FRAMES.test(node.text) || /^__.*[^_]_?$/.test(node.text))) return null;
      if (/^(break|continue)_statement$/.test(node.kind) && !loopsInside(node, start)) return null;
      if (/^(string|line_continuation)$/.test(node.kind) && node.text.includes('\n')) return null;
      if (node.kind === 'raise_statement' && node.children.length === 1) return null;
    }
  const locals = localsOf(owner);
  if (locals === null) return null;
  const apart = comprehensionNamesOf(code);
  if (apart === null) return null;
  const variables = code.flatMap(variablesIn).filter(({ text }) => !apart.has(text));
  const bound = new Set(code.flatMap(boundBy).map(({ text }) => text));
  if ([...bound].some((name) => isHeldInside(owner, name))) return null;
  const inputs = [...new Set(variables.map(({ text }) => text))].filter(
    (name) => locals.has(name) && !(bound.has(name) && isMadeInside(name, code)),
  );
  const looped = isLooped(owner, { start, end });
  const outputs = [...bound].filter((name) => {
    // What one round of a loop leaves, the next one reads.
    if (looped && inputs.includes(name)) return true;
    const others = inputs.includes(name) ? [] : all;
    return isReadOutside(owner, name, { start, end, looped, others });
  });
  if (inputs.length > MOST_INPUTS || outputs.length > MOST_OUTPUTS || (returns && outputs.length > 0)) return null;
  if (!inputs.every((name) => hasValueBefore(name, first, owner))) return null;
  if (!outputs.every((name) => inputs.includes(name) || code.some((one) => binds(one, name)))) return null;
  // Half of it may have happened when a handler looks.
  if (outputs.length > 0 && nearestWithin(first, /^try_statement$/, owner)) return null;
  return { inputs, outputs, returns, owner };
}

/** Is the loop that it leaves part of the block? */
function loopsInside(jump: SyntaxNode, start: number): boolean {
  let below = jump;
  for (const above of jump.above()) {
    if (LOOP.test(above.kind) && below.kind !== 'else_clause') return above.start >= start;
    below = above;
  }
  return false;
}

/** Names that belong to comprehensions alone; null where such a name is used outside of them too. */
function comprehensionNamesOf(code: readonly SyntaxNode[]): Set<string> | null {
  const names = new Set<string>();
  const apart = code.flatMap(comprehensionNames);
  for (const { name } of apart) {
    const scopes = apart.filter((one) => one.name === name).map(({ scope }) => scope);
    const uses = code.flatMap(variablesIn).filter(({ text }) => text === name);
    if (!uses.every((use) => scopes.some((scope) => isWithin(use, scope) && !isIterable(use, scope)))) return null;
    names.add(name);
  }
  return names;
}

/** What a comprehension goes over first is looked up outside of it. */
function isIterable(use: SyntaxNode, scope: SyntaxNode): boolean {
  const clause = scope.child('for_in_clause');
  const over = clause?.children.at(-1);
  return over !== undefined && isWithin(use, over);
}

function boundBy(statement: SyntaxNode): SyntaxNode[] {
  // A statement that is itself an assignment is below an expression statement.
  return [...bindingsIn(statement), ...ownTargets(statement)];
}

function ownTargets(statement: SyntaxNode): SyntaxNode[] {
  if (statement.kind !== 'for_statement') return [];
  const target = statement.children[1];
  return target ? namesOfTarget(target) : [];
}

/** Does an inner function of `owner` use the name? */
function isHeldInside(owner: SyntaxNode, name: string): boolean {
  for (const node of owner.below()) {
    if (node === owner || !/^(function_definition|class_definition|lambda)$/.test(node.kind)) continue;
    if ([...node.below()].some((one) => one.kind === 'identifier' && one.text === name)) return true;
  }
  return false;
}

/** Is the name given a value here before it is read, on every way? */
export function isMadeInside(name: string, statements: readonly SyntaxNode[]): boolean {
  const naming = statements.filter((one) => mentions(one, name));
  const first = naming[0];
  if (first === undefined) return false;
  if (binds(first, name)) return true;
  if (naming.length > 1) return false;
  if (first.kind === 'for_statement') {
    const over = first.children[first.children.findIndex(({ kind }) => kind === 'in') + 1];
    const targets = ownTargets(first).some(({ text }) => text === name);
    if (targets && over && !mentions(over, name) && !first.child('else_clause')) return true;
  }
  const parts = first.children.filter((part) => mentions(part, name));
  const part = parts.length === 1 ? parts[0] : undefined;
  if (part === undefined || !/^(block|else_clause|elif_clause|except_clause|finally_clause)$/.test(part.kind))
    return false;
  return isMadeInside(name, part.kind === 'block' ? part.children : [part]);
}

/** Does the statement give the name a value for certain, without reading it before? */
function binds(statement: SyntaxNode, name: string): boolean {
  if (statement.kind === 'expression_statement') {
    const [given] = statement.children;
    if (given?.kind !== 'assignment' || statement.children.length > 1) return false;
    const targets: SyntaxNode[] = [];
    let value: SyntaxNode | undefined = given;
    while (value?.kind === 'assignment') {
      const [target] = value.children as [SyntaxNode];
      if (value.children.every(({ kind }) => kind !== '=')) return false;
      targets.push(target);
      value = value.children.at(-1);
    }
    if (value === undefined || mentions(value, name)) return false;
    const named = targets.flatMap(namesOfTarget).filter(({ text }) => text === name);
    return (
      named.length > 0 &&
      targets.every(
        (target) => countOf(target, name) === (namesOfTarget(target).some(({ text }) => text === name) ? 1 : 0),
      )
    );
  }
  if (statement.kind === 'with_statement') {
    const clause = statement.child('with_clause');
    const aliases = [...(clause?.below() ?? [])]
      .filter(({ kind }) => kind === 'as_pattern_target')
      .flatMap(namesOfTarget);
    return aliases.some(({ text }) => text === name) && countOf(clause as SyntaxNode, name) === 1;
  }
  return false;
}

function mentions(node: SyntaxNode, name: string): boolean {
  return countOf(node, name) > 0;
}

function countOf(node: SyntaxNode, name: string): number {
  return [...node.below()].filter((one) => isVariable(one) && one.text === name).length;
}

function isLooped(owner: SyntaxNode, block: { start: number; end: number }): boolean {
  return [...ownNodes(owner)].some((node) => LOOP.test(node.kind) && node.start < block.start && block.end <= node.end);
}

/** Is it read after the block, or anywhere else where the block is in a loop? What stands in `others` makes its own. */
function isReadOutside(
  owner: SyntaxNode,
  name: string,
  block: { start: number; end: number; looped: boolean; others: readonly Site[] },
): boolean {
  return variablesIn(owner).some((node) => {
    if (node.text !== name || isWithin(node, block) || block.others.some((site) => isWithin(node, site))) return false;
    return (block.looped || node.start >= block.end) && !isPlainTarget(node);
  });
}

/** A name that only gets a value there. */
function isPlainTarget(node: SyntaxNode): boolean {
  const { parent } = node;
  return parent?.kind === 'assignment' && parent.children[0] === node;
}

/** Has the name a value whenever `at` is reached? As a parameter, or by what stands before it on its way. */
function hasValueBefore(name: string, at: SyntaxNode, owner: SyntaxNode): boolean {
  const parameters = owner.child('parameters');
  if (parameters && [...parameters.below()].some((one) => isParameterName(one, name))) return true;
  let below = at;
  for (const above of at.above()) {
    const before = above.children.slice(0, above.children.indexOf(below));
    if (above.kind === 'block' && before.some((one) => binds(one, name))) return true;
    if (above.kind === 'for_statement' && below.kind === 'block' && ownTargets(above).some(({ text }) => text === name))
      return true;
    if (above.kind === 'with_statement' && binds(above, name)) return true;
    if (above === owner) return false;
    below = above;
  }
  return false;
}

function isParameterName(node: SyntaxNode, name: string): boolean {
  if (node.kind !== 'identifier' || node.text !== name) return false;
  const { parent } = node;
  if (parent === null) return false;
  return (
    parent.kind === 'parameters' || (/parameter$|splat_pattern$/.test(parent.kind) && parent.children.indexOf(node) < 2)
  );
}

function nearestWithin(node: SyntaxNode, kinds: RegExp, limit: SyntaxNode): SyntaxNode | null {
  for (const above of node.above()) {
    if (above === limit) return null;
    if (kinds.test(above.kind)) return above;
  }
  return null;
}
