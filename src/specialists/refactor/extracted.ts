/**
 * What an extracted function is called and where it goes, for every language. Rule: the name is taken from the code and is
 * new in every file that is in sight.
 */
import type { SourceFile } from '../types.ts';

export interface Naming {
  outputs: readonly string[];
  /** What is returned, where that is a plain name. */
  returned: string | null;
  /** What goes in. */
  inputs: readonly string[];
  /** The block. */
  body: string;
}

/** Letters of what is made, above which a name says too much. */
const LONGEST_NAME = 32;

/** Words of a name that says what the block makes, fills or checks; null where nobody could say what it is called. */
export function wordsFor({ outputs, returned, inputs, body }: Naming): string[] | null {
  const made = outputs.length > 0 ? outputs : returned === null || inputs.includes(returned) ? [] : [returned];
  const letters = made.reduce((sum, name) => sum + name.length, 0);
  if (made.length > 0)
    return letters <= LONGEST_NAME && made.every((name) => name.length > 2)
      ? ['compute', ...made.flatMap((name, at) => (at === 0 ? wordsOf(name) : ['and', ...wordsOf(name)]))]
      : null;
  const filled = new Set(
    [...body.matchAll(/^\s*([\w$]+)(?:\.\w+|\[[^\]\n]*\])\s*=(?!=)/gm)].map(([, name = '']) => name),
  );
  const [object = ''] = filled;
  if (/^\s*return\b/m.test(body)) return null;
  if (filled.size === 1 && inputs.includes(object) && object !== 'self') return ['fill', ...wordsOf(object)];
  const [only = '', ...others] = inputs;
  return others.length === 0 && only !== 'self' && onlyRefuses(body) ? ['check', ...wordsOf(only)] : null;
}

/** Does it throw or do nothing? */
function onlyRefuses(body: string): boolean {
  const changes = /^\s*((const|let|var)\s|[\w$.[\]'"]+\s*([-+*/|&]|\*\*|\/\/)?=(?!=)|(await\s+)?[\w$.]+\()/m;
  return (
    /^\s*(throw|raise)\b/m.test(body) && !changes.test(body.replace(/^\s*(throw|raise)\b[^\n]*\([\s\S]*?\);?$/gm, ''))
  );
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\W]+/)
    .filter((word) => word !== '');
}

/** `make(words)`, or the first of `make(words 2)`, … that none of the files has; null when it is taken everywhere. */
export function freeName(
  words: readonly string[],
  files: readonly SourceFile[],
  make: (words: readonly string[]) => string,
): string | null {
  for (const tail of [[], ['2'], ['3']]) {
    const name = make([...words, ...tail]);
    const taken = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
    if (!files.some(({ text }) => taken.test(text))) return name;
  }
  return null;
}

/** Is the block worth a function with so many parameters, and do its lines fit where others of the file do? */
export function isWorth(
  file: SourceFile,
  lines: number,
  inputs: number,
  made: readonly string[],
  usual: number,
): boolean {
  const longest = Math.max(...file.text.split('\n').map((line) => line.length));
  const room = Math.max(usual, Math.min(longest, 100));
  return lines >= 2 + 1.5 * inputs && made.every((line) => line.length <= room);
}
