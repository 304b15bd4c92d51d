/**
 * Two indexes: the one that a landing's commit is made from, and the user's own. Rule: the first is private and holds
 * nothing but the landing; the second is replaced whole, once, when the commit stands, and only where it said what the
 * old HEAD says: what else is staged stays staged.
 */
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { type RawChange, rawChanges } from './diff.ts';
import { holdsIndex, indexLocked } from './index-lock.ts';
import type { Stage } from './stage.ts';
import type { Oid } from './types.ts';
import { absolutePath, codeOf, look } from './working-files.ts';

/** No hook of the user's is told of what is no act of theirs. */
const QUIET = ['-c', 'core.hooksPath=/dev/null'];

/** A copy of the user's, so that git need not read every file again, with exactly `tree` in it. */
export async function makeLandingIndex(git: GitContext, stage: Stage, tree: Oid): Promise<void> {
  copyIndex(git, stage.index);
  await git.plain([...QUIET, 'read-tree', '--reset', tree], { env: { GIT_INDEX_FILE: stage.index } });
}

/** Writes what `index` (the user's, where none is named) has at `paths` below `dir`, as a checkout does: with filters. */
export async function writeFilesTo(git: GitContext, dir: string, paths: readonly string[], index?: string) {
  if (paths.length === 0) return;
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
  const args = [...QUIET, 'checkout-index', '--quiet', `--prefix=${dir}/`, '-z', '--stdin'];
  const result = await git.asUser(args, { input, ok: [0, 1, 128], env: index ? { GIT_INDEX_FILE: index } : {} });
  const missing = paths.filter((path) => look(absolutePath(dir, path)) === undefined);
  if (result.code === 0 || missing.length === 0) return;
  throw new AmbientError('not-written', `git did not write the files: ${result.stderr.toString().trim()}`, {
    kind: 'environment',
    hint: 'a filter failed, or the disk is full; nothing was changed',
  });
}

export interface Landed {
  /** The landing's HEAD, and the commit that was made on it. */
  from: Oid;
  commit: Oid;
  /** Paths of the landing itself; a hook may have committed more. */
  own: ReadonlySet<string>;
  /** Those that a sparse checkout leaves out. */
  hidden: readonly string[];
  /** Our lock was never off the index: nothing was staged since the landing began. */
  untouched: boolean;
}

/** Brings the user's index up to the commit. Done twice it does nothing. Our lock is on it. */
export async function settleIndex(git: GitContext, stage: Stage, landed: Landed): Promise<void> {
  const [made, changes, staged] = await Promise.all([
    rawChanges(git, landed.from, landed.commit),
    rawChanges(git, landed.from, 'HEAD'),
    readIndex(git),
  ]);
  const paths = new Set(made.map(({ path }) => path));
  const entry = (mode: string, oid: Oid) => (ABSENT.test(mode) ? null : `${mode} ${oid}`);
  const behind = changes.filter(({ path, oldMode, oldOid, newMode, newOid }) => {
    const now = staged.get(path) ?? null;
    // Under our lock only hooks commit: also what they made on top.
    const isTold = landed.untouched || paths.has(path);
    if (!isTold || now === entry(newMode, newOid)) return false;
    // What a hook took into the commit from the working tree is newer than what was staged of it.
    return now === entry(oldMode, oldOid) || (landed.untouched && !landed.own.has(path));
  });
  if (behind.length === 0) return;
  const next = join(stage.dir, 'next');
  const env = { GIT_INDEX_FILE: next };
  copyIndex(git, next);
  await git.plain([...QUIET, 'update-index', '-z', '--index-info'], { input: indexInfo(git, behind), env });
  const sparse = landed.hidden.filter((path) => behind.some((change) => change.path === path));
  if (sparse.length > 0)
    await git.plain([...QUIET, 'update-index', '--skip-worktree', '-z', '--stdin'], {
      input: Buffer.from(sparse.map((path) => `${path}\0`).join(''), 'latin1'),
      env,
    });
  await git.asUser([...QUIET, 'update-index', '-q', '--refresh', '--ignore-submodules'], { env, ok: [0, 1] });
  if (!holdsIndex(git.info, stage)) throw indexLocked(git.info);
  renameSync(next, join(git.info.gitDir, 'index'));
}

const ABSENT = /^0+$/;

/** Removals first: a file may stand in the way of the directory that comes. */
function indexInfo(git: GitContext, changes: readonly RawChange[]): Buffer {
  const gone = changes.filter(({ newMode }) => ABSENT.test(newMode)).map(({ path }) => `0 ${git.zero}\t${path}\0`);
  const kept = changes.filter(({ newMode }) => !ABSENT.test(newMode));
  const lines = [...gone, ...kept.map(({ path, newMode, newOid }) => `${newMode} ${newOid}\t${path}\0`)];
  return Buffer.from(lines.join(''), 'latin1');
}

/** A new one where there is none: git takes a missing index for an empty one. */
function copyIndex(git: GitContext, to: string): void {
  rmSync(to, { force: true });
  try {
    copyFileSync(join(git.info.gitDir, 'index'), to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
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
