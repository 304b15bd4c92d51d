/**
 * Imports of Python as edges. Rule: a module may be found from every place that Python may be started in: the folder above
 * its outermost package, the top, `src`, the folder of each project; all that fit are taken.
 */
import { type Edge, folderOf, foldersAbove, type GraphInput, inside } from './import-graph-input.ts';

const ALONG = 3;
/** A name that stands for more files than this says nothing. */
const AMBIGUOUS = 8;

export async function pythonEdges({ paths, imports }: GraphInput): Promise<Edge[]> {
  const modules = modulesOf(paths, [...imports.keys()]);
  const edges: Edge[] = [];
  for (const [path, names] of imports) {
    for (const name of names) {
      const targets = name.startsWith('.') ? relative(path, name, paths) : absolute(name, modules);
      for (const [to, distance] of targets) if (to !== path) edges.push([path, to, distance]);
    }
    for (const folder of foldersAbove(path))
      for (const name of ['__init__.py', 'conftest.py']) {
        const file = inside(folder, name) ?? '';
        const runs = name === '__init__.py' ? folder === folderOf(path) : true;
        if (file !== path && runs && paths.has(file)) edges.push([path, file, ALONG]);
      }
  }
  return edges;
}

/** Files by every name that they can be imported under. */
function modulesOf(paths: ReadonlySet<string>, files: readonly string[]): Map<string, string[]> {
  const projects = [...paths].filter((path) => /(^|\/)(pyproject\.toml|setup\.(py|cfg))$/.test(path)).map(folderOf);
  const roots = ['', ...projects].flatMap((folder) => [
    folder,
    ...['src', 'lib'].map((one) => inside(folder, one) ?? ''),
  ]);
  const modules = new Map<string, string[]>();
  for (const file of files) {
    const own = new Set([outermost(file, paths), ...roots]);
    for (const root of own) {
      if (root !== '' && !file.startsWith(`${root}/`)) continue;
      const name = nameOf(root === '' ? file : file.slice(root.length + 1));
      const known = modules.get(name);
      if (known === undefined) modules.set(name, [file]);
      else if (!known.includes(file)) known.push(file);
    }
  }
  return modules;
}

/** The folder above the outermost package that a file is in. */
function outermost(file: string, paths: ReadonlySet<string>): string {
  const above = foldersAbove(file);
  return above.find((folder) => !paths.has(inside(folder, '__init__.py') ?? '')) ?? '';
}

function nameOf(path: string): string {
  return path
    .replace(/\.pyi?$/, '')
    .replace(/(^|\/)__init__$/, '')
    .replaceAll('/', '.');
}

/** The module itself, else the longest part of the name that is one; the packages around it are run on the way. */
function absolute(name: string, modules: ReadonlyMap<string, readonly string[]>): Array<[string, number]> {
  const parts = name.split('.');
  const found: Array<[string, number]> = [];
  let nearest = true;
  for (let count = parts.length; count > 0; count--) {
    const files = modules.get(parts.slice(0, count).join('.')) ?? [];
    if (files.length === 0 || files.length > AMBIGUOUS) continue;
    for (const file of files) found.push([file, nearest ? 1 : ALONG]);
    nearest = false;
  }
  return found;
}

function relative(path: string, name: string, paths: ReadonlySet<string>): Array<[string, number]> {
  const [, dots = '.', rest = ''] = /^(\.+)(.*)$/.exec(name) ?? [];
  const start = inside(folderOf(path), '../'.repeat(dots.length - 1) || '.');
  if (start === null) return [];
  const parts = rest === '' ? [] : rest.split('.');
  const found: Array<[string, number]> = [];
  for (let count = parts.length; count >= 0; count--) {
    const place = inside(start, parts.slice(0, count).join('/') || '.') ?? '';
    const files = [`${place}.py`, `${place}.pyi`, inside(place, '__init__.py') ?? ''].filter((file) => paths.has(file));
    for (const file of files) found.push([file, found.length === 0 || files.length > 1 ? 1 : ALONG]);
  }
  return found;
}
