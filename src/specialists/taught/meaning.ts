/**
 * Is a replacement something that holds elsewhere, or a decision about this one place? Pure. Rule: in doubt the latter: what
 * is not learned costs nothing.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';
import { isLocal, isTelling } from './bound.ts';
import type { Pattern } from './generalise.ts';
import { CALLS, dottedName, MEMBERS } from './roles.ts';
import type { Shape } from './types.ts';

/** Functions of the language that are called everywhere for every purpose: a change of one says nothing of the next. */
const ORDINARY: ReadonlySet<string> = new Set([
  ...['print', 'len', 'str', 'int', 'float', 'bool', 'list', 'dict', 'set', 'tuple', 'bytes', 'range', 'enumerate'],
  ...['zip', 'map', 'filter', 'sorted', 'min', 'max', 'sum', 'any', 'all', 'abs', 'round', 'repr', 'type', 'super'],
  ...['isinstance', 'issubclass', 'getattr', 'setattr', 'hasattr', 'next', 'iter', 'format', 'id', 'hash', 'vars'],
  ...['property', 'frozenset', 'object', 'ord', 'chr', 'Exception', 'ValueError', 'TypeError', 'RuntimeError'],
  ...['String', 'Number', 'Boolean', 'Array', 'Object', 'Error', 'TypeError', 'Symbol', 'BigInt', 'require'],
  ...['$', '_', 'jQuery', 'done', 'next', 'cb', 'callback', 'resolve', 'reject', 'alert', 'describe', 'it', 'expect'],
]);
/** How loud something is said is decided place by place. */
const LEVELS: ReadonlySet<string> = new Set([
  ...['debug', 'info', 'warn', 'warning', 'error', 'exception', 'critical', 'fatal', 'log', 'trace', 'notice'],
]);
/** Methods of everything. */
const COMMON: ReadonlySet<string> = new Set([
  ...['get', 'set', 'add', 'append', 'push', 'pop', 'update', 'remove', 'items', 'keys', 'values', 'join', 'split'],
  ...['format', 'replace', 'map', 'filter', 'forEach', 'find', 'then', 'catch', 'call', 'apply', 'bind', 'test'],
  ...['length', 'name', 'value', 'data', 'id', 'text', 'type', 'message', 'toString', 'slice', 'concat', 'emit', 'on'],
]);

