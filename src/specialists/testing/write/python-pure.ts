/**
 * Which functions of a Python module only compute. Rule: every name that such a function reads is its own, a constant, a
 * built-in that touches nothing, a module of the standard library that only computes, or another such function; and
 * importing the module does nothing but define.
 */
import { boundNames, type Imports, resolve } from '../../python-source.ts';
import type { Node } from '../../rule.ts';
import { enclosing, nodesOf, wholeText } from '../../structural.ts';
import { decoratorsOf } from '../python-tests.ts';

const BUILTINS = new Set(
  (
    'abs all any bin bool bytearray bytes chr complex dict divmod enumerate filter float format frozenset hex int isinstance ' +
    'issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum tuple type zip ' +
    'True False None NotImplemented Ellipsis object callable hasattr getattr ArithmeticError AssertionError AttributeError ' +
    'Exception IndexError KeyError LookupError NotImplementedError OverflowError RuntimeError StopIteration TypeError ' +
    'UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError'
  ).split(' '),
);
const MODULES = new Set(
  (
    'math cmath re string itertools functools operator collections json textwrap html unicodedata statistics fractions ' +
    'decimal numbers base64 binascii hashlib struct difflib bisect heapq shlex fnmatch posixpath ntpath ipaddress keyword ' +
    'colorsys typing typing_extensions enum dataclasses copy datetime types abc urllib zlib codecs array graphlib __future__'
  ).split(' '),
);
/** What of these modules asks the outside after all; paths are written another way on other systems. */
const OUTSIDE =
  /^urllib\.(request|error|robotparser)|^datetime\..*(now|today|utcnow|fromtimestamp)$|^os\b|^json\.(load|dump)$|^codecs\.open|^functools\.(singledispatch)|^types\.(FunctionType|CodeType)/;
