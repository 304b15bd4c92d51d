/**
 * Which file a section is for. Rule: the names of one side must agree; a prefix is taken off only where the file that
 * remains exists, or where it is the prefix that git writes.
 */
import type { Section } from './model.ts';
import { isPrefixed, withoutPrefix } from './parse/names.ts';
import { vetPath } from './vet.ts';

export type Action =
  | { action: 'modify' | 'create' | 'delete'; path: string }
  | { action: 'rename'; from: string; path: string };

/** What stands where, for names alone. */
export interface Known {
  has(path: string): boolean;
  /** Paths that end in `/` + `name`. */
  endingIn(name: string): string[];
}

export function resolveNames(section: Section, known: Known): Action | { reason: string } {
  const given = [...section.oldNames, ...section.newNames].map(plain);
  if (given.length === 0) return { reason: 'the patch does not say which file it is for' };
  for (const name of given) {
    const unsafe = vetPath(name);
    if (unsafe !== null) return { reason: unsafe };
  }
  const old = side(section.oldNames.map(plain));
  const now = side(section.newNames.map(plain));
  if (old === null || now === null)
    return { reason: `the names in its header do not agree: ${[...new Set(given)].join(', ')}` };
  return decide(section, old, now, known);
}

const plain = (name: string): string => name.replace(/^(?:\.\/)+/, '');

/** The paths that every name of one side may mean, the likeliest first; null when they contradict each other. */
function side(names: readonly string[]): string[] | null {
  const readings = names.map((name) => (isPrefixed(name) ? [withoutPrefix(name), name] : [name]));
  if (readings.length === 0) return [];
  const common = readings[0]!.filter((path) => readings.every((others) => others.includes(path)));
  return common.length === 0 ? null : common;
}

function decide(section: Section, old: string[], now: string[], known: Known): Action | { reason: string } {
  const all = [...new Set([...old, ...now])];
  const there = (paths: readonly string[]) => paths.find((path) => known.has(path));
  if (section.creates && section.deletes) return { reason: 'it both creates and deletes a file' };
  if (section.creates) return { action: 'create', path: there(now) ?? now[0] ?? old[0]! };
  if (section.deletes) return { action: 'delete', path: there(old) ?? old[0] ?? now[0]! };
  const shared = old.length === 0 || now.length === 0 ? all : old.filter((path) => now.includes(path));
  if (shared.length === 0 || section.renames) return renamed(section, old, now, known);
  const path = there(shared);
  if (path !== undefined) return { action: 'modify', path };
  const inserts =
    section.hunks.length > 0 && section.hunks.every(({ lines }) => lines.every(({ kind }) => kind === '+'));
  if (inserts) return { action: 'create', path: shared[0]! };
  const deeper = [...new Set(shared.flatMap((name) => known.endingIn(name)))];
  if (deeper.length === 1) return { action: 'modify', path: deeper[0]! };
  return { reason: `${shared[0]} does not exist` };
}

function renamed(section: Section, old: string[], now: string[], known: Known): Action | { reason: string } {
  const from = old.find((path) => known.has(path));
  const path = now.find((name) => known.has(name)) ?? now[0];
  if (path === undefined || old[0] === undefined) return { reason: 'it renames a file but names only one side' };
  if (from === path) return { action: 'modify', path };
  if (from === undefined) {
    if (known.has(path)) return { action: 'modify', path };
    return { reason: `${old[0]} does not exist` };
  }
  if (!known.has(path)) return { action: 'rename', from, path };
  return section.renames
    ? { reason: `${path} exists already: ${from} cannot be renamed to it` }
    : { reason: `the names in its header do not agree: ${from}, ${path}` };
}
