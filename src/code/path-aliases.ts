/** `paths` and `baseUrl` of tsconfig.json and jsconfig.json, with what they extend. Rule: tolerant; the nearest file counts. */
import { folderOf, foldersAbove, type GraphInput, inside } from './import-graph-input.ts';

interface Settings {
  /** Folder that `paths` are relative to. */
  folder: string;
  baseUrl: string | null;
  paths: Record<string, string[]>;
}

const DEEPEST = 4;

/** Returns a lookup: the places that a specifier may mean for the file that has it. */
export async function readPathAliases({ paths, read }: GraphInput): Promise<(path: string, name: string) => string[]> {
  const byFolder = new Map<string, Settings>();
  for (const path of [...paths].sort()) {
    if (!/(^|\/)(tsconfig|jsconfig)\.json$/.test(path) || path.includes('node_modules/')) continue;
    const settings = await readSettings(path, read, DEEPEST);
    if (settings !== null) byFolder.set(folderOf(path), settings);
  }
  return (path, name) => {
    const nearest = foldersAbove(path).find((folder) => byFolder.has(folder));
    const settings = nearest === undefined ? undefined : byFolder.get(nearest);
    if (settings === undefined) return [];
    const { folder, baseUrl } = settings;
    const found = Object.entries(settings.paths).flatMap(([pattern, targets]) => {
      const star = matched(pattern, name);
      return star === null ? [] : targets.map((target) => inside(baseUrl ?? folder, target.replace('*', star)));
    });
    if (baseUrl !== null) found.push(inside(baseUrl, name));
    return found.filter((one) => one !== null);
  };
}

async function readSettings(path: string, read: GraphInput['read'], depth: number): Promise<Settings | null> {
  const text = await read(path);
  const value = text === null ? null : parsed(text);
  if (value === null) return null;
  const folder = folderOf(path);
  const options = (value['compilerOptions'] ?? {}) as Record<string, unknown>;
  const own = options['paths'];
  const baseUrl = typeof options['baseUrl'] === 'string' ? inside(folder, options['baseUrl']) : null;
  let above: Settings | null = null;
  for (const parent of leavesOf(value['extends'])) {
    if (!parent.startsWith('.') || depth === 0) continue;
    const file = inside(folder, parent.endsWith('.json') ? parent : `${parent}.json`);
    above = (file === null ? null : await readSettings(file, read, depth - 1)) ?? above;
  }
  if (own === null || typeof own !== 'object')
    return { folder: above?.folder ?? folder, baseUrl: baseUrl ?? above?.baseUrl ?? null, paths: above?.paths ?? {} };
  const patterns = Object.fromEntries(Object.entries(own).map(([pattern, targets]) => [pattern, leavesOf(targets)]));
  return { folder, baseUrl: baseUrl ?? above?.baseUrl ?? null, paths: patterns };
}

/** JSON with comments and commas at the end, as TypeScript reads it. */
function parsed(text: string): Record<string, unknown> | null {
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? ' ')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[\]}])/g, (_, string?: string) => string ?? '');
  try {
    const value: unknown = JSON.parse(plain);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Every text in a value: conditions of `exports` may nest. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(leavesOf);
}

/** What a pattern's star stands for in `name`; '' where it has none; null when it does not fit. */
export function matched(pattern: string, name: string): string | null {
  const at = pattern.indexOf('*');
  if (at === -1) return pattern === name ? '' : null;
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return fits ? name.slice(before.length, name.length - after.length) : null;
}
