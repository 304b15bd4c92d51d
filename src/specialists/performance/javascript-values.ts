/**
 * What a JavaScript expression is, as far as its syntax says. Rule: a name is followed only to a declaration that
 * nothing reassigns; what is not plainly an array or a text is unknown, and then nothing is edited.
 */
import { argumentsOf } from '../javascript-source.ts';
import type { Node, RuleContext } from '../rule.ts';
import type { SourceFile } from '../types.ts';

/** A declaration: its value and the type that TypeScript is told, if any. */
export interface Declaration {
  node: Node;
  value: Node | null;
  type: string | null;
  /** The block, function or file in which the name is known. */
  scope: Node;
}

const FUNCTION =
  /^(function_declaration|function_expression|arrow_function|method_definition|generator_function|generator_function_declaration)$/;
const BLOCK = /^(statement_block|program|switch_case|switch_default|class_static_block)$/;

export const isFunction = (node: Node): boolean => FUNCTION.test(String(node.kind()));

/** The only declaration that the name can mean, when nothing assigns it afterwards; else null. */
export function declarationOf(name: Node): Declaration | null {
  if (!name.is('identifier')) return null;
  const text = name.text();
  for (const scope of name.ancestors()) {
    if (BLOCK.test(String(scope.kind()))) {
      const found = declaredIn(scope, text);
      if (found === 'other') return null;
      if (found) return isReassigned(scope, text) ? null : { ...found, scope };
    } else if (isFunction(scope)) {
      const parameter = parameterOf(scope, text);
      if (parameter === 'untyped') return null;
      if (parameter) return isReassigned(scope, text) ? null : { node: scope, value: null, type: parameter, scope };
      if (scope.field('name')?.text() === text || hasVar(scope, text)) return null;
    } else if (/^(for_statement|for_in_statement|catch_clause)$/.test(String(scope.kind()))) {
      const head = scope.is('for_statement')
        ? scope.field('initializer')
        : (scope.field('left') ?? scope.field('parameter'));
      if (head && namesIn(head).includes(text)) return null;
    }
  }
  return null;
}

function declaredIn(
  block: Node,
  name: string,
): { node: Node; value: Node | null; type: string | null } | 'other' | null {
  for (const child of block.children()) {
    const statement = child.is('export_statement') ? (child.field('declaration') ?? child) : child;
    if (statement.is('import_statement') && namesIn(statement).includes(name)) return 'other';
    if (/^(function|class|generator_function|enum)_declaration$/.test(String(statement.kind())))
      if (statement.field('name')?.text() === name) return 'other';
    if (!/^(lexical|variable)_declaration$/.test(String(statement.kind()))) continue;
    for (const declarator of statement.children().filter((one) => one.is('variable_declarator'))) {
      const target = declarator.field('name');
      if (target?.is('identifier') && target.text() === name)
        return { node: declarator, value: declarator.field('value'), type: typeText(declarator.field('type')) };
      if (target && namesIn(target).includes(name)) return 'other';
    }
  }
  return null;
}

function parameterOf(scope: Node, name: string): string | null {
  const single = scope.field('parameter');
  if (single) return single.text() === name ? 'untyped' : null;
  for (const parameter of scope.field('parameters')?.children() ?? []) {
    const pattern = parameter.field('pattern') ?? parameter;
    if (!namesIn(pattern).includes(name)) continue;
    const typed =
      parameter.is('required_parameter') && pattern.is('identifier') ? typeText(parameter.field('type')) : null;
    return typed ?? 'untyped';
  }
  return null;
}

function typeText(annotation: Node | null): string | null {
  return annotation ? annotation.text().replace(/^:\s*/, '') : null;
}

function namesIn(node: Node): string[] {
  return node
    .findAll({ rule: { any: [{ kind: 'identifier' }, { kind: 'shorthand_property_identifier_pattern' }] } })
    .map((one) => one.text());
}

function hasVar(scope: Node, name: string): boolean {
  return scope
    .findAll({ rule: { kind: 'variable_declaration' } })
    .some((one) => one.children().some((declarator) => declarator.field('name')?.text() === name));
}

/** Is the name given another value anywhere below `scope`, or declared twice? */
function isReassigned(scope: Node, name: string): boolean {
  return usesOf(scope, name).some((node) => {
    const parent = node.parent();
    if (/^(assignment_expression|augmented_assignment_expression|for_in_statement)$/.test(String(parent?.kind())))
      return parent?.field('left')?.id() === node.id();
    return parent?.is('update_expression') || /_pattern$/.test(String(parent?.kind()));
  });
}

