/**
 * Makes a tree the user's next commit: their identity, hooks and signing. Rule: the commit is made from an index of its
 * own, and files are exchanged by exchange.ts: whatever else is staged, edited, untracked, or saved while the hooks run
 * stays byte for byte, and when the commit is refused the index was never written.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { type RawChange, rawChanges } from './diff.ts';
import { findEdited } from './edited.ts';
import { changedSince, moveIn } from './exchange.ts';
import { holdIndex, holdsIndex } from './index-lock.ts';
import { findLandedCommit } from './landed-commit.ts';
import { makeLandingIndex, writeFilesTo } from './landing-index.ts';
import { findOverlap } from './overlap.ts';
import { completeLanding, keptNames, leaveStage, putBack, readHead } from './recovery.ts';
import { hintFor } from './refused.ts';
import { gitFailed, tail } from './run.ts';
import {
  comingOf,
  type Exchange,
  isAlive,
  makeStage,
  readStage,
  rememberChild,
  type Stage,
  writePlan,
} from './stage.ts';
import { requireWorkTree, underWay } from './state.ts';
import type { Landed, Landing, Oid } from './types.ts';
import { absolutePath, sightOf } from './working-files.ts';

/** Milliseconds for an editor or a prompt that looks at the index just now. */
const PATIENCE = 1_000;

/** @param signal ends hooks and signing as Ctrl-C ends those of `git commit`; everything is put back then. */
export function createLand(git: GitContext, signal?: AbortSignal): (landing: Landing) => Promise<Landed> {
  return async (landing) => {
    const top = requireWorkTree(git.info);
    await refuseUnready(git, landing);
    const changes = await rawChanges(git, landing.head, landing.tree);
    if (changes.length === 0) throw nothingToLand(landing);
    const stage = await openStage(git);
    let exchanges: Exchange[] = [];
    try {
      await holdIndex(git.info, stage, PATIENCE);
      exchanges = await prepare(git, stage, landing, changes);
      writePlan(stage, { landing, exchanges });
      const foreign = moveIn(top, stage, exchanges);
      if (foreign !== null) throw dirtyOverlap([foreign]);
      await (landing.rewrite
        ? moveBranch(git, stage, landing, landing.rewrite)
        : commit(git, stage, landing, { signal, stop: 'ask' }));
    } catch (error) {
      const cause = fromDisk(error);
      // Stopped, or out of disk space, when the commit stood already: then it stands.
      if ((await commitOf(git, landing, changes)) === null) throw withKept(cause, await putBack(git, stage, cause));
    }
    const made = (await commitOf(git, landing, changes)) ?? ((await readHead(git)) as Oid);
    const changed = changedSince(top, { landing, exchanges });
    const kept = await completeLanding(git, stage, made, { untouched: holdsIndex(git.info, stage) });
    return { commit: made, changed: await namesOf(git, changed), kept };
  };
}

/** The commit on the landing's HEAD: HEAD itself, unless a hook went on from there. Null: there is none. */
async function commitOf(git: GitContext, landing: Landing, changes: readonly RawChange[]): Promise<Oid | null> {
  const head = await readHead(git);
  if (head === null || head === landing.head) return null;
  const args = ['rev-parse', '--verify', '--quiet', `${head}^1`];
  const parent = (await git.run(args, { ok: [0, 1, 128] })).stdout.toString().trim();
  const isOurs = landing.rewrite ? head === landing.rewrite.tip : parent === landing.head;
  return isOurs ? head : findLandedCommit(git, landing, changes);
}

/** Someone who was killed may have left a room, and nobody who remembers it. */
async function openStage(git: GitContext): Promise<Stage> {
  const left = readStage(git.info);
  if (left !== null && !isAlive(left)) await leaveStage(git, left);
  const stage = makeStage(git.info);
  if (stage !== null) return stage;
  throw new AmbientError('landing-under-way', 'another landing is under way in this working tree', {
    kind: 'environment',
    hint: 'wait for it, then try again; nothing was changed',
  });
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
}

/** What is to happen to each file. First a look at every byte, then at what git knows: what comes later is seen by moving. */
async function prepare(
  git: GitContext,
  stage: Stage,
  landing: Landing,
  changes: readonly RawChange[],
): Promise<Exchange[]> {
  const top = requireWorkTree(git.info);
  const was = changes.map(({ path, oldMode }) => (isFile(oldMode) ? sightOf(absolutePath(top, path)) : null));
  const overlap = await findOverlap(git, changes);
  const edited = overlap.length > 0 ? [] : await findEdited(git, stage, top, changes);
  if (overlap.length + edited.length > 0) throw dirtyOverlap([...overlap, ...edited]);
  await makeLandingIndex(git, stage, landing.tree);
  const coming = changes.filter(({ newMode }) => isFile(newMode)).map(({ path }) => path);
  await writeFilesTo(git, comingOf(stage), coming, stage.index);
  return changes.map(({ path, newMode }, at) => {
    const to = isFile(newMode) ? sightOf(absolutePath(comingOf(stage), path)) : null;
    return { path, was: was[at] ?? null, to, hidden: isFile(newMode) && to === null };
  });
}

