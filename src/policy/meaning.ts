/**
 * Does a change only touch comments and layout? Rule: a proof or nothing: where the text could be read in another way
 * (JSX, nested templates, unfinished strings, comments that steer tools) the answer is no.
 */

type Language = 'python' | 'script';

/** Characters. */
const LARGEST = 1024 * 1024;
/** Surrounds text whose layout counts. */
const MARK = '\u0001';

/** Comments that a tool obeys are code. */
const DIRECTIVE =
  /^#!|type:|noqa|nosec|pylint|pragma|coding[:=]|fmt:|isort|mypy|ruff|pyright|@ts-|eslint|jshint|jslint|tslint|prettier|istanbul|\bc8\b|\bv8\b|biome|@jsx|@flow|@vite|webpack|<reference|sourceMappingURL|sourceURL|\bglobals?\b|@__|#__|use strict|@license|@preserve/i;

/** Returns true only when both texts are shown to mean the same: they differ in ordinary comments, blank lines, spaces. */
export function sameMeaning(path: string, before: string, after: string): boolean {
  const language = languageOf(path);
  if (language === null) return false;
  const [a, b] = [essence(before, language), essence(after, language)];
  return a !== null && a === b;
}

function languageOf(path: string): Language | null {
  if (/\.pyi?$/.test(path)) return 'python';
  return /\.[cm]?[jt]s$/.test(path) ? 'script' : null;
}

/** The text without ordinary comments and free layout, or null when that cannot be said for certain. */
function essence(text: string, language: Language): string | null {
  if (text.length > LARGEST || text.includes(MARK)) return null;
  if (language === 'script' && /<\/|\/>/.test(text)) return null;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const token = next(text, at, out, language);
    if (token === null) return null;
    out = (token.prefix ? out.slice(0, -token.prefix) : out) + token.keep;
    at = token.end;
  }
  return layout(out, language);
}

interface Token {
  end: number;
  keep: string;
  /** Characters in front that belong to this token and are said in `keep`. */
  prefix?: number;
}

function next(text: string, at: number, out: string, language: Language): Token | null {
  const char = text[at] as string;
  if (char === '"' || char === "'" || (char === '`' && language === 'script')) {
    const token = string(text, at, language);
    return token && language === 'python' ? withPrefix(token, text.slice(at, token.end), out) : token;
  }
  if (language === 'python') return char === '#' ? comment(text, at, lineEnd(text, at)) : { end: at + 1, keep: char };
  if (char !== '/') return { end: at + 1, keep: char };
  if (text[at + 1] === '/') return comment(text, at, lineEnd(text, at));
  if (text[at + 1] === '*') {
    const close = text.indexOf('*/', at + 2);
    return close < 0 ? null : comment(text, at, close + 2);
  }
  const before = out.slice(-40).trimEnd();
  // After a closing bracket both readings are possible; with a second slash on the line they differ.
  if (/[)}]$/.test(before))
    return text.slice(at + 1, lineEnd(text, at)).includes('/') ? null : { end: at + 1, keep: char };
  return startsExpression(before) ? regularExpression(text, at) : { end: at + 1, keep: char };
}

/** Line breaks inside a dropped comment stay: they can end a statement. */
function comment(text: string, at: number, end: number): Token {
  const body = text.slice(at, end);
  return { end, keep: DIRECTIVE.test(body) ? guarded(body) : ` ${body.replace(/[^\n]+/g, '')}` };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function string(text: string, at: number, language: Language): Token | null {
  const quote = text[at] as string;
  const triple = language === 'python' && text.startsWith(quote.repeat(3), at);
  const close = triple ? quote.repeat(3) : quote;
  for (let end = at + close.length; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text.startsWith(close, end)) {
      const stop = end + close.length;
      return { end: stop, keep: guarded(text.slice(at, stop)) };
    } else if (quote === '`' && text.startsWith('${', end)) return null;
    else if (text[end] === '\n' && !triple && quote !== '`') return null;
  }
  return null;
}

/** Escapes that Python knows; before any other character the backslash stands for itself. */
const ESCAPE = /\\[\n\r\\'"abfnrtv0-7xNuU]/;

/** A raw string and a plain one whose backslashes escape nothing are the same text: one spelling for both. */
function withPrefix(token: Token, literal: string, out: string): Token {
  const letters = /(?:^|[^\w])([rRbBuUfF]{1,2})$/.exec(out)?.[1] ?? '';
  if (/f/i.test(letters) || !literal.includes('\\')) return token;
  const raw = /r/i.test(letters);
  if (!raw && ESCAPE.test(literal)) return token;
  const kind = letters.toLowerCase().replace(/[ru]/g, '');
  return { end: token.end, keep: `${kind}r${token.keep}`, prefix: letters.length };
}

function regularExpression(text: string, at: number): Token | null {
  let inClass = false;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '[') inClass = true;
    else if (text[end] === ']') inClass = false;
    else if (text[end] === '/' && !inClass) return { end: end + 1, keep: guarded(text.slice(at, end + 1)) };
  }
  return null;
}

/** A slash here begins a regular expression rather than a division. */
function startsExpression(before: string): boolean {
  return (
    /(^|[(,=:[!&|?{;+\-*%~^<>])$/.test(before) ||
    /\b(return|typeof|case|in|of|do|else|void|delete|throw|new|yield|await|extends|default|instanceof)$/.test(before)
  );
}

/** Text whose spaces and line breaks count, made safe from `layout`. */
function guarded(text: string): string {
  return `${MARK}${Buffer.from(text).toString('base64')}${MARK}`;
}

/** Line breaks count in both languages, indentation in Python only. */
function layout(text: string, language: Language): string {
  return text
    .split(/\r?\n/)
    .map((line) => {
      const indentation = language === 'python' ? (/^[ \t\f]*/.exec(line)?.[0] ?? '') : '';
      return indentation + line.trim().replace(/[ \t\f]+/g, ' ');
    })
    .filter((line) => line.trim() !== '')
    .join('\n');
}
