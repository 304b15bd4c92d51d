/**
 * Whether an assertion is reached: loops over nothing or over a part, conditions, ways out of a loop. Rule: in any language, by
 * kinds of nodes; what only one language has is said in its grammar.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { canonical } from './canonical.ts';
import type { Grammar } from './grammar.ts';

/** In a function that nobody calls, or a loop over nothing. */
export function neverRun(node: SyntaxNode, inside: SyntaxNode, grammar: Grammar): string | null {
  for (const above of node.above()) {
    if (above === inside) break;
    if (grammar.functions.test(above.kind)) {
      if (above.parent?.kind === 'expression_statement') return 'nobody calls it';
      const name = grammar.functionName(above);
      if (name !== null && above.parent !== inside.parent && occurrences(inside, name) < 2) return 'nobody calls it';
    }
    if (
      /^(for_statement|for_in_statement|for_in_clause|for_expression)$/.test(above.kind) &&
      above.children.some(
        (child) => NOTHING_IN.test(canonical(child)) && child.end <= node.start + (child.end - child.start),
      )
    )
      return 'it is never reached';
    const clause = above.child('for_in_clause');
    if (clause?.children.some((child) => NOTHING_IN.test(canonical(child)))) return 'it is never reached';
  }
  return null;
}

const NOTHING_IN = /^(\[\]|\(\)|\{\}|range\(0\)|set\(\)|list\(\)|0\.\.0)$/;

function occurrences(inside: SyntaxNode, name: string): number {
  let count = 0;
  for (const part of inside.below()) if (part.children.length === 0 && part.text === name) count += 1;
  return count;
}

export function conditionsOf(node: SyntaxNode, within: SyntaxNode, grammar: Grammar): string[] {
  const conditions: string[] = [];
  for (const above of node.above()) {
    if (above === within) break;
    if (isShortcut(above, node) || isOverPart(above, node)) conditions.push(canonical(above).slice(0, 80));
    if (grammar.conditions.test(above.kind) && !grammar.ownCondition?.(above, node) && !isAsked(node, above))
      conditions.push(canonical(above.children[1]));
  }
  return conditions;
}

/** `if (expect(x))`: it stands in the condition, not under it. */
function isAsked(node: SyntaxNode, statement: SyntaxNode): boolean {
  const condition = statement.children[1];
  return condition !== undefined && condition.start <= node.start && node.end <= condition.end;
}

/** `ready && expect(x)`: it is reached only where the left side lets it be. */
function isShortcut(above: SyntaxNode, node: SyntaxNode): boolean {
  const [left, operator] = above.children;
  return (
    /^(binary_expression|boolean_operator)$/.test(above.kind) &&
    /^(&&|\|\||\?\?|and|or)$/.test(operator?.text ?? '') &&
    left !== undefined &&
    left.end <= node.start
  );
}

const PART = /[\w)\]]\[[^[\]]*:[^[\]]*\]$|\.(slice|filter)\(.*\)$|(^|\.)islice\(.*\)$/;

/** A loop over a slice of what there is. */
function isOverPart(above: SyntaxNode, node: SyntaxNode): boolean {
  if (above.kind === 'call_expression') {
    const [, over] = /^(.*)\.(forEach|map)$/.exec(canonical(above.children[0])) ?? [];
    return (
      over !== undefined && above.children[0] !== undefined && above.children[0].end <= node.start && PART.test(over)
    );
  }
  return (
    /^(for_statement|for_in_statement|for_expression)$/.test(above.kind) &&
    above.children.some((child) => child.end <= node.start && PART.test(canonical(child)))
  );
}

const LOOPS =
  /^(for_statement|for_in_statement|while_statement|do_statement|for_expression|while_expression|loop_expression)$/;

/** `break` and `continue` out of a loop that insists on something. */
export function leavesLoop(node: SyntaxNode, test: SyntaxNode, grammar: Grammar): boolean {
  if (!/^(break|continue)_(statement|expression)$/.test(node.kind)) return false;
  for (const above of node.above()) {
    if (above === test || /switch|select|match/.test(above.kind)) return false;
    if (LOOPS.test(above.kind)) return [...above.below()].some((one) => (grammar.claims(one)?.length ?? 0) > 0);
  }
  return false;
}
