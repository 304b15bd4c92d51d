/** Refs and notes, read. Rule: a list costs a fixed number of processes, whatever its length. */
import { parseCommit } from './commit.ts';
import type { GitContext } from './context.ts';
import { FOLDER, readFolder } from './folders.ts';
import { findNotes } from './notes-on.ts';
import type { CommitInfo, Oid, Repository } from './types.ts';

export function createRefs(git: GitContext): Repository['refs'] {
  return {
    list: (...prefixes) => forEachRef(git, prefixes),
    read: (ref) => readRef(git, ref),
    look: (ref) => lookAt(git, ref),
    commits: (...prefixes) => listCommits(git, prefixes),
    notes: (ref) => listNotes(git, ref),
    notesOn: (tip, targets) => findNotes(git, tip, targets),
  };
}

/** Asked of the process that runs already. What it does not find is absent, or points at an object that is gone. */
async function readRef(git: GitContext, ref: string): Promise<Oid | null> {
  return (await lookAt(git, ref)) ?? (await readRefs(git, [ref])).get(ref) ?? null;
}

/** Where a ref is not, git takes its name for the end of another one: a tag or a branch that is called so. */
async function lookAt(git: GitContext, ref: string): Promise<Oid | null> {
  const others = ['refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'].map((before) => git.reader.find(before + ref));
  const [found, ...namesakes] = await Promise.all([git.reader.find(ref), ...others]);
  if (!namesakes.some((one) => one !== null)) return found?.oid ?? null;
  return (await readRefs(git, [ref])).get(ref) ?? null;
}

/** As `readRefs`, asked of the process that runs already: may err, so it is only for a guess that is checked. */
export async function guessRefs(git: GitContext, refs: readonly string[]): Promise<Map<string, Oid>> {
  const found = await Promise.all(refs.map(async (ref) => [ref, (await git.reader.find(ref))?.oid] as const));
  return new Map(found.flatMap(([ref, oid]) => (oid === undefined ? [] : [[ref, oid] as const])));
}

/** The present values of `refs`, by full name; one that does not exist is not in the map. */
export async function readRefs(git: GitContext, refs: readonly string[]): Promise<Map<string, Oid>> {
  if (refs.length === 0) return new Map();
  // A pattern also matches as a directory; only the exact names are asked for.
  const wanted = new Set(refs);
  const found = new Map<string, Oid>();
  for (let start = 0; start < refs.length; start += 500)
    for (const { ref, oid } of await forEachRef(git, refs.slice(start, start + 500)))
      if (wanted.has(ref)) found.set(ref, oid);
  return found;
}

async function forEachRef(git: GitContext, patterns: readonly string[]): Promise<Array<{ ref: string; oid: Oid }>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', '--', ...patterns.map(escapeGlob)];
  const lines = (await git.run(args)).stdout.toString().split('\n');
  return lines.filter(Boolean).map((line) => {
    const space = line.indexOf(' ');
    return { oid: line.slice(0, space), ref: line.slice(space + 1) };
  });
}

/** A ref name holds none of `* ? [` (git forbids them), so a caller that passes one means it literally: nothing matches. */
const escapeGlob = (pattern: string) => pattern.replace(/[*?[\\]/g, '\\$&');

async function listCommits(
  git: GitContext,
  prefixes: readonly string[],
): Promise<Array<{ ref: string; commit: CommitInfo }>> {
  const format = '--format=%(objectname) %(objecttype) %(raw:size) %(refname)%0a%(raw)';
  const result = await git.run(['for-each-ref', format, '--', ...prefixes.map(escapeGlob)], { ok: [0, 1, 128] });
  if (result.code === 0) return parseRawRefs(result.stdout);
  // One ref whose object is gone makes git give up on all of them: read the others one by one.
  const refs = await forEachRef(git, prefixes);
  const objects = await Promise.all(refs.map(({ oid }) => git.reader.read(oid)));
  return refs.flatMap(({ ref, oid }, index) => {
    const found = objects[index];
    return found?.type === 'commit' ? [{ ref, commit: parseCommit(oid, found.content) }] : [];
  });
}

function parseRawRefs(bytes: Buffer): Array<{ ref: string; commit: CommitInfo }> {
  const found: Array<{ ref: string; commit: CommitInfo }> = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [oid = '', type, size, ...ref] = bytes.toString('utf8', at, end).split(' ');
    const raw = bytes.subarray(end + 1, end + 1 + Number(size));
    if (type === 'commit') found.push({ ref: ref.join(' '), commit: parseCommit(oid, raw) });
    at = end + 1 + Number(size) + 1;
  }
  return found;
}

async function listNotes(git: GitContext, ref: string): Promise<Array<{ target: Oid; text: string }>> {
  const notes = await notesBelow(git, `${ref}^{tree}`);
  if (notes === null) {
    // Absent; or broken, and git says how.
    if ((await readRefs(git, [ref])).has(ref)) await git.run(['ls-tree', '-r', ref]);
    return [];
  }
  const blobs = await Promise.all(notes.map(({ blob }) => git.reader.read(blob)));
  return notes.flatMap(({ target }, index) => {
    const text = blobs[index]?.content.toString();
    return text === undefined ? [] : [{ target, text }];
  });
}

/** In the order of their targets; git spreads many over folders. Null where a folder cannot be read. */
async function notesBelow(
  git: GitContext,
  name: string,
  above = '',
): Promise<Array<{ target: Oid; blob: Oid }> | null> {
  const folder = await readFolder(git, name);
  if (folder === null) return null;
  const found = [...folder].map(async ([part, { mode, oid }]) => {
    const target = above + part;
    if (!/^[0-9a-f]+$/.test(part) || target.length > git.zero.length) return [];
    if (mode === FOLDER) return notesBelow(git, oid, target);
    return mode === '100644' && target.length === git.zero.length ? [{ target, blob: oid }] : [];
  });
  const parts = await Promise.all(found);
  return parts.some((one) => one === null) ? null : parts.flatMap((one) => one ?? []);
}