/** Submodules are commits: nothing of theirs is moved. */
const isFile = (mode: string) => /^1[02]0/.test(mode);

async function commit(
  git: GitContext,
  stage: Stage,
  landing: Landing,
  as: { signal: AbortSignal | undefined; stop: 'ask' },
): Promise<void> {
  // In a file: through a pipe, half of it would come from somebody who is killed.
  // Collecting garbage with another index in force would take what only the user's own one holds for garbage.
  const message = join(stage.dir, 'message');
  writeFileSync(message, landing.message);
  const args = ['-c', 'maintenance.auto=false', 'commit', '--quiet', '--cleanup=verbatim', `--file=${message}`];
  const result = await git.asUser(args, {
    ok: ANY_EXIT,
    env: { GIT_INDEX_FILE: stage.index },
    as: {
      stop: as.stop,
      started: (mark) => rememberChild(stage, mark),
      ...(as.signal === undefined ? {} : { signal: as.signal }),
    },
  });
  if (result.code !== 0) throw refused(tail(result.stderr, 4000), result.code, gitFailed(args, result));
}

/** The branch and the ref that keeps what it left move together or not at all. Named as git names an amend. */
async function moveBranch(
  git: GitContext,
  stage: Stage,
  landing: Landing,
  { tip, keep }: NonNullable<Landing['rewrite']>,
): Promise<void> {
  const input = `update HEAD ${tip} ${landing.head}\ncreate ${keep} ${landing.head}\n`;
  const subject = `commit (ambient fixup): ${landing.message.split('\n')[0] ?? ''}`;
  const args = ['update-ref', '-m', subject, '--stdin'];
  const env = { GIT_INDEX_FILE: stage.index };
  const as = { started: (mark: Parameters<typeof rememberChild>[1]) => rememberChild(stage, mark) };
  const result = await git.asUser(args, { input, ok: ANY_EXIT, env, as });
  if (result.code !== 0) throw refused(tail(result.stderr, 4000), result.code, gitFailed(args, result));
}

const ANY_EXIT = Array.from({ length: 256 }, (_, code) => code);

/** Those that differ from the commit: a hook that formats also stages what it has done. */
async function namesOf(git: GitContext, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const names = paths.map(nameOf);
  const limit = names.slice(0, 500).map((name) => `:(top,literal)${name}`);
  const args = ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=all', '--untracked-files=all'];
  const dirty = (await git.plain([...args, '--', ...limit])).stdout.toString().split('\0');
  return names.filter((name) => dirty.some((line) => line.slice(3) === name));
}

const nameOf = (path: string) => Buffer.from(path, 'latin1').toString();

function refused(stderr: string, code: number | null, cause: unknown): AmbientError {
  const disk = hintFor(stderr);
  if (disk !== undefined)
    return new AmbientError('git-failed', `the commit could not be written: ${stderr}`, {
      kind: 'environment',
      hint: disk,
      data: { stderr, code },
      cause,
    });
  return new AmbientError('commit-refused', `the commit was refused${stderr ? `: ${stderr}` : ''}`, {
    kind: 'user',
    hint: 'a hook, signing or the identity said no; nothing was changed',
    data: { stderr, code },
    cause,
  });
}

function dirtyOverlap(paths: readonly string[]): AmbientError {
  const names = [...new Set(paths)].sort().map(nameOf);
  return new AmbientError('dirty-overlap', `uncommitted changes are in the way: ${names.join(', ')}`, {
    kind: 'user',
    hint: 'commit or stash your changes to these files first',
    data: { paths: names },
  });
}

function nothingToLand(landing: Landing): AmbientError {
  return new AmbientError('nothing-to-land', 'HEAD holds this change already', { kind: 'user', data: { ...landing } });
}

function fromDisk(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof AmbientError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new AmbientError('working-tree-not-writable', `a file could not be exchanged: ${message}`, {
    kind: 'environment',
    hint: 'make the working tree writable, with some free disk space; nothing was changed',
    data: { code },
    cause: error,
  });
}

/** What somebody wrote while we were at it is said together with what went wrong. */
function withKept(error: unknown, kept: readonly { path: string; blob: Oid | null }[]): unknown {
  if (kept.length === 0 || !(error instanceof AmbientError)) return error;
  const { code, kind, message, data } = error;
  return new AmbientError(code, `${message}\n${keptNames(kept)}`, {
    kind,
    hint: '`git diff` shows what stands there now; everything else is as it was',
    data: { ...data, kept },
    cause: error,
  });
}
