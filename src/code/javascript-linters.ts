/**
 * What eslint's and biome's configuration turns off and leaves out. Rule: read as text, since eslint's is a program; a
 * rule that is off for some files in a way that cannot be read counts as off for all.
 */

import { alternatives } from './exclusions.ts';

export interface LinterIgnores {
  ignoredRules: string[];
  excluded: string[];
}

/** @param embedded the `eslintConfig` of package.json. */
export function readEslintText(text: string, embedded: unknown): LinterIgnores {
  const source = embedded === undefined ? text : `${text}\n${JSON.stringify(embedded)}`;
  const bare = source.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1');
  const quoted = [...bare.matchAll(/(["'])([\w@/-]+)\1\s*:\s*\[?\s*(["']off["']|0\b)/g)].map((rule) => rule[2] ?? '');
  const yaml = [...bare.matchAll(/^\s+["']?([\w@/-]+)["']?:\s*\[?\s*["']?(off|0)["']?\s*(,|\]|$)/gm)].map(
    (rule) => rule[1] ?? '',
  );
  const lists = [
    ...bare.matchAll(
      /(?:\bignores|\bignorePatterns)["']?\s*:\s*(\[[^\]]*\]|["'][^"']+["'])|\bglobalIgnores\(\s*(\[[^\]]*\])/g,
    ),
  ];
  const listed = lists.flatMap((list) =>
    [...(list[1] ?? list[2] ?? '').matchAll(/["'`]([^"'`$]+)["'`]/g)].map((one) => one[1] ?? ''),
  );
  return { ignoredRules: [...new Set([...quoted, ...yaml])], excluded: listed.flatMap(alternatives) };
}

interface Biome {
  files?: { ignore?: unknown; includes?: unknown };
  linter?: { enabled?: unknown; ignore?: unknown; includes?: unknown; rules?: Record<string, unknown> };
}

export function readBiome(text: string): LinterIgnores {
  const biome = parseCommented(text);
  const lists = [biome.files?.ignore, biome.linter?.ignore].flatMap(strings);
  const negated = [biome.files?.includes, biome.linter?.includes]
    .flatMap(strings)
    .flatMap((one) => /^!+(.+)$/.exec(one)?.[1] ?? []);
  const groups = Object.entries(biome.linter?.rules ?? {}).filter(([, rules]) => rules && typeof rules === 'object');
  const off = groups.flatMap(([group, rules]) =>
    Object.entries(rules as Record<string, unknown>)
      .filter(([, level]) => level === 'off' || (level as { level?: unknown } | null)?.level === 'off')
      .map(([name]) => `lint/${group}/${name}`),
  );
  return { ignoredRules: off, excluded: [...lists, ...negated].flatMap(alternatives) };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** JSON with comments and trailing commas; anything else says nothing. */
function parseCommented(text: string): Biome {
  const bare = text
    .replace(/("(?:[^"\\]|\\.)*")|\/\*[\s\S]*?\*\/|\/\/.*$/gm, (_whole, kept: string | undefined) => kept ?? '')
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_whole, kept: string | undefined) => kept ?? '');
  try {
    const value: unknown = JSON.parse(bare);
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}
