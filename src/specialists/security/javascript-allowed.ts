/**
 * Values that are one of a few that the program wrote itself, or of a form that says nothing else. Rule: only what the
 * statements right above the place, or a type of this file, show; a guard that is asked before a change is none.
 */
import { isLiteral, type Piece, piecesOf, writtenValue } from '../javascript-source.ts';
import type { Node } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';

const FUNCTIONS =
  /^(function_declaration|function_expression|arrow_function|method_definition|generator_function(_declaration)?)$/;
/** Texts that are written in a type: `'ASC' | 'DESC'`. */
const CHOICE = /^\|?\s*(['"])[\w ]*\1(\s*\|\s*(['"])[\w ]*\3)*$/;
const ALLOWED = /^[A-Z][A-Z0-9_]*$/;

/** A parameter whose type is a choice of texts, an enum of the file, or the keys of something. */
export function isTypedChoice(name: Node): boolean {
  if (!name.is('identifier')) return false;
  for (const owner of name.ancestors().filter((above) => FUNCTIONS.test(String(above.kind())))) {
    const own = (owner.field('parameters')?.namedChildren() ?? []).find(
      (one) => (one.field('pattern') ?? one).text() === name.text(),
    );
    if (!own) continue;
    const type = own.field('type')?.text().replace(/^:\s*/, '').trim() ?? '';
    return !own.text().startsWith('@') && !isSet(owner, name.text()) && isChoice(type, name);
  }
  return false;
}

function isChoice(type: string, at: Node): boolean {
  if (CHOICE.test(type) || /^keyof\s+typeof\s+\w+$/.test(type)) return true;
  const program = at.ancestors().at(-1);
  if (!program || !/^\w+$/.test(type)) return false;
  if (nodesOf(program, 'enum_declaration').some((one) => one.field('name')?.text() === type)) return true;
  const alias = nodesOf(program, 'type_alias_declaration').find((one) => one.field('name')?.text() === type);
  const value = alias?.field('value')?.text().trim() ?? '';
  return CHOICE.test(value) || /^keyof\s+typeof\s+\w+$/.test(value);
}

/** Is something put into `name` somewhere in `scope`? */
function isSet(scope: Node, name: string): boolean {
  return ['assignment_expression', 'augmented_assignment_expression'].some((kind) =>
    nodesOf(scope, kind).some((one) => one.field('left')?.text() === name),
  );
}

/** `keys`, `ALLOWED`, `['a', 'b']`, and `Object.keys(x).filter((key) => ALLOWED.includes(key))`. */
function isAllowedList(given: Node, depth = 2): boolean {
  if (ALLOWED.test(given.text())) return true;
  const list = writtenValue(given);
  if (list.is('array')) return list.namedChildren().every((one) => isLiteral(one)) && !isGrown(given);
  const callee = list.is('call_expression') ? list.field('function') : null;
  const [callback] = list.field('arguments')?.namedChildren() ?? [];
  if (callee?.text() === 'Object.keys') return ALLOWED.test(callback?.text() ?? '');
  if (callee?.field('property')?.text() !== 'filter' || !callback?.is('arrow_function')) return false;
  const body = callback.field('body');
  const [name = ''] = /^\(?\s*(\w+)/.exec(callback.text())?.slice(1) ?? [];
  const object = callee.field('object');
  return (!!body && asksFor(body, name)) || (!!object && depth > 0 && isAllowedList(object, depth - 1));
}

function isGrown(list: Node): boolean {
  const program = list.ancestors().at(-1);
  return !!program && new RegExp(`\\b${list.text()}\\.(push|unshift|splice)\\(`).test(program.text());
}

/** `ALLOWED.includes(key)`, also as a part of `a && b`. */
function asksFor(condition: Node, name: string): boolean {
  if (condition.is('parenthesized_expression')) return asksFor(condition.child(1) ?? condition.parent()!, name);
  if (condition.is('binary_expression') && condition.field('operator')?.text() === '&&')
    return ['left', 'right'].some((side) => {
      const part = condition.field(side);
      return !!part && asksFor(part, name);
    });
  if (!condition.is('call_expression')) return false;
  const given = condition.field('arguments')?.namedChildren() ?? [];
  const callee = condition.field('function');
  if (given.length !== 1 || given[0]?.text() !== name || !callee) return false;
  const object = callee.field('object');
  if (/^(includes|has)$/.test(callee.field('property')?.text() ?? '')) return !!object && !object.is('string');
  return callee.field('property')?.text() === 'test' && !!object && isStrict(patternOf(object));
}

/** `/[^a-z]/.test(name)`: true for what has another character. */
function findsOthers(condition: Node, name: string): boolean {
  const given = condition.field('arguments')?.namedChildren() ?? [];
  const callee = condition.is('call_expression') ? condition.field('function') : null;
  const object = callee?.field('property')?.text() === 'test' ? callee.field('object') : null;
  return !!object && given[0]?.text() === name && /^\/\[\^(\\[wd.-]|[\w.@:/,=+-])+\]\/i?$/.test(patternOf(object));
}

/** The pattern itself, or where a constant got it. */
function patternOf(node: Node): string {
  if (!node.is('identifier')) return node.text();
  const program = node.ancestors().at(-1);
  const declared = program ? nodesOf(program, 'variable_declarator') : [];
  const own = declared.filter((one) => one.field('name')?.text() === node.text());
  return own.length === 1 ? (own[0]?.field('value')?.text() ?? '') : '';
}

/** From its first character to its last one, and of none that a shell or SQL reads as anything but a part of a word. */
function isStrict(pattern: string): boolean {
  const part = String.raw`(\[(\\[wd./-]|[\w.@:/,=+-])+\]|\\[wd./-]|[\w@:/,=-]|\(\?:|[()])([+*?]|\{\d+(,\d*)?\})?`;
  return new RegExp(String.raw`^\/\^(${part})+\$\/i?$`).test(pattern);
}

/** Did a statement right above leave unless the value is allowed, or does an `if` around ask for it? */
export function isChecked(node: Node): boolean {
  const name = node.text();
  if (!/^[\w$.]+$/.test(name)) return false;
  const above = [node, ...node.ancestors()];
  const end = above.findIndex((one) => {
    const parameters = one.field('parameters') ?? one.field('parameter');
    return (
      FUNCTIONS.test(String(one.kind())) && new RegExp(`\\b${name.split('.')[0]}\\b`).test(parameters?.text() ?? '')
    );
  });
  const around = end === -1 ? above : above.slice(0, end + 1);
  const scope = around.at(-1) ?? node;
  if (isSet(scope, name)) return false;
  return around.some((one, at) => {
    const parent = around[at + 1];
    if (parent?.is('if_statement') && parent.field('consequence')?.id() === one.id())
      return !!parent.field('condition') && asksFor(parent.field('condition')!, name);
    return /^(statement_block|program)$/.test(String(parent?.kind())) && leavesUnless(parent!, one, name);
  });
}

function leavesUnless(block: Node, before: Node, name: string): boolean {
  return block.namedChildren().some((one) => {
    if (!one.is('if_statement') || span(one).end > span(before).start) return false;
    const first = one.field('consequence');
    const last = first?.is('statement_block') ? first.namedChildren().at(-1) : first;
    if (!/^(return|throw|continue)_statement$/.test(String(last?.kind()))) return false;
    const condition = one.field('condition')?.child(1);
    return !!condition && refuses(condition, name);
  });
}

/** `!ALLOWED.includes(name)`, `!/^[a-z]+$/.test(name)`, also as a part of `a || b`. */
function refuses(condition: Node, name: string): boolean {
  if (condition.is('binary_expression') && condition.field('operator')?.text() === '||')
    return ['left', 'right'].some((side) => {
      const part = condition.field(side);
      return !!part && refuses(part, name);
    });
  if (findsOthers(condition, name)) return true;
  const asked = condition.is('unary_expression') && condition.field('operator')?.text() === '!';
  const argument = asked ? condition.field('argument') : null;
  return !!argument && asksFor(argument, name);
}

/** One of a list that the program wrote: the name of a loop over it, or of the function that is called for each. */
function isListed(name: Node): boolean {
  for (const above of name.ancestors()) {
    if (above.is('for_in_statement') && above.field('left')?.text() === name.text())
      return !!above.field('right') && / of /.test(above.text()) && isAllowedList(above.field('right')!);
    const [first = ''] = FUNCTIONS.test(String(above.kind()))
      ? (/^\(?\s*(\w+)/.exec(above.text())?.slice(1) ?? [])
      : [];
    if (first !== name.text()) continue;
    const callee = above.parent()?.parent()?.field('function');
    const object = callee?.field('object');
    return /^(map|flatMap|forEach)$/.test(callee?.field('property')?.text() ?? '') && !!object && isAllowedList(object);
  }
  return false;
}

/** A part of `SET`: what is written here, a column that is allowed, and the number of a parameter. */
function isOwnPart(part: Node): boolean {
  const pieces = piecesOf(part);
  if (pieces.length === 0) return isLiteral(part);
  return pieces.every((piece, at) => piece.text !== null || isNumberOf(pieces, at) || isAllowedName(piece.node));
}

const isAllowedName = (node: Node) => ALLOWED.test(node.text()) || isListed(node) || isChecked(node);

/** The number of a parameter: what stands right behind a `$`. */
export const isNumberOf = (pieces: readonly Piece[], at: number) => /\$$/.test(pieces[at - 1]?.text ?? '');

/** `keys.map((key, i) => `${key} = $${i + 1}`).join(', ')`, where the keys are allowed ones. */
export function isJoinedParts(written: Node): boolean {
  const callee = written.is('call_expression') ? written.field('function') : null;
  const joined = callee?.field('property')?.text() === 'join' ? callee.field('object') : null;
  const list = joined ? writtenValue(joined) : null;
  const mapped =
    list?.is('call_expression') && list.field('function')?.field('property')?.text() === 'map' ? list : null;
  const [callback] = mapped?.field('arguments')?.namedChildren() ?? [];
  const body = callback?.is('arrow_function') ? callback.field('body') : null;
  return !!body && !body.is('statement_block') && isOwnPart(body);
}

/** `['name', 'price'].includes(x) ? x : 'name'`: one of a list, else what is written here. */
export function isAllowed(written: Node): boolean {
  const node = written.is('parenthesized_expression') ? (written.child(1) ?? written) : written;
  if (!node.is('ternary_expression')) return false;
  const [asked, taken, other] = ['condition', 'consequence', 'alternative'].map((name) => node.field(name));
  const literal = (one: Node | null | undefined) => !!one && isLiteral(one);
  if (literal(taken) && literal(other)) return true;
  const [callee, given] = [asked?.field('function')?.text() ?? '', asked?.field('arguments')?.namedChildren() ?? []];
  return /\.(includes|has)$/.test(callee) && given.length === 1 && given[0]?.text() === taken?.text() && literal(other);
}

/** `if (!ALLOWED.includes(x)) throw …`, or a `return`, in the function around. */
export function isGuarded(node: Node): boolean {
  const asked = node.text().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (!/^[\w.\\]+$/.test(asked)) return false;
  const guard = new RegExp(`\\bif \\(![^;{}]*\\.(includes|has)\\(${asked}\\)\\)\\s*\\{?\\s*(throw|return)\\b`);
  const scope = enclosing(node, ['function_declaration', 'function_expression', 'arrow_function', 'method_definition']);
  return !!scope && guard.test(scope.text().slice(0, span(node).start - span(scope).start));
}

/** `where.join(' AND ')` of a list that only gets what is written here and `$1`, `$2`. */
export function isListOfParameters(written: Node): boolean {
  const callee = written.is('call_expression') ? written.field('function') : null;
  const list = callee?.field('property')?.text() === 'join' ? callee.field('object') : null;
  const begun = list?.is('identifier') ? writtenValue(list) : null;
  if (!list || !begun?.is('array')) return false;
  const scope = enclosing(written, [
    'function_declaration',
    'function_expression',
    'arrow_function',
    'method_definition',
  ]);
  const put = (scope ? nodesOf(scope, 'call_expression') : []).filter((call) =>
    new RegExp(`^${list.text()}\\.(push|unshift|splice|concat)$`).test(call.field('function')?.text() ?? ''),
  );
  const given = put.flatMap((call) => call.field('arguments')?.namedChildren() ?? []);
  return [...begun.namedChildren(), ...given].every(isOwnPart);
}
