/**
 * How a name is bound where it stands: by which import, as a parameter, by which call. Pure. Rule: two names with one answer
 * may stand for each other; whatever is not understood has an answer that nothing else has, or one that says little.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';
import { bindingsOf } from './bindings.ts';
import { moduleId } from './modules.ts';
import { CALLS, dottedName, MEMBERS, NAMES, rootOf } from './roles.ts';

const SCOPES: ReadonlySet<string> = new Set([
  ...['function_definition', 'lambda', 'list_comprehension', 'set_comprehension', 'dictionary_comprehension'],
  ...['generator_expression', 'function_declaration', 'function_expression', 'arrow_function', 'method_definition'],
  ...['generator_function', 'generator_function_declaration'],
]);
const CLASSES = /^class(_definition|_declaration)?$/;

/** One binding of a name. */
export interface Binding {
  /** What it is bound by, where that needs no further look. */
  bound?: string;
  /** The value that is assigned. */
  value?: SyntaxNode;
  start: number;
}

export interface Names {
  path: string;
  /** Bindings of each scope, by its node. */
  scopes: Map<SyntaxNode, Map<string, Binding[]>>;
}

export const createNames = (path: string): Names => ({ path, scopes: new Map() });

/** How `node`, a name, is bound. */
export function boundBy(node: SyntaxNode, names: Names, depth = 3): string {
  const name = node.text;
  if (node.kind === 'this' || node.kind === 'super') return `self:${names.path}#${classOf(node)}`;
  for (const scope of scopesAbove(node)) {
    const found = bindingsIn(scope, names).get(name);
    if (found === undefined) {
      if (scope.parent === null && bindingsIn(scope, names).has('*')) return unnamed(bindingsIn(scope, names));
      continue;
    }
    if (/^(self|cls)$/.test(name) && found.some(({ bound }) => bound === 'parameter'))
      return `self:${names.path}#${classOf(node)}`;
    const isTop = scope.parent === null;
    const answers = found.map((one) => one.bound ?? answerFor(one.value, name, isTop, names, depth));
    return [...new Set(answers)].sort().join(' or ');
  }
  return 'global';
}

/** Where everything of a module is imported, any name may be one of its names. */
function unnamed(top: Map<string, Binding[]>): string {
  return `global or ${(top.get('*') ?? []).map(({ bound }) => bound).join(' or ')}`;
}

/** Is a name of this binding one of a function, not of the file, the language or another module? */
export function isLocal(bound: string): boolean {
  return bound.split(' or ').some((one) => !/^(import|file|global)\b/.test(one));
}

/** Does the answer say what the thing is? Then it may have any name. */
export function isTelling(bound: string): boolean {
  return /^(call|typed|with):/.test(bound) && !bound.includes(' or ');
}

/** Do two answers mean the same thing? One may come from the file that defines it, the other from an import of it. */
export function meansSame(one: string, other: string): boolean {
  const [x, y] = [one, other].map((bound) => bound.replaceAll(':./', ':')) as [string, string];
  if (x === y) return true;
  const [a, b] = [moduleOf(x), moduleOf(y)];
  if (a === null || b === null || a.name !== b.name || a.kind === b.kind) return false;
  const [file, imported] = a.kind === 'file' ? [a.module, b.module] : [b.module, a.module];
  return file === imported || (imported !== '' && file.endsWith(`/${imported}`));
}

function moduleOf(bound: string): { kind: string; module: string; name: string } | null {
  const match = /^(file|import):([^ #]*)#([^ #]+)$/.exec(bound);
  return match === null ? null : { kind: match[1] ?? '', module: match[2] ?? '', name: match[3] ?? '' };
}

function* scopesAbove(node: SyntaxNode): Generator<SyntaxNode> {
  let isFirst = true;
  for (const above of node.above()) {
    // A class is seen from its own level alone.
    if (above.parent === null || SCOPES.has(above.kind) || (isFirst && CLASSES.test(above.kind))) {
      yield above;
      isFirst = false;
    }
  }
}

function bindingsIn(scope: SyntaxNode, names: Names): Map<string, Binding[]> {
  const known = names.scopes.get(scope);
  if (known !== undefined) return known;
  const isInner = (node: SyntaxNode) => SCOPES.has(node.kind) || CLASSES.test(node.kind);
  const made = bindingsOf(scope, isInner, names.path);
  names.scopes.set(scope, made);
  return made;
}

function classOf(node: SyntaxNode): string {
  for (const above of node.above())
    if (CLASSES.test(above.kind)) return above.child('identifier', 'type_identifier')?.text ?? '';
  return '';
}

function answerFor(value: SyntaxNode | undefined, name: string, isTop: boolean, names: Names, depth: number): string {
  const file = `file:${moduleId(names.path)}#${name}`;
  const called = value && calledBy(value);
  if (value === undefined || called === undefined || called === null || depth === 0)
    return isTop ? file : `value:${value?.kind ?? ''}`;
  const root = rootOf(called);
  const from = root === null ? '?' : boundBy(root, names, depth - 1);
  // What a helper of one function returns says nothing elsewhere.
  if (isLocal(from) && !isTelling(from)) return isTop ? file : `value:call ${called.text}`;
  return `call:${dottedName(called) ?? called.text.replaceAll(/\s+/g, '')}@${from}`;
}

/** What is called by a value that is the result of a call. */
function calledBy(value: SyntaxNode): SyntaxNode | null {
  const parts = partsOf(value);
  if (/^await/.test(value.kind)) return parts[1] === undefined ? null : calledBy(parts[1]);
  if (!CALLS.has(value.kind)) return null;
  const called = parts[0]?.kind === 'new' ? parts[1] : parts[0];
  return called !== undefined && (NAMES.has(called.kind) || MEMBERS.has(called.kind)) ? called : null;
}
