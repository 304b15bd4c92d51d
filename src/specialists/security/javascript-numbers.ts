/**
 * Values that are numbers or truth values, whatever somebody sends. Rule: only what the language makes one (an arithmetic
 * operator, `Number`, `Math`), or what a plain parameter is declared as; a decorated one is filled from a request.
 */
import { writtenValue } from '../javascript-source.ts';
import type { Node } from '../rule.ts';

const FUNCTIONS =
  /^((Number\.)?(parseInt|parseFloat)|Number|Boolean|Math\.\w+|Date\.now|performance\.now|.*\.(toFixed|toPrecision|getTime|get(UTC)?(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)))$/s;
const OWNERS = /^(method_definition|function_declaration|arrow_function|function_expression|function)$/;

/** Can only a number, `NaN`, `true` or `false` stand here? */
export function isNumeric(given: Node, depth = 4): boolean {
  const inner = (name: string) => {
    const node = given.field(name);
    return !!node && depth > 0 && isNumeric(node, depth - 1);
  };
  switch (String(given.kind())) {
    case 'number':
    case 'true':
    case 'false':
    case 'update_expression':
      return true;
    case 'parenthesized_expression': {
      const node = given.child(1);
      return !!node && depth > 0 && isNumeric(node, depth - 1);
    }
    case 'unary_expression':
      return /^[-+~!]$/.test(given.field('operator')?.text() ?? '');
    case 'binary_expression': {
      const operator = given.field('operator')?.text() ?? '';
      return operator === '+' ? inner('left') && inner('right') : /^([-*/%]|\*\*|[=!]==?|[<>]=?)$/.test(operator);
    }
    case 'ternary_expression':
      return inner('consequence') && inner('alternative');
    case 'call_expression':
      return FUNCTIONS.test(given.field('function')?.text() ?? '') || isNumberAsText(given, depth);
    case 'identifier': {
      if (isDeclaredAs(given, /^(number|boolean|bigint)$/) || isPosition(given)) return true;
      const written = writtenValue(given);
      if (/^: *(number|bigint|boolean)$/.test(written.parent()?.field('type')?.text() ?? '')) return true;
      return written.id() !== given.id() && depth > 0 && isNumeric(written, depth - 1);
    }
    default:
      return false;
  }
}

/** `String(count)` and `count.toString()`. */
function isNumberAsText(call: Node, depth: number): boolean {
  const callee = call.field('function');
  const given = call.field('arguments')?.namedChildren() ?? [];
  const text = callee?.text() === 'String' && given.length === 1 ? given[0] : null;
  const object = callee?.field('property')?.text() === 'toString' ? callee.field('object') : null;
  const value = text ?? object;
  return !!value && depth > 0 && isNumeric(value, depth - 1);
}

/** `index` of `forEach((item, index) => …)` and its like; the second of a Map is called otherwise. */
function isPosition(name: Node): boolean {
  if (!/^(i|idx|index)$/.test(name.text())) return false;
  const owner = name
    .ancestors()
    .find((above) => new RegExp(`\\b${name.text()}\\b`).test(above.field('parameters')?.text() ?? ''));
  const callee = owner?.parent()?.parent()?.field('function')?.field('property')?.text() ?? '';
  return (
    /^(map|flatMap|forEach|filter|some|every)$/.test(callee) &&
    owner?.field('parameters')?.namedChildren()[1]?.text() === name.text()
  );
}

/** A parameter of the nearest function that has one of this name, with a type that is written out. */
export function isDeclaredAs(name: Node, type: RegExp): boolean {
  const start = new RegExp(`^${name.text().replace(/\$/g, '\\$&')}\\b`);
  for (const owner of name.ancestors().filter((above) => OWNERS.test(String(above.kind())))) {
    const parameters = owner.field('parameters')?.children() ?? [];
    const own = parameters.find((one) => start.test(one.text()));
    if (own) return type.test(/^[\w$]+\?? *: *([\s\S]*)$/.exec(own.text())?.[1]?.trim() ?? '');
    if (owner.field('parameter')?.text() === name.text()) return false;
  }
  return false;
}