/** What of a body cannot be looked through. */
const OPAQUE =
  /\b(global|nonlocal|await|yield|async|exec|eval|locals|globals|vars|open|print|input|super|__dict__|__class__|setattr|delattr|__import__)\b|\.(now|today|utcnow|fromtimestamp|write|writelines|flush|send|sendall|commit|execute)\(/;
const CHANGES =
  'append|add|update|pop|popitem|setdefault|clear|extend|insert|remove|discard|sort|reverse|appendleft|popleft';

export interface PythonModule {
  root: Node;
  imports: Imports;
  /** Functions at the top, by name. */
  functions: ReadonlyMap<string, Node>;
  /** Names of error classes of the module. */
  errors: ReadonlySet<string>;
  constants: ReadonlySet<string>;
}

/** Reads what stands at the top; null where importing it does more than define. */
export function readModule(root: Node, imports: Imports): PythonModule | null {
  const functions = new Map<string, Node>();
  const errors = new Set<string>();
  const assigned = new Map<string, number>();
  for (const statement of root.namedChildren()) {
    if (!onlyDefines(statement)) return null;
    const definition = statement.is('decorated_definition') ? statement.field('definition') : statement;
    const name = definition?.field('name')?.text() ?? '';
    if (definition?.is('function_definition')) functions.set(name, definition);
    if (
      definition?.is('class_definition') &&
      /(Error|Exception|Warning)\b/.test(definition.field('superclasses')?.text() ?? '')
    )
      errors.add(name);
    const assignment = statement.is('expression_statement') ? statement.child(0) : null;
    const left = assignment?.is('assignment') ? assignment.field('left') : null;
    if (assignment && left?.is('identifier'))
      assigned.set(left.text(), (assigned.get(left.text()) ?? 0) + (isConstant(assignment) ? 1 : 2));
  }
  const changed = (name: string) =>
    new RegExp(
      `\\b${name}\\.(${CHANGES})\\(|\\b${name}\\[[^\\]\\n]*\\]\\s*[-+*/|]?=[^=]|\\bglobal\\b[^\\n]*\\b${name}\\b|\\bdel ${name}\\b`,
    ).test(wholeText(root));
  const constants = [...assigned].filter(([name, times]) => times === 1 && !changed(name)).map(([name]) => name);
  return { root, imports, functions, errors, constants: new Set(constants) };
}

/** Calls of which a constant may be made. */
const DEFINING_CALLS =
  /^(re\.compile|(typing\.|t\.)?(TypeVar|NewType|cast)|(collections\.)?namedtuple|frozenset|set|dict|list|tuple|range|len|min|max|sorted|sum|str|int|float|str\.maketrans|object|(decimal\.)?Decimal|(fractions\.)?Fraction|zip|enumerate|map|chr|ord|bytes|[\w"']+\.(split|join|lower|upper|items|keys|values|strip|maketrans|encode|union|format|copy))$/;

/** A call that stands alone, and a loop, do something; what an assignment calls is seen when it runs. */
function onlyDefines(statement: Node): boolean {
  switch (String(statement.kind())) {
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
    case 'comment':
    case 'pass_statement':
    case 'raise_statement':
    case 'type_alias_statement':
    case 'function_definition':
    case 'class_definition':
    case 'decorated_definition':
      return true;
    case 'expression_statement': {
      const inner = statement.child(0);
      return /^(assignment|augmented_assignment|string|concatenated_string|ellipsis)$/.test(String(inner?.kind()));
    }
    case 'if_statement':
      return /__name__/.test(statement.field('condition')?.text() ?? '') || blocksOf(statement).every(onlyDefines);
    case 'try_statement':
      return blocksOf(statement).every(onlyDefines);
    default:
      return false;
  }
}

function blocksOf(statement: Node): Node[] {
  return statement
    .children()
    .flatMap((child) => (child.is('block') ? [child] : child.children().filter((inner) => inner.is('block'))))
    .flatMap((block) => block.namedChildren());
}

/** Is the value written down, rather than asked of the machine? */
function isConstant(assignment: Node): boolean {
  const value = assignment.field('right');
  if (!value || /\b(os|sys|platform|environ|locale|time|random|socket|getenv)\b/.test(value.text())) return false;
  return nodesOf(value, 'call').every((call) => DEFINING_CALLS.test(call.field('function')?.text() ?? ''));
}

/** Does `node`, a function at the top, only compute, together with all that it calls? */
export function isPure(node: Node, module: PythonModule, seen: ReadonlySet<string> = new Set()): boolean {
  const name = node.field('name')?.text() ?? '';
  if (seen.has(name)) return true;
  const text = node.text();
  const decorators = decoratorsOf(node);
  if (decorators.some((one) => !/^(functools\.)?(lru_cache|cache)\b/.test(one)) || OPAQUE.test(withoutTexts(node)))
    return false;
  if (nodesOf(node, 'with_statement').length > 0 || /^async\b/.test(text)) return false;
  const own = boundNames(node);
  own.delete(name);
  if (assigns(node, own)) return false;
  const imported = importedInside(node);
  return nodesOf(node, 'identifier').every((one) => {
    const word = one.text();
    if (!isRead(one, node) || own.has(word)) return true;
    if (imported.has(word)) return MODULES.has((imported.get(word) ?? '').split('.')[0] ?? '');
    const target = fullName(one, module.imports);
    if (target !== null) return MODULES.has(target.split('.')[0] ?? '') && !OUTSIDE.test(target);
    const sibling = module.functions.get(word);
    if (sibling) return isPure(sibling, module, new Set([...seen, name]));
    return BUILTINS.has(word) || module.constants.has(word) || module.errors.has(word);
  });
}

/** The code without what is quoted: a docstring may speak of anything. */
function withoutTexts(node: Node): string {
  const texts = nodesOf(node, 'string').map((one) => one.text());
  return texts.reduce((text, one) => text.replace(one, '""'), node.text());
}

/** The whole chain that begins with the name: `datetime.datetime.now`. */
function fullName(node: Node, imports: Imports): string | null {
  let chain: Node = node;
  for (
    let above = node.parent();
    above?.is('attribute') && above.field('object')?.id() === chain.id();
    above = above.parent()
  )
    chain = above;
  return resolve(chain, imports);
}

/** Changes a part of what it is given, or of what is not its own. */
function assigns(node: Node, own: ReadonlySet<string>): boolean {
  const given = new Set(
    (node.field('parameters')?.namedChildren() ?? []).map((one) => /^\W*(\w+)/.exec(one.text())?.[1] ?? ''),
  );
  const foreign = (target: Node) => {
    const root = /^\w+/.exec(target.text())?.[0] ?? '';
    return /^(attribute|subscript)$/.test(String(target.kind())) && (given.has(root) || !own.has(root));
  };
  return ['assignment', 'augmented_assignment', 'delete_statement'].some((kind) =>
    nodesOf(node, kind).some((one) => {
      const left = one.field('left') ?? one;
      return [left, ...left.children()].some(foreign);
    }),
  );
}

function importedInside(node: Node): Map<string, string> {
  const found = new Map<string, string>();
  for (const kind of ['import_statement', 'import_from_statement'])
    for (const statement of nodesOf(node, kind)) {
      const from = statement.field('module_name')?.text() ?? '';
      for (const item of statement.fieldChildren('name')) {
        const name = item.field('name')?.text() ?? item.text();
        found.set(item.field('alias')?.text() ?? name.split('.')[0] ?? '', from === '' ? name : `${from}.${name}`);
      }
    }
  return found;
}

/** Is the identifier a value that is read in the body: no attribute, keyword, annotation or import? */
function isRead(one: Node, within: Node): boolean {
  const parent = one.parent();
  if (parent?.is('attribute') && parent.field('attribute')?.id() === one.id()) return false;
  if (parent?.is('keyword_argument') && parent.field('name')?.id() === one.id()) return false;
  if (enclosing(one, ['type', 'import_statement', 'import_from_statement', 'decorator']) !== null) return false;
  return !(parent?.id() === within.id() && within.field('name')?.id() === one.id());
}
