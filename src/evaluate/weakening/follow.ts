/**
 * Do the tests only follow the program to new names? Rule: word for word the same but for names, each old one with one new
 * one, and whatever the program had by an old name it has no more: else a second, kinder version could be what is tested.
 */
import { parseSyntax, type SyntaxNode } from '../../code/index.ts';
import { isTestFile, languageOf } from '../test-files.ts';
import type { Change } from '../types.ts';
import { FIXED, tokensOf } from './canonical.ts';

export async function onlyFollows(changes: readonly Change[]): Promise<boolean> {
  const names = new Map<string, string>();
  for (const { path, before, after } of changes.filter((change) => isTestFile(change.path))) {
    // A new file of tests takes nothing away.
    if (before === null) continue;
    if (after === null) return false;
    const [old, now] = [await parseSyntax(path, before), await parseSyntax(path, after)];
    if (old === null || now === null || !agree(wordsOf(old), wordsOf(now), names)) return false;
  }
  const renamed = [...names].filter(([from, to]) => from !== to).map(([from]) => from);
  const program = changes.filter((change) => !isTestFile(change.path) && languageOf(change.path) !== null);
  const had = await namesOf(program, 'before');
  const has = await namesOf(program, 'after');
  const moved = renamed.filter((name) => had.has(name));
  return moved.length > 0 && moved.every((name) => !has.has(name));
}

/** Adds to `names` what each name of `old` is called in `now`. */
function agree(old: readonly string[], now: readonly string[], names: Map<string, string>): boolean {
  if (old.length !== now.length) return false;
  const texts: Array<[string, string]> = [];
  for (const [index, from] of old.entries()) {
    const to = now[index] ?? '';
    if (isName(from) && isName(to)) {
      if ((names.get(from) ?? to) !== to) return false;
      names.set(from, to);
    } else if (from !== to) {
      if (!from.startsWith('"') || !to.startsWith('"')) return false;
      texts.push([from, to]);
    }
  }
  // A title may speak of the new name.
  return texts.every(([from, to]) => from.replace(/\w+/g, (word) => names.get(word) ?? word) === to);
}

function isName(token: string): boolean {
  return /^[A-Za-z_$][\w$.]*$/.test(token) && !FIXED.test(token);
}

/** Tokens; where a file is named by its path, its parts. */
function wordsOf(root: SyntaxNode): string[] {
  return modules(tokensOf(root)).flatMap((token) =>
    /^"(\.{1,2}\/|@\/|~\/)[^"\s]*"$/.test(token) ? (token.match(/[\w$]+|[^\w$]+/g) ?? []) : [token],
  );
}

/** `from shop.prices import` has one name of a module, as `from shop import` has. */
function modules(tokens: readonly string[]): string[] {
  const words: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const from = words.at(-2) === 'from' || words.at(-1)?.includes('.');
    if (from && token === '.' && /^\w/.test(tokens[index + 1] ?? '') && /^[\w.]+$/.test(words.at(-1) ?? ''))
      words.push(`${words.pop()}.`);
    else if (words.at(-2) === 'from' && words.at(-1)?.endsWith('.')) words.push(`${words.pop()}${token}`);
    else words.push(token);
  }
  return words;
}

async function namesOf(changes: readonly Change[], side: 'before' | 'after'): Promise<Set<string>> {
  const names = new Set<string>();
  for (const change of changes) {
    const text = change[side];
    if (text === null) continue;
    for (const part of change.path.split(/[/.]/)) names.add(part);
    const root = await parseSyntax(change.path, text);
    for (const token of root ? tokensOf(root) : []) names.add(token);
  }
  return names;
}
