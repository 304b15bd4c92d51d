/**
 * What a Python expression is, as far as its syntax says. Rule: a name has a kind only when every binding of it that
 * could be meant has the same one; whatever is not plainly written has none, and then nothing is edited.
 */
import { boundNames } from '../python-source.ts';
import type { Node, RuleContext } from '../rule.ts';
import { enclosing } from '../structural.ts';
import { mayBePython2 } from '../style/ruff-rule.ts';
import type { SourceFile } from '../types.ts';

export type Kind = 'list' | 'dict' | 'set' | 'tuple' | 'str' | 'int' | 'range' | 'iterator';

export interface PythonValues {
  root: Node;
  /** Kind of an expression, or null. */
  kindOf(node: Node | null): Kind | null;
  /** Is `name` the builtin of that name in this file? */
  isBuiltin(name: string): boolean;
}

const BY_SYNTAX: Readonly<Record<string, Kind>> = {
  list: 'list',
  list_comprehension: 'list',
  dictionary: 'dict',
  dictionary_comprehension: 'dict',
  set: 'set',
  set_comprehension: 'set',
  tuple: 'tuple',
  string: 'str',
  concatenated_string: 'str',
  integer: 'int',
};
const BY_BUILTIN: Readonly<Record<string, Kind>> = {
  ...{ list: 'list', sorted: 'list', dir: 'list', dict: 'dict', set: 'set', frozenset: 'set', tuple: 'tuple' },
  ...{ str: 'str', repr: 'str', chr: 'str', ascii: 'str', hex: 'str', len: 'int', ord: 'int', range: 'range' },
  ...{ zip: 'iterator', enumerate: 'iterator', map: 'iterator', filter: 'iterator', reversed: 'iterator' },
};
/** Methods that only str (and bytes, which behaves alike here) has, and what they return. */
const BY_METHOD: Readonly<Record<string, Kind>> = {
  ...{ lower: 'str', upper: 'str', casefold: 'str', strip: 'str', lstrip: 'str', rstrip: 'str', capitalize: 'str' },
  ...{ splitlines: 'list', rsplit: 'list', removeprefix: 'str', removesuffix: 'str', swapcase: 'str', zfill: 'str' },
};
const BY_ANNOTATION: ReadonlyArray<readonly [RegExp, Kind]> = [
  [/^(typing\.)?(list|List)(\[[\s\S]*\])?$/, 'list'],
  [/^(typing\.)?(dict|Dict|DefaultDict)(\[[\s\S]*\])?$/, 'dict'],
  [/^(typing\.)?(set|Set|frozenset|FrozenSet)(\[[\s\S]*\])?$/, 'set'],
  [/^(typing\.)?(tuple|Tuple)(\[[\s\S]*\])?$/, 'tuple'],
  [/^str$/, 'str'],
  [/^int$/, 'int'],
];
const SCOPES = ['function_definition', 'lambda', 'module'];

/** Reads the context's file once for all rules. */
export function readValues(context: RuleContext): Promise<PythonValues> {
  return context.perFile('python values', async () => {
    const root = await context.tree();
    const bound = boundNames(root);
    const isBuiltin = (name: string) => !bound.has(name);
    return { root, isBuiltin, kindOf: (node) => kindOf(node, isBuiltin, 0) };
  });
}

function kindOf(node: Node | null, isBuiltin: (name: string) => boolean, depth: number): Kind | null {
  if (!node || depth > 4) return null;
  const syntax = BY_SYNTAX[String(node.kind())];
  if (syntax) return /^[a-zA-Z]*[bB]/.test(node.text()) && syntax === 'str' ? null : syntax;
  if (node.is('parenthesized_expression')) return kindOf(node.namedChildren()[0] ?? null, isBuiltin, depth + 1);
  if (node.is('call')) return kindOfCall(node, isBuiltin);
  if (!node.is('identifier')) return null;
  for (let scope = enclosing(node, SCOPES); scope; scope = enclosing(scope, SCOPES)) {
    const bindings = bindingsIn(scope, node.text());
    if (bindings.length === 0) continue;
    const kinds = new Set(
      bindings.map((binding) =>
        typeof binding === 'string' ? binding : binding ? kindOf(binding, isBuiltin, depth + 1) : null,
      ),
    );
    return kinds.size === 1 ? ([...kinds][0] ?? null) : null;
  }
  return null;
}

function kindOfCall(node: Node, isBuiltin: (name: string) => boolean): Kind | null {
  const callee = node.field('function');
  if (callee?.is('identifier') && isBuiltin(callee.text())) return BY_BUILTIN[callee.text()] ?? null;
  const method = callee?.is('attribute') ? (callee.field('attribute')?.text() ?? '') : '';
  const texts = callee?.field('object')?.text() ?? '';
  // Tables of data have `.str.lower()`, which is a column and not a text.
  return /\.str$/.test(texts) ? null : (BY_METHOD[method] ?? null);
}

