/** Names as git and others write them. Rule: what cannot be read with certainty is null, never guessed. */

export const NOTHING = '/dev/null';
const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };
/** `/dev/null`, with the prefix that some put before it. */
export const isNothing = (name: string): boolean => name === NOTHING || name === 'a/dev/null' || name === 'b/dev/null';

/** GNU diff puts the time behind the name; a tab stands between, or models make it blanks. */
const TIMESTAMP = /\s+(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ).*$/s;

/** Reads the name behind `--- `, `+++ `, `rename from ` …: quoted, with a time behind it, or plain. */
export function readName(given: string): string | null {
  const text = given.replace(/[ \r]+$/, (blanks) => (given.startsWith('"') ? '' : blanks.replace(/\r/g, '')));
  if (text.startsWith('"')) {
    const quoted = unquote(text);
    return quoted === null ? null : decode(quoted.name);
  }
  const [name = ''] = text.split('\t', 1);
  const plain = decode(name.replace(TIMESTAMP, '').replace(/\s+\(revision \d+\)$/, ''));
  return plain === null || plain === '' ? null : plain;
}

/** The two names of a `diff --git` line; null when the border between them is not certain. */
export function readPair(given: string): [string, string] | null {
  const text = given.replace(/[ \t\r]+$/, '');
  const first = text.startsWith('"') ? unquote(text) : null;
  if (first !== null) {
    const second = readName(text.slice(first.length).trimStart());
    const old = decode(first.name);
    return old === null || second === null ? null : [old, second];
  }
  if (text.endsWith('"')) {
    const border = text.indexOf(' "');
    const old = border < 0 ? null : readName(text.slice(0, border));
    const second = border < 0 ? null : readName(text.slice(border + 1));
    return old === null || second === null ? null : [old, second];
  }
  const only = text.length > LONGEST_PAIR ? null : splitPair(text);
  if (only === null) return null;
  const [old, now] = [decode(only[0]), decode(only[1])];
  return old === null || now === null ? null : [old, now];
}

/** No system has longer names. */
const LONGEST_PAIR = 2 * 4096 + 32;
const LONGEST_PREFIX = 9;

/** One name twice has its border near the middle; else the only blank before a prefix, or the only one, is the border. */
function splitPair(text: string): [string, string] | null {
  const pairAt = (at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)];
  const middle = Math.floor(text.length / 2);
  const nearMiddle = Array.from({ length: 2 * LONGEST_PREFIX + 1 }, (_, at) => middle - LONGEST_PREFIX + at);
  const same = nearMiddle
    .filter((at) => at > 0 && text[at] === ' ')
    .map(pairAt)
    .filter(([old, now]) => old === now || withoutPrefix(old) === withoutPrefix(now));
  if (same.length === 1) return same[0]!;
  const first = text.indexOf(' ');
  if (same.length === 0 && isPrefixed(text)) {
    const marked = [...text.matchAll(BEFORE_PREFIX)];
    if (marked.length === 1) return pairAt(marked[0]!.index);
  }
  return first >= 0 && first === text.lastIndexOf(' ') ? pairAt(first) : null;
}

/** What git and people put before a name to tell the two sides apart. */
const PREFIX = /^(?:[abciow12]|old|new|orig|original|modified|before|after|left|right|current)\//;
const BEFORE_PREFIX = new RegExp(` (?=${PREFIX.source.slice(1)})`, 'g');

export function isPrefixed(name: string): boolean {
  return PREFIX.test(name);
}

export function withoutPrefix(name: string): string {
  return name.replace(PREFIX, '');
}

/** `text` opens with a quote. `length` counts the quotes. */
function unquote(text: string): { name: string; length: number } | null {
  let name = '';
  for (let at = 1; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '"') return { name, length: at + 1 };
    if (char !== '\\') {
      name += char;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
    if (octal) {
      name += String.fromCharCode(Number.parseInt(octal[0], 8));
      at += 3;
      continue;
    }
    const code = ESCAPES[text[at + 1] ?? ''];
    if (code === undefined) return null;
    name += String.fromCharCode(code);
    at += 1;
  }
  return null;
}

/** latin1 → text; bytes that are no UTF-8 become U+FFFD, which the vetting refuses. */
function decode(name: string): string | null {
  return Buffer.from(name, 'latin1').toString('utf8');
}
