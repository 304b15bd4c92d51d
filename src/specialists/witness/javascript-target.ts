/**
 * Where a JavaScript finding stands and how its code is reached. Rule: what the end of its module can name, or what is
 * handed to a router under a literal path; everything else has no witness.
 */
import type { Finding } from '../../records/index.ts';
import { argumentsOf, bindingsOf, type Call, callsOf, literalText } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import { nodesOf, parseTree, span } from '../structural.ts';
import type { SourceFile } from '../types.ts';
import { rangeOfLines } from './python-target.ts';

export interface JavascriptFunction {
  node: Node;
  name: string;
  /** Expression at the end of the module; null: a handler. */
  target: string | null;
  /** Key of the handler among those that the module hands in. */
  handler: string | null;
  /** Class whose method it is: `target` is the class. */
  method: string | null;
  parameters: Node[];
  /** What it reads of `this`. */
  attributes: string[];
}

export interface JavascriptSubject {
  path: string;
  root: Node;
  /** Module → names that are imported from it. */
  imports: Record<string, string[]>;
  function: JavascriptFunction | null;
  /** Overlapping the finding's lines, the innermost last. */
  calls: Call[];
  lines: { start: number; end: number };
}

export const FUNCTIONS = [
  ...['function_declaration', 'function_expression', 'arrow_function', 'method_definition'],
  ...['generator_function', 'generator_function_declaration'],
];

export async function javascriptSubject(file: SourceFile, finding: Finding): Promise<JavascriptSubject | null> {
  const root = await parseTree(file);
  const bindings = bindingsOf(root);
  const lines = rangeOfLines(file.text, finding.line, finding.end_line);
  const calls = callsOf(root, bindings).filter(({ node }) => overlaps(node, lines));
  const imports = importsOf(root);
  const around = FUNCTIONS.flatMap((kind) => nodesOf(root, kind))
    .filter((node) => covers(node, lines) || startsIn(node, lines))
    .sort((a, b) => span(b).start - span(a).start);
  const made = around.map(readFunction).find((one) => one !== null) ?? null;
  if (made === null && around.some((node) => covers(node, lines))) return null;
  return { path: file.path, root, imports, function: made, calls: calls.filter(inside(made)), lines };
}

/** Module → names that are imported from it. */
export function importsOf(root: Node): Record<string, string[]> {
  const imports: Record<string, string[]> = {};
  for (const { module, name } of bindingsOf(root).values())
    imports[module] = [...(imports[module] ?? []), ...(name === '*' || name === 'default' ? [] : [name])];
  return imports;
}

function inside(made: JavascriptFunction | null): (call: Call) => boolean {
  if (made === null) return () => true;
  const { start, end } = span(made.node);
  return ({ node }) => start < span(node).start && span(node).end <= end;
}

export function overlaps(node: Node, lines: { start: number; end: number }): boolean {
  const { start, end } = span(node);
  return start < lines.end && lines.start < end;
}

function covers(node: Node, range: { start: number; end: number }): boolean {
  const { start, end } = span(node);
  return start <= range.start && range.start < end;
}

/** Written on the lines themselves: they may be what was found. */
function startsIn(node: Node, range: { start: number; end: number }): boolean {
  const { start } = span(node);
  return range.start < start && start < range.end;
}

export function readFunction(node: Node): JavascriptFunction | null {
  const reached = reach(node);
  if (reached === null) return null;
  const single = node.field('parameter');
  const list = node.field('parameters')?.children() ?? [];
  const parameters = single ? [single] : list.filter((one) => one.isNamed() && !one.is('comment'));
  const read = nodesOf(node, 'member_expression').filter((one) => one.field('object')?.text() === 'this');
  const attributes = [...new Set(read.map((one) => one.field('property')?.text() ?? ''))];
  return { ...reached, node, parameters: parameters.map(patternOf), attributes: ownAttributes(node, attributes) };
}

/** TypeScript wraps a parameter together with its type. */
function patternOf(parameter: Node): Node {
  return /^(required|optional)_parameter$/.test(String(parameter.kind()))
    ? (parameter.field('pattern') ?? parameter)
    : parameter;
}

function ownAttributes(node: Node, names: readonly string[]): string[] {
  const methods = node.is('method_definition') ? (node.parent()?.children() ?? []) : [];
  const known = new Set(methods.filter((one) => one.is('method_definition')).map((one) => one.field('name')?.text()));
  return names.filter((name) => !known.has(name));
}

type Reached = Pick<JavascriptFunction, 'name' | 'target' | 'handler' | 'method'>;

function reach(node: Node): Reached | null {
  const named = (name: string, target = name): Reached => ({ name, target, handler: null, method: null });
  const own = node.field('name')?.text();
  if (/_declaration$/.test(String(node.kind())) && own && isTop(node)) return named(own);
  const parent = node.parent();
  if (node.is('method_definition') && own && parent?.is('class_body')) {
    const owner = parent.parent();
    const name = owner?.field('name')?.text();
    if (!owner?.is('class_declaration') || !name || !isTop(owner) || /^(constructor|#)/.test(own)) return null;
    if (/^(static|get|set)\b/.test(node.text().replace(/^async\s+/, '')))
      return /^static\b/.test(node.text()) ? named(own, `${name}.${own}`) : null;
    return { name: own, target: name, handler: null, method: own };
  }
  const member = node.is('method_definition') ? own : parent?.is('pair') ? parent.field('key')?.text() : null;
  if (member && /^[\w$]+$/.test(member)) {
    const object = node.is('method_definition') ? parent : parent?.parent();
    const holder = object?.is('object') ? nameGiven(object) : null;
    return holder === null ? null : named(member, `${holder}.${member}`);
  }
  const given = nameGiven(node);
  if (given !== null) return named(given.split('.').at(-1) ?? given, given);
  return handedIn(node);
}

/** The name that a value is given at the top of the module: a variable, or a part of its exports. */
function nameGiven(node: Node): string | null {
  const parent = node.parent();
  if (parent?.is('variable_declarator') && parent.parent() && isTop(parent.parent() as Node))
    return parent.field('name')?.is('identifier') ? (parent.field('name')?.text() ?? null) : null;
  const left = parent?.is('assignment_expression') ? (parent.field('left')?.text() ?? '') : '';
  return /^(module\.)?exports(\.[\w$]+)*$/.test(left) && parent?.parent()?.parent()?.is('program') ? left : null;
}

function isTop(node: Node): boolean {
  const parent = node.parent();
  return (
    parent?.is('program') === true || (parent?.is('export_statement') === true && !!parent.parent()?.is('program'))
  );
}

/** `app.get('/path', …, handler)` at the top of the module. */
function handedIn(node: Node): Reached | null {
  const call = node.parent()?.parent();
  const method = call?.field('function')?.field('property')?.text();
  if (!call?.is('call_expression') || !method || !/^(get|post|put|patch|delete|all|use)$/.test(method)) return null;
  const path = literalText(argumentsOf(call)[0] ?? null);
  if (path === null || !call.parent()?.parent()?.is('program')) return null;
  const handler = `${method} ${path}`;
  return { name: handler, target: null, handler, method: null };
}
