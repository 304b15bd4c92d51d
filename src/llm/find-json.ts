/**
 * JSON in what a model wrote. Rule: pure and forgiving about what stands around it (prose, fences, thoughts, trailing
 * commas), never about what it says: a value that is cut off is not completed.
 */

/** The value, or why there is none, in words that the model can act on. */
export type Found = { ok: true; value: unknown } | { ok: false; reason: string };

/** Longer than any answer that is asked for. */
const MOST = 4 * 1024 * 1024;

/** Finds the JSON object or array that is the answer: all of the text, a fenced block, or the first that parses. */
export function findJson(text: string): Found {
  if (text.length > MOST) return { ok: false, reason: 'the answer is too long' };
  const plain = withoutThoughts(text).trim();
  if (plain === '') return { ok: false, reason: 'the answer is empty' };
  for (const candidate of [plain, ...fenced(plain)]) {
    const value = parse(candidate);
    if (isContainer(value)) return { ok: true, value };
  }
  for (const candidate of balanced(plain)) {
    const value = parse(candidate);
    if (isContainer(value)) return { ok: true, value };
  }
  const open = /[[{]/.test(plain);
  return {
    ok: false,
    reason: open ? 'the JSON in the answer is not valid, or is cut off' : 'there is no JSON in the answer',
  };
}

/** Some models think aloud first. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  return end < 0 ? text : text.slice(end + '</think>'.length);
}

/** Longest first: a small example may stand beside the answer. */
function fenced(text: string): string[] {
  const blocks = [...text.matchAll(/^[ \t]*(```+|~~~+)[^\n]*\n([\s\S]*?)\n[ \t]*\1[ \t]*$/gm)].map(
    (match) => match[2] ?? '',
  );
  return blocks.sort((a, b) => b.length - a.length);
}

/** Spans from a bracket to the one that closes it; outermost only, at most a few. */
function balanced(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length && found.length < 20; at++) {
    if (text[at] !== '{' && text[at] !== '[') continue;
    const end = closing(text, at);
    if (end === null) break;
    found.push(text.slice(at, end + 1));
    at = end;
  }
  return found.sort((a, b) => b.length - a.length);
}

function closing(text: string, from: number): number | null {
  let depth = 0;
  let inside = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (inside) {
      if (char === '\\') at += 1;
      else if (char === '"') inside = false;
    } else if (char === '"') inside = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return null;
}

function parse(text: string): unknown {
  for (const attempt of [text, withoutTrailingCommas(text)]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next attempt, or none.
    }
  }
  return undefined;
}

/** Outside strings only. */
function withoutTrailingCommas(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g, (match) => (match === ',' ? '' : match));
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
