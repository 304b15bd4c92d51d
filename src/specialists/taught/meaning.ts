/**
 * Is a replacement something that holds elsewhere, or a decision about this one place? Pure. Rule: in doubt the latter: what
 * is not learned costs nothing.
 */
import type { SyntaxNode } from '../../code/index.ts';
import { partsOf } from './alike.ts';
import { isLocal, isTelling } from './bound.ts';
import type { Change } from './changes.ts';
import type { Pattern } from './generalise.ts';
import { isOwn } from './modules.ts';
import { CALLS, dottedName, MEMBERS, rootOf } from './roles.ts';
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
/** Options that are about what may go wrong; others are about what is wanted. */
const SAFETY: ReadonlySet<string> = new Set([
  ...['timeout', 'verify', 'check', 'encoding', 'errors', 'shell', 'secure', 'httponly', 'httpOnly', 'samesite'],
  ...[
    'sameSite',
    'autoescape',
    'Loader',
    'exist_ok',
    'missing_ok',
    'strict',
    'safe',
    'filter',
    'tz',
    'tzinfo',
    'usedforsecurity',
  ],
  ...[
    'rejectUnauthorized',
    'signal',
    'follow_redirects',
    'allow_redirects',
    'allow_pickle',
    'resolve_entities',
    'weights_only',
  ],
  ...[
    'stacklevel',
    'daemon',
    'newline',
    'max_length',
    'maxBuffer',
    'algorithms',
    'context',
    'ssl_context',
    'recursive',
  ],
]);
/** Methods of everything. */
const COMMON: ReadonlySet<string> = new Set([
  ...['get', 'set', 'add', 'append', 'push', 'pop', 'update', 'remove', 'items', 'keys', 'values', 'join', 'split'],
  ...['format', 'replace', 'map', 'filter', 'forEach', 'find', 'then', 'catch', 'call', 'apply', 'bind', 'test'],
  ...['length', 'name', 'value', 'data', 'id', 'text', 'type', 'message', 'toString', 'slice', 'concat', 'emit', 'on'],
]);

