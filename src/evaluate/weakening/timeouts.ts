/** How much time a test gives itself. Rule: numbers that are written out, in any unit: only two of one test are compared. */
import type { SyntaxNode } from '../../code/index.ts';
import { canonical } from './canonical.ts';
import type { FoundTest } from './grammar.ts';

/** A number by the name of timeout, a third argument of a test, `pytest.mark.timeout(5)`. */
export function timeoutOf(node: SyntaxNode, test: FoundTest | null): number | null {
  if (
    /^(number|integer|float)$/.test(node.kind) &&
    node.parent?.kind === 'arguments' &&
    test !== null &&
    node.parent.parent === test.node
  )
    return numberOf(node.text);
  if (
    /^(pair|keyword_argument)$/.test(node.kind) &&
    /^"?((test|hook)?timeout)(_?(ms|seconds|s|sec))?"?$/i.test(canonical(node.children[0]))
  )
    return numberOf(canonical(node.children[2]));
  if (
    /^call(_expression)?$/.test(node.kind) &&
    /(^|\.)(timeout|setTimeout)$/.test(canonical(node.children[0])) &&
    /^(this|jest|vi|pytest\.mark|t|test)\b/.test(canonical(node.children[0]))
  )
    return unlimited(numberOf(canonical(node.child('arguments', 'argument_list')).replace(/[()]/g, '')));
  return null;
}

/** For mocha and jest none is for ever. */
function unlimited(time: number | null): number | null {
  return time === 0 ? Number.POSITIVE_INFINITY : time;
}

function numberOf(text: string): number | null {
  const product = text.replace(/_/g, '').split('*').map(Number);
  return product.some(Number.isNaN) ? null : product.reduce((a, b) => a * b, 1);
}

export function longest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other);
}