/** What `name` is bound to in a scope: a value, a kind that an annotation says, or null for what is not known. */
function bindingsIn(scope: Node, name: string): Array<Node | Kind | null> {
  return mentions(scope, name).flatMap((node): Array<Node | Kind | null> => {
    const parent = node.parent();
    const kind = String(parent?.kind());
    const left = parent?.field('left')?.id() === node.id();
    if (kind === 'assignment' && left) {
      const annotated = annotationKind(parent?.field('type') ?? null);
      return annotated ? [annotated] : [parent?.field('right') ?? null];
    }
    if (kind === 'augmented_assignment') return left && parent?.field('operator')?.text() !== '+=' ? [null] : [];
    if (/^(parameters|lambda_parameters|default_parameter)$/.test(kind))
      return parent?.field('value')?.id() === node.id() ? [] : [null];
    if (/^typed_(default_)?parameter$/.test(kind)) {
      if (parent?.field('value')?.id() === node.id() || parent?.field('type')?.id() === node.id()) return [];
      return [annotationKind(parent?.field('type') ?? null)];
    }
    if (kind === 'list_splat_pattern') return [parent?.parent()?.is('parameters') ? 'tuple' : null];
    if (kind === 'dictionary_splat_pattern') return ['dict'];
    if (/^(for_statement|for_in_clause)$/.test(kind)) return left ? [null] : [];
    if (/^(function_definition|class_definition|named_expression)$/.test(kind))
      return parent?.field('name')?.id() === node.id() ? [null] : [];
    return /pattern|^(global|nonlocal|delete)_statement$|^dotted_name$|^aliased_import$/.test(kind) ? [null] : [];
  });
}

function annotationKind(annotation: Node | null): Kind | null {
  const text = annotation?.text() ?? '';
  return BY_ANNOTATION.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Every place below `scope` where `name` is a variable: not an attribute and not the name of an argument. */
export function mentions(scope: Node, name: string): Node[] {
  return scope.findAll({ rule: { kind: 'identifier', regex: `^${name}$` } }).filter((node) => {
    const parent = node.parent();
    if (parent?.is('attribute')) return parent.field('object')?.id() === node.id();
    return !(parent?.is('keyword_argument') && parent.field('name')?.id() === node.id());
  });
}

const PURE_CALLS = /^(isinstance|issubclass|callable|hasattr|len|bool)$/;
const PURE_METHODS =
  /^(startswith|endswith|isdigit|isalpha|isalnum|isspace|isupper|islower|isidentifier|isnumeric|isdecimal|lower|upper|casefold|strip|lstrip|rstrip)$/;
const PURE =
  /^(identifier|attribute|comparison_operator|boolean_operator|not_operator|parenthesized_expression|string|string_start|string_content|string_end|integer|float|true|false|none|tuple|list|set|call|argument_list|comment)$/;

/** Can the expression be left out without anybody noticing? It reads and compares, and calls nothing unknown. */
export function isPure(node: Node, values: PythonValues): boolean {
  if (node.is('call')) {
    const callee = node.field('function');
    const known = callee?.is('identifier')
      ? PURE_CALLS.test(callee.text()) && values.isBuiltin(callee.text())
      : PURE_METHODS.test(callee?.field('attribute')?.text() ?? '');
    if (!known) return false;
  }
  return PURE.test(String(node.kind())) && node.namedChildren().every((child) => isPure(child, values));
}

/** The loop whose rounds run `node`, within its own function; null when there is none. */
export function loopAround(node: Node): Node | null {
  let below = node;
  for (const above of node.ancestors()) {
    if (/^(function_definition|lambda|class_definition)$/.test(String(above.kind()))) return null;
    if (/^(for|while)_statement$/.test(String(above.kind())) && isBody(above, below)) return above;
    below = above;
  }
  return null;
}

/** Is `part` what the loop repeats, rather than what it goes over or its `else`? */
function isBody(loop: Node, part: Node): boolean {
  return loop.field('body')?.id() === part.id() || loop.field('condition')?.id() === part.id();
}

/** Names that are bound anywhere in the loop: they may stand for something else in every round. */
export function boundIn(loop: Node): Set<string> {
  return boundNames(loop);
}

/** Is one of `names` a variable below `node`? */
export function mentionsAny(node: Node, names: ReadonlySet<string>): boolean {
  return [...names].some((name) => mentions(node, name).length > 0);
}

/** May the file still run on Python 2, where comprehensions leak their names and sets have no literals before 2.7? */
export function mayRunOnPython2(file: SourceFile, context: RuleContext): boolean {
  return (
    mayBePython2(file, context) ||
    /\b(xrange|iteritems|itervalues|unicode|basestring|raw_input)\(|^\s*except \w+, \w+:/m.test(file.text)
  );
}
