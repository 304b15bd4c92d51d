/**
 * What rules ask about JavaScript and TypeScript trees: imports, calls, literals. Rule: a name is resolved only through
 * the file's own imports; whatever cannot be resolved is unknown, and unknown is never judged.
 */
import type { Node } from './rule.ts';
import { nodesOf } from './structural.ts';

export const SCRIPT = ['javascript', 'typescript'] as const;

/** What a local name stands for: `module` without `node:`, `name` is `*` for the module as a whole. */
export interface Binding {
  module: string;
  name: string;
}

/** Local name → where it comes from, by `import` and by `require` with a literal. */
export function bindingsOf(root: Node): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const statement of nodesOf(root, 'import_statement')) {
    const module = moduleName(statement.field('source'));
    const clause = statement.children().find((child) => child.is('import_clause'));
    for (const part of module === null ? [] : (clause?.children() ?? [])) bindClause(part, module ?? '', bindings);
  }
  for (const declarator of nodesOf(root, 'variable_declarator')) {
    const [target, value] = [declarator.field('name'), declarator.field('value')];
    const required = value && target ? requiredBy(value) : null;
    if (!required || !target) continue;
    if (target.is('identifier')) bindings.set(target.text(), required);
    if (target.is('object_pattern') && required.name === '*') bindPattern(target, required.module, bindings);
  }
  return bindings;
}

function bindClause(part: Node, module: string, bindings: Map<string, Binding>): void {
  if (part.is('identifier')) bindings.set(part.text(), { module, name: '*' });
  const namespace = part.is('namespace_import') ? part.children().at(-1) : undefined;
  if (namespace) bindings.set(namespace.text(), { module, name: '*' });
  for (const specifier of part.is('named_imports') ? part.children() : []) {
    const name = specifier.is('import_specifier') ? specifier.field('name')?.text() : undefined;
    if (name) bindings.set(specifier.field('alias')?.text() ?? name, { module, name });
  }
}

function bindPattern(pattern: Node, module: string, bindings: Map<string, Binding>): void {
  for (const part of pattern.children()) {
    if (part.is('shorthand_property_identifier_pattern')) bindings.set(part.text(), { module, name: part.text() });
    const [key, value] = part.is('pair_pattern') ? [part.field('key'), part.field('value')] : [];
    if (key && value?.is('identifier')) bindings.set(value.text(), { module, name: key.text() });
  }
}

/** `require('m')`, `await import('m')` and `require('m').name`. */
function requiredBy(value: Node): Binding | null {
  if (value.is('await_expression')) return requiredBy(value.child(1) ?? value);
  if (value.is('member_expression')) {
    const whole = requiredBy(value.field('object') ?? value);
    return whole?.name === '*' ? { module: whole.module, name: value.field('property')?.text() ?? '' } : null;
  }
  if (!value.is('call_expression') || !/^(require|import)$/.test(value.field('function')?.text() ?? '')) return null;
  const module = moduleName(argumentsOf(value)[0] ?? null);
  return module === null ? null : { module, name: '*' };
}

function moduleName(source: Node | null): string | null {
  return literalText(source)?.replace(/^node:/, '') ?? null;
}

export interface Call {
  node: Node;
  callee: Node;
  args: Node[];
  /** Last name of the callee: `query` of `pool.query`. */
  method: string;
  /** What is before the last dot, or null. */
  receiver: Node | null;
  /** `child_process.exec` when the callee comes from an import, else null. */
  imported: string | null;
}

/** Every call whose callee is a name or a chain of names, in text order. */
export function callsOf(root: Node, bindings: Map<string, Binding>): Call[] {
  return nodesOf(root, 'call_expression').flatMap((node): Call[] => {
    const callee = node.field('function');
    if (!callee || !node.field('arguments')?.is('arguments')) return [];
    const member = callee.is('member_expression');
    if (!member && !callee.is('identifier')) return [];
    const receiver = member ? callee.field('object') : null;
    const method = (member ? callee.field('property')?.text() : callee.text()) ?? '';
    return [{ node, callee, args: argumentsOf(node), method, receiver, imported: origin(callee, bindings) }];
  });
}

function origin(callee: Node, bindings: Map<string, Binding>): string | null {
  if (callee.is('identifier')) {
    const binding = bindings.get(callee.text());
    return binding ? `${binding.module}.${binding.name === '*' ? 'default' : binding.name}` : null;
  }
  const object = callee.field('object');
  const binding = object?.is('identifier') ? bindings.get(object.text()) : requiredBy(object ?? callee);
  if (!binding) return null;
  const path = binding.name === '*' ? binding.module : `${binding.module}.${binding.name}`;
  return `${path}.${callee.field('property')?.text() ?? ''}`;
}