/** Every identifier of that name below `scope`. */
export function usesOf(scope: Node, name: string): Node[] {
  const regex = `^${name.replaceAll('$', '\\$')}$`;
  return scope.findAll({
    rule: {
      any: [
        { kind: 'identifier', regex },
        { kind: 'shorthand_property_identifier', regex },
      ],
    },
  });
}

/** Drops parentheses, casts and `!`. */
export function bare(node: Node): Node {
  const wrapped = /^(parenthesized_expression|as_expression|satisfies_expression|non_null_expression)$/;
  const inner = wrapped.test(String(node.kind())) ? node.namedChildren().find((child) => !child.is('comment')) : null;
  return inner ? bare(inner) : node;
}

/** `{object, method, args}` of a call on a member, without optional chaining; else null. */
export function methodCall(node: Node | null): { object: Node; method: string; args: Node[]; property: Node } | null {
  const callee = node?.is('call_expression') ? node.field('function') : null;
  const [object, property] = callee?.is('member_expression') ? [callee.field('object'), callee.field('property')] : [];
  if (!node || !object || !property?.is('property_identifier') || !node.field('arguments')?.is('arguments'))
    return null;
  if (callee?.children().some((child) => child.is('optional_chain'))) return null;
  return { object, method: property.text(), args: argumentsOf(node), property };
}