/** Why the replacement is not learned; null: it may be. */
export function reasonAgainst(pattern: Pattern, before: SyntaxNode, after: SyntaxNode): string | null {
  const [old, fresh] = [calledIn(before), calledIn(after)];
  if (old === null) return 'nothing in the old code has a name that can be looked for';
  const root = boundOf(pattern, old);
  const last = old.split('.').at(-1) ?? '';
  if (!old.includes('.') && ORDINARY.has(old)) return `${old} is called everywhere`;
  if (/^console\b/.test(old)) return 'what is printed is decided place by place';
  if (isLevel(old) && fresh !== null && isLevel(fresh) && !isRenamedLevel(old, fresh)) return 'a matter of loudness';
  // On an object that nobody can name, a method that every object has.
  const isVague = root === null || (isLocal(root) && !isTelling(root) && !root.startsWith('self:'));
  if (isVague && COMMON.has(last)) return `any object may have ${last}`;
  const [a, b] = [wordsOf(pattern.before), wordsOf(pattern.after)];
  if (a.names.join() !== b.names.join()) {
    const isOwn = root !== null && /^(file|self):/.test(root);
    const added = b.names.filter((name) => !a.names.includes(name));
    // Another function of one's own, or a switch of it: there it was right, who knows where else.
    return isOwn && old !== fresh && added.length === 0 ? 'another choice of this place' : null;
  }
  const external = root !== null && (root === 'global' || (root.startsWith('import:') && !/[/]/.test(root)));
  if (a.literals.join() === b.literals.join()) {
    if (marksOf(pattern.before) === marksOf(pattern.after)) return 'the same words in another order';
    return root === null || /^(file|self):/.test(root) ? 'another form of this place' : null;
  }
  const literals = [...difference(a.literals, b.literals), ...difference(b.literals, a.literals)];
  if (a.literals.length !== b.literals.length) return external ? null : 'a value for this place';
  if (literals.some((one) => /^[\d.+-]/.test(one))) return 'a number for this place';
  if (literals.every((one) => /^(true|false|null|undefined)$/i.test(one) || one === 'None'))
    return external || /^call:/.test(root ?? '') ? null : 'a switch for this place';
  return external && literals.every((one) => /^\w{0,3}['"`]?[\w-]{1,24}['"`]?$/.test(one))
    ? null
    : 'a text for this place';
}

const isLevel = (name: string) => LEVELS.has(name.split('.').at(-1) ?? '');
const isRenamedLevel = (old: string, fresh: string) => /\bwarn$/.test(old) && fresh === `${old}ing`;

/** The name that the old code is found by: what it calls, or the member that it reads or writes. */
export function calledIn(unit: SyntaxNode): string | null {
  const [first, second] = partsOf(unit);
  if (CALLS.has(unit.kind)) {
    const called = first?.kind === 'new' ? second : first;
    return called === undefined ? null : (dottedName(called) ?? memberOf(called));
  }
  if (MEMBERS.has(unit.kind)) return dottedName(unit) ?? memberOf(unit);
  if (/^assignment/.test(unit.kind) && first !== undefined && MEMBERS.has(first.kind))
    return dottedName(first) ?? memberOf(first);
  for (const node of unit.below()) if (node !== unit && CALLS.has(node.kind)) return calledIn(node);
  return null;
}

/** `….name` of a member of something that is computed. */
function memberOf(node: SyntaxNode): string | null {
  return MEMBERS.has(node.kind) ? `….${partsOf(node).at(-1)?.text ?? ''}` : null;
}

/** How the first word of a dotted name is bound; null: it is a hole or computed. */
function boundOf(pattern: Pattern, called: string): string | null {
  const [root = ''] = called.split('.');
  const hole = pattern.holes.find(({ name }) => name === root);
  return pattern.names.find(({ name }) => name === root)?.bound ?? hole?.bound ?? null;
}

/** Names and literals of a pattern, sorted. */
function wordsOf(shape: Shape): { names: string[]; literals: string[] } {
  const found = { names: [] as string[], literals: [] as string[] };
  const visit = (part: Shape) => {
    if ('hole' in part) return;
    if ('children' in part) {
      if (/^string$|template/.test(part.kind)) found.literals.push(textOf(part));
      else part.children.forEach(visit);
      return;
    }
    if (/identifier|^(this|super)$/.test(part.kind)) found.names.push(part.text);
    else if (/^(integer|float|number|true|false|none|null|undefined|string|regex)$/.test(part.kind))
      found.literals.push(part.text);
    else if (/^(==|===|!=|!==|is|in|not|and|or|&&|\|\||\?\?|new|await)$/.test(part.text)) found.names.push(part.text);
  };
  visit(shape);
  return { names: found.names.sort(), literals: found.literals.sort() };
}

/** Punctuation and holes, sorted. */
function marksOf(shape: Shape): string {
  const found: string[] = [];
  const visit = (part: Shape) => {
    if ('hole' in part) found.push('#');
    else if ('text' in part) found.push(part.text);
    else part.children.forEach(visit);
  };
  visit(shape);
  return found.sort().join(' ');
}

function textOf(shape: Shape): string {
  if ('hole' in shape) return `#${shape.hole}`;
  return 'text' in shape ? shape.text : shape.children.map(textOf).join('');
}

function difference(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const FIXES =
  /\b(fix(e[sd]|ing)?|bug\w*|hotfix|correct(s|ed|ly)?|secur\w*|vuln\w*|cve|unsafe|safe(r|ly)?|inject\w*|xss|csrf|leak\w*|crash\w*|deprecat\w*|prevent\w*|avoid\w*|harden\w*|repair\w*|wrong\w*|mistake\w*|broken|regression|hang(s|ing)?|timeouts?|time[- ]out|race|escap\w*|saniti[sz]\w*|never|must|instead of|replace[ds]?|warnings?|errors?|issue|removed in|no longer|python ?3|encoding|missing|forg[oe]t\w*|always|insecure|weak|obsolete|don'?t|do not|ensure|stop|require[ds]?|needs?)\b/i;

/** Does the message of a commit say that something was wrong? A commit that adds, names or formats something teaches nothing. */
export function isFixMessage(message: string): boolean {
  const [subject = ''] = message.split('\n');
  const type = /^(\w+)(\([^)]*\))?!?:/.exec(subject)?.[1]?.toLowerCase();
  if (type && /^(feat|feature|docs?|style|refactor|tests?|chore|build|ci|perf|revert|release|i18n|deps)$/.test(type))
    return false;
  if (/^\W*(merge|bump|release|version|rename|revert|reformat|format|lint|typo|feature|wip)\b/i.test(subject))
    return false;
  return type === 'fix' || FIXES.test(subject) || /^\s*(fix(e[sd])?|close[sd]?|resolve[sd]?):? #?\d+/im.test(message);
}
