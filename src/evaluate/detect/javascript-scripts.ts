/** The scripts of a package.json. Rule: what a script does is what the commands do that it ends up running. */
import type { CheckKind } from '../types.ts';

export interface Scripts {
  /** The commands of a script with those of the scripts that it calls in their place, or null. */
  expanded(name: string): string | null;
  /** Whether `name` runs `other`, also through others. */
  calls(name: string, other: string): boolean;
}

/** `npm run x`, `pnpm x`, `yarn run x`, `run-s x y`, `npm-run-all x y`. */
const CALL =
  /\b(?:npm|pnpm|yarn|bun)\s+(?:-\S+\s+)*(?:run(?:-script)?\s+)?(?:-\S+\s+)*([\w:.-]+)|\b(?:run-s|run-p|npm-run-all2?)((?:\s+[\w:.*-]+)+)/g;
const DEEPEST = 5;

export function scriptsOf(manifest: unknown): Scripts {
  const textOf = (name: string) => {
    const text = textAt(manifest, 'scripts', name)?.trim() ?? '';
    return text === '' ? null : text;
  };
  const called = (text: string) =>
    [...text.matchAll(CALL)].flatMap(([, one, several]) => (one ?? several ?? '').split(/\s+/).filter((word) => word));
  const expanded = (name: string, depth = 0): string | null => {
    const text = textOf(name);
    if (text === null || depth >= DEEPEST) return text;
    return text.replace(CALL, (whole) => {
      const inner = called(whole).flatMap((other) => expanded(other === 't' ? 'test' : other, depth + 1) ?? []);
      return inner.length > 0 ? inner.join(' && ') : whole;
    });
  };
  const calls = (name: string, other: string, depth = 0): boolean =>
    called(textOf(name) ?? '').some((one) => one === other || (depth < DEEPEST && calls(one, other, depth + 1)));
  return { expanded: (name) => expanded(name), calls: (name, other) => calls(name, other) };
}

const TYPE_CHECKERS = /^(?:npx\s+(?:-\S+\s+)*)?(?:tsc|vue-tsc|svelte-check|astro\s+check|tsd|attw|flow)(?:\s|$)/;
const LINTERS =
  /^(?:npx\s+(?:-\S+\s+)*)?(?:eslint|standard|xo|prettier|biome|oxlint|semistandard|stylelint|markdownlint\S*|publint|knip|dprint|cspell|tslint|jshint)(?:\s|$)/;
/** What neither checks nor changes what is said. */
const NEUTRAL = /^(?:echo|cd|true|exit\s+0|cross-env\s+\S+|rimraf\s|rm\s|mkdir\s)/;

/** A green linter is no evidence of behaviour, whatever the script is called. Null: it runs something else. */
export function kindOfCommands(text: string): CheckKind | null {
  const parts = text
    .split(/&&|\|\||;|\n/)
    .map((part) => part.trim().replace(/^(?:cross-env\s+)?(?:[A-Z_]+=\S*\s+)+/, ''));
  const telling = parts.filter((part) => part !== '' && !NEUTRAL.test(part));
  if (telling.length === 0) return null;
  if (telling.every((part) => TYPE_CHECKERS.test(part))) return 'types';
  return telling.every((part) => TYPE_CHECKERS.test(part) || LINTERS.test(part)) ? 'lint' : null;
}

export function parseManifest(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // A manifest that npm cannot read has no scripts either.
    return null;
  }
}

export function textAt(value: unknown, ...keys: string[]): string | null {
  let current: unknown = value;
  for (const key of keys) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, key)) return null;
    current = (current as Record<string, unknown>)[key];
  }
  return typeof current === 'string' ? current : null;
}