const ARRAY_TYPE = /^(readonly\s+)?[\w.]+(<[\w\s,.|'"]*>)?(\[\])+$|^(Readonly)?Array<[\s\S]*>$/;
const SAME_KIND = /^(map|filter|slice|concat|flat|flatMap|sort|reverse|toSorted|toReversed|splice|toSpliced)$/;

/** Is it certainly an array without holes? */
export function isArray(given: Node, depth = 0): boolean {
  const node = bare(given);
  if (depth > 4) return false;
  if (node.is('array')) return !/\[\s*,|,\s*,/.test(withoutTexts(node));
  if (node.is('await_expression')) {
    const awaited = methodCall(node.child(1));
    return awaited?.object.text() === 'Promise' && awaited.method === 'all';
  }
  const call = methodCall(node);
  if (call) return isArrayCall(call, depth);
  const declaration = declarationOf(node);
  if (!declaration) return false;
  const known = declaration.type
    ? ARRAY_TYPE.test(declaration.type)
    : !!declaration.value && isArray(declaration.value, depth + 1);
  return known && !usesOf(declaration.scope, node.text()).some(mayMakeHoles);
}

/**
 * May it be taken for an array without holes? Whoever filters by a function and takes an element by its index has an array;
 * a name that is given another value, or whose places are filled one by one, is not taken for one.
 */
export function mayBeArray(given: Node): boolean {
  const node = bare(given);
  if (node.is('array') || isArray(node)) return isArray(node);
  if (node.is('member_expression')) return !node.text().includes('?.');
  if (node.is('call_expression')) {
    const call = methodCall(node);
    return call && SAME_KIND.test(call.method) ? mayBeArray(call.object) : !/^(Array|Object)\b|^new /.test(node.text());
  }
  if (!node.is('identifier')) return false;
  const name = node.text();
  const declaration = declarationOf(node);
  if (declaration?.value && /^(array|new_expression)$/.test(String(bare(declaration.value).kind()))) return false;
  const owner = node.ancestors().find((scope) => isFunction(scope) && parameterOf(scope, name) !== null);
  const scope = declaration?.scope ?? owner;
  if (!scope || (!declaration && !isOwnParameter(owner, name))) return false;
  return !isReassigned(scope, name) && !usesOf(scope, name).some(mayMakeHoles);
}

/** Is the name a parameter of the function and declared nowhere inside it? */
function isOwnParameter(owner: Node | undefined, name: string): boolean {
  const declared = owner?.findAll({ rule: { kind: 'variable_declarator' } }) ?? [];
  return !!owner && !declared.some((one) => namesIn(one.field('name') ?? one).includes(name));
}

function isArrayCall({ object, method, args }: NonNullable<ReturnType<typeof methodCall>>, depth: number): boolean {
  const text = object.text();
  if (text === 'Object') return /^(keys|values|entries|getOwnPropertyNames)$/.test(method) && !declarationOf(object);
  if (text === 'Array') return method === 'from' || method === 'of';
  if (method === 'split')
    return args.length >= 1 && /^(string|regex)$/.test(String(args[0]?.kind())) && !/^(_|R|path)$/.test(text);
  return SAME_KIND.test(method) && isArray(object, depth + 1);
}

/** Is it a new array that nothing else holds? */
export function isFreshArray(given: Node): boolean {
  const node = bare(given);
  if (node.is('array') || node.is('await_expression')) return isArray(node);
  const call = methodCall(node);
  return !!call && !/^(sort|reverse)$/.test(call.method) && isArrayCall(call, 0);
}

function mayMakeHoles(node: Node): boolean {
  const parent = node.parent();
  if (parent?.is('subscript_expression')) {
    const above = parent.parent();
    return (
      !!above &&
      (/assignment|update/.test(String(above.kind()))
        ? above.field('left')?.id() !== undefined
        : above.text().startsWith('delete'))
    );
  }
  if (!parent?.is('member_expression') || parent.field('property')?.text() !== 'length') return false;
  return parent.parent()?.field('left')?.id() === parent.id() && /assignment/.test(String(parent.parent()?.kind()));
}

const TEXT_METHOD =
  /^(toLowerCase|toUpperCase|trim|trimStart|trimEnd|padStart|padEnd|toLocaleLowerCase|toLocaleUpperCase)$/;

/** Is it certainly a text? */
export function isText(given: Node, depth = 0): boolean {
  const node = bare(given);
  if (/^(string|template_string)$/.test(String(node.kind()))) return true;
  if (node.is('unary_expression')) return /^typeof\b/.test(node.text());
  if (node.is('call_expression') && node.field('function')?.text() === 'String') return true;
  if (TEXT_METHOD.test(methodCall(node)?.method ?? '')) return true;
  const declaration = depth < 4 ? declarationOf(node) : null;
  if (declaration?.type) return declaration.type === 'string';
  return !!declaration?.value && isText(declaration.value, depth + 1);
}

const PURE =
  /^(identifier|property_identifier|member_expression|binary_expression|unary_expression|parenthesized_expression|string|string_fragment|escape_sequence|number|true|false|null|undefined|this|arguments|call_expression|non_null_expression|comment)$/;
const PURE_METHODS = /^(startsWith|endsWith|includes|has)$/;

/** The parameter and body of an inline predicate that only reads and compares its element; else null. */
export function purePredicate(node: Node | undefined): { parameter: string; body: Node } | null {
  const body = node?.is('arrow_function') && !/^async\b/.test(node.text()) ? node.field('body') : null;
  const parameters = (node?.field('parameters')?.namedChildren() ?? []).filter((one) => !one.is('comment'));
  const single =
    node?.field('parameter') ?? (parameters.length === 1 ? (parameters[0]?.field('pattern') ?? parameters[0]) : null);
  if (!body || body.is('statement_block') || !single?.is('identifier')) return null;
  return isPure(body) ? { parameter: single.text(), body } : null;
}

function isPure(node: Node): boolean {
  const kind = String(node.kind());
  if (!PURE.test(kind)) return false;
  if (kind === 'unary_expression' && !/^(!|typeof\b|-)/.test(node.text())) return false;
  if (kind === 'binary_expression' && !/^([!=]==?|[<>]=?|&&|\|\||\?\?)$/.test(node.field('operator')?.text() ?? ''))
    return false;
  if (kind === 'call_expression' && !PURE_METHODS.test(methodCall(node)?.method ?? '')) return false;
  return node.children().every((child) => !child.isNamed() || isPure(child));
}

/** Does the file use the language of 2015, and does the repository support no older Node than `node`? */
export function isModern(file: SourceFile, context: RuleContext, node: number): boolean {
  const modern = file.language === 'typescript' || /\b(const|let)\s|=>|\bclass\s/.test(file.text);
  return modern && (context.options.conventions.oldestNode ?? 20) >= node;
}

function withoutTexts(node: Node): string {
  return node
    .text()
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, 'x');
}

/** Does the text between two offsets hold a comment? An edit must not lose one. */
export function holdsComment(node: Node): boolean {
  return node.find({ rule: { kind: 'comment' } }) !== null;
}
