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
      return FUNCTIONS.test(given.field('function')?.text() ?? '');
    case 'identifier': {
      if (isDeclaredAs(given, /^(number|boolean|bigint)$/)) return true;
      const written = writtenValue(given);
      return written.id() !== given.id() && depth > 0 && isNumeric(written, depth - 1);
    }
    default:
      return false;
  }
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
