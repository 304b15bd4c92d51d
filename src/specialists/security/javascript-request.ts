/**
 * What a request brings in JavaScript. Rule: followed through names that are declared once around the place, no further;
 * whatever cannot be followed is unknown, and unknown is never judged.
 */
import { writtenValue } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import { nodesOf } from '../structural.ts';

const FIELDS = 'query|params|body|cookies';
const DIRECT = new RegExp(
  `^(this\\.)?(req|request|ctx|ctx\\.request|context\\.req|c\\.req)(\\.(${FIELDS})|\\.nextUrl\\.searchParams)(\\??\\.\\w+|\\??\\.(get|toString|trim|toLowerCase)\\([^()]*\\)|\\[[^\\]]+\\])*$`,
);
const ASKED =
  /^(await )?(ctx|c|context)\.req\.(query|param|json|parseBody)\(|^(\w+\.)*searchParams\.get\(|^\(?await (req|request)\.(json|formData)\(\)\)?|^event\.(queryStringParameters|pathParameters)\b/;
const FUNCTIONS = /^(program|function_declaration|function_expression|arrow_function|method_definition)$/;

/**
 * Does the value come straight from the request, by itself or through a name? Parameters of a path count unless left out;
 * `text` looks through `String(…)` as well, which takes operators away and markup not.
 */
export function isAsked(
  value: Node,
  { params = true, text: asText = false }: { params?: boolean; text?: boolean } = {},
  depth = 3,
): boolean {
  const node = asText ? textOf(bare(value)) : bare(value);
  const text = node.text();
  if (DIRECT.test(text) || ASKED.test(text)) return params || !/^[\w.]*\.params\b|\.param\(/.test(text);
  if (depth === 0) return false;
  if (node.is('member_expression') || node.is('subscript_expression')) {
    const object = node.field('object');
    return !!object && isAsked(object, { params, text: asText }, depth - 1);
  }
  if (!node.is('identifier')) return false;
  const written = writtenValue(node);
  if (written.id() !== node.id()) return isAsked(written, { params, text: asText }, depth - 1);
  const source = takenApart(node);
  return source !== null ? isAsked(source, { params, text: asText }, depth - 1) : isDecorated(node, params);
}

/** `@Query('to') to: string` of a controller of Nest; an object with a class of its own may have been checked by it. */
function isDecorated(name: Node, params: boolean): boolean {
  const owner = name.ancestors().find((above) => FUNCTIONS.test(String(above.kind())));
  const parameter = (owner?.field('parameters')?.children() ?? []).find(
    (one) => one.field('pattern')?.text() === name.text(),
  );
  const decorator = /^@(Query|Body|Headers|Param)\(\s*(['"`][\w.-]+['"`])?\s*\)/.exec(parameter?.text() ?? '')?.[1];
  const type = parameter?.field('type')?.text() ?? '';
  return !!decorator && (params || decorator !== 'Param') && /^$|:\s*(string|any|unknown)\b/.test(type);
}

/** `{ name }`, where the name was taken out of the body or the query of the request. */
export function isAskedName(name: Node): boolean {
  const source = takenApart(name);
  return source !== null && isAsked(source, { params: false });
}

/** `value` of `String(value)`, `value.toString()` and `decodeURIComponent(value)`. */
function textOf(node: Node): Node {
  const callee = node.is('call_expression') ? (node.field('function')?.text() ?? '') : '';
  const [given] = /^(String|decodeURIComponent)$/.test(callee) ? (node.field('arguments')?.namedChildren() ?? []) : [];
  return given ? bare(given) : node;
}

/** Without `as string`, `!`, parentheses, `await` and a default for nothing. */
function bare(node: Node): Node {
  const kind = String(node.kind());
  if (/^(as_expression|non_null_expression|parenthesized_expression|satisfies_expression)$/.test(kind))
    return bare(node.child(0)?.text() === '(' ? (node.child(1) ?? node) : (node.child(0) ?? node));
  const operator = node.field('operator')?.text() ?? '';
  if (node.is('binary_expression') && /^(\|\||\?\?)$/.test(operator)) return bare(node.field('left') ?? node);
  return node;
}

/** `const { name } = source`: the source of a name that is declared once around. */
function takenApart(name: Node): Node | null {
  const scopes = name.ancestors().filter((above) => FUNCTIONS.test(String(above.kind())));
  for (const scope of scopes) {
    const own = nodesOf(scope, 'variable_declarator').filter((one) => scopeOf(one)?.id() === scope.id());
    if (own.some((one) => one.field('name')?.text() === name.text())) return null;
    const found = own.filter((declarator) => {
      const pattern = declarator.field('name');
      return pattern?.is('object_pattern') && patternNames(pattern).includes(name.text());
    });
    if (found.length === 1) return found[0]?.field('value') ?? null;
    if (found.length > 1) return null;
  }
  return null;
}

const scopeOf = (node: Node) => node.ancestors().find((above) => FUNCTIONS.test(String(above.kind())));

function patternNames(pattern: Node): string[] {
  return pattern.children().flatMap((part) => {
    if (part.is('shorthand_property_identifier_pattern')) return [part.text()];
    if (part.is('object_assignment_pattern')) return [part.field('left')?.text() ?? ''];
    return part.is('pair_pattern') ? [part.field('value')?.text() ?? ''] : [];
  });
}

/** The text of the innermost function around, or of the file. */
export function functionText(node: Node): string {
  const scope = node.ancestors().find((above) => FUNCTIONS.test(String(above.kind())));
  return scope?.text() ?? '';
}
