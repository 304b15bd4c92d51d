/** What a node is for in its parent. Pure. Rule: one vocabulary for Python, JavaScript and TypeScript. */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';

export const CALLS: ReadonlySet<string> = new Set(['call', 'call_expression', 'new_expression']);
export const MEMBERS: ReadonlySet<string> = new Set(['attribute', 'member_expression']);
const SUBSCRIPTS: ReadonlySet<string> = new Set(['subscript', 'subscript_expression']);
const ARGUMENTS: ReadonlySet<string> = new Set(['argument_list', 'arguments']);
const NAMED_VALUES: ReadonlySet<string> = new Set(['keyword_argument', 'pair']);
const OPERATIONS: ReadonlySet<string> = new Set([
  ...['binary_operator', 'boolean_operator', 'comparison_operator', 'binary_expression', 'not_operator'],
  ...['unary_operator', 'unary_expression', 'parenthesized_expression', 'await', 'await_expression'],
  ...['conditional_expression', 'ternary_expression', 'list', 'tuple', 'array', 'set'],
]);
export const NAMES: ReadonlySet<string> = new Set(['identifier', 'this', 'super', 'shorthand_property_identifier']);

/** Kinds that a `value` may have wherever it stands. */
export const VALUES: ReadonlySet<string> = new Set([
  ...['identifier', 'attribute', 'member_expression', 'subscript', 'subscript_expression', 'call', 'call_expression'],
  ...['string', 'template_string', 'concatenated_string', 'integer', 'float', 'number', 'binary_operator'],
  ...['binary_expression', 'parenthesized_expression', 'new_expression'],
]);
/** Those that may stand for an argument besides. */
export const DISPLAYS: ReadonlySet<string> = new Set(['list', 'dictionary', 'array', 'object']);
/** Reading it twice is as reading it once. */
export const PURE: ReadonlySet<string> = new Set([
  ...['identifier', 'attribute', 'member_expression', 'string', 'integer', 'float', 'number'],
]);

export type Role = 'callee' | 'receiver' | 'property' | 'key' | 'argument' | 'operand' | 'other';

export function roleOf(node: SyntaxNode): Role {
  const { parent } = node;
  if (parent === null) return 'other';
  const parts = partsOf(parent);
  const at = parts.indexOf(node);
  if (CALLS.has(parent.kind)) return at === (parts[0]?.kind === 'new' ? 1 : 0) ? 'callee' : 'other';
  if (MEMBERS.has(parent.kind)) return at === 0 ? 'receiver' : 'property';
  if (SUBSCRIPTS.has(parent.kind)) return at === 0 ? 'receiver' : isWord(node) ? 'argument' : 'other';
  if (NAMED_VALUES.has(parent.kind)) return at === 0 ? 'key' : at === 2 ? 'argument' : 'other';
  if (ARGUMENTS.has(parent.kind)) return isWord(node) ? 'argument' : 'other';
  if (OPERATIONS.has(parent.kind)) return isWord(node) ? 'operand' : 'other';
  if (/^assignment/.test(parent.kind)) return at === 2 ? 'argument' : 'other';
  return 'other';
}

/** Is it more than punctuation or a keyword? */
function isWord({ children, kind, text }: SyntaxNode): boolean {
  return children.length > 0 || kind !== text;
}

/** `a.b.c` of a chain of plain names; null for anything else. */
export function dottedName(node: SyntaxNode): string | null {
  if (NAMES.has(node.kind)) return node.text;
  if (!MEMBERS.has(node.kind)) return null;
  const [first, , last] = partsOf(node);
  const before = first === undefined ? null : dottedName(first);
  return before === null || last === undefined ? null : `${before}.${last.text}`;
}

/** The name at the beginning of a chain of members and calls. */
export function rootOf(node: SyntaxNode): SyntaxNode | null {
  let at: SyntaxNode | undefined = node;
  while (at !== undefined && !NAMES.has(at.kind)) {
    if (!MEMBERS.has(at.kind) && !CALLS.has(at.kind) && !SUBSCRIPTS.has(at.kind)) return null;
    const parts: SyntaxNode[] = partsOf(at);
    at = parts[0]?.kind === 'new' ? parts[1] : parts[0];
  }
  return at ?? null;
}

/** Does a name in this place mean what it is bound to? Names of members and keywords do not. */
export function isReference(node: SyntaxNode): boolean {
  if (!NAMES.has(node.kind) && node.kind !== 'type_identifier') return false;
  const role = roleOf(node);
  return role !== 'property' && role !== 'key';
}
