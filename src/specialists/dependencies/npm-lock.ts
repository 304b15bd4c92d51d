/**
 * A lock file of npm with one package lifted. Rule: pure; npm itself resolves, here is said what it is asked and whether its
 * answer is the upgrade that was asked for and nothing else.
 */
import type { Edit } from '../../records/index.ts';
import { editOf, lineChanges, linesOf, startsOf } from '../style/line-changes.ts';

/** One package that is installed in a version which is to go. */
export interface Lift {
  name: string;
  from: string;
  to: string;
}

export interface Manifest {
  /** Repository-relative folder inside of the lock file's; '' is the top. */
  folder: string;
  text: string;
}

type Block = Record<string, unknown>;
const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
/** Packages that may come or go along, and lines that may change. */
const ALONG = 5;
const MOST_LINES = 400;

/** Folders of the packages that the lock file is about, '' first; null: some lie outside, or it is not understood. */
function foldersIn(lock: string): string[] | null {
  const packages = packagesOf(lock);
  if (packages === null || packages[''] === undefined) return null;
  const folders = Object.keys(packages).filter((path) => path !== '' && !isInstalled(path));
  if (folders.some((folder) => folder.split('/').includes('..') || folder.startsWith('/'))) return null;
  return ['', ...folders];
}

/** How the manifests ask for the package, by folder. */
export function askedAs(manifest: Manifest, name: string): string[] {
  const block = blockIn(manifest.text);
  return SECTIONS.flatMap((section) => {
    const spec = blockAt(block, section)[name];
    return typeof spec === 'string' ? [spec] : [];
  });
}

/** The lock file and manifests that make npm choose exactly `to`; null: that cannot be asked for. */
function steered(lock: string, manifests: readonly Manifest[], { name, from, to }: Lift): [string, Manifest[]] | null {
  const own = JSON.parse(lock) as Block;
  const packages = { ...(own['packages'] as Block) };
  for (const [path, entry] of Object.entries(packages))
    if (isLifted(path, entry, name, from)) {
      // By another name it is asked for in another way.
      if ((entry as Block)['name'] !== undefined) return null;
      delete packages[path];
    }
  const asked = manifests.map((manifest) => {
    const block = structuredClone(blockIn(manifest.text));
    for (const section of SECTIONS) {
      const wanted = blockAt(block, section);
      if (typeof wanted[name] === 'string') wanted[name] = to;
    }
    if (manifest.folder === '') block['overrides'] = { ...blockAt(block, 'overrides'), [name]: to };
    return { ...manifest, text: JSON.stringify(block) };
  });
  if (manifests.some(({ text }) => askedAs({ folder: '', text }, name).some((spec) => !isRange(spec)))) return null;
  const { dependencies: _, ...rest } = own;
  return [JSON.stringify({ ...rest, packages }), asked];
}

/** The manifest with `to` in the place of what it asks for now; null: that is not said in one plain version. */
function raised({ folder, text }: Manifest, { name, to }: Lift): Manifest | null {
  const specs = askedAs({ folder, text }, name);
  const plain = specs.map((spec) => /^([~^=]?v?)\d+\.\d+\.\d+$/.exec(spec)?.[1]);
  if (plain.includes(undefined)) return null;
  const quoted = JSON.stringify(name).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const pattern = new RegExp(`(${quoted}\\s*:\\s*")([~^=]?v?)\\d+\\.\\d+\\.\\d+(")`, 'g');
  const after = text.replace(pattern, `$1$2${to}$3`);
  const expected = structuredClone(blockIn(text));
  for (const section of SECTIONS) {
    const wanted = blockAt(expected, section);
    const spec = wanted[name];
    if (typeof spec === 'string') wanted[name] = spec.replace(/\d.*$/, to);
  }
  // The same words may stand somewhere else in the file.
  return isSame(blockIn(after), expected) ? { folder, text: after } : null;
}

