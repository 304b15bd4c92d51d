/**
 * Makes a tree the user's next commit: their identity, hooks and signing. Rule: only the changed paths move. Whatever
 * else is staged, edited or untracked stays byte for byte, and when the commit is refused everything is as before.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { type RawChange, rawChanges } from './diff.ts';
import { indexLocked, lockOf } from './index-lock.ts';
import { findOverlap } from './overlap.ts';
import { restoreHead } from './restore.ts';
import { gitFailed, tail } from './run.ts';
import { requireWorkTree, underWay } from './state.ts';
import type { Landing, Oid } from './types.ts';

export function createLand(git: GitContext): (landing: Landing) => Promise<{ commit: Oid }> {
  return async (landing) => {
    requireWorkTree(git.info);
    await refuseUnready(git, landing);
    const changes = await rawChanges(git, landing.head, landing.tree);
    if (changes.length === 0) throw nothingToLand(landing);
    const overlap = await findOverlap(git, changes);
    if (overlap.length > 0) throw dirtyOverlap(overlap);
    try {
      await moveIndexAndFiles(git, landing);
      await (landing.rewrite ? moveBranch(git, landing, landing.rewrite) : commitPaths(git, landing, changes));
    } catch (error) {
      await putBack(git, landing, changes, error);
      throw error;
    }
    return { commit: (await readHead(git)) as Oid };
  };
}

/** What cannot be put back now is put back by `recover`. */
async function putBack(
  git: GitContext,
  landing: Landing,
  changes: readonly RawChange[],
  cause: unknown,
): Promise<void> {
  try {
    if ((await readHead(git)) === landing.head) await restoreHead(git, changes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AmbientError('landing-unfinished', `the commit failed, and the files could not be put back: ${why}`, {
      kind: 'environment',
      hint: 'repeat the command: an interrupted landing is undone first',
      cause,
    });
  }
}

/** Not through `run`: an abort must not keep a landing from being put back. */
export async function readHead(git: GitContext): Promise<Oid | null> {
  const result = await git.asUser(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { ok: [0, 1, 128] });
  return result.code === 0 ? result.stdout.toString().trim() : null;
}

async function refuseUnready(git: GitContext, landing: Landing): Promise<void> {
  const head = await readHead(git);
  if (head !== landing.head)
    throw new AmbientError('head-moved', `HEAD is at ${head ?? 'no commit'}, not at ${landing.head}`, {
      kind: 'user',
      hint: 'try again: the change is placed on the new HEAD',
      data: { expected: landing.head, actual: head },
    });
  const operation = underWay(git.info);
  if (operation !== null)
    throw new AmbientError('under-way', `a ${operation} is under way`, {
      kind: 'user',
      hint: `finish or abort the ${operation} first`,
      data: { operation },
    });
  if (existsSync(lockOf(git.info))) throw indexLocked(git.info);
}

/** A two-way merge of index and files: git itself refuses where something uncommitted would be lost. */
async function moveIndexAndFiles(git: GitContext, landing: Landing): Promise<void> {
  // A file that was only touched, or copied with its repository, looks changed to `read-tree` until the index is told.
  await git.asUser(['update-index', '-q', '--refresh', '--ignore-submodules'], { ok: [0, 1, 128] });
  const args = ['read-tree', '-m', '-u', landing.head, landing.tree];
  const result = await git.asUser(args, { ok: [0, 1, 128] });
  if (result.code === 0) return;
  throw new AmbientError('dirty-overlap', `git did not put the change into the working tree: ${tail(result.stderr)}`, {
    kind: 'user',
    hint: 'commit or stash your changes to these files first',
    data: { stderr: tail(result.stderr), paths: [] },
    cause: gitFailed(args, result),
  });
}

/** git cannot commit by path where a file became a directory: then the whole index must be the landing's. */
async function chooseMode(git: GitContext, landing: Landing, changes: readonly RawChange[]): Promise<'only' | 'index'> {
  const paths = changes.map(({ path }) => path);
  const gone = changes.filter(({ newMode }) => /^0+$/.test(newMode)).map(({ path }) => `${path}/`);
  if (!paths.some((path) => gone.some((start) => path.startsWith(start)))) return 'only';
  const args = ['diff-index', '--cached', '--quiet', '--ignore-submodules=all', landing.tree];
  if ((await git.plain(args, { ok: [0, 1] })).code === 0) return 'index';
  throw new AmbientError('staged-changes', 'other changes are staged, and a file becomes a directory', {
    kind: 'user',
    hint: 'commit or unstage them first: git cannot leave them out of such a commit',
  });
}

/** `--only`: what else is staged is not in the commit and stays staged. */
async function commitPaths(git: GitContext, landing: Landing, changes: readonly RawChange[]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'git-landing-'));
  try {
    const list = join(dir, 'paths');
    // The magic is per path: the global switch would be inherited by the user's hooks.
    await writeFile(list, changes.map(({ path }) => `:(top,literal)${path}\0`).join(''), 'latin1');
    const only = ['--only', `--pathspec-from-file=${list}`, '--pathspec-file-nul'];
    const mode = await chooseMode(git, landing, changes);
    const args = ['commit', '--quiet', '--cleanup=verbatim', '--file=-', ...(mode === 'only' ? only : [])];
    const result = await git.asUser(args, { input: landing.message, ok: ANY_EXIT });
    if (result.code !== 0) throw refused(tail(result.stderr, 4000), result.code);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The branch and the ref that keeps what it left move together or not at all. Named as git names an amend. */
async function moveBranch(git: GitContext, landing: Landing, { tip, keep }: NonNullable<Landing['rewrite']>) {
  const input = `update HEAD ${tip} ${landing.head}\ncreate ${keep} ${landing.head}\n`;
  const subject = `commit (ambient fixup): ${landing.message.split('\n')[0] ?? ''}`;
  const result = await git.asUser(['update-ref', '-m', subject, '--stdin'], { input, ok: ANY_EXIT });
  if (result.code !== 0) throw refused(tail(result.stderr, 4000), result.code);
}

const ANY_EXIT = Array.from({ length: 256 }, (_, code) => code);

function refused(stderr: string, code: number | null): AmbientError {
  return new AmbientError('commit-refused', `the commit was refused${stderr ? `: ${stderr}` : ''}`, {
    kind: 'user',
    hint: 'a hook, signing or the identity said no; nothing was changed',
    data: { stderr, code },
  });
}

function dirtyOverlap(paths: readonly string[]): AmbientError {
  const names = paths.map((path) => Buffer.from(path, 'latin1').toString());
  return new AmbientError('dirty-overlap', `uncommitted changes are in the way: ${names.join(', ')}`, {
    kind: 'user',
    hint: 'commit or stash your changes to these files first',
    data: { paths: names },
  });
}

function nothingToLand(landing: Landing): AmbientError {
  return new AmbientError('nothing-to-land', 'HEAD holds this change already', { kind: 'user', data: { ...landing } });
}
