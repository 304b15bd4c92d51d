/**
 * Imports of Go as edges. Rule: a package is its folder: all its files but the tests are reached together, by those that
 * import it and by its own files.
 */
import { type Edge, folderOf, type GraphInput, inside } from './import-graph-input.ts';

export async function goEdges({ paths, imports, read }: GraphInput): Promise<Edge[]> {
  if (imports.size === 0) return [];
  const modules: Array<{ name: string; folder: string }> = [];
  for (const path of paths) {
    if (!/(^|\/)go\.mod$/.test(path)) continue;
    const name = /^module\s+"?([^\s"]+)/m.exec((await read(path)) ?? '')?.[1];
    if (name !== undefined) modules.push({ name, folder: folderOf(path) });
  }
  modules.sort((a, b) => b.name.length - a.name.length);
  const edges: Edge[] = [];
  for (const [path, names] of imports) {
    // No distance: a folder is no file.
    edges.push([path, packageNode(folderOf(path)), 1]);
    if (!path.endsWith('_test.go')) edges.push([packageNode(folderOf(path)), path, 0]);
    for (const name of names) {
      const home = modules.find((one) => name === one.name || name.startsWith(`${one.name}/`));
      const folder = home === undefined ? null : inside(home.folder, name.slice(home.name.length + 1) || '.');
      if (folder !== null) edges.push([path, packageNode(folder), 1]);
    }
  }
  return edges;
}

function packageNode(folder: string): string {
  return `package ${folder}`;
}
