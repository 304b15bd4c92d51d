/**
 * The packages of a repository that holds several: workspaces of npm, pnpm and yarn, Go modules, crates, Python projects.
 * Rule: a package is a folder with a manifest; examples and test data that merely look like one are left alone unless a
 * workspace names them.
 */
import { basename, dirname, join, normalize } from 'node:path/posix';
import type { BaseFiles } from '../types.ts';

export type Ecosystem = 'javascript' | 'python' | 'go' | 'rust';

export interface Package {
  /** Repository-relative, never the top. */
  folder: string;
  ecosystems: Ecosystem[];
  /** Folders of the packages that it is built from, its own first; also indirectly. */
  scope: string[];
}

const MANIFESTS: Record<string, Ecosystem> = {
  'package.json': 'javascript',
  'pyproject.toml': 'python',
  'setup.py': 'python',
  'setup.cfg': 'python',
  'go.mod': 'go',
  'Cargo.toml': 'rust',
};
/** Manifests in folders of these names are material, not packages. */
const MATERIAL =
  /(^|\/)(node_modules|vendor|third_party|fixtures?|__fixtures__|testdata|test-?data|tests?|__tests__|specs?|e2e|examples?|samples?|templates?|demos?|playgrounds?|bench(mark)?s?|dist|build|target|docs?|website|\.[^/]+)(\/|$)/i;
const MOST = 500;

export async function findPackages(files: BaseFiles): Promise<Package[]> {
  const named = await workspaces(files);
  const byFolder = new Map<string, Set<Ecosystem>>();
  for (const path of files.paths) {
    const [ecosystem, folder] = [MANIFESTS[basename(path)], dirname(path)];
    if (ecosystem === undefined || folder === '.' || folder.split('/').includes('node_modules')) continue;
    if (MATERIAL.test(folder) && !named(folder)) continue;
    byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(ecosystem));
    if (byFolder.size >= MOST) break;
  }
  const found = [...byFolder].map(([folder, ecosystems]) => ({ folder, ecosystems: [...ecosystems] }));
  return withScopes(files, found);
}

/** Tells whether the workspace of the top names a folder. */
async function workspaces(files: BaseFiles): Promise<(folder: string) => boolean> {
  const globs = [
    ...globsOf(jsonOf((await files.read('package.json')) ?? '')?.['workspaces']),
    ...globsOf(jsonOf((await files.read('lerna.json')) ?? '')?.['packages']),
    ...listUnder('packages', (await files.read('pnpm-workspace.yaml')) ?? ''),
    ...members((await files.read('Cargo.toml')) ?? ''),
    ...uses((await files.read('go.work')) ?? ''),
  ].map((glob) => glob.replace(/^(!?)\.?\/+/, '$1').replace(/\/+$/, ''));
  const [no, yes] = [globs.filter((glob) => glob.startsWith('!')), globs.filter((glob) => !glob.startsWith('!'))];
  const matches = (folder: string) => (glob: string) => patternOf(glob.replace(/^!/, '')).test(folder);
  return (folder) => yes.some(matches(folder)) && !no.some(matches(folder));
}

function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/?|\*)/).map((part) => {
    if (part.startsWith('**')) return '(?:.*)';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

function globsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : (value as { packages?: unknown } | null | undefined)?.packages;
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}

/** The items of a list of plain text in YAML. */
function listUnder(key: string, text: string): string[] {
  const block = new RegExp(`^${key}:[ \\t]*\\r?\\n((?:[ \\t]*(?:-.*|#.*)?\\r?\\n?)*)`, 'm').exec(text)?.[1] ?? '';
  return [...block.matchAll(/^[ \t]*-[ \t]*['"]?([^'"#\n]+?)['"]?[ \t]*(?:#.*)?\r?$/gm)].map(([, item = '']) => item);
}

function members(text: string): string[] {
  const list = /^\[workspace\][\s\S]*?^members\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"/g)].map(([, item = '']) => item);
}

function uses(text: string): string[] {
  const block = /^use\s*\(([^)]*)\)/m.exec(text)?.[1] ?? '';
  const single = [...text.matchAll(/^use\s+([^\s(]+)\s*$/gm)].map(([, item = '']) => item);
  return [...single, ...block.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim())].filter(
    (item) => item !== '',
  );
}

interface Known {
  folder: string;
  ecosystems: Ecosystem[];
  names: string[];
  /** Everything that its manifests say. */
  text: string;
}

async function withScopes(files: BaseFiles, found: Array<Omit<Package, 'scope'>>): Promise<Package[]> {
  const known: Known[] = [];
  for (const one of found) {
    const texts: string[] = [];
    for (const name of Object.keys(MANIFESTS)) texts.push((await files.read(join(one.folder, name))) ?? '');
    known.push({ ...one, names: texts.flatMap(nameIn), text: texts.join('\n') });
  }
  const direct = new Map(known.map((one) => [one.folder, needs(one, known)]));
  return found.map((one) => ({ ...one, scope: closure(one.folder, direct) }));
}

function nameIn(text: string): string[] {
  const own = jsonOf(text)?.['name'];
  if (typeof own === 'string') return [own];
  const name = /^name\s*=\s*["']([^"']+)["']|^module\s+(\S+)/m.exec(text);
  return name ? [name[1] ?? name[2] ?? ''] : [];
}

/** By name in quotes (npm, Python), as a required module (Go), or by a path (cargo, Go, npm's `file:`). */
function needs(one: Known, all: readonly Known[]): string[] {
  const paths = [...one.text.matchAll(/(?:path\s*=\s*|=>\s*|"(?:file|link|portal):)["']?(\.{1,2}\/[^"'\s,}]*)/g)].map(
    ([, path = '']) => normalize(join(one.folder, path)).replace(/\/$/, ''),
  );
  return all
    .filter((other) => other !== one)
    .filter(({ folder, names }) => paths.includes(folder) || names.some((name) => mentions(one.text, name)))
    .map(({ folder }) => folder);
}

function mentions(text: string, name: string): boolean {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`["']${plain}(?=["'\\s<>=!~;[@])|^\\s*(?:require\\s+)?${plain}\\s+v\\d`, 'm').test(text);
}

function closure(folder: string, direct: ReadonlyMap<string, string[]>): string[] {
  const seen = new Set([folder]);
  for (const at of seen) for (const next of direct.get(at) ?? []) seen.add(next);
  return [...seen];
}

/** The files of each package and, under '', of the top: paths relative to the folder, each file with its nearest package. */
export function filesByPackage(files: BaseFiles, packages: readonly Package[]): Map<string, BaseFiles> {
  const folders = new Set(packages.map(({ folder }) => folder));
  const paths = new Map<string, string[]>(['', ...folders].map((folder) => [folder, []]));
  for (const path of files.paths) {
    let owner = dirname(path);
    while (owner !== '.' && !folders.has(owner)) owner = dirname(owner);
    const folder = owner === '.' ? '' : owner;
    paths.get(folder)?.push(folder === '' ? path : path.slice(folder.length + 1));
  }
  return new Map(
    [...paths].map(([folder, own]) => [folder, { paths: own, read: (path) => files.read(join(folder, path)) }]),
  );
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
