/** How slips are mended. Rule: an edit is made only where nothing else can be meant; else none. */
import { lineStart } from '../lines.ts';
import type { TextEdit } from '../rule.ts';

/** The line of a statement that stands alone on it, among others in its block. */
export function withoutLine(text: string, start: number): TextEdit[] {
  const from = lineStart(text, start);
  const to = text.indexOf('\n', start) + 1 || text.length;
  const before = text.slice(0, from).trimEnd();
  const after = text.slice(to).trimStart();
  if (!/^\s*debugger;?\s*$/.test(text.slice(from, to)) || !/[{};]$/.test(before)) return [];
  return before.endsWith('{') && after.startsWith('}') ? [] : [{ start: from, end: to, text: '' }];
}

/** `x === NaN` as a test. */
export function asIsNaN(text: string, start: number, end: number): TextEdit[] {
  const said = text.slice(start, end);
  const value = '[A-Za-z_$][\\w$]*(?:\\.[A-Za-z_$][\\w$]*)*';
  const parts =
    new RegExp(`^(${value})\\s*([!=])==?\\s*(?:Number\\.)?NaN$`).exec(said) ??
    new RegExp(`^(?:Number\\.)?NaN\\s*(?<not>[!=])==?\\s*(?<name>${value})$`).exec(said);
  const [name, not] = parts?.groups ? [parts.groups['name'], parts.groups['not']] : [parts?.[1], parts?.[2]];
  if (!name || /(^|\.)NaN$/.test(name) || !/\b(const|let|class)\s|=>/.test(text)) return [];
  return [{ start, end, text: `${not === '!' ? '!' : ''}Number.isNaN(${name})` }];
}

const TYPES = ['undefined', 'object', 'boolean', 'number', 'string', 'function', 'symbol', 'bigint'];

/** The type that is one or two slips away from the word in quotes. */
export function asType(text: string, start: number, end: number): TextEdit[] {
  const said = /^(["'])([A-Za-z]{4,})\1$/.exec(text.slice(start, end));
  const word = said?.[2];
  if (!word) return [];
  const near = TYPES.filter((type) => distance(word.toLowerCase(), type) <= 2);
  return near.length === 1 ? [{ start: start + 1, end: end - 1, text: near[0] ?? word }] : [];
}

/** Letters to add, drop, change or swap with their neighbour. */
function distance(one: string, other: string): number {
  const rows: number[][] = [...one, ''].map((_, row) => [...other, ''].map((_, column) => (row === 0 ? column : row)));
  rows.forEach((line, row) => {
    line[0] = row;
    for (let column = 1; row > 0 && column <= other.length; column += 1) {
      const above = rows[row - 1] ?? [];
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + same,
        swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  });
  return rows[one.length]?.[other.length] ?? Number.POSITIVE_INFINITY;
}
