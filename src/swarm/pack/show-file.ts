/** One file as a model reads it. Rule: whole with line numbers, else the parts around given lines, else an outline. */
import { outline } from './outline.ts';

const AROUND = 25;

export function numbered(text: string): string {
  return withNumbers(linesOf(text), 1);
}

/** Lines around `at` (1-based), and the outline of the whole. */
export function excerpt(path: string, text: string, at: readonly number[]): string {
  const lines = linesOf(text);
  const parts = spans(at, lines.length).map(([from, to]) => withNumbers(lines.slice(from - 1, to), from));
  const shape = outline(path, text);
  return [...parts, ...(shape === '' ? [] : [`outline:\n${shape}`])].join('\n...\n');
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function withNumbers(lines: readonly string[], first: number): string {
  return lines.map((line, index) => `${first + index}| ${line.replace(/\r$/, '')}`).join('\n');
}

function spans(at: readonly number[], last: number): Array<[number, number]> {
  const found: Array<[number, number]> = [];
  for (const line of [...new Set(at)].filter((one) => one >= 1 && one <= last).sort((a, b) => a - b)) {
    const previous = found.at(-1);
    const from = Math.max(1, line - AROUND);
    const to = Math.min(last, line + AROUND);
    if (previous && from <= previous[1] + 1) previous[1] = to;
    else found.push([from, to]);
  }
  return found;
}
