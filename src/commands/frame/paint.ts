/** Colour for people. Pure. Rule: colour is ours: what comes from a file is made visible before it is painted. */
import { visible } from './visible.ts';

const CODES = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Paint = (color: keyof typeof CODES, text: string) => string;

export const plain: Paint = (_, text) => text;
export const painted: Paint = (color, text) => `\u001b[${CODES[color]}m${text}\u001b[0m`;

export function paintDiff(line: string, paint: Paint): string {
  if (/^(diff |index |--- |\+\+\+ |(new|deleted|old) )/.test(line)) return paint('bold', line);
  if (line.startsWith('@@')) return paint('cyan', line);
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
}

/** A patch on a terminal. Programs get the bytes as they are. */
export function renderDiff(diff: string, { color }: { color: boolean }): string {
  const paint = color ? painted : plain;
  return visible(diff)
    .split('\n')
    .map((line) => paintDiff(line, paint))
    .join('\n');
}
