/**
 * Reading Python trees: what a name means, what a call is given. Rule: a name that is bound in more than one way in a
 * file means nothing to us, so no rule acts on it.
 */
import type { Node, RuleContext, TextEdit } from './rule.ts';
import { nodesOf, span } from './structural.ts';

/** Local name → what it was imported as (`r` → `requests`, `get` → `requests.get`). */
export type Imports = ReadonlyMap<string, string>;

export interface PythonFile {
  root: Node;
  imports: Imports;
  /** In text order. */
  calls: readonly Call[];
}

/** Reads imports and calls of the context's file, once for all rules. */
export function readPython(context: RuleContext): Promise<PythonFile> {
  return context.perFile('python', async () => {
    const root = await context.tree();
    const imports = importsOf(root);
    return { root, imports, calls: callsOf(root, imports) };
  });
}

/** Reads every import of the file; names that something else binds too are left out. */
function importsOf(root: Node): Imports {
  const imports = new Map<string, string>();
  const doubtful = boundNames(root);
  const bind = (local: string, target: string) => {
    if ((imports.get(local) ?? target) !== target) doubtful.add(local);
    imports.set(local, target);
  };
  for (const statement of nodesOf(root, 'import_statement'))
    for (const item of statement.fieldChildren('name')) {
      const name = item.field('name')?.text();
      const alias = item.field('alias')?.text();
      if (name && alias) bind(alias, name);
      else bind(item.text().split('.')[0] ?? '', item.text().split('.')[0] ?? '');
    }
  for (const statement of nodesOf(root, 'import_from_statement')) {
    const module = statement.field('module_name')?.text() ?? '';
    for (const item of statement.fieldChildren('name')) {
      const name = item.field('name')?.text() ?? item.text();
      bind(item.field('alias')?.text() ?? item.text(), `${module}.${name}`);
    }
  }
  for (const name of doubtful) imports.delete(name);
  return imports;
}

/** Names that are assigned, are parameters, or name a function or class anywhere in the file. */
export function boundNames(root: Node): Set<string> {
  const names = new Set<string>();
  const add = (node: Node | null) => {
    if (!node) return;
    if (node.is('identifier')) names.add(node.text());
    else if (['pattern_list', 'tuple_pattern', 'list_pattern', 'list_splat_pattern'].includes(String(node.kind())))
      for (const child of node.children()) add(child);
  };
  for (const kind of ['assignment', 'augmented_assignment', 'for_statement', 'for_in_clause'])
    for (const node of nodesOf(root, kind)) add(node.field('left'));
  for (const kind of ['function_definition', 'class_definition', 'named_expression'])
    for (const node of nodesOf(root, kind)) add(node.field('name'));
  for (const kind of ['parameters', 'lambda_parameters'])
    for (const node of nodesOf(root, kind))
      for (const parameter of node.children())
        add(parameter.is('identifier') ? parameter : (parameter.field('name') ?? parameter.child(0)));
  for (const node of nodesOf(root, 'as_pattern_target')) add(node.child(0));
  return names;
}

/** The imported name that an identifier or attribute chain stands for, or null. */
export function resolve(node: Node | null, imports: Imports): string | null {
  if (!node) return null;
  if (node.is('identifier')) return imports.get(node.text()) ?? null;
  if (!node.is('attribute')) return null;
  const object = resolve(node.field('object'), imports);
  return object === null ? null : `${object}.${node.field('attribute')?.text()}`;
}

export interface Call {
  node: Node;
  callee: Node;
  /** What the callee was imported as, or null. */
  name: string | null;
  positional: Node[];
  /** Keyword → its value. */
  keywords: ReadonlyMap<string, Node>;
  /** `*args` or `**kwargs` among the arguments: what is given cannot be known. */
  splat: boolean;
}

function callsOf(root: Node, imports: Imports): Call[] {
  return nodesOf(root, 'call').flatMap((node) => readCall(node, imports) ?? []);
}

/** Reads one call node, or null when it is given a bare generator. */
function readCall(node: Node, imports: Imports): Call | null {
  const callee = node.field('function');
  const list = node.field('arguments');
  if (!callee || !list?.is('argument_list')) return null;
  const call = { positional: [] as Node[], keywords: new Map<string, Node>(), splat: false };
  for (const argument of list.namedChildren()) {
    if (argument.is('comment')) continue;
    const value = argument.field('value');
    if (argument.is('keyword_argument') && value) call.keywords.set(argument.field('name')?.text() ?? '', value);
    else if (/splat/.test(String(argument.kind()))) call.splat = true;
    else call.positional.push(argument);
  }
  return { node, callee, name: resolve(callee, imports), ...call };
}

/** Removes one argument (a keyword's value or a positional one) together with its comma. */
export function removeArgument(argument: Node): TextEdit {
  const parent = argument.parent();
  const item = parent?.is('keyword_argument') ? parent : argument;
  const previous = sibling(item, -1);
  const next = sibling(item, 1);
  const { start, end } = span(item);
  if (previous?.is(',')) {
    return { start: span(previous).start, end, text: '' };
  }
  const after = next?.is(',') ? sibling(next, 1) : null;
  if (next?.is(',')) return { start, end: after && !after.is(')') ? span(after).start : span(next).end, text: '' };
  return { start, end, text: '' };
}

function sibling(node: Node, step: 1 | -1): Node | null {
  return step === 1 ? node.next() : node.prev();
}

/** Value of a string literal without prefix, escape, interpolation or implicit concatenation; else null. */
export function plainString(node: Node | null | undefined): string | null {
  if (!node?.is('string')) return null;
  const [start, ...rest] = node.children();
  if (!start || !/^("|'|"""|''')$/.test(start.text())) return null;
  const inner = rest.slice(0, -1);
  if (inner.some((part) => !part.is('string_content') || part.text().includes('\\'))) return null;
  return inner.map((part) => part.text()).join('');
}

/** Names of variables whose every assignment in the file is a call of one of `makers`. */
export function variablesFrom(root: Node, imports: Imports, makers: readonly string[]): Set<string> {
  const made = new Set<string>();
  const other = new Set<string>();
  const note = (target: Node | null, value: Node | null) => {
    const name = target?.text() ?? '';
    const from = value?.is('call') ? resolve(value.field('function'), imports) : null;
    (from && makers.includes(from) ? made : other).add(name);
  };
  for (const node of nodesOf(root, 'assignment')) note(node.field('left'), node.field('right'));
  for (const node of nodesOf(root, 'as_pattern')) note(node.child(2), node.child(0));
  for (const name of other) made.delete(name);
  return made;
}

/** Names around a node inside its function: what it is assigned to or passed as, and the function's own name. */
export function namesAround(node: Node): string[] {
  const names: string[] = [];
  for (const ancestor of node.ancestors()) {
    if (ancestor.is('assignment')) names.push(ancestor.field('left')?.text() ?? '');
    if (ancestor.is('keyword_argument')) names.push(ancestor.field('name')?.text() ?? '');
    if (ancestor.is('function_definition')) {
      names.push(ancestor.field('name')?.text() ?? '');
      break;
    }
    if (ancestor.is('class_definition')) break;
  }
  return names;
}
