/**
 * A text of SQL as it is put together. Rule: read only where every part is plain; what could be something else than one
 * value makes it uncertain.
 */
import { plainString } from '../python-source.ts';
import type { Node } from '../rule.ts';

/** Text and values of a query in their order. */
export interface Query {
  texts: string[];
  values: Node[];
  /** The quote that its literals are written with. */
  quote: string;
  /** False when what is put in could be something other than one value (a tuple after %). */
  certain: boolean;
}

/** Names of what may be a tuple rather than one value. */
const SEVERAL = /args|params|values|tuple|row|data|record|item(s|$)/i;
/** Names of what is a piece of SQL rather than a value. */
const FRAGMENT =
  /table|column|col\b|field|order|where|clause|sql|query|stmt|cond|filter|join|fragment|schema|limit|placeholder/i;

/** Reads `"…" % x`, `"…" + x + "…"`, `"…".format(x)` and f-strings; null for anything else. */
export function readQuery(node: Node): Query | null {
  if (node.is('binary_operator')) {
    const operator = node.field('operator')?.text();
    return operator === '%' ? readPercent(node) : operator === '+' ? readSum(node) : null;
  }
  if (node.is('string')) return readInterpolated(node);
  if (node.is('parenthesized_expression')) {
    const [inner] = node.namedChildren();
    return inner ? readQuery(inner) : null;
  }
  if (node.is('concatenated_string')) return readBeside(node);
  return node.is('call') ? readFormat(node) : null;
}

/** Texts that stand beside each other, some of them with values. */
function readBeside(node: Node): Query | null {
  const parts = node.namedChildren().filter((part) => part.is('string'));
  const query: Query = { texts: [''], values: [], quote: parts[0] ? quoteOf(parts[0]) : '"', certain: true };
  for (const part of parts) {
    const text = plainString(part);
    const read =
      text === null ? readInterpolated(part) : { texts: [text], values: [], quote: quoteOf(part), certain: true };
    if (!read || read.quote !== query.quote) return null;
    query.texts.push(`${query.texts.pop() ?? ''}${read.texts[0] ?? ''}`, ...read.texts.slice(1));
    query.values.push(...read.values);
    query.certain &&= read.certain;
  }
  return query.values.length > 0 ? query : null;
}

