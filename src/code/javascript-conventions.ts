/** What a JavaScript repository says about itself: module system and the tools it has configured. */
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

/** Reads package.json and the presence of configuration files; rules that a JSON eslint configuration turns off. */
export async function readJavascriptConventions(
  read: Read,
): Promise<Pick<Conventions, 'esm' | 'oldestNode' | 'tools' | 'ignoredRules'> & { excluded: string[] }> {
  const manifest = parseManifest(await read('package.json'));
  const tools: string[] = [];
  for (const [tool, paths] of Object.entries(FILES)) {
    const present = (await Promise.all(paths.map(read))).some((text) => text !== null);
    if (present || manifest[tool] !== undefined || manifest[`${tool}Config`] !== undefined) tools.push(tool);
  }
  const eslintIgnore = (await read('.eslintignore')) ?? '';
  const oldestNode = lowestMajor((manifest['engines'] as { node?: unknown } | undefined)?.node);
  return {
    esm: manifest['type'] === 'module',
    ...(oldestNode === null ? {} : { oldestNode }),
    tools,
    ignoredRules: turnedOff((await read('.eslintrc.json')) ?? (await read('.eslintrc')), manifest['eslintConfig']),
    excluded: eslintIgnore.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#')),
  };
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

/** Rules set to off or 0. A configuration with comments or YAML is not read: its rules count as unsaid. */
function turnedOff(text: string | null, embedded: unknown): string[] {
  let configuration = embedded;
  try {
    if (text !== null) configuration = JSON.parse(text);
  } catch {
    return [];
  }
  const rules = (configuration as { rules?: Record<string, unknown> } | undefined)?.rules ?? {};
  return Object.entries(rules).flatMap(([name, level]) => {
    const value = Array.isArray(level) ? level[0] : level;
    return value === 'off' || value === 0 ? [name] : [];
  });
}
