/**
 * What an extracted function is called and where it goes, for every language. Rule: the name is taken from the code and is
 * new in every file that is in sight.
 */
import type { SourceFile } from '../types.ts';

export interface Naming {
  /** Names of the functions that hold the block, in text order. */
  owners: readonly string[];
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

/** Words of a name that says what the block makes or fills, else what its owners have in common. */
export function wordsFor({ owners, outputs, returned, inputs, body }: Naming): string[] {
  const made = outputs.length > 0 ? outputs : returned === null ? [] : [returned];
  const letters = made.reduce((sum, name) => sum + name.length, 0);
  if (made.length > 0 && letters <= LONGEST_NAME && made.every((name) => name.length > 2))
    return ['compute', ...made.flatMap((name, at) => (at === 0 ? wordsOf(name) : ['and', ...wordsOf(name)]))];
  const filled = new Set(
    [...body.matchAll(/^\s*([\w$]+)(?:\.\w+|\[[^\]\n]*\])\s*=(?!=)/gm)].map(([, name = '']) => name),
  );
  const [object = ''] = filled;
  if (filled.size === 1 && inputs.includes(object) && object !== 'self' && !/^\s*return\b/m.test(body))
    return ['fill', ...wordsOf(object)];
  const words = owners.map(wordsOf);
  const shared = (words[0] ?? []).filter((word) => words.every((other) => other.includes(word)));
  const base = shared.length > 0 ? shared : (words[0] ?? []);
  return ['shared', ...base.slice(0, 4)];
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
