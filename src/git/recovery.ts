/**
 * Undoes a landing that was killed half-way. Rule: nothing that the user may have written since is overwritten: each
 * path must be at HEAD, at the landing's version, or torn between the two; anything else is reported and left alone.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { type RawChange, rawChanges } from './diff.ts';
import { releaseDeadLock } from './index-lock.ts';
import { findLandedCommit } from './landed-commit.ts';
import { readHead } from './landing.ts';
import { absolutePath, lookAt, restoreHead } from './restore.ts';
import { requireWorkTree } from './state.ts';
import type { Landing, Recovered } from './types.ts';

export function createRecover(git: GitContext): (landing: Landing) => Promise<Recovered> {
  return async (landing) => {
    const top = requireWorkTree(git.info);
    await releaseDeadLock(git.info);
    const changes = await rawChanges(git, landing.head, landing.tree);
    if ((await readHead(git)) !== landing.head) {
      const commit = await findLandedCommit(git, landing, changes);
      return { outcome: commit === null ? 'nothing' : 'landed', commit };
    }
    const states = await pathStates(git, top, changes);
    const foreign = changes.filter((_, index) => states[index] === 'foreign').map(({ path }) => path);
    if (foreign.length > 0) throw changedSince(foreign);
    if (states.every((state) => state === 'head')) return { outcome: 'nothing', commit: null };
    await restoreHead(git, changes);
    return { outcome: 'undone', commit: null };
  };
}

type PathState = 'head' | 'ours' | 'foreign';

async function pathStates(git: GitContext, top: string, changes: readonly RawChange[]): Promise<PathState[]> {
  const [staged, hashes] = await Promise.all([readIndex(git), hashFiles(git, top, changes)]);
  const states = changes.map(async (change): Promise<PathState> => {
    const { path, oldMode, oldOid, newMode, newOid } = change;
    const before = /^0+$/.test(oldMode) ? null : `${oldMode} ${oldOid}`;
    const after = /^0+$/.test(newMode) ? null : `${newMode} ${newOid}`;
    const index = staged.get(path) ?? null;
    const file = hashes.get(path) ?? null;
    if (index === before && file === before) return 'head';
    const known = [before, after];
    if (!known.includes(index)) return 'foreign';
    // git removes the old file before it writes the new one.
    if (file === null || known.includes(file)) return 'ours';
    return (await isTorn(git, top, change)) ? 'ours' : 'foreign';
  });
  return Promise.all(states);
}

async function readIndex(git: GitContext): Promise<Map<string, string>> {
  const result = await git.plain(['ls-files', '--stage', '-z']);
  const lines = result.stdout.toString('latin1').split('\0').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [mode, oid, stage] = line.slice(0, line.indexOf('\t')).split(' ');
      return [line.slice(line.indexOf('\t') + 1), stage === '0' ? `${mode} ${oid}` : 'unmerged'];
    }),
  );
}

/** Mode and oid of what is in the working tree, through the user's clean filters as `git add` would. */
async function hashFiles(git: GitContext, top: string, changes: readonly RawChange[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const regular: Array<{ path: string; mode: string }> = [];
  for (const { path } of changes) {
    const stat = lookAt(top, path);
    if (stat?.isFile()) regular.push({ path, mode: stat.mode & 0o100 ? '100755' : '100644' });
    else if (stat?.isSymbolicLink()) found.set(path, `120000 ${await hashLink(git, top, path)}`);
    else if (stat && !stat.isDirectory()) found.set(path, 'special');
  }
  const input = Buffer.from(regular.map(({ path }) => `${quote(path)}\n`).join(''), 'latin1');
  const result = await git.asUser(['hash-object', '--stdin-paths'], { input });
  const oids = result.stdout.toString().split('\n');
  for (const [index, { path, mode }] of regular.entries()) found.set(path, `${mode} ${oids[index]}`);
  return found;
}

const quote = (path: string) => `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;

async function hashLink(git: GitContext, top: string, path: string): Promise<string> {
  const input = readlinkSync(absolutePath(top, path), 'buffer');
  return (await git.run(['hash-object', '--stdin', '--no-filters'], { input })).stdout.toString().trim();
}

/** A file that holds the beginning of either version and nothing else was being written when git was killed. */
async function isTorn(git: GitContext, top: string, change: RawChange): Promise<boolean> {
  const bytes = readFileSync(absolutePath(top, change.path));
  const versions = await Promise.all([change.oldOid, change.newOid].map((oid) => git.reader.read(oid)));
  return versions.some(
    (version) => version?.type === 'blob' && version.content.subarray(0, bytes.length).equals(bytes),
  );
}

function changedSince(paths: readonly string[]): AmbientError {
  const names = paths.map((path) => Buffer.from(path, 'latin1').toString());
  const message = `a landing was interrupted, and these files were changed since: ${names.join(', ')}`;
  return new AmbientError('changed-since', message, {
    kind: 'user',
    hint: 'commit them, or restore them with `git restore --staged --worktree -- <path>`',
    data: { paths: names },
  });
}