function readPercent(node: Node): Query | null {
  const text = plainString(node.field('left'));
  const right = node.field('right');
  if (text === null || !right) return null;
  const elements = right.is('tuple') ? right.namedChildren() : [right];
  const texts = text.split(/%s|%r/);
  if (texts.length < 2 || /%[^%]/.test(texts.join(''))) return null;
  // `% x` with one placeholder takes a tuple of one apart: a name that speaks of several values is left to a person.
  const asked = /^(self\.)?request\.\w+(\[["'][\w-]+["']\]|\.get\(["'][\w-]+["'](, ["'][^"']*["'])?\))$/.test(
    right.text(),
  );
  const one = asked || (right.is('identifier') && !SEVERAL.test(right.text()));
  const certain = right.is('tuple') ? !/\*/.test(right.text()) : one;
  return { texts, values: elements, quote: quoteOf(node.field('left')), certain };
}

function readSum(node: Node): Query | null {
  const parts: Node[] = [];
  const walk = (part: Node | null): void => {
    if (part?.is('binary_operator') && part.field('operator')?.text() === '+') {
      walk(part.field('left'));
      walk(part.field('right'));
    } else if (part) parts.push(part);
  };
  walk(node);
  if (!parts[0]?.is('string')) return null;
  const query: Query = { texts: [''], values: [], quote: quoteOf(parts[0]), certain: true };
  for (const part of parts) {
    const text = plainString(part);
    if (text !== null) query.texts[query.texts.length - 1] += text;
    else if (part.is('string')) return null;
    else {
      query.values.push(part);
      query.texts.push('');
    }
  }
  return query.values.length > 0 ? query : null;
}

function readInterpolated(node: Node): Query | null {
  const [start, ...rest] = node.children();
  if (!/^[fF]("|'|"""|''')$/.test(start?.text() ?? '')) return null;
  const query: Query = { texts: [''], values: [], quote: quoteOf(node), certain: true };
  for (const part of rest.slice(0, -1)) {
    const value = part.is('interpolation') ? part.field('expression') : null;
    if (value) {
      query.values.push(value);
      query.texts.push('');
      if (part.namedChildren().length !== 1 || part.text().includes('=}')) query.certain = false;
    } else query.texts[query.texts.length - 1] += part.text();
  }
  return query.values.length > 0 ? query : null;
}

function readFormat(node: Node): Query | null {
  const callee = node.field('function');
  const object = callee?.field('object');
  const text = plainString(object);
  if (text === null || callee?.field('attribute')?.text() !== 'format') return null;
  const given =
    node
      .field('arguments')
      ?.namedChildren()
      .filter((one) => !one.is('comment')) ?? [];
  const texts = text.split(/\{\w*\}/);
  const holes = text.match(/\{\w*\}/g)?.map((hole) => hole.slice(1, -1)) ?? [];
  if (texts.length < 2) return null;
  const named = new Map(given.map((one) => [one.field('name')?.text() ?? '', one.field('value')]));
  const values = holes.map((hole, at) => {
    const positional = given[hole === '' ? at : Number(hole)];
    if (hole === '' || /^\d+$/.test(hole)) return positional?.is('keyword_argument') ? null : positional;
    return named.get(hole);
  });
  const quote = quoteOf(object);
  const certain = values.every(Boolean) && !given.some((one) => /splat/.test(String(one.kind())));
  if (!certain) return { texts, values: given.map((one) => one.field('value') ?? one), quote, certain: false };
  return { texts, values: values.flatMap((value) => value ?? []), quote, certain };
}

function quoteOf(node: Node | null | undefined): string {
  return /^[a-zA-Z]*("""|'''|"|')/.exec(node?.text() ?? '')?.[1] ?? '"';
}

/** A piece of SQL rather than a value, by its name; what a request is called says nothing. */
export function isFragment(value: Node): boolean {
  return FRAGMENT.test(value.text().replace(/\b(self\.)?request\.\w+/g, ''));
}

/** The statement with marks, and the values for them; null when a value stands where SQL admits no parameter. */
export function withMarks(query: Query, markOf: (at: number) => string): { text: string; values: string[] } | null {
  if (!query.certain || query.values.length === 0 || query.values.length !== query.texts.length - 1) return null;
  const texts = [...query.texts];
  const values: string[] = [];
  for (const [at, value] of query.values.entries()) {
    if (!/^(identifier|attribute|subscript|call)$/.test(String(value.kind())) || isFragment(value)) return null;
    const [before = '', after = ''] = [texts[at], texts[at + 1]];
    const like = /\bi?like\s+'(%?)$/i.exec(before);
    const tail = /^(%?)'/.exec(after);
    if (like && tail && (like[1] || tail[1])) {
      if (!/^[\w.]+$/.test(value.text())) return null;
      values.push(`f"${like[1]}{${value.text()}}${tail[1]}"`);
      texts[at] = before.slice(0, before.length - 1 - (like[1] ?? '').length);
      texts[at + 1] = after.slice(tail[0].length);
    } else {
      const quoted = /'$/.test(before) && /^'/.test(after);
      if (quoted) [texts[at], texts[at + 1]] = [before.slice(0, -1), after.slice(1)];
      // A column of numbers compares with the number, which the text of a statement could not hold.
      values.push((!quoted && /^str\((\w+)\)$/.exec(value.text())?.[1]) || value.text());
    }
    if (!isPlace(texts.slice(0, at + 1).join('0'), texts[at + 1] ?? '')) return null;
  }
  if (texts.some((text) => /[%?{}\\]|(^|[^:]):\w/.test(text)) || texts.join('').split("'").length % 2 === 0)
    return null;
  return { text: texts.map((text, at) => (at === 0 ? text : markOf(at) + text)).join(''), values };
}

/** Right of a comparison or in the list of VALUES, outside of quotes, and before the end or a word of SQL. */
function isPlace(before: string, after: string): boolean {
  if (/["']$/.test(before) || before.split("'").length % 2 === 0) return false;
  const compared = /(=|<|>|\bi?like)\s*$/i.test(before);
  const listed = /\bvalues\s*\(([^()]*,)?\s*$/i.test(before);
  if (listed) return /^\s*[,)]/.test(after);
  return compared && /^\s*($|[);]|,\s*\w+\s*=|and\b|or\b|order\b|limit\b|group\b|where\b|returning\b)/i.test(after);
}
