/**
 * How much a condition insists on, in any language. Rule: `and` insists on every part, `or` on less than its weakest;
 * a condition that cannot be false insists on nothing.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { canonical, isComment, isLiteral } from './canonical.ts';
import { type Assertion, STRENGTH } from './reading.ts';

export type Claim = Omit<Assertion, 'text' | 'shown' | 'conditions'>;

export function claim(subject: string, strength: number, more: Partial<Claim> = {}): Claim {
  return { subject, strength, expected: null, tolerance: null, ...more };
}

/** What is claimed by insisting that `node` is true (or false, when `negated`). */
export function claimsOf(node: SyntaxNode | undefined, negated = false): Claim[] {
  if (node === undefined) return [];
  const parts = node.children.filter((child) => !isComment(child));
  if (/^parenthesized_expression$/.test(node.kind)) return claimsOf(parts[1], negated);
  if (/^(not_operator|unary_expression)$/.test(node.kind) && /^(not|!)$/.test(parts[0]?.text ?? ''))
    return claimsOf(parts[1], !negated);
  if (/^(boolean_operator|binary_expression)$/.test(node.kind) && parts.length === 3) {
    const operator = parts[1]?.text ?? '';
    if (/^(and|&&)$/.test(operator)) return negated ? either(parts, true) : both(parts, false);
    if (/^(or|\|\||\?\?)$/.test(operator)) return negated ? both(parts, true) : either(parts, false);
  }
  if (/^(comparison_operator|binary_expression)$/.test(node.kind) && parts.length === 3)
    return [comparison(parts[0], operatorOf(parts[1]), parts[2], negated)];
  // a < b < c insists on both.
  if (node.kind === 'comparison_operator' && parts.length === 5)
    return [
      comparison(parts[0], operatorOf(parts[1]), parts[2], negated),
      comparison(parts[2], operatorOf(parts[3]), parts[4], negated),
    ];
  return [plain(node, negated)];
}

function both(parts: readonly SyntaxNode[], negated: boolean): Claim[] {
  return [...claimsOf(parts[0], negated), ...claimsOf(parts[2], negated)];
}

function either(parts: readonly SyntaxNode[], negated: boolean): Claim[] {
  const claims = both(parts, negated);
  const weakest = Math.min(...claims.map(({ strength }) => strength));
  return [claim(claims.map(({ subject }) => subject).join(' or '), Math.max(0, weakest - 10))];
}

function operatorOf(node: SyntaxNode | undefined): string {
  return (node?.text ?? '').replace(/\s+/g, ' ');
}

const OPPOSITE: Record<string, string> = {
  ...{ '==': '!=', '!=': '==', '===': '!==', '!==': '===', '<': '>=', '>': '<=', '<=': '>', '>=': '<' },
  ...{ is: 'is not', 'is not': 'is', in: 'not in', 'not in': 'in', '<>': '==' },
};
const MIRRORED: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

