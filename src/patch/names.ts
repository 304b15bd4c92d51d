/**
 * Which file a section is for. Rule: the names of one side must agree; a prefix is taken off only where the file that
 * remains exists, or where it is the prefix that git writes.
 */
import type { Section } from './model.ts';
import { isPrefixed, withoutPrefix } from './parse/names.ts';
import { vetPath } from './vet.ts';

export type Action =
  | { action: 'modify' | 'create' | 'delete'; path: string; from: null }
  | { action: 'rename'; path: string; from: string };

/** What stands where, for names alone. */
export interface Known {
  has(path: string): boolean;
  hasFolder(path: string): boolean;
  /** Paths that end in `/` + `name`. */
  endingIn(name: string): string[];
  /** Paths that some file systems take for `path`. */
  alike(path: string): string[];
}

type Resolved = Action | { reason: string };

export function resolveNames(section: Section, known: Known): Resolved {
  const given = [...section.oldNames, ...section.newNames].map(plain);
  if (given.length === 0) return { reason: 'the patch does not say which file it is for' };
  for (const name of new Set(given.flatMap((one) => [one, withoutPrefix(one)]))) {
    const unsafe = vetPath(name);
    if (unsafe !== null) return { reason: unsafe };
  }
  const now = side(section.newNames.map(plain));
  const old = side(section.oldNames.map(plain)) ?? (section.renames ? oldOfRename(section, now) : null);
  if (old === null || now === null)
    return { reason: `the names in its header do not agree: ${[...new Set(given)].join(', ')}` };
  return decide(section, old, now, known);
}

const plain = (name: string): string => name.replace(/^(?:\.\/)+/, '');

/** The paths that every name of one side may mean, the likeliest first; null when they contradict each other. */
function side(names: readonly string[]): string[] | null {
  const readings = names.map(readingsOf);
  if (readings.length === 0) return [];
  const common = readings[0]!.filter((path) => readings.every((others) => others.includes(path)));
  return common.length === 0 ? null : common;
}

const readingsOf = (name: string): string[] => (isPrefixed(name) ? [withoutPrefix(name), name] : [name]);

/** Some write the new name behind `---` too: what `rename from` says holds. */
function oldOfRename(section: Section, now: readonly string[] | null): string[] | null {
  const names = section.oldNames.map(plain).filter((name) => !readingsOf(name).some((path) => now?.includes(path)));
  return names.length === 0 ? null : side(names);
}

function decide(section: Section, old: string[], now: string[], known: Known): Resolved {
  const there = (paths: readonly string[]) => paths.find((path) => known.has(path));
  /** Of a new file: a folder that exists is no prefix; only diffs have prefixes. */
  const fresh = (paths: readonly string[]) =>
    paths.find((path) => section.form !== 'unified' || known.hasFolder(path.split('/')[0]!)) ?? paths[0];
  if (section.creates && section.deletes) return { reason: 'it both creates and deletes a file' };
  const named = now.length > 0 ? now : old;
  if (section.creates)
    return {
      action: 'create',
      path: there(named) ?? (section.form === 'unified' ? fresh(named)! : named.at(-1)!),
      from: null,
    };
  if (section.deletes) return { action: 'delete', path: there(old) ?? there(now) ?? old[0] ?? now[0]!, from: null };
  const shared = old.length === 0 || now.length === 0 ? named : old.filter((path) => now.includes(path));
  if (shared.length === 0 || section.renames) return renamed(section, old, now, known);
  const path = there(shared);
  if (path !== undefined) return { action: 'modify', path, from: null };
  const onlyAdds = section.hunks.length > 0 && section.hunks.every(addsOnly);
  const deeper = [...new Set(shared.flatMap((name) => known.endingIn(name)))];
  const [top = ''] = shared[0]!.split('/');
  const isDeeper = deeper.length === 1 && shared[0] !== top && !known.hasFolder(top);
  if (onlyAdds && !isDeeper) return { action: 'create', path: fresh(shared)!, from: null };
  if (deeper.length === 1) return { action: 'modify', path: deeper[0]!, from: null };
  if (deeper.length > 1)
    return { reason: `${shared[0]} does not exist, and several files end in it: ${deeper.slice(0, 3).join(', ')}` };
  const [alike] = known.alike(shared[0]!);
  return { reason: `${shared[0]} does not exist${alike === undefined ? '' : `, but ${alike} does`}` };
}

function addsOnly({ lines }: Section['hunks'][number]): boolean {
  return lines.some(({ kind }) => kind === '+') && lines.every(({ kind, raw }) => kind === '+' || raw === '');
}

function renamed(section: Section, old: string[], now: string[], known: Known): Resolved {
  const from = old.find((path) => known.has(path));
  const path = now.find((name) => known.has(name)) ?? now[0];
  if (path === undefined || old[0] === undefined) return { reason: 'it renames a file but names only one side' };
  if (from === path) return { action: 'modify', path, from: null };
  if (from === undefined) {
    if (known.has(path)) return { action: 'modify', path, from: null };
    return { reason: `${old[0]} does not exist` };
  }
  if (!known.has(path)) return { action: 'rename', from, path };
  return section.renames
    ? { reason: `${path} exists already: ${from} cannot be renamed to it` }
    : { reason: `the names in its header do not agree: ${from}, ${path}` };
}
