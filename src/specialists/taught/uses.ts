/**
 * What is done with the value of an expression. Pure. Rule: where another thing is called, it must be used as it was where
 * that was right: nobody knows what else it can do.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';
import { CALLS, MEMBERS, roleOf } from './roles.ts';

/** `nothing`, `.member`, `()`, `value` where it is handed on as it is, or what stands around it. */
export function useOf(node: SyntaxNode): string {
  const { parent } = node;
  if (parent === null) return 'nothing';
  const { kind } = parent;
  if (/^(await|await_expression|parenthesized_expression)$/.test(kind)) return useOf(parent);
  if (kind === 'expression_statement') return 'nothing';
  const role = roleOf(node);
  if (role === 'callee') return '()';
  if (role === 'receiver') return MEMBERS.has(kind) ? `.${partsOf(parent).at(-1)?.text ?? ''}` : '[]';
  if (role === 'argument' || HANDED_ON.test(kind) || CALLS.has(kind)) return 'value';
  return kind;
}

const HANDED_ON =
  /^(return_statement|assignment|assignment_expression|variable_declarator|arrow_function|list|tuple|array|set)$/;
