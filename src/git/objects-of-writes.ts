/**
 * The objects of one transaction: commits, note commits and appended files, by one fast-import. Rule: appended text is
 * read from the tip that the ref transaction will insist on.
 */
import { AmbientError, systemClock } from '../base/index.ts';
import type { GitContext } from './context.ts';
import type { ImportSession } from './fast-import.ts';
import { createObjects, treeOf } from './objects.ts';
import { type Change, ImportStream, identityLine, removeFile, setFile, setNote, startFrom } from './stream.ts';
import type { NewCommit, NewFileCommit, NewNote, Oid, Writes } from './types.ts';

interface Built {
  oids: Record<string, Oid>;
  /** New tips of the refs that were appended to. */
  tips: Map<string, Oid>;
}
const EMPTY = Buffer.alloc(0);
const WRITER = { name: 'git-ambient', email: 'git-ambient@localhost' };

export async function buildObjects(
  git: GitContext,
  session: ImportSession,
  writes: Writes,
  before: ReadonlyMap<string, Oid>,
): Promise<Built> {
  const commits = writes.commits ?? [];
  const marks = new Map(commits.map(({ key }, index) => [key, index + 1]));
  const notes = groupByRef(writes.notes ?? []);
  const files = groupByRef(writes.files ?? []);
  const appends = [...new Set([...notes.keys(), ...files.keys()])];
  if (commits.length + appends.length === 0) return { oids: {}, tips: new Map() };

  const stream = new ImportStream();
  for (const commit of commits) await addCommit(git, stream, commit, marks);
  if ((writes.notes ?? []).some(({ ref, target }) => typeof target !== 'string' && before.has(ref)))
    return inTwoSteps(git, session, writes, before, await session.send(stream.end(git.zero)));
  const writer = identityLine(WRITER, Math.floor(systemClock.now() / 1000));
  for (const [index, ref] of appends.entries()) {
    const mark = commits.length + 1 + index;
    const tip = before.get(ref);
    const changes = [
      ...(await noteChanges(git, notes.get(ref) ?? [], tip, marks)),
      ...(await fileChanges(git, files.get(ref) ?? [], tip)),
    ];
    const message = notes.has(ref) ? 'Notes added\n' : 'Lines added\n';
    const parents = tip === undefined ? [] : [tip];
    stream.commit({ mark, author: writer, committer: writer, message, parents, changes }).printMark(mark);
  }
  const printed = await session.send(stream.end(git.zero));
  return {
    oids: Object.fromEntries(commits.map(({ key }, index) => [key, printed[index] as Oid])),
    tips: new Map(appends.map((ref, index) => [ref, printed[commits.length + index] as Oid])),
  };
}

/** A commit that is made here may have been made before and have notes: its oid is needed to find them. */
async function inTwoSteps(
  git: GitContext,
  session: ImportSession,
  writes: Writes,
  before: ReadonlyMap<string, Oid>,
  printed: readonly string[],
) {
  const oids = Object.fromEntries((writes.commits ?? []).map(({ key }, index) => [key, printed[index] as Oid]));
  const notes = (writes.notes ?? []).map((note) =>
    typeof note.target === 'string' ? note : { ...note, target: oids[note.target.key] ?? 'unknown-key' },
  );
  const { tips } = await buildObjects(git, session, { notes, files: writes.files ?? [] }, before);
  return { oids, tips };
}

async function addCommit(git: GitContext, stream: ImportStream, commit: NewCommit, marks: ReadonlyMap<string, number>) {
  const mark = marks.get(commit.key) as number;
  if (commit.message.includes('\0'))
    throw new AmbientError('bad-message', 'a commit message cannot hold a NUL', { kind: 'bug' });
  const inherits = commit.parents[0] !== undefined && commit.parents[0] === commit.from;
  const start = inherits ? [] : [startFrom(commit.from === null ? null : await treeOf(git, commit.from))];
  const changes: Change[] = commit.files.map(({ path, mode, content }) =>
    content === null ? removeFile(path) : setFile(path, mode, content),
  );
  stream
    .commit({
      mark,
      author: identityLine(commit.author, commit.time),
      committer: identityLine(commit.committer, commit.time),
      message: commit.message,
      parents: commit.parents,
      changes: [...start, ...changes],
    })
    .printMark(mark);
}

async function noteChanges(
  git: GitContext,
  notes: readonly NewNote[],
  tip: Oid | undefined,
  marks: ReadonlyMap<string, number>,
): Promise<Change[]> {
  const byTarget = new Map<string, string[]>();
  for (const note of notes) {
    const target = typeof note.target === 'string' ? note.target : `:${marks.get(note.target.key) ?? 'none'}`;
    byTarget.set(target, [...(byTarget.get(target) ?? []), ...note.lines]);
  }
  const changes = [...byTarget].map(async ([target, lines]) => {
    const existing = tip === undefined ? EMPTY : await readNote(git, tip, target);
    return setNote(target, withLines(existing, lines));
  });
  return Promise.all(changes);
}

/** git spreads notes over directories as they grow; all the depths that it can have reached are asked at once. */
export async function readNote(git: GitContext, tip: Oid, target: Oid): Promise<Buffer> {
  const paths = [0, 1, 2, 3, 4].map((depth) => {
    const heads = Array.from({ length: depth }, (_, index) => target.slice(2 * index, 2 * index + 2));
    return [...heads, target.slice(2 * depth)].join('/');
  });
  const found = await Promise.all(paths.map((path) => git.reader.read(`${tip}:${path}`)));
  return found.find((object) => object?.type === 'blob')?.content ?? EMPTY;
}

async function fileChanges(git: GitContext, files: readonly NewFileCommit[], tip: Oid | undefined): Promise<Change[]> {
  const objects = createObjects(git);
  const byPath = new Map<string, string[]>();
  for (const { path, lines } of files) byPath.set(path, [...(byPath.get(path) ?? []), ...lines]);
  const changes = [...byPath].map(async ([path, lines]) => {
    const existing = tip === undefined ? null : await objects.blobAt(tip, path);
    return setFile(path, '100644', withLines(existing?.content ?? EMPTY, lines));
  });
  return Promise.all(changes);
}

function withLines(existing: Buffer, lines: readonly string[]): Buffer {
  const unended = existing.length > 0 && existing.at(-1) !== 10;
  const added = (unended ? '\n' : '') + lines.map((line) => `${line}\n`).join('');
  return Buffer.concat([existing, Buffer.from(added)]);
}

function groupByRef<T extends { ref: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.ref);
    if (group) group.push(item);
    else groups.set(item.ref, [item]);
  }
  return groups;
}
