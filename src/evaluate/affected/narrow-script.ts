/**
 * Scripts of package.json, and `node --test`, on some test files only. Pure. Rule: only a script that is one call of a known
 * runner, and names no files itself unless they can be replaced.
 */
import type { RunnableCheck } from '../types.ts';

export function narrowScript(check: RunnableCheck, files: string[], manifest: string | null): RunnableCheck | null {
  if (files.length === 0) return null;
  const [first = ''] = check.asked;
  if (first === 'node') {
    const argv = ofNode(check.argv, files);
    return argv === null ? null : { ...check, argv };
  }
  const name = scriptOf(check.asked);
  const scripts = scriptsIn(manifest);
  const words = name === null ? null : wordsOf(scripts[name] ?? '');
  if (name === null || words === null) return null;
  if (words[0] === 'node') {
    // What runs before and after a script would be left out.
    const argv =
      scripts[`pre${name}`] === undefined && scripts[`post${name}`] === undefined ? ofNode(words, files) : null;
    return argv === null ? null : { ...check, argv };
  }
  if (!takesFiles(words)) return null;
  // Yarn hands everything on as it is.
  return { ...check, argv: [...check.argv, ...(first === 'yarn' ? [] : ['--']), ...files] };
}

/** `npm test`, `yarn run check`. */
function scriptOf([runner = '', ...words]: readonly string[]): string | null {
  if (!/^(npm|yarn|pnpm)$/.test(runner)) return null;
  const [name, ...more] = words[0] === 'run' ? words.slice(1) : words;
  return name === undefined || more.length > 0 || name.startsWith('-') ? null : name === 't' ? 'test' : name;
}

function scriptsIn(manifest: string | null): Record<string, string> {
  try {
    const value = JSON.parse(manifest ?? '') as { scripts?: unknown } | null;
    const scripts = value?.scripts;
    if (scripts === null || typeof scripts !== 'object') return {};
    return Object.fromEntries(Object.entries(scripts).filter(([, text]) => typeof text === 'string'));
  } catch {
    return {};
  }
}

/** The words of one plain command; null where a shell would do more than split it. */
function wordsOf(script: string): string[] | null {
  if (/[&|;<>$`\\(){}]/.test(script)) return null;
  const words = [...script.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  );
  // A variable before the command, a program that wraps it.
  return words.length === 0 || /=/.test(words[0] ?? '') || /^(cross-env|npx|c8|nyc|env)$/.test(words[0] ?? '')
    ? null
    : words;
}

/** Without files of their own, these take those that they are given as the selection. */
function takesFiles([program = '', ...rest]: readonly string[]): boolean {
  const flags = program === 'vitest' && rest[0] === 'run' ? rest.slice(1) : rest;
  const plain = flags.every((word) => /^--?[\w-]+(=\S*)?$/.test(word));
  if (program === 'jest' || program === 'ava') return plain;
  if (program === 'vitest') return plain && (rest[0] === 'run' || rest.includes('--run'));
  return program === 'mocha' && plain && !flags.some((word) => /^--(config|spec|package)\b/.test(word));
}

/** `node --test test/`, with what it loads before; the files take the place of those that it names. */
function ofNode(argv: readonly string[], files: readonly string[]): string[] | null {
  if (!argv.includes('--test')) return null;
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (at === 0) kept.push(word);
    else if (/^(--import|--require|-r|--loader|--experimental-loader|-C|--conditions)$/.test(word)) {
      kept.push(word, argv[at + 1] ?? '');
      at += 1;
    } else if (word.startsWith('-')) {
      // A word of its own may follow: nobody knows whether it is a file.
      if (
        !/^--?[\w-]+=|^--(test|test-only|enable-source-maps|experimental-[\w-]+|no-warnings|expose-gc|trace-warnings)$/.test(
          word,
        )
      )
        return null;
      kept.push(word);
    }
  }
  return [...kept, ...files];
}
