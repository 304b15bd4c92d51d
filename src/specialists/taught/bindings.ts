/** Which names a scope binds, and by what: Python, JavaScript and TypeScript. Pure. Rule: nested scopes are not entered. */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';
import type { Binding } from './bound.ts';
import { importedId, moduleId } from './modules.ts';

type Bindings = Map<string, Binding[]>;

const PATTERNS: ReadonlySet<string> = new Set(['identifier', 'shorthand_property_identifier_pattern']);
const PARAMETERS = /^(parameters|formal_parameters|lambda_parameters)$/;

export function bindingsOf(scope: SyntaxNode, isInner: (node: SyntaxNode) => boolean, path: string): Bindings {
  const made: Bindings = new Map();
  const bind = (node: SyntaxNode | undefined, binding: Omit<Binding, 'start'>, name = node?.text) => {
    if (node === undefined || name === undefined) return;
    made.set(name, [...(made.get(name) ?? []), { ...binding, start: node.start }]);
  };
  const all = (node: SyntaxNode | undefined, bound: string) => {
    for (const one of node?.below() ?? []) if (PATTERNS.has(one.kind)) bind(one, { bound });
  };
  if (scope.kind === 'arrow_function') bind(bareParameter(scope), { bound: 'parameter' });
  for (const node of scope.below((one) => !isInner(one))) {
    const parts = partsOf(node);
    const [first] = parts;
    const last = parts.at(-1);
    if (node !== scope && isInner(node)) {
      const name = node.child('identifier', 'type_identifier');
      const top = scope.parent === null && scope.kind !== 'function_definition';
      if (/definition|declaration/.test(node.kind) && node.kind !== 'method_definition')
        bind(name, { bound: top ? `file:${moduleId(path)}#${name?.text ?? ''}` : `inner:${node.kind}` });
      continue;
    }
    if (node.parent === scope && PARAMETERS.test(node.kind)) for (const one of parts) bindParameter(one, bind, all);
    else if (/^(assignment|assignment_expression)$/.test(node.kind)) {
      if (first?.kind === 'identifier') bind(first, last === first || last?.kind === 'type' ? {} : valued(last));
      else if (first && /pattern|list|tuple/.test(first.kind)) all(first, 'part');
    } else if (/^augmented_assignment/.test(node.kind) && first?.kind === 'identifier') bind(first, { bound: 'sum' });
    else if (node.kind === 'named_expression') bind(first, valued(last));
    else if (/^for_(statement|in_clause)$/.test(node.kind)) all(parts[parts.findIndex(isFor) + 1], 'each');
    else if (node.kind === 'for_in_statement') all(parts.find(isPattern), 'each');
    else if (node.kind === 'as_pattern') bindAs(node, first, bind);
    else if (node.kind === 'catch_clause') all(parts.find(isPattern), 'caught');
    else if (node.kind === 'variable_declarator') bindDeclared(first, parts.find(isEquals) && last, path, bind, all);
    else if (/^import_/.test(node.kind)) for (const [name, bound] of importsIn(node, path)) bind(node, { bound }, name);
  }
  return made;
}

type Bind = (node: SyntaxNode | undefined, binding: Omit<Binding, 'start'>, name?: string) => void;
type All = (node: SyntaxNode | undefined, bound: string) => void;

const isFor = ({ kind }: SyntaxNode) => kind === 'for';
const isEquals = ({ kind }: SyntaxNode) => kind === '=';
const isPattern = ({ kind }: SyntaxNode) => kind === 'identifier' || /_pattern$/.test(kind);
const valued = (value: SyntaxNode | undefined): Omit<Binding, 'start'> => (value === undefined ? {} : { value });

/** `x => …` */
function bareParameter(scope: SyntaxNode): SyntaxNode | undefined {
  const parts = partsOf(scope);
  const at = parts[0]?.kind === 'async' ? 1 : 0;
  return parts[at]?.kind === 'identifier' ? parts[at] : undefined;
}