/** Why the replacement is not learned; null: it may be. `path`: where it was made first, of `places`. */
export function reasonAgainst(
  pattern: Pattern,
  { before, after }: Change,
  path: string,
  places: number,
): string | null {
  const [old, fresh] = [calledIn(before), calledIn(after)];
  if (old === null) return 'nothing in the old code has a name that can be looked for';
  const root = boundOf(pattern, before, old);
  const last = old.split('.').at(-1) ?? '';
  if (!old.includes('.') && ORDINARY.has(old)) return `${old} is called everywhere`;
  if (/^console\b/.test(old)) return 'what is printed is decided place by place';
  if (isLevel(old) && fresh !== null && isLevel(fresh) && !isRenamedLevel(old, fresh)) return 'a matter of loudness';
  const [a, b] = [wordsOf(pattern.before), wordsOf(pattern.after)];
  const isRenamed =
    old !== fresh && !b.names.includes(last) && marksOf(pattern.before, 'holes') === marksOf(pattern.after, 'holes');
  // On an object that nobody can name, only a method is known that few objects have.
  const isVague = root === null || (isLocal(root) && !isTelling(root) && !root.startsWith('self:'));
  const isKnown = (root?.startsWith('value:') && !COMMON.has(last)) || (isRenamed && isDistinct(last));
  if (isVague && !isKnown && !(old === fresh && isUnformatted(pattern))) return `any object may have ${last}`;
  // Twice what stood there once is more than another form of it.
  if (pattern.holes.some(({ repeated }) => repeated)) return 'more is done with the same';
  const freshLast = fresh?.split('.').at(-1) ?? '';
  if (old !== fresh && isType(last) && isType(freshLast)) return 'which kind of thing it is depends on the use';
  if (waitsIn(pattern.before) !== waitsIn(pattern.after)) return 'only some functions can wait';
  const isBare = (words: Words) => words.literals.length === 0 && pattern.holes.length === 0;
  if (isBare(a) && isBare(b) && a.names.length === b.names.length)
    return 'nothing goes in: which one it is depends on the use';
  const literals = [...difference(a.literals, b.literals), ...difference(b.literals, a.literals)];
  if (literals.some((one) => /\s/.test(one))) return 'a text for this place';
  const own = root !== null && isOwn(root, path);
  if (a.names.join() !== b.names.join()) {
    // Another function of one's own, or a switch of it: there it was right, who knows where else.
    if (own) return isRenamed && isOnlyRenamed(pattern) ? null : 'a choice among own functions';
    const added = b.names.filter((name) => !a.names.includes(name));
    if (old !== fresh || places > 1 || added.length === 0 || added.some((name) => SAFETY.has(name))) return null;
    return 'an option for this place';
  }
  const external = root !== null && !own && root.startsWith('import:');
  if (a.literals.join() === b.literals.join()) {
    if (marksOf(pattern.before) === marksOf(pattern.after)) return 'the same words in another order';
    return root === null || own ? 'another form of this place' : null;
  }
  if (a.literals.length !== b.literals.length) {
    const isText = literals.every((one) => /^\w{0,3}['"`]/.test(one));
    return (external && (isText || places > 1)) || old === 'parseInt' ? null : 'a value for this place';
  }
  if (literals.some((one) => /^[\d.+-]/.test(one))) return 'a number for this place';
  if (literals.every((one) => /^(true|false|null|undefined|none)$/i.test(one)))
    return external || /^call:/.test(root ?? '') ? null : 'a switch for this place';
  return external && literals.every((one) => /^\w{0,3}['"`]?[\w-]{1,24}['"`]?$/.test(one))
    ? null
    : 'a text for this place';
}

/** A name that was made up for one purpose: `innerHTML`, `has_key`. */
const isDistinct = (name: string) => name.length >= 7 && /[a-z][A-Z]|[a-z]_[a-z]/.test(name) && !COMMON.has(name);

/** A text that was filled by `%` is handed over with its values: nothing else looks like that. */
const isUnformatted = ({ before, after, holes }: Pattern) =>
  holes.some(({ placeholders }) => placeholders) && / % /.test(marksOf(before)) && !/ % /.test(marksOf(after));

const isType = (name: string) => /^[A-Z][a-zA-Z\d]*[a-z]/.test(name);

const waitsIn = (shape: Shape) =>
  marksOf(shape)
    .split(' ')
    .filter((one) => /^(await|yield|async)$/.test(one)).length;

/** Is a name all that differs? */
export function isOnlyRenamed({ steps }: Pattern): boolean {
  return steps.length === 1 && steps.every(({ from, to, text }) => to - from === 1 && text.length === 1);
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

/** How the name at the beginning of the old code is bound; null: there is none. */
function boundOf(pattern: Pattern, before: SyntaxNode, called: string): string | null {
  const [first = ''] = called.split('.');
  // The member of what a call gives is as well known as what that call begins with.
  const root = first === '…' ? (rootOf(before)?.text ?? '') : first;
  const hole = pattern.holes.find(({ name }) => name === root);
  return pattern.names.find(({ name }) => name === root)?.bound ?? hole?.bound ?? null;
}

interface Words {
  names: string[];
  literals: string[];
}

/** Names and literals of a pattern, sorted. */
function wordsOf(shape: Shape): Words {
  const found: Words = { names: [], literals: [] };
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

/** Punctuation and holes, or holes alone, sorted. */
function marksOf(shape: Shape, what?: 'holes'): string {
  const found: string[] = [];
  const visit = (part: Shape) => {
    if ('hole' in part) found.push(`#${part.hole}`);
    else if ('text' in part) found.push(what === 'holes' ? '' : part.text);
    else part.children.forEach(visit);
  };
  visit(shape);
  return found.sort().join(' ').trim();
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
