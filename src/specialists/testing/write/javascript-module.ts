/**
 * Which functions of a JavaScript or TypeScript module only compute. Rule: every name that such a function reads is its own,
 * a constant, a part of the language that asks nobody, or another such function; and loading the module only defines.
 */
import { bindingsOf } from '../../javascript-source.ts';
import type { Node } from '../../rule.ts';
import { nodesOf, wholeText } from '../../structural.ts';

const GLOBALS = new Set(
  (
    'Math Number String Boolean Array Object JSON parseInt parseFloat isNaN isFinite Map Set RegExp BigInt undefined NaN ' +
    'Infinity encodeURIComponent decodeURIComponent encodeURI decodeURI URL URLSearchParams structuredClone atob btoa ' +
    'Error TypeError RangeError SyntaxError ReferenceError EvalError URIError Symbol Uint8Array Int8Array Uint16Array ' +
    'Int16Array Uint32Array Int32Array Float32Array Float64Array ArrayBuffer DataView TextEncoder TextDecoder'
  ).split(' '),
);
const MODULES = /^(path\/posix|querystring|url|punycode)$/;
const OPAQUE =
  /\b(this|await|yield|async|eval|arguments|console|process|import|super|Math\.random|Intl|toLocale\w+|localeCompare|Date|document|window|globalThis)\b|\.(write|emit|send|log)\(/;

export interface ScriptFunction {
  name: string;
  /** The function itself, without its declaration. */
  node: Node;
  /** The whole statement. */
  statement: Node;
}

export interface ScriptModule {
  root: Node;
  functions: ReadonlyMap<string, ScriptFunction>;
  /** Names that the module gives away, and how. */
  exported: ReadonlyMap<string, 'name' | 'default'>;
  constants: ReadonlySet<string>;
  /** Texts of types, by name. */
  types: ReadonlyMap<string, string>;
  pureImports: ReadonlySet<string>;
}

/** Reads what stands at the top; null where loading it does more than define. */
export function readScript(root: Node): ScriptModule | null {
  const functions = new Map<string, ScriptFunction>();
  const exported = new Map<string, 'name' | 'default'>();
  const constants = new Set<string>();
  const types = new Map<string, string>();
  for (const statement of root.namedChildren()) {
    const inner = statement.is('export_statement')
      ? (statement.field('declaration') ?? statement.field('value'))
      : statement;
    if (!onlyDefines(inner ?? statement)) return null;
    const gives = statement.is('export_statement');
    const isDefault = gives && /^export\s+default\b/.test(statement.text());
    for (const one of functionsIn(inner, statement)) {
      functions.set(one.name, one);
      if (gives) exported.set(one.name, isDefault ? 'default' : 'name');
    }
    if (isDefault && inner?.is('identifier')) exported.set(inner.text(), 'default');
    for (const specifier of gives ? nodesOf(statement, 'export_specifier') : [])
      if (!specifier.field('alias')) exported.set(specifier.field('name')?.text() ?? '', 'name');
    for (const name of constantsIn(inner, root)) constants.add(name);
    if (inner?.is('type_alias_declaration'))
      types.set(inner.field('name')?.text() ?? '', inner.field('value')?.text() ?? '');
    if (inner?.is('interface_declaration') && !inner.text().includes(' extends '))
      types.set(inner.field('name')?.text() ?? '', inner.field('body')?.text() ?? '');
    for (const [name, how] of commonExports(inner, functions, statement)) exported.set(name, how);
  }
  const imports = [...bindingsOf(root)].filter(([, { module }]) => MODULES.test(module)).map(([name]) => name);
  return { root, functions, exported, constants, types, pureImports: new Set(imports) };
}

function onlyDefines(node: Node): boolean {
  if (node.is('expression_statement')) {
    const inner = node.child(0);
    const left = inner?.is('assignment_expression') ? (inner.field('left')?.text() ?? '') : '';
    return (
      inner?.is('string') === true ||
      /^(module\.)?exports\b/.test(left) ||
      /^Object\.defineProperty\(exports/.test(node.text())
    );
  }
  return !/^(if_statement|for_statement|for_in_statement|while_statement|do_statement|try_statement|switch_statement|throw_statement|labeled_statement)$/.test(
    String(node.kind()),
  );
}

const FUNCTION = /^(arrow_function|function_expression|function_declaration)$/;

function functionsIn(inner: Node | null | undefined, statement: Node): ScriptFunction[] {
  if (!inner) return [];
  if (inner.is('function_declaration')) return [{ name: inner.field('name')?.text() ?? '', node: inner, statement }];
  if (!inner.is('lexical_declaration') || !inner.text().startsWith('const')) return [];
  return nodesOf(inner, 'variable_declarator').flatMap((one) => {
    const [name, value] = [one.field('name'), one.field('value')];
    const atTop = one.parent()?.id() === inner.id();
    return atTop && name?.is('identifier') && value && FUNCTION.test(String(value.kind()))
      ? [{ name: name.text(), node: value, statement }]
      : [];
  });
}

/** `exports.f = function () {}`, `exports.f = f`, `module.exports = { f, g }`, `module.exports = f`. */
function commonExports(
  inner: Node | null | undefined,
  functions: Map<string, ScriptFunction>,
  statement: Node,
): Array<[string, 'name' | 'default']> {
  const assignment = inner?.is('expression_statement') ? inner.child(0) : null;
  const [left, right] = [assignment?.field('left')?.text() ?? '', assignment?.field('right')];
  if (!assignment?.is('assignment_expression') || !right) return [];
  const name = /^(?:module\.)?exports\.([\w$]+)$/.exec(left)?.[1];
  if (name !== undefined) {
    if (FUNCTION.test(String(right.kind()))) functions.set(name, { name, node: right, statement });
    else if (right.text() !== name) return [];
    return [[name, 'name']];
  }
  if (left !== 'module.exports') return [];
  if (right.is('identifier')) return [[right.text(), 'default']];
  const shorthand = right.is('object')
    ? right.namedChildren().filter((one) => one.is('shorthand_property_identifier'))
    : [];
  return shorthand.map((one) => [one.text(), 'name']);
}

/** Constants whose value is written down, and that nothing changes. */
function constantsIn(inner: Node | null | undefined, root: Node): string[] {
  if (!inner?.is('lexical_declaration') || !inner.text().startsWith('const')) return [];
  return inner.namedChildren().flatMap((one) => {
    const [name, value] = [one.field('name'), one.field('value')];
    if (!one.is('variable_declarator') || !name?.is('identifier') || !value || FUNCTION.test(String(value.kind())))
      return [];
    const calls = [...nodesOf(value, 'call_expression'), ...(value.is('call_expression') ? [value] : [])];
    const made = calls.every((call) =>
      /^(Object\.(freeze|fromEntries|entries|keys|values)|RegExp|String\.raw|Math\.(pow|log2?|sqrt|PI)|.*\.(map|split|join|toLowerCase|toUpperCase|concat|sort))$/.test(
        call.field('function')?.text() ?? '',
      ),
    );
    const asks = nodesOf(value, 'identifier').some((word) =>
      /^(process|Date|window|document|navigator|require|globalThis)$/.test(word.text()),
    );
    const text = name.text().replaceAll('$', '\\$');
    const changed = new RegExp(
      `(?<![\\w.$])${text}(\\.(push|pop|shift|unshift|splice|set|add|delete|clear|sort|reverse|fill)\\(|(\\.\\w+|\\[[^\\]\\n]*\\])\\s*[-+*/|]?=[^=])`,
    ).test(wholeText(root));
    // A pattern with a memory answers another way the second time.
    const remembers =
      /^\/.*\/[a-z]*[gy]/s.test(value.text()) && new RegExp(`${text}\\.(test|exec)\\(`).test(wholeText(root));
    return made && !asks && !changed && !remembers ? [name.text()] : [];
  });
}

/** Does the function only compute, together with all that it calls? */
export function isPureScript(
  own: ScriptFunction,
  module: ScriptModule,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (seen.has(own.name)) return true;
  const { node } = own;
  if (OPAQUE.test(withoutTexts(node)) || /^(export\s+(default\s+)?)?async\b|^function\s*\*/.test(node.text()))
    return false;
  const bound = boundIn(node);
  const given = new Set(namesIn(node.field('parameters') ?? node.field('parameter')));
  if (assigns(node, bound, given)) return false;
  const read = [...nodesOf(node, 'identifier'), ...nodesOf(node, 'shorthand_property_identifier')];
  return read.every((one) => {
    const word = one.text();
    if (bound.has(word) || word === own.name || GLOBALS.has(word)) return true;
    const sibling = module.functions.get(word);
    if (sibling) return isPureScript(sibling, module, new Set([...seen, own.name]));
    return module.constants.has(word) || module.pureImports.has(word);
  });
}

function withoutTexts(node: Node): string {
  const parts = ['string', 'comment', 'regex', 'string_fragment']
    .flatMap((kind) => nodesOf(node, kind))
    .map((one) => one.text());
  return parts.reduce((text, one) => text.replace(one, ''), node.text());
}

function boundIn(node: Node): Set<string> {
  const names = new Set<string>();
  const add = (one: Node | null) => {
    for (const name of namesIn(one)) names.add(name);
  };
  for (const kind of ['arrow_function', 'function_expression', 'function_declaration'])
    for (const one of [node, ...nodesOf(node, kind)]) {
      add(one.field('parameters'));
      add(one.field('parameter'));
      const name = one.field('name');
      if (name && one.id() !== node.id()) names.add(name.text());
    }
  for (const one of nodesOf(node, 'variable_declarator')) add(one.field('name'));
  for (const one of nodesOf(node, 'catch_clause')) add(one.field('parameter'));
  for (const one of nodesOf(node, 'for_in_statement')) add(one.field('left'));
  return names;
}

/** Names that a pattern binds; defaults are values. */
function namesIn(pattern: Node | null): string[] {
  if (!pattern) return [];
  if (/^(identifier|shorthand_property_identifier_pattern)$/.test(String(pattern.kind()))) return [pattern.text()];
  if (/^(assignment_pattern|object_assignment_pattern)$/.test(String(pattern.kind())))
    return namesIn(pattern.field('left'));
  if (/^(required|optional)_parameter$/.test(String(pattern.kind()))) return namesIn(pattern.field('pattern'));
  if (pattern.is('pair_pattern')) return namesIn(pattern.field('value'));
  return /^(formal_parameters|object_pattern|array_pattern|rest_pattern)$/.test(String(pattern.kind()))
    ? pattern.namedChildren().flatMap(namesIn)
    : [];
}

/** Changes a part of what it is given, or of what is not its own. */
function assigns(node: Node, bound: ReadonlySet<string>, given: ReadonlySet<string>): boolean {
  const targets = [
    ...nodesOf(node, 'assignment_expression').map((one) => one.field('left')),
    ...nodesOf(node, 'augmented_assignment_expression').map((one) => one.field('left')),
    ...nodesOf(node, 'update_expression').map((one) => one.field('argument')),
    ...nodesOf(node, 'unary_expression')
      .filter((one) => one.text().startsWith('delete'))
      .map((one) => one.field('argument')),
  ];
  return targets.some((target) => {
    const root = /^[\w$]+/.exec(target?.text() ?? '')?.[0] ?? '';
    const isPart = /^(member_expression|subscript_expression)$/.test(String(target?.kind()));
    return !bound.has(root) || (isPart && given.has(root));
  });
}
