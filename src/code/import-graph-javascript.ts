/**
 * Imports of JavaScript and TypeScript as edges: relative ones, `paths` of tsconfig, packages of the workspace, `imports`
 * of package.json. Rule: what is built is followed to what it is built from; a package whose entry is not in the tree stands
 * for all its files.
 */
import { dirname } from 'node:path/posix';
import { type Edge, folderOf, foldersAbove, type GraphInput, inside } from './import-graph-input.ts';
import { leavesOf, matched, readPathAliases } from './path-aliases.ts';

const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.vue', '.svelte', '.d.ts'];
const BUILT = /^(?:\.\/)?(?:dist|lib|build|out|es|esm|cjs)\//;
const MOST_OF_PACKAGE = 300;

interface Package {
  folder: string;
  /** Where its entries may be, relative to the folder. */
  entries: string[];
  imports: Record<string, string[]>;
}

export async function javascriptEdges(input: GraphInput): Promise<Edge[]> {
  const { imports } = input;
  if (imports.size === 0) return [];
  const aliases = await readPathAliases(input);
  const packages = await readPackages(input);
  const known = new Map<string, string[]>();
  const edges: Edge[] = [];
  for (const [path, names] of imports)
    for (const name of names) {
      const key = `${dirname(path)}\0${name}`;
      const targets = known.get(key) ?? resolve(path, name, { ...input, aliases, packages });
      known.set(key, targets);
      for (const to of targets) if (to !== path) edges.push([path, to, 1]);
    }
  return edges;
}

interface Resolving extends GraphInput {
  aliases(path: string, name: string): string[];
  packages: ReadonlyMap<string, Package>;
}

function resolve(path: string, name: string, at: Resolving): string[] {
  const plain = name.replace(/[?#][^/]*$/, (query) => (name.startsWith('#') && query === name ? query : ''));
  if (plain.startsWith('.')) return present(inside(folderOf(path), plain), at.paths);
  const aliased = at.aliases(path, plain).flatMap((file) => present(file, at.paths));
  if (aliased.length > 0) return aliased;
  if (plain.startsWith('#')) return ofImports(path, plain, at);
  const own = ofPackage(plain, at);
  if (own.length > 0) return own;
  // `@/x` and `~/x` are what bundlers are usually told.
  const rest = /^(?:@|~|@@|~~)\/(.+)$/.exec(plain)?.[1] ?? (plain.startsWith('/') ? plain.slice(1) : null);
  if (rest === null) return [];
  const places = foldersAbove(path).filter((folder) => at.paths.has(inside(folder, 'package.json') ?? ''));
  for (const folder of [...places, ''])
    for (const place of ['src', 'app', '.']) {
      const files = present(inside(folder, `${place}/${rest}`), at.paths);
      if (files.length > 0) return files;
    }
  return [];
}

/** The files that a path without an ending, or with that of what it becomes, may mean: the first that is there. */
function present(file: string | null, paths: ReadonlySet<string>): string[] {
  if (file === null) return [];
  const source = file.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  const candidates = [
    ...ENDINGS.map((ending) => `${file}${ending}`),
    ...(source === file ? [] : [source, source.replace(/\.ts$/, '.tsx')]),
    ...ENDINGS.slice(1).map((ending) => inside(file, `index${ending}`) ?? ''),
  ];
  const found = candidates.find((candidate) => paths.has(candidate));
  return found === undefined ? [] : [found];
}

function ofImports(path: string, name: string, { paths, packages }: Resolving): string[] {
  const above = foldersAbove(path);
  const own = [...packages.values()].filter(({ folder }) => above.includes(folder));
  for (const { folder, imports } of own.sort((a, b) => b.folder.length - a.folder.length)) {
    const found = Object.entries(imports).flatMap(([pattern, targets]) => {
      const star = matched(pattern, name);
      if (star === null) return [];
      return targets.flatMap((target) =>
        builtFrom(target.replace('*', star)).flatMap((one) => present(inside(folder, one), paths)),
      );
    });
    if (found.length > 0) return found;
  }
  return [];
}

function ofPackage(name: string, { paths, packages, imports }: Resolving): string[] {
  const [, own = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(name) ?? [];
  const found = packages.get(own);
  if (found === undefined) return [];
  const wanted = rest === '' ? found.entries : [rest, `src/${rest}`, `lib/${rest}`];
  const files = wanted.flatMap((one) => builtFrom(one)).flatMap((one) => present(inside(found.folder, one), paths));
  if (files.length > 0) return [...new Set(files)];
  const prefix = found.folder === '' ? '' : `${found.folder}/`;
  return [...imports.keys()].filter((path) => path.startsWith(prefix)).slice(0, MOST_OF_PACKAGE);
}

/** `dist/x.js` is made from `src/x.ts`, or `x.ts`, where it is not there itself. */
function builtFrom(target: string): string[] {
  const from = target.replace(/\.d\.([cm]?)ts$/, '.$1ts');
  return BUILT.test(from) ? [from, from.replace(BUILT, 'src/'), from.replace(BUILT, '')] : [from];
}

async function readPackages({ paths, read }: GraphInput): Promise<Map<string, Package>> {
  const found = new Map<string, Package>();
  for (const path of paths) {
    if (!/(^|\/)package\.json$/.test(path) || /(^|\/)(node_modules|fixtures?)\//.test(path)) continue;
    const manifest = parsed((await read(path)) ?? '');
    if (manifest === null) continue;
    const { name, imports } = manifest;
    const folder = folderOf(path);
    const fields = ['source', 'main', 'module', 'types', 'typings', 'browser'].map((key) => manifest[key]);
    const entries = [...fields.flatMap(leavesOf), ...leavesOf(manifest['exports']), 'src/index', 'index', 'lib/index'];
    const patterns = imports !== null && typeof imports === 'object' ? Object.entries(imports) : [];
    found.set(typeof name === 'string' ? name : `\0${folder}`, {
      ...{ folder, entries },
      imports: Object.fromEntries(patterns.map(([pattern, target]) => [pattern, leavesOf(target)])),
    });
  }
  return found;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
