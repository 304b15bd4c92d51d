/**
 * Values that become part of HTML. Rule: an escape only where the value stands between tags or in a quoted attribute that
 * holds text; in scripts, styles, addresses and handlers another one would be right.
 */
import { type Binding, bindingsOf, type Piece } from '../javascript-source.ts';
import type { Node, TextEdit } from '../rule.ts';
import { nodesOf, span, wholeText } from '../structural.ts';
import { usualEnd, usualQuote } from './javascript-manner.ts';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'escape-html': ['*'],
  'lodash.escape': ['*'],
  lodash: ['escape'],
  'lodash-es': ['escape'],
  he: ['escape', 'encode'],
  'html-escaper': ['escape'],
  'html-entities': ['encode'],
};

/** The call that escapes in this file, and the edits that bring it: one that is imported, or a function of its own. */
export function escaper(root: Node, typed: boolean): { call: string; edits: TextEdit[] } | null {
  const bindings = bindingsOf(root);
  for (const [local, { module, name }] of bindings) {
    const names = KNOWN[module];
    if (names?.includes(name)) return { call: local, edits: [] };
    if (names && name === '*' && names[0]) return { call: `${local}.${names[0]}`, edits: [] };
  }
  const text = wholeText(root);
  const isModule =
    bindings.size > 0 || nodesOf(root, 'export_statement').length > 0 || /\bmodule\.exports\b/.test(text);
  if (!isModule || /\bescapeHtml\b/.test(text)) return null;
  const end = text.trimEnd().length;
  return { call: 'escapeHtml', edits: [{ start: end, end, text: `\n\n${written(text, typed)}` }] };
}

/** The function in the manner of the file: its quotes, its semicolons, its types. */
function written(text: string, typed: boolean): string {
  const quote = usualQuote(text);
  const end = usualEnd(text);
  const steps = [
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
    ["'", '&#39;'],
  ].map(([from, to]) => `    .replace(/${from}/g, ${quote}${to}${quote})`);
  const head = typed ? 'function escapeHtml(value: unknown): string {' : 'function escapeHtml(value) {';
  return [head, '  return String(value)', `${steps.join('\n')}${end}`, '}'].join('\n');
}

/** Edits that put `call` around each of `values`, where all stand between tags or in attributes that hold text; else none. */
export function escapedIn(pieces: readonly Piece[], values: readonly Node[], call: string): TextEdit[] {
  const ids = new Set(values.map((value) => value.id()));
  const places = pieces.flatMap((piece, index) => (piece.text === null && ids.has(piece.node.id()) ? [index] : []));
  if (places.length !== values.length || !places.every((index) => holdsText(pieces, index))) return [];
  return values.map((value) => ({ ...span(value), text: `${call}(${bare(value).text()})` }));
}

function bare(value: Node): Node {
  return value.is('parenthesized_expression') && value.children().length === 3 ? (value.child(1) ?? value) : value;
}

/** Between tags, or in a quoted attribute that is no address, no style and no handler. */
function holdsText(pieces: readonly Piece[], index: number): boolean {
  const before = pieces
    .slice(0, index)
    .map((piece) => piece.text ?? 'x')
    .join('');
  if (/<(script|style|iframe|textarea|title|noscript|xmp|template|svg|math)\b/i.test(before)) return false;
  const tag = before.slice(before.lastIndexOf('<') + 1);
  if (!before.includes('<') || tag.includes('>')) return true;
  const attribute = /\s([\w-]+)=\\?(["'])[^"'\\]*$/.exec(tag)?.[1]?.toLowerCase();
  return (
    !!attribute && /^(class|id|title|alt|value|name|placeholder|label|content|lang|aria-\w+|data-\w+)$/.test(attribute)
  );
}

/** How a sanitizer that the file imports already is called, or null. */
export function sanitizerOf(bindings: ReadonlyMap<string, Binding>): string | null {
  for (const [local, { module, name }] of bindings) {
    if (/^(isomorphic-)?dompurify$/.test(module)) {
      if (name === '*') return `${local}.sanitize`;
      if (name === 'sanitize') return local;
    }
    if (module === 'sanitize-html' && name === '*') return local;
  }
  return null;
}
