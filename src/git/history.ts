/**
 * What happened here, and questions about ancestry. Rule: the reflogs are read as files, each from where the cursor
 * stopped; what was amended or rebased away since is not worth a look and is left out.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './context.ts';
import { createObjects } from './objects.ts';
import { type LogPosition, type Made, readLog, START } from './reflog.ts';
import type { Oid, Repository } from './types.ts';

export function createHistory(git: GitContext): Repository['history'] {
  return {
    madeHere: (cursor) => madeHere(git, cursor),
    isAncestor: async (ancestor, of) =>
      (await git.run(['merge-base', '--is-ancestor', ancestor, of], { ok: [0, 1] })).code === 0,
    grep: async (range, pattern) => {
      const args = ['rev-list', '--extended-regexp', `--grep=${pattern}`, '--end-of-options', range];
      const oids = (await git.run(args)).stdout.toString().split('\n').filter(Boolean);
      const objects = createObjects(git);
      return Promise.all(oids.map((oid) => objects.commit(oid)));
    },
    lost: (oids, ignored) => lostAmong(git, oids, ignored),
  };
}

/** HEADs of all worktrees are among `--all`; what is asked about may be gone altogether. */
async function lostAmong(git: GitContext, oids: readonly Oid[], ignored: readonly string[]): Promise<Oid[]> {
  if (oids.length === 0) return [];
  const but = ignored.map((pattern) => `--exclude=${pattern}`);
  const args = ['rev-list', '--ignore-missing', '--stdin', '--not', ...but, '--all'];
  const input = oids.map((oid) => `${oid}\n`).join('');
  const found = new Set((await git.run(args, { input })).stdout.toString().split('\n'));
  const types = await Promise.all(oids.map((oid) => git.reader.find(oid)));
  return oids.filter((oid, index) => found.has(oid) || types[index]?.type !== 'commit');
}

/** By worktree: '' is the main one. */
type Cursor = Record<string, LogPosition>;

async function madeHere(git: GitContext, cursor: string | null): Promise<{ commits: Oid[]; cursor: string }> {
  const before = parseCursor(cursor);
  const after: Cursor = {};
  const made: Made[] = [];
  for (const [worktree, dir] of await worktrees(git)) {
    const log = await readFile(join(dir, 'logs', 'HEAD')).catch(() => null);
    if (log === null) continue;
    const read = readLog(log, before?.[worktree] ?? START);
    after[worktree] = read.position;
    if (before !== null) made.push(...read.made);
  }
  made.sort((a, b) => a.time - b.time);
  const commits = await stillThere(git, [...new Set(made.map(({ oid }) => oid))]);
  return { commits, cursor: JSON.stringify(after) };
}

/** A cursor that cannot be read is as none: reading starts at the end. */
function parseCursor(cursor: string | null): Cursor | null {
  if (cursor === null) return null;
  try {
    const value: unknown = JSON.parse(cursor);
    return value !== null && typeof value === 'object' ? (value as Cursor) : null;
  } catch {
    return null;
  }
}

async function worktrees(git: GitContext): Promise<Array<[name: string, dir: string]>> {
  const { commonDir } = git.info;
  const linked = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  return [
    ['', commonDir],
    ...linked.sort().map((name): [string, string] => [name, join(commonDir, 'worktrees', name)]),
  ];
}

/** Keeps the commits that a branch or a HEAD still leads to, in their order. */
async function stillThere(git: GitContext, oids: readonly Oid[]): Promise<Oid[]> {
  if (oids.length === 0) return [];
  const types = await Promise.all(oids.map((oid) => git.reader.find(oid)));
  const present = oids.filter((_, index) => types[index]?.type === 'commit');
  if (present.length === 0) return [];
  const args = ['rev-list', '--ignore-missing', '--stdin', '--not', '--branches', ...(await detachedHeads(git))];
  const lost = new Set(
    (await git.run(args, { input: present.map((oid) => `${oid}\n`).join('') })).stdout.toString().split('\n'),
  );
  return present.filter((oid) => !lost.has(oid));
}

/** During a rebase HEAD is detached on half of it: its end will come by itself. */
async function detachedHeads(git: GitContext): Promise<Oid[]> {
  const heads = (await worktrees(git)).map(async ([, dir]) => {
    const [head, entries] = await Promise.all([
      readFile(join(dir, 'HEAD'), 'utf8').catch(() => ''),
      readdir(dir).catch(() => [] as string[]),
    ]);
    const rebasing = entries.includes('rebase-merge') || entries.includes('rebase-apply');
    return !rebasing && /^[0-9a-f]{40,64}\n?$/.test(head) ? [head.trim()] : [];
  });
  return (await Promise.all(heads)).flat();
}
