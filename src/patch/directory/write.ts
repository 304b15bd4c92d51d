/**
 * Placed files → a working directory. Rule: all or nothing: everything is looked at, then journalled, then staged beside
 * its place, then renamed into it, then read back; whatever fails on the way is undone, and what a killed process left is
 * undone by the next call.
 */
import { join } from 'node:path';
import { AmbientError } from '../../base/index.ts';
import type { PlacedFile, Refusal } from '../place-types.ts';
import { codeOf, type Disk, nodeDisk } from './disk.ts';
import { isAtWork, type Journal, journalPath, planJournal, readJournal, underWay, writeJournal } from './journal.ts';
import { planSteps, type Steps } from './steps.ts';
import { gitMode } from './target.ts';
import { undo } from './undo.ts';

export interface WritePlace {
  /** Absolute top of the working directory. */
  top: string;
  /** Absolute directory for the journal, which lives only as long as the write: the private git directory. */
  state: string;
  disk?: Disk;
}

/** Says what would stand in the way of writing `files`; an empty list: nothing. Touches nothing. */
export function inspectFiles(files: readonly PlacedFile[], { top, disk = nodeDisk }: WritePlace): Refusal[] {
  const steps = planSteps(disk, top, files);
  return Array.isArray(steps) ? steps : [];
}

/**
 * Writes `files`, or returns why not, with the directory as it was. Folders that are left empty go, as with git.
 * @throws AmbientError `not-written` (environment) when the disk refuses, with the directory as it was;
 * `write-unfinished` (environment) when it could not even be put back: `recoverWrites` will.
 */
export function writeFiles(files: readonly PlacedFile[], { top, state, disk = nodeDisk }: WritePlace): Refusal[] {
  const steps = planSteps(disk, top, files);
  if (Array.isArray(steps)) return steps;
  if (steps.steps.length === 0) return [];
  const journal = planJournal(disk, top, steps);
  try {
    writeJournal(disk, state, journal);
  } catch (cause) {
    throw cause instanceof AmbientError ? cause : notWritten(cause);
  }
  try {
    stage(disk, top, steps, journal);
    move(disk, top, steps, journal);
    verify(disk, top, steps);
    disk.remove(journalPath(state));
  } catch (cause) {
    putBack(disk, top, state, journal, cause);
    throw notWritten(cause);
  }
  return [];
}

function stage(disk: Disk, top: string, { steps }: Steps, { entries }: Journal): void {
  for (const [at, { path, after }] of steps.entries()) {
    if (after === null) continue;
    const place = join(top, entries[at]?.staged as string);
    disk.create(place, after.content, after.as);
    if (!disk.read(place).equals(after.content))
      throw new Error(`${path} did not arrive on the disk as it was written`);
  }
}

/** What goes makes room for what comes. */
function move(disk: Disk, top: string, { steps, made, removed }: Steps, { entries }: Journal): void {
  for (const { path, before, after } of steps) {
    if (before === null) continue;
    const now = disk.look(join(top, path));
    // Looked at again at the last moment: what a person saved meanwhile is theirs.
    if (!now?.isFile() || now.size !== before.content.length || !disk.read(join(top, path)).equals(before.content))
      throw new Error(`${path} has changed while the patch was being written`);
    if (after === null) disk.remove(join(top, path));
  }
  for (const { path } of removed) disk.removeDirectory(join(top, path));
  for (const folder of made) disk.makeDirectory(join(top, folder));
  for (const [at, { path, after, before }] of steps.entries()) {
    if (after === null) continue;
    if (before === null && disk.look(join(top, path)) !== null)
      throw new Error(`${path} has appeared while the patch was being written`);
    disk.rename(join(top, entries[at]?.staged as string), join(top, path));
  }
}

function verify(disk: Disk, top: string, { steps }: Steps): void {
  for (const { path, after } of steps) {
    const info = disk.look(join(top, path));
    const wrong = `${path} is not as it was written`;
    if (after === null) {
      if (info?.isFile()) throw new Error(wrong);
      continue;
    }
    const mode = 'mode' in after.as ? gitMode(after.as.mode) : after.as.executable ? '100755' : '100644';
    if (!info?.isFile() || !disk.read(join(top, path)).equals(after.content)) throw new Error(wrong);
    // A file system without execute bits keeps its own.
    if (mode === '100644' && gitMode(info.mode) !== mode && 'mode' in after.as) throw new Error(wrong);
  }
}

function putBack(disk: Disk, top: string, state: string, journal: Journal, cause: unknown): void {
  try {
    undo(disk, top, journal, { foreign: 'leave' });
    if (disk.look(journalPath(state)) !== null) disk.remove(journalPath(state));
  } catch (error) {
    throw new AmbientError(
      'write-unfinished',
      `writing failed (${messageOf(cause)}), and so did putting it back: ${messageOf(error)}`,
      {
        kind: 'environment',
        hint: 'mend the cause, then call `git ambient apply` again: it puts everything back first',
        data: { journal: journalPath(state), top },
        cause: error,
      },
    );
  }
}

function notWritten(cause: unknown): AmbientError {
  return new AmbientError('not-written', `nothing was changed: ${messageOf(cause)}`, {
    kind: 'environment',
    hint: codeOf(cause) === 'ENOSPC' ? 'free some disk space' : 'mend the cause and try again',
    data: { code: codeOf(cause) },
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Undoes what a killed process left; true when there was something. Cheap when there is nothing: one look.
 * @throws AmbientError `apply-under-way` (environment) while its process lives; `not-recovered` (environment) when files
 * were edited since.
 */
export function recoverWrites({ top, state, disk = nodeDisk }: WritePlace): boolean {
  const journal = readJournal(disk, state);
  if (journal === null) return false;
  if (isAtWork(journal.owner)) throw underWay(state);
  undo(disk, top, journal, { foreign: 'refuse' });
  disk.remove(journalPath(state));
  return true;
}