export function comparison(
  left: SyntaxNode | undefined,
  operator: string,
  right: SyntaxNode | undefined,
  negated = false,
): Claim {
  const [one, other] = [canonical(left), canonical(right)];
  const asked = negated ? (OPPOSITE[operator] ?? operator) : operator;
  if (isLiteral(left) && !isLiteral(right) && !/^(not )?in$/.test(asked))
    return comparison(right, MIRRORED[asked] ?? asked, left);
  const constant = isLiteral(left) && isLiteral(right);
  if (constant || (one === other && !/[(]/.test(one) && /^(===?|is|<=|>=)$/.test(asked)))
    return claim(one, STRENGTH.never);
  // (got := f(x)) == got
  if (/^(\w+):=/.exec(one)?.[1] === other) return claim(one, STRENGTH.never);
  // That a call says the same twice tells nothing of what it says.
  if (one === other && /^(===?|is)$/.test(asked)) return claim(one, STRENGTH.any);
  const expected = isLiteral(right) ? other : null;
  return claim(one, strengthOf(asked, one, other), { expected, tolerance: toleranceOf(asked, other) });
}

function strengthOf(operator: string, one: string, other: string): number {
  const none = /^(None|null|undefined|nil)$/.test(other);
  if (/^(is not|!=|!==|<>)$/.test(operator)) return none ? STRENGTH.exists : STRENGTH.differs;
  if (/^(===?|is)$/.test(operator)) {
    if (/^typeof |^type\(/.test(one)) return STRENGTH.kind;
    if (/^len\(|\.length$|\.len\(\)$|\.size$/.test(one)) return STRENGTH.size;
    if (none) return STRENGTH.nothing;
    if (/(^|\.)(approx|isclose)\(/.test(`${one} ${other}`)) return STRENGTH.close;
    if (/(^|[^\w])(ANY|anything\(\)|any\(\w)/.test(other)) return STRENGTH.any;
    // 3 >= 1 and the like: a result of a comparison is all that is looked at.
    return operator === '==' && other !== '' ? STRENGTH.equal : STRENGTH.exact;
  }
  if (operator === 'in') return STRENGTH.contains;
  return operator === 'not in' ? STRENGTH.differs : STRENGTH.order;
}

/** How far a bound lies out, or how much an approximation forgives. */
function toleranceOf(operator: string, other: string): number | null {
  if (/approx\(/.test(other)) return toleranceIn(other);
  const number = Number(other.replace(/_/g, ''));
  if (other === '' || Number.isNaN(number)) return null;
  if (/^<=?$/.test(operator)) return number;
  return /^>=?$/.test(operator) ? -number : null;
}

/** Of `approx(1, rel=0.1)`, `delta=…`, `places=…`: the last counts down. */
export function toleranceIn(text: string): number | null {
  const value = (name: string) => new RegExp(`\\b${name}[=:]\\s*([-+\\d.e_]+)`).exec(text)?.[1];
  const wide = ['rel', 'abs', 'delta', 'rtol', 'atol', 'rel_tol', 'abs_tol', 'tolerance'].map(value).filter(Boolean);
  if (wide.length > 0) return Math.max(...wide.map(Number));
  const places = value('places') ?? value('decimal');
  return places === undefined ? null : 10 ** -Number(places);
}

function plain(node: SyntaxNode, negated: boolean): Claim {
  const text = canonical(node);
  if (isLiteral(node) || node.kind === 'lambda' || node.kind === 'tuple') {
    const empty = /^(0|""|\[\]|\{\}|\(\)|None|null|undefined|nil|false|False)$/.test(text);
    return claim(text, empty === negated ? STRENGTH.never : STRENGTH.fails);
  }
  const [, called = ''] = /^(.*?)!?\(/.exec(text) ?? [];
  const word = called.split('.').at(-1) ?? '';
  if (negated && !/(Equal|Is|is|Contains)$/.test(word)) return claim(text, STRENGTH.falsy);
  if (/^(DeepEqual|Equal|array_equal|isDeepStrictEqual|EqualFold|eq|Is)$/.test(word))
    return claim(text, negated ? STRENGTH.differs : STRENGTH.equal);
  if (/^(isclose|allclose|is_close)$/.test(word)) return claim(text, STRENGTH.close, { tolerance: toleranceIn(text) });
  if (/^(isinstance|issubclass|isArray|is_a|hasattr)$/.test(word)) return claim(text, STRENGTH.kind);
  if (
    /^(includes|contains|contains_key|has|startswith|endswith|startsWith|endsWith|starts_with|ends_with|Contains|HasPrefix|HasSuffix|matches|every|all)$/.test(
      word,
    )
  )
    return claim(text, STRENGTH.contains);
  if (/^(match|fullmatch|search|test|MatchString|is_match)$/.test(word)) return claim(text, STRENGTH.matches);
  return claim(text, negated ? STRENGTH.falsy : STRENGTH.truthy);
}