function bindParameter(node: SyntaxNode, bind: Bind, all: All): void {
  const type = node.child('type', 'type_annotation');
  if (type === undefined) {
    const names = node.kind === 'default_parameter' || node.kind === 'assignment_pattern' ? partsOf(node)[0] : node;
    all(names, 'parameter');
    return;
  }
  const name = partsOf(node).find(({ kind }) => kind === 'identifier');
  if (name === undefined) all(partsOf(node)[0], 'parameter');
  else bind(name, { bound: `typed:${type.text.replace(/^:/, '').replaceAll(/\s+/g, '')}` });
}

/** `with open(path) as file`, `except Error as error`. */
function bindAs(node: SyntaxNode, value: SyntaxNode | undefined, bind: Bind): void {
  const target = node.child('as_pattern_target');
  if (target === undefined) return;
  const isCaught = node.parent?.kind === 'except_clause';
  for (const one of target.below())
    if (one.kind === 'identifier') bind(one, isCaught || value === undefined ? { bound: 'caught' } : { value });
}

function bindDeclared(
  target: SyntaxNode | undefined,
  value: SyntaxNode | undefined,
  path: string,
  bind: Bind,
  all: All,
): void {
  const required = value && requiredBy(value);
  if (target?.kind === 'identifier') {
    if (required) bind(target, { bound: `import:${importedId(path, required.module)}${required.member}` });
    else bind(target, valued(value));
    return;
  }
  if (required?.member !== '' || target?.kind !== 'object_pattern') {
    all(target, 'part');
    return;
  }
  const module = `import:${importedId(path, required.module)}`;
  for (const one of partsOf(target)) {
    if (one.kind === 'shorthand_property_identifier_pattern') bind(one, { bound: `${module}#${one.text}` });
    else if (one.kind !== 'pair_pattern') all(one, 'part');
    else {
      const [key, , local] = partsOf(one);
      if (local?.kind === 'identifier') bind(local, { bound: `${module}#${key?.text ?? ''}` });
      else all(local, 'part');
    }
  }
}

/** `require('a')`, `require('a').b`. */
function requiredBy(value: SyntaxNode): { module: string; member: string } | null {
  const match = /^require\(\s*(['"])([^'"]+)\1\s*\)(?:\.(\w+))?$/.exec(value.text);
  return match === null ? null : { module: match[2] ?? '', member: match[3] === undefined ? '' : `#${match[3]}` };
}

function* importsIn(node: SyntaxNode, path: string): Generator<[name: string, bound: string]> {
  if (/\.pyi?$/.test(path)) return yield* pythonImports(node, path);
  const from = node.child('string')?.text.slice(1, -1);
  const clause = node.child('import_clause');
  if (from === undefined || clause === undefined) return;
  const module = `import:${importedId(path, from)}`;
  for (const part of partsOf(clause)) {
    // A default and a namespace are the module itself, as `require` gives it.
    if (part.kind === 'identifier') yield [part.text, module];
    else if (part.kind === 'namespace_import') yield [part.child('identifier')?.text ?? '', module];
    for (const one of part.kind === 'named_imports' ? partsOf(part) : []) {
      if (one.kind !== 'import_specifier') continue;
      const names = partsOf(one).filter(({ kind }) => kind === 'identifier');
      yield [names.at(-1)?.text ?? '', `${module}#${names[0]?.text ?? ''}`];
    }
  }
}

function* pythonImports(node: SyntaxNode, path: string): Generator<[name: string, bound: string]> {
  const parts = partsOf(node);
  const named = parts.filter(({ kind }) => kind === 'dotted_name' || kind === 'aliased_import');
  if (node.kind === 'import_statement') {
    for (const one of named) {
      const [module = one, , alias] = one.kind === 'aliased_import' ? partsOf(one) : [one];
      // `import a.b` binds a.
      if (alias === undefined) yield [module.text.split('.')[0] ?? '', `import:${module.text.split('.')[0] ?? ''}`];
      else yield [alias.text, `import:${importedId(path, module.text)}`];
    }
    return;
  }
  const from = parts[1];
  if (from === undefined) return;
  const module = `import:${importedId(path, from.text)}`;
  for (const one of named.filter((part) => part !== from)) {
    const [name = one, , alias] = one.kind === 'aliased_import' ? partsOf(one) : [one];
    yield [alias?.text ?? name.text, `${module}#${name.text}`];
  }
  if (parts.some(({ kind }) => kind === 'wildcard_import')) yield ['*', module];
}
