/**
 * An assertion of a comparison as the comparison itself. Rule: what is read plainly is rewritten, word for word, all else
 * gives null.
 */
import { argumentsOf } from '../javascript-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { span } from '../structural.ts';

/** `expect(subject).not.matcher(args)`. */
interface Expectation {
  call: Node;
  subject: Node;
  not: boolean;
  matcher: Node;
  args: Node[];
}

export function readExpectation(call: Node): Expectation | null {
  const callee = call.field('function');
  const matcher = callee?.is('member_expression') ? callee.field('property') : null;
  let object = callee?.is('member_expression') ? callee.field('object') : null;
  const not = object?.is('member_expression') === true && object.field('property')?.text() === 'not';
  if (not) object = object?.field('object') ?? null;
  if (!matcher || !object?.is('call_expression') || object.field('function')?.text() !== 'expect') return null;
  const [subject, ...others] = argumentsOf(object);
  return subject && others.length === 0 ? { call, subject, not, matcher, args: argumentsOf(call) } : null;
}

/** Is it said to be true, or to be false? */
function truthOf({ matcher, args, not }: Expectation): boolean | null {
  const name = matcher.text();
  const [only, ...others] = args;
  const said = /^(toBe|toEqual|toStrictEqual)$/.test(name) && others.length === 0 ? only?.text() : null;
  const truth =
    name === 'toBeTruthy' || said === 'true' ? true : name === 'toBeFalsy' || said === 'false' ? false : null;
  return truth === null ? null : truth !== not;
}

export function ofExpectation(expectation: Expectation): TextEdit[] | null {
  const { call, subject, matcher, args, not } = expectation;
  const [only, ...others] = args;
  if (matcher.text() === 'toBe' && !not && others.length === 0 && only && /^(object|array)$/.test(String(only.kind())))
    return [{ ...span(matcher), text: 'toEqual' }];
  const rewritten = (to: string, value: string, what: string, truth: boolean): TextEdit[] => [
    { ...span(call), text: `expect(${what})${truth ? '' : '.not'}.${to}(${value})` },
  ];
  if (/^(toBe|toEqual|toStrictEqual)$/.test(matcher.text()) && others.length === 0 && only && isLength(subject))
    return only.is('number') || only.is('identifier')
      ? rewritten('toHaveLength', only.text(), subject.field('object')?.text() ?? '', !not)
      : null;
  const truth = truthOf(expectation);
  if (truth === null) return null;
  if (subject.is('binary_expression')) {
    const [left, right] = [subject.field('left'), subject.field('right')];
    const operator = subject.field('operator')?.text() ?? '';
    if (!left || !right || [left, right].some((one) => one.is('binary_expression') || one.text().includes('\n')))
      return null;
    if (operator === '===' && isLength(left) && right.is('number'))
      return rewritten('toHaveLength', right.text(), left.field('object')?.text() ?? '', truth);
    if (operator === '===') return rewritten('toBe', right.text(), left.text(), truth);
    if (operator === '!==') return rewritten('toBe', right.text(), left.text(), !truth);
    if (operator === 'instanceof') return rewritten('toBeInstanceOf', right.text(), left.text(), truth);
    const order = {
      '>': 'toBeGreaterThan',
      '>=': 'toBeGreaterThanOrEqual',
      '<': 'toBeLessThan',
      '<=': 'toBeLessThanOrEqual',
    };
    const word = order[operator as keyof typeof order];
    return word && truth && right.is('number') ? rewritten(word, right.text(), left.text(), true) : null;
  }
  const callee = subject.is('call_expression') ? subject.field('function') : null;
  const [value, ...more] = subject.is('call_expression') ? argumentsOf(subject) : [];
  const asked = callee?.is('member_expression') && callee.field('property')?.text() === 'includes' && callee;
  if (!asked || !value || more.length > 0 || callee.text().includes('?.') || subject.text().includes('\n')) return null;
  return rewritten('toContain', value.text(), asked.field('object')?.text() ?? '', truth);
}

function isLength(node: Node): boolean {
  return node.is('member_expression') && node.field('property')?.text() === 'length' && !node.text().includes('?.');
}

/** `assert(a === b, message)` of Node. */
export function ofAssert(call: Node, name: string): TextEdit[] | null {
  const callee = call.field('function');
  const [said] = argumentsOf(call);
  const operator = said?.is('binary_expression') ? (said.field('operator')?.text() ?? '') : '';
  const [left, right] = [said?.field('left'), said?.field('right')];
  if (!callee || !said || !left || !right || !/^[!=]==$/.test(operator)) return null;
  if (!(callee.text() === name || callee.text() === `${name}.ok`) || said.text().includes('\n')) return null;
  if ([left, right].some((one) => one.is('binary_expression'))) return null;
  const word = operator === '===' ? 'strictEqual' : 'notStrictEqual';
  return [
    { ...span(callee), text: `${name}.${word}` },
    { ...span(said), text: `${left.text()}, ${right.text()}` },
  ];
}
