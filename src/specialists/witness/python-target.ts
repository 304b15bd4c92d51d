/**
 * Where a Python finding stands and how its code is reached from outside. Rule: only what can be called by name is a
 * target (a function or method of the module, or the module itself); everything else has no witness.
 */

import type { Finding } from '../../records/index.ts';
import { contextOf } from '../one-file.ts';
import { originOf } from '../python-flow.ts';
import { type Call, type Imports, readPython } from '../python-source.ts';
import type { Node } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';

export interface Parameter {
  name: string;
  annotation: string | null;
  optional: boolean;
  /** Cannot be given by name. */
  positional: boolean;
}

export interface PythonFunction {
  node: Node;
  name: string;
  /** Class that it is a method of. */
  owner: string | null;
  /** Without the instance or class that Python gives. */
  parameters: Parameter[];
  /** Attributes of the instance that it reads and that are no methods. */
  attributes: string[];
  how: 'function' | 'method' | 'classmethod' | 'staticmethod';
}

export interface PythonSubject {
  path: string;
  root: Node;
  imports: Imports;
  /** Null: code of the module itself. */
  function: PythonFunction | null;
  /** It stands below `if __name__ == "__main__"`. */
  main: boolean;
  /** Calls that overlap the lines of the finding, the innermost last. */
  calls: Call[];
  /** UTF-16 range of the lines of the finding. */
  lines: { start: number; end: number };
}

/** Reads the surroundings of `finding`, or null where its code cannot be reached. */
export async function pythonSubject(file: SourceFile, finding: Finding): Promise<PythonSubject | null> {
  const { root, imports, calls } = await readPython(contextOf(file));
  const lines = rangeOfLines(file.text, finding.line, finding.end_line);
  const overlapping = calls.filter(({ node }) => {
    const { start, end } = span(node);
    return start < lines.end && lines.start < end;
  });
  const scope = scopeAt(root, lines);
  const made = scope === null ? null : readFunction(scope);
  if (scope !== null && made === null) return null;
  const main = nodesOf(root, 'if_statement').some(
    (node) => /__name__\s*==/.test(node.field('condition')?.text() ?? '') && covers(node, lines),
  );
  return { path: file.path, root, imports, function: made, main, calls: overlapping, lines };
}

export function rangeOfLines(text: string, first: number, last: number): { start: number; end: number } {
  const lines = text.split('\n');
  const start = lines.slice(0, first - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const end = lines.slice(first - 1, last).reduce((sum, line) => sum + line.length + 1, start) - 1;
  return { start: start + (/^\s*/.exec(lines[first - 1] ?? '')?.[0].length ?? 0), end };
}

function covers(node: Node, range: { start: number; end: number }): boolean {
  const { start, end } = span(node);
  return start <= range.start && range.start < end;
}

/** The innermost function or lambda around the lines. */
function scopeAt(root: Node, lines: { start: number; end: number }): Node | null {
  const scopes = ['function_definition', 'lambda'].flatMap((kind) => nodesOf(root, kind));
  return scopes.filter((node) => covers(node, lines)).sort((a, b) => span(b).start - span(a).start)[0] ?? null;
}

export function readFunction(node: Node): PythonFunction | null {
  const name = node.field('name')?.text();
  if (!node.is('function_definition') || name === undefined) return null;
  const outer = enclosing(node, ['function_definition', 'class_definition', 'lambda']);
  const own = readParameters(node);
  if (own === null) return null;
  if (outer === null) return { node, name, owner: null, parameters: own, attributes: [], how: 'function' };
  const owner = outer.field('name')?.text();
  if (!outer.is('class_definition') || owner === undefined) return null;
  if (enclosing(outer, ['function_definition', 'class_definition', 'lambda']) !== null) return null;
  const decorators = (node.parent()?.is('decorated_definition') ? (node.parent()?.children() ?? []) : [])
    .filter((child) => child.is('decorator'))
    .map((child) => child.text());
  if (decorators.some((text) => /property|cached/.test(text)) || name === '__init__') return null;
  const how = decorators.includes('@staticmethod')
    ? 'staticmethod'
    : decorators.includes('@classmethod')
      ? 'classmethod'
      : 'method';
  const parameters = how === 'staticmethod' ? own : own.slice(1);
  const attributes = how === 'method' ? attributesRead(node, outer, own[0]?.name ?? 'self') : [];
  return { node, name, owner, parameters, attributes, how };
}

function readParameters(node: Node): Parameter[] | null {
  const parameters: Parameter[] = [];
  for (const one of node.field('parameters')?.namedChildren() ?? []) {
    const kind = String(one.kind());
    if (kind === 'positional_separator') for (const before of parameters) before.positional = true;
    if (/splat|separator|comment/.test(kind)) continue;
    const name = one.is('identifier') ? one : (one.field('name') ?? one.child(0));
    if (/splat/.test(String(name?.kind()))) continue;
    if (!name?.is('identifier')) return null;
    const annotation = one.field('type')?.text() ?? null;
    parameters.push({ name: name.text(), annotation, optional: /default/.test(kind), positional: false });
  }
  return parameters;
}

function attributesRead(node: Node, owner: Node, self: string): string[] {
  const methods = new Set(nodesOf(owner, 'function_definition').map((one) => one.field('name')?.text()));
  const read = nodesOf(node, 'attribute')
    .filter((one) => one.field('object')?.text() === self)
    .map((one) => one.field('attribute')?.text() ?? '');
  return [...new Set(read)].filter((name) => name !== '' && !methods.has(name) && !name.startsWith('__'));
}

/** What of the outside reaches an expression. */
export interface Roots {
  parameters: Set<string>;
  attributes: Set<string>;
  /** Imported names of the module, for example flask's `request`. */
  globals: Set<string>;
  /** The person at the keyboard. */
  input: boolean;
}

/** Follows the names of `nodes` back to where their values come from; null where nothing comes from outside. */
export function rootsOf(subject: PythonSubject, nodes: readonly Node[]): Roots | null {
  const roots: Roots = { parameters: new Set(), attributes: new Set(), globals: new Set(), input: false };
  const own = new Set(subject.function?.parameters.map(({ name }) => name));
  const self = subject.function?.how === 'method' ? 'self' : null;
  const follow = (node: Node, depth: number): void => {
    if (/(^|\W)input\(/.test(node.text())) roots.input = true;
    const names = node.is('identifier') ? [node] : nodesOf(node, 'identifier');
    for (const name of names.filter(isRead)) {
      const text = name.text();
      const above = name.parent();
      if (text === self && above?.is('attribute')) roots.attributes.add(above.field('attribute')?.text() ?? '');
      else if (text === 'request' && !own.has(text) && subject.imports.has(text)) roots.globals.add(text);
      const origin = depth > 0 ? originOf(name) : null;
      if (origin !== null) follow(origin.value, depth - 1);
      else if (own.has(text)) roots.parameters.add(text);
    }
  };
  for (const node of nodes) follow(node, 4);
  return roots.parameters.size + roots.attributes.size + roots.globals.size > 0 || roots.input ? roots : null;
}

/** Is the identifier a value that is read: no name of an attribute, a keyword or a called function? */
function isRead(name: Node): boolean {
  const parent = name.parent();
  if (parent?.is('attribute')) return parent.field('attribute')?.id() !== name.id();
  if (parent?.is('keyword_argument')) return parent.field('name')?.id() !== name.id();
  return !(parent?.is('call') && parent.field('function')?.id() === name.id());
}
