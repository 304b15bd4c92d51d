/**
 * Imports of Python as edges. Rule: a module may be found from every place that Python may be started in: the folder above
 * its outermost package, the top, `src`, the folder of each project; all that fit are taken.
 */
import { type Edge, folderOf, foldersAbove, type GraphInput, inside } from './import-graph-input.ts';

const ALONG = 3;
/** A name that stands for more files than this says nothing. */
const AMBIGUOUS = 8;

export async function pythonEdges({ paths, imports }: GraphInput): Promise<Edge[]> {
  const modules = modulesOf(paths, imports.keys());
  const along = new Map<string, string[]>();
  const edges: Edge[] = [];
  for (const [path, names] of imports) {
    for (const name of names) {
      const targets = name.startsWith('.') ? relative(path, name, paths) : absolute(name, modules);
      for (const [to, distance] of targets) if (to !== path) edges.push([path, to, distance]);
    }
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const files = along.get(folder) ?? loadedAlong(path, paths);
    along.set(folder, files);
    for (const file of files) if (file !== path) edges.push([path, file, ALONG]);
  }
  return edges;
}

/** What is run with every file of the folder of `path`: its package, and the `conftest.py` of all folders above. */
function loadedAlong(path: string, paths: ReadonlySet<string>): string[] {
  return foldersAbove(path).flatMap((folder) =>
    ['__init__.py', 'conftest.py']
      .filter((name) => name === 'conftest.py' || folder === folderOf(path))
      .map((name) => inside(folder, name) ?? '')
      .filter((file) => paths.has(file)),
  );
}

/** Files by a name that they can be imported under; what nobody asks for is not worked out. */
type Modules = (name: string) => readonly string[];

function modulesOf(paths: ReadonlySet<string>, files: Iterable<string>): Modules {
  const projects: string[] = [];
  for (const path of paths) if (/(^|\/)(pyproject\.toml|setup\.(py|cfg))$/.test(path)) projects.push(folderOf(path));
  const roots = ['', ...projects].flatMap((folder) => [
    folder,
    ...['src', 'lib'].map((one) => inside(folder, one) ?? ''),
  ]);
  const byLast = new Map<string, string[]>();
  for (const file of files) {
    const last = lastOf(file);
    const known = byLast.get(last);
    if (known) known.push(file);
    else byLast.set(last, [file]);
  }
  const outermosts = new Map<string, string>();
  const isNamed = (file: string, name: string): boolean => {
    const folder = folderOf(file);
    const own = outermosts.get(folder) ?? outermost(file, paths);
    outermosts.set(folder, own);
    return [own, ...roots].some(
      (root) =>
        (root === '' || file.startsWith(`${root}/`)) &&
        nameOf(root === '' ? file : file.slice(root.length + 1)) === name,
    );
  };
  const known = new Map<string, string[]>();
  return (name) => {
    const found =
      known.get(name) ??
      (byLast.get(name.slice(name.lastIndexOf('.') + 1)) ?? []).filter((file) => isNamed(file, name));
    known.set(name, found);
    return found;
  };
}

/** The last part of every name that a file can have: its own, or of a package its folder's. */
function lastOf(file: string): string {
  const plain = file.endsWith('.py') ? file.slice(0, -3) : file.replace(/\.pyi?$/, '');
  const own = plain.endsWith('/__init__') ? plain.slice(0, -'/__init__'.length) : plain;
  const last = own.slice(own.lastIndexOf('/') + 1);
  // A dot in a name of a file reads like a folder's slash.
  return last.slice(last.lastIndexOf('.') + 1);
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
function absolute(name: string, modules: Modules): Array<[string, number]> {
  const parts = name.split('.');
  const found: Array<[string, number]> = [];
  let nearest = true;
  for (let count = parts.length; count > 0; count--) {
    const files = modules(parts.slice(0, count).join('.'));
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