/** Why `after` is not `before` with the one package lifted, or null. `isBad`: an advisory is about that version. */
function wrongLift(
  [before, after]: readonly [string, string],
  manifests: readonly Manifest[],
  { name, from, to }: Lift,
  isBad: (name: string, version: string) => boolean,
): string | null {
  const [old, now] = [blockIn(before), blockIn(after)];
  const [olds, news] = [packagesOf(before), packagesOf(after)];
  if (olds === null || news === null) return 'npm left no lock file that can be read';
  const { packages: _a, dependencies: legacy, ...head } = old;
  const { packages: _b, dependencies: legacyNow, ...headNow } = now;
  if (!isSame(head, headNow) || (legacy === undefined) !== (legacyNow === undefined))
    return 'npm would write the file in another form';
  const tops = new Map(manifests.map(({ folder, text }) => [folder, blockIn(text)]));
  let [lifted, along] = [0, 0];
  for (const path of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const [was, is] = [olds[path] as Block | undefined, news[path] as Block | undefined];
    const top = tops.get(path);
    if (is !== undefined && isLifted(path, is, name, from)) return 'another package asks for the older version';
    if (top !== undefined) {
      if (was === undefined || is === undefined || !isSameTop(was, is, top))
        return `npm would change ${path || 'the top'} too`;
    } else if (was !== undefined && isLifted(path, was, name, from)) {
      if (is === undefined) continue;
      if (is['version'] !== to || !isWhole(is, was)) return 'npm has no address and checksum for it';
      lifted += 1;
    } else if (was === undefined) {
      const added = nameAt(path, is ?? {});
      if (is === undefined || !isWhole(is, firstOf(olds, name, from)) || typeof is['version'] !== 'string')
        return `npm has no address and checksum for ${added}`;
      if (isBad(added, is['version'])) return `it needs ${added} ${is['version']}, which has known weaknesses`;
      if (added === name && is['version'] === to) lifted += 1;
      else along += 1;
    } else if (is === undefined) along += 1;
    else if (!isSame(was, is)) return `npm would change ${path} too`;
  }
  if (lifted === 0) return 'npm chose another version';
  return along > ALONG ? 'it changes too many other packages' : null;
}

const isInstalled = (path: string) => path.startsWith('node_modules/') || path.includes('/node_modules/');

function nameAt(path: string, entry: Block): string {
  return typeof entry['name'] === 'string' ? entry['name'] : path.slice(path.lastIndexOf('node_modules/') + 13);
}

function isLifted(path: string, entry: unknown, name: string, from: string): boolean {
  const block = entry as Block;
  return isInstalled(path) && block['link'] !== true && nameAt(path, block) === name && block['version'] === from;
}

function firstOf(packages: Block, name: string, from: string): Block {
  return (Object.entries(packages).find(([path, entry]) => isLifted(path, entry, name, from))?.[1] ?? {}) as Block;
}

/** With a checksum, and with an address, from the same place, where the other one has one. */
function isWhole(entry: Block, like: Block): boolean {
  const [from, was] = [entry['resolved'], like['resolved']].map((one) => hostOf(one));
  return /^sha512-/.test(String(entry['integrity'] ?? '')) && from === was;
}

function hostOf(resolved: unknown): string {
  return typeof resolved === 'string' && URL.canParse(resolved) ? new URL(resolved).origin : '';
}

/** The same but for what the manifest asks for. */
function isSameTop(was: Block, is: Block, manifest: Block): boolean {
  const without = (block: Block) =>
    Object.fromEntries(Object.entries(block).filter(([key]) => !(SECTIONS as readonly string[]).includes(key)));
  return isSame(without(was), without(is)) && SECTIONS.every((key) => isSame(blockAt(is, key), blockAt(manifest, key)));
}

/** No address, alias, tag or folder. */
const isRange = (spec: string) => /^[\d\s.^~<>=|xX*v-]+(?:[\w.+-]*)$/.test(spec);

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function packagesOf(text: string): Block | null {
  const packages = blockIn(text)['packages'];
  if (packages === null || typeof packages !== 'object' || Array.isArray(packages)) return null;
  return Object.values(packages).every((entry) => entry !== null && typeof entry === 'object')
    ? (packages as Block)
    : null;
}

/** An object; empty for what is none. */
function blockIn(text: string): Block {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Block) : {};
  } catch {
    return {};
  }
}

function blockAt(block: Block, key: string): Block {
  const value = block[key];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Block) : {};
}

/** What npm wrote, with the indentation and line ends of `before`; null: that one is not laid out as JSON usually is. */
function inFormOf(before: string, after: string): string | null {
  const [, line = '\n', indent = ''] = /^\{(\r?\n)([ \t]+)"/.exec(before) ?? [];
  const end = before.endsWith(line) ? line : '';
  const write = (text: string) => JSON.stringify(JSON.parse(text), null, indent).replaceAll('\n', line) + end;
  return packagesOf(after) !== null && write(before) === before ? write(after) : null;
}

/** The bytes that make `after` of a file; none where it stays, null where too much of it would change. */
function editsTo({ path, blob, text }: { path: string; blob: string; text: string }, after: string): Edit[] | null {
  const lines = linesOf(text);
  const changes = lineChanges(lines, linesOf(after), MOST_LINES);
  if (changes === null) return null;
  const starts = startsOf(lines, (line) => Buffer.byteLength(line));
  return changes.map((change) => ({ path, blob, ...editOf(starts, change) }));
}

export const npmLock = { foldersIn, askedAs, steered, raised, wrongLift, inFormOf, editsTo };
