/**
 * Where fewer words are no gain: what the files do everywhere, branches that mirror each other, a large block that moves.
 * Rule: this only takes findings away; what a text with unusual layout makes of it is silence.
 */
import { lineStart } from '../lines.ts';
import type { RuleContext } from '../rule.ts';
import type { SourceFile } from '../types.ts';

/** Lines that move one level: more hide in a diff what they say, and take every line's history. */
export const MOST_MOVED = 20;

const PYTHON = {
  pair: /^([ \t]*)(?:el)?if\b[^\n]*:\n(?:\1[ \t]+[^\n]*\n){0,6}?\1[ \t]+return\b[^\n]*\n\s*?\1else:\n\1[ \t]+(?:return|raise)\b[^\n]*\n(?!\1[ \t])/gm,
  direct: /^([ \t]*)if\b[^\n]*:\n(?:\1[ \t]+[^\n]*\n){0,6}?\1[ \t]+return\b[^\n]*\n\n?\1return\b/gm,
};
const SCRIPT = {
  pair: /\breturn\b[^\n]*\n\s*\}\s*else\s*\{\n\s*(?:return|throw)\b[^\n]*\n\s*\}/g,
  direct: /\breturn\b[^\n]*\n\s*\}\n\s*return\b/g,
};
const FEW = 5;
/** Files of one reading, above which it is a look at a whole project. */
const MANY = 12;

/** Do these files say "one or the other" with an else, so that a single one without it would stand out? */
export async function saysElse(file: SourceFile, context: RuleContext): Promise<boolean> {
  const isPython = file.language === 'python';
  const forms = isPython ? PYTHON : SCRIPT;
  // A file that never says it without an else says nothing of the habit; few of its kind do not either.
  if (context.batch.length > MANY && times([file.text], forms.direct) === 0) return true;
  return context.perRun(`else of ${isPython ? 'python' : 'scripts'}`, async () => {
    const texts = context.batch.filter(({ language }) => (language === 'python') === isPython).map(({ text }) => text);
    const [pairs, direct] = [forms.pair, forms.direct].map((form) => times(texts, form)) as [number, number];
    return pairs > FEW && 4 * pairs > direct;
  });
}

function times(texts: readonly string[], form: RegExp): number {
  return texts.reduce((sum, text) => sum + (text.match(form)?.length ?? 0), 0);
}

/** Lines with code below the line of `offset` that stand further in, as they are written. */
export function bodyBelow(text: string, offset: number): string[] {
  const [head = '', ...lines] = text.slice(lineStart(text, offset)).split('\n');
  const outer = depth(head);
  const end = lines.findIndex((line) => line.trim() !== '' && depth(line) <= outer);
  return codeOf(end === -1 ? lines : lines.slice(0, end));
}

/** The lines with code between the line of `offset` and the last one above it that stands as far out. */
export function bodyAbove(text: string, offset: number): string[] {
  const line = text.slice(lineStart(text, offset)).split('\n')[0] ?? '';
  const above = text.slice(0, lineStart(text, offset)).split('\n');
  const body: string[] = [];
  for (const one of above.reverse()) {
    if (one.trim() !== '' && depth(one) <= depth(line)) break;
    body.unshift(one);
  }
  return codeOf(body);
}

/** Statements at the level of the first of `body`; brackets that close are none. */
export function statementsOf(body: readonly string[]): string[] {
  const level = depth(body[0] ?? '');
  return body.filter((line) => depth(line) === level && !/^[)\]}]/.test(line.trim())).map((line) => line.trim());
}

export function isBlock(statement: string): boolean {
  return /^(if|for|while|with|try|async|match)\b/.test(statement);
}

function codeOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
}

function depth(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
