/**
 * Which file can reach which by imports, in one tree: Python, JavaScript and TypeScript, Go. Rule: rather an edge too many;
 * what is loaded by a computed name, or started as a program, is said to be open, for nobody can see what it reaches.
 */
import { goEdges } from './import-graph-go.ts';
import type { GraphInput } from './import-graph-input.ts';
import { javascriptEdges } from './import-graph-javascript.ts';
import { pythonEdges } from './import-graph-python.ts';
import { importsOf, kindOfSource, OPEN } from './imports-of.ts';

/** A tree of files. */
export interface SourceTree {
  entries: ReadonlyArray<{ path: string; oid: string }>;
  read(path: string): Promise<string | null>;
}

/** What a file imports is kept by the oid of its content. */
export interface ImportCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

export interface ImportGraph {
  /** Source files that were read. */
  has(path: string): boolean;
  /**
   * Every file from which one of `paths` can be reached, with its distance; `paths` themselves are at 0. An import counts 1;
   * what is loaded along with it (the packages around a Python module, `conftest.py`) counts 3.
   */
  importersOf(paths: Iterable<string>): Map<string, number>;
  /** Files that load what nobody can see, and all that can reach them. */
  readonly open: ReadonlySet<string>;
}

const KEY = 'imports 2';
/** Source files of one tree that are read. */
const MOST = 60_000;
const LEFT_OUT = /(^|\/)(node_modules|bower_components|vendor|third_party|site-packages|\.venv|venv|\.yarn|dist)\//;

/** Reads the graph of `tree`. What was read for another tree is not read again. */
export async function readImportGraph(tree: SourceTree, cache?: ImportCache): Promise<ImportGraph> {
  const sources = tree.entries.filter(({ path }) => kindOfSource(path) !== null && !LEFT_OUT.test(path)).slice(0, MOST);
  const imports = await readImports({ ...tree, entries: sources }, cache);
  const paths = new Set(tree.entries.map(({ path }) => path));
  const byKind: Record<'python' | 'javascript' | 'go', Map<string, string[]>> = {
    ...{ python: new Map(), javascript: new Map(), go: new Map() },
  };
  for (const [path, specifiers] of imports) byKind[kindOfSource(path) ?? 'python'].set(path, specifiers);
  const of = (kind: keyof typeof byKind): GraphInput => ({ paths, imports: byKind[kind], read: tree.read });
  const importers = new Map<string, Array<[string, number]>>();
  const kinds = [await pythonEdges(of('python')), await javascriptEdges(of('javascript')), await goEdges(of('go'))];
  for (const edges of kinds)
    for (const [from, to, distance] of edges) {
      const known = importers.get(to);
      if (known) known.push([from, distance]);
      else importers.set(to, [[from, distance]]);
    }
  const isOpen = [...imports].filter(([, specifiers]) => specifiers.includes(OPEN)).map(([path]) => path);
  let open: ReadonlySet<string> | null = null;
  return {
    has: (path) => imports.has(path),
    importersOf: (from) => nearestFirst(from, importers, imports),
    /** Not everybody asks. */
    get open() {
      open ??= new Set(nearestFirst(isOpen, importers, imports).keys());
      return open;
    },
  };
}

async function readImports(tree: SourceTree, cache: ImportCache | undefined): Promise<Map<string, string[]>> {
  const keptOf = keptImports(await cache?.get(KEY));
  const found = new Map<string, string[]>();
  const missing: Array<{ path: string; oid: string }> = [];
  for (const entry of tree.entries) {
    const specifiers = keptOf(keyOf(entry));
    if (specifiers === undefined) missing.push(entry);
    // In the order of the tree, whatever is read later.
    found.set(entry.path, specifiers ?? []);
  }
  for (const { path } of missing) {
    const text = await tree.read(path);
    found.set(path, text === null ? [OPEN] : importsOf(path, text));
  }
  if (missing.length > 0 && cache !== undefined) await cache.put(KEY, listed(tree.entries, found));
  return found;
}

/** Most files of a large tree import nothing: their keys stand in one line. */
interface Kept {
  none: string;
  some: Record<string, string[]>;
}

/** The same text means something else in another language. */
function keyOf({ path, oid }: { path: string; oid: string }): string {
  return `${oid}${(kindOfSource(path) ?? '-')[0]}`;
}

function listed(entries: SourceTree['entries'], found: ReadonlyMap<string, string[]>): Kept {
  const none: string[] = [];
  const some: Kept['some'] = {};
  for (const entry of entries) {
    const specifiers = found.get(entry.path) ?? [];
    if (specifiers.length === 0) none.push(keyOf(entry));
    else some[keyOf(entry)] = specifiers;
  }
  return { none: none.join(' '), some };
}

/** The cache is a file that anything may have cut. */
function keptImports(value: unknown): (key: string) => string[] | undefined {
  const { none, some } = (value ?? {}) as Partial<Kept>;
  const nothing = new Set(typeof none === 'string' ? none.split(' ') : []);
  const lists = some !== null && typeof some === 'object' ? some : {};
  return (key) => {
    if (nothing.has(key)) return [];
    const list: unknown = lists[key];
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  };
}

/** Dijkstra's, with a bucket for each distance. */
function nearestFirst(
  from: Iterable<string>,
  importers: ReadonlyMap<string, ReadonlyArray<readonly [string, number]>>,
  files: ReadonlyMap<string, unknown>,
): Map<string, number> {
  const distances = new Map<string, number>();
  const start = new Set(from);
  const buckets: string[][] = [[...start]];
  const put = (path: string, distance: number) => {
    const bucket = buckets[distance];
    if (bucket) bucket.push(path);
    else buckets[distance] = [path];
  };
  for (let distance = 0; distance < buckets.length; distance++)
    // It grows while it is read: some steps cost nothing.
    for (const path of buckets[distance] ?? []) {
      if (distances.has(path)) continue;
      distances.set(path, distance);
      for (const [next, step] of importers.get(path) ?? []) if (!distances.has(next)) put(next, distance + step);
    }
  return new Map([...distances].filter(([path]) => start.has(path) || files.has(path)));
}
