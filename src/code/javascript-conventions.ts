/** What a JavaScript repository says about itself: module system and the tools it has configured. */
import { patterns } from './exclusions.ts';
import { readBiome, readEslintText } from './javascript-linters.ts';
import type { Read } from './python-conventions.ts';
import type { Conventions } from './types.ts';

const FILES: Readonly<Record<string, readonly string[]>> = {
  eslint: [
    ...['eslint.config.js', 'eslint.config.mjs', 'eslint.config.cjs', 'eslint.config.ts'],
    ...['.eslintrc', '.eslintrc.js', '.eslintrc.cjs', '.eslintrc.json', '.eslintrc.yml', '.eslintrc.yaml'],
  ],
  prettier: [
    ...['.prettierrc', '.prettierrc.json', '.prettierrc.js', '.prettierrc.cjs', '.prettierrc.mjs', '.prettierrc.yml'],
    ...['.prettierrc.yaml', '.prettierrc.toml', 'prettier.config.js', 'prettier.config.cjs', 'prettier.config.mjs'],
  ],
  biome: ['biome.json', 'biome.jsonc'],
  typescript: ['tsconfig.json'],
};

export type JavascriptConventions = Pick<Conventions, 'esm' | 'oldestNode' | 'tools' | 'ignoredRules'> & {
  excluded: string[];
};

/** Reads package.json and the presence of configuration files; rules that a JSON eslint configuration turns off. */
export async function readJavascriptConventions(read: Read): Promise<JavascriptConventions> {
  const manifest = parseManifest(await read('package.json'));
  const tools: string[] = [];
  for (const [tool, paths] of Object.entries(FILES)) {
    const present = (await Promise.all(paths.map(read))).some((text) => text !== null);
    if (present || manifest[tool] !== undefined || manifest[`${tool}Config`] !== undefined) tools.push(tool);
  }
  const listed = await Promise.all(['.eslintignore', '.prettierignore', '.biomeignore'].map(read));
  const eslint = readEslintText(await firstOf(read, FILES['eslint'] ?? []), manifest['eslintConfig']);
  const biome = readBiome(await firstOf(read, FILES['biome'] ?? []));
  const own = manifest['eslintIgnore'];
  const oldestNode = lowestMajor((manifest['engines'] as { node?: unknown } | undefined)?.node);
  return {
    esm: manifest['type'] === 'module',
    ...(oldestNode === null ? {} : { oldestNode }),
    tools,
    ignoredRules: [...eslint.ignoredRules, ...biome.ignoredRules],
    excluded: [
      ...listed.flatMap((text) => patterns(text ?? '')),
      ...(Array.isArray(own) ? own.filter((one): one is string => typeof one === 'string') : []),
      ...eslint.excluded,
      ...biome.excluded,
    ],
  };
}

async function firstOf(read: Read, paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(read))).find((text) => text !== null) ?? '';
}

/** The smallest major version that a range such as `^18.0.0 || >=20` names. */
function lowestMajor(range: unknown): number | null {
  if (typeof range !== 'string') return null;
  const majors = [...range.matchAll(/(?:^|[^\d.])v?(\d+)/g)].map((match) => Number(match[1]));
  return majors.length === 0 ? null : Math.min(...majors);
}

function parseManifest(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return value && typeof value === 'object' ? { ...value } : {};
  } catch {
    return {}; // A manifest that is not JSON says nothing; npm will say what is wrong with it.
  }
}
