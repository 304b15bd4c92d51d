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

const KEY = 'imports 1';
/** Source files of one tree that are read. */
const MOST = 60_000;
const LEFT_OUT = /(^|\/)(node_modules|bower_components|vendor|third_party|site-packages|\.venv|venv|\.yarn|dist)\//;

/** Reads the graph of `tree`. What was read for another tree is not read again. */
export async function readImportGraph(tree: SourceTree, cache?: ImportCache): Promise<ImportGraph> {
  const sources = tree.entries.filter(({ path }) => kindOfSource(path) !== null && !LEFT_OUT.test(path)).slice(0, MOST);
  const imports = await readImports({ ...tree, entries: sources }, cache);
  const paths = new Set(tree.entries.map(({ path }) => path));
  const of = (kind: string): GraphInput => ({
    paths,
    imports: new Map([...imports].filter(([path]) => kindOfSource(path) === kind)),
    read: tree.read,
  });
  const edges = [
    ...(await pythonEdges(of('python'))),
    ...(await javascriptEdges(of('javascript'))),
    ...(await goEdges(of('go'))),
  ];
  const importers = new Map<string, Array<[string, number]>>();
  for (const [from, to, distance] of edges) {
    const known = importers.get(to);
    if (known) known.push([from, distance]);
    else importers.set(to, [[from, distance]]);
  }
  const isOpen = [...imports].filter(([, specifiers]) => specifiers.includes(OPEN)).map(([path]) => path);
  return {
    has: (path) => imports.has(path),
    importersOf: (from) => nearestFirst(from, importers, imports),
    open: new Set(nearestFirst(isOpen, importers, imports).keys()),
  };
}

async function readImports(tree: SourceTree, cache: ImportCache | undefined): Promise<Map<string, string[]>> {
  const kept = keptImports(await cache?.get(KEY));
  const found = new Map<string, string[]>();
  const now: Record<string, string[]> = {};
  let fresh = 0;
  for (const { path, oid } of tree.entries) {
    // The same text means something else in another language.
    const key = `${oid} ${kindOfSource(path)}`;
    let specifiers = now[key] ?? kept[key];
    if (specifiers === undefined) {
      const text = await tree.read(path);
      specifiers = text === null ? [OPEN] : importsOf(path, text);
      fresh += 1;
    }
    now[key] = specifiers;
    found.set(path, specifiers);
  }
  if (fresh > 0) await cache?.put(KEY, now);
  return found;
}

/** The cache is a file that anything may have cut. */
function keptImports(value: unknown): Record<string, string[]> {
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, list]) => Array.isArray(list) && list.every((item: unknown) => typeof item === 'string'),
    ),
  );
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
