/** What a request brings. Rule: only the usual names of the well-known frameworks; anything else is unknown. */
import { originOf } from '../python-flow.ts';
import type { Imports } from '../python-source.ts';
import type { Node } from '../rule.ts';
import { enclosing } from '../structural.ts';

/** Values that whoever sends the request chooses. */
export const REQUEST =
  /\b(self\.|cls\.|flask\.)?request\.(args|form|values|files|json|data|cookies|GET|POST|FILES|COOKIES|query|params|query_params|path_params|match_info|get_json|get_data|body|rel_url|query_string)\b|\bself\.get_(query_|body_)?argument\(/;

/** A value as the request brought it: `request.args["a"]`, `request.json.get("a", "")`, `self.get_argument("a")`. */
const WHOLE = new RegExp(
  `^(await )?(${REQUEST.source})(\\([^()]*\\))?(\\.get\\([^()]*\\)|\\.getlist\\([^()]*\\)|\\[[^\\]]+\\]|\\.\\w+)*(\\([^()]*\\))?$`,
);

/** Is the value just what the request brought, by itself, through names, or as a parameter of a FastAPI handler? */
export function isAsked(value: Node, imports: Imports, depth = 3): boolean {
  const node = value.is('parenthesized_expression') ? (value.namedChildren()[0] ?? value) : value;
  if (WHOLE.test(node.text())) return true;
  if (node.is('boolean_operator') && node.field('operator')?.text() === 'or') {
    const left = node.field('left');
    return !!left && isAsked(left, imports, depth);
  }
  const holder = partOf(node);
  if (holder && depth > 0) return isAsked(holder, imports, depth - 1);
  if (!node.is('identifier')) return false;
  const origin = originOf(node);
  if (origin) return depth > 0 && origin.how === 'whole' && isAsked(origin.value, imports, depth - 1);
  return isHandlerParameter(node, imports);
}

/** `payload` of `payload["url"]` and `payload.get("url")`. */
function partOf(node: Node): Node | null {
  const object = node.is('subscript')
    ? node.field('value')
    : node.is('call') && node.field('function')?.field('attribute')?.text() === 'get'
      ? (node.field('function')?.field('object') ?? null)
      : null;
  return object?.is('identifier') && originOf(object)?.how === 'whole' ? object : null;
}

/** `def handler(url: str)` below `@router.get(…)`, in a file that imports FastAPI. */
function isHandlerParameter(name: Node, imports: Imports): boolean {
  const handler = enclosing(name, ['function_definition']);
  if (!handler || ![...imports.values()].some((module) => /^fastapi\b/.test(module))) return false;
  const decorated = handler.parent()?.is('decorated_definition') ? handler.parent()?.text() : '';
  if (!/^@\w+\.(get|post|put|patch|delete|route|api_route)\(/.test(decorated ?? '')) return false;
  const parameters = handler.field('parameters')?.namedChildren() ?? [];
  return parameters.some((parameter) => {
    const own = parameter.is('identifier') ? parameter.text() : (parameter.field('name') ?? parameter.child(0))?.text();
    const type = parameter.field('type')?.text() ?? 'str';
    const given = parameter.field('value')?.text() ?? '';
    return own === name.text() && /\bstr\b/.test(type) && !/Depends\(|Security\(/.test(given);
  });
}

/** The text of the function around, or of the file. */
export function functionText(node: Node): string {
  return enclosing(node, ['function_definition', 'module'])?.text() ?? '';
}