/** Arguments of a call or of `new`, without punctuation and comments. */
export function argumentsOf(node: Node): Node[] {
  const list = node.field('arguments');
  return (list?.namedChildren() ?? []).filter((child) => !child.is('comment'));
}

/** Value of a string or of a template without substitutions; null for anything else and for escapes. */
export function literalText(node: Node | null): string | null {
  if (!node || !(node.is('string') || node.is('template_string'))) return null;
  const text = node.text().slice(1, -1);
  return text.includes('\\') || (node.is('template_string') && text.includes('${')) ? null : text;
}

/** Is the value written in the source: a string, number, or template or concatenation of such? */
export function isLiteral(node: Node): boolean {
  if (/^(string|number|true|false|null|undefined|regex)$/.test(String(node.kind()))) return true;
  const pieces = piecesOf(node);
  return pieces.length > 0 && pieces.every((piece) => piece.text !== null);
}

/** A text as it is put together: `text` for what is written, `node` for what is put in. */
export type Piece = { text: string; node: Node } | { text: null; node: Node };

/** The pieces of a template or of a concatenation that contains a string; empty for other nodes. */
export function piecesOf(node: Node): Piece[] {
  if (node.is('parenthesized_expression')) return piecesOf(node.child(1) ?? node);
  if (node.is('string')) return [{ text: node.text().slice(1, -1), node }];
  if (node.is('template_string')) {
    return node.children().flatMap((part): Piece[] => {
      if (part.is('template_substitution')) return [{ text: null, node: part.child(1) ?? part }];
      return part.isNamed() ? [{ text: part.text(), node: part }] : [];
    });
  }
  if (!node.is('binary_expression') || node.field('operator')?.text() !== '+') return [];
  const sides = [node.field('left'), node.field('right')].map((side) => {
    const pieces = side ? piecesOf(side) : [];
    return pieces.length > 0 || !side ? pieces : [{ text: null, node: side }];
  });
  const pieces = sides.flat();
  return pieces.some((piece) => piece.text !== null) ? pieces : [];
}

/** Is it a function that is written where it is handed over? */
export function isCallback(node: Node): boolean {
  return /^(arrow_function|function_expression|function)$/.test(String(node.kind()));
}

/** The pair of an object literal with this plain or quoted key. */
export function pairOf(object: Node | undefined | null, key: string): Node | null {
  if (!object?.is('object')) return null;
  return object.children().find((child) => child.is('pair') && keyOf(child) === key) ?? null;
}

/** Key of a pair without quotes; null when it is computed. */
export function keyOf(pair: Node): string | null {
  const key = pair.field('key');
  if (!key || key.is('computed_property_name')) return null;
  return key.is('string') ? literalText(key) : key.text();
}

/** The value of a name that is declared once in the function around `node` and nowhere assigned; else `node` itself. */
export function writtenValue(node: Node): Node {
  if (!node.is('identifier')) return node;
  const functions = /^(program|function_declaration|function_expression|arrow_function|method_definition)$/;
  const scope = node.ancestors().find((above) => functions.test(String(above.kind())));
  const named = (kind: string, field: string) =>
    scope ? nodesOf(scope, kind).filter((found) => found.field(field)?.text() === node.text()) : [];
  const declared = named('variable_declarator', 'name');
  const assigned = [...named('assignment_expression', 'left'), ...named('augmented_assignment_expression', 'left')];
  const value = declared.length === 1 && assigned.length === 0 ? declared[0]?.field('value') : null;
  return value ?? node;
}

/** Does the value depend on a condition: a branch, a ternary, `&&`, `||`, a default? Then somebody chose it. */
export function isConditional(node: Node): boolean {
  const kinds = ['if_statement', 'ternary_expression', 'switch_case', 'assignment_pattern', 'catch_clause'];
  return node.ancestors().some((above) => {
    if (kinds.includes(String(above.kind()))) return true;
    return above.is('binary_expression') && /^(&&|\|\||\?\?)$/.test(above.field('operator')?.text() ?? '');
  });
}

/** Paths that say themselves that they are for development, demonstration or documentation. */
export const FOR_DEVELOPMENT =
  /(^|[/_.-])(dev|devel|development|local|debug|tests?|testing|demos?|examples?|samples?|docs?|benchmarks?|perf|mocks?|stories)([/_.-]|$)/i;
