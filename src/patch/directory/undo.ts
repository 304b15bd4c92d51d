/**
 * Takes a write back, from whatever moment it stopped at. Rule: it may itself be stopped and done again; a file that is
 * neither as it was nor as we wrote it is somebody's work and is left alone, with the journal.
 */
import { join } from 'node:path';
import { AmbientError } from '../../base/index.ts';
import { codeOf, type Disk } from './disk.ts';
import { digestOf, type Entry, type Journal } from './journal.ts';

/**
 * @param options.foreign `leave`: what somebody edited in the very moment stays theirs; `refuse`: long afterwards nobody
 * can tell what an edit was made on, so nothing is put back.
 * @throws AmbientError `not-recovered` (environment) naming the files that somebody edited.
 */
export function undo(
  disk: Disk,
  top: string,
  { entries: all, made, removed }: Journal,
  options: { foreign: 'leave' | 'refuse' },
): void {
  const foreign = new Set(all.filter((entry) => isForeign(disk, top, entry)));
  if (foreign.size > 0 && options.foreign === 'refuse') throw notRecovered([...foreign].map(({ path }) => path));
  const entries = all.filter((entry) => !foreign.has(entry));
  for (const { staged, restored } of all)
    for (const path of [staged, restored]) if (disk.look(join(top, path))?.isFile()) disk.remove(join(top, path));
  for (const { path, before, after } of entries)
    if (before === null && after !== null && disk.look(join(top, path))?.isFile()) disk.remove(join(top, path));
  for (const folder of [...made].reverse()) removeEmpty(disk, join(top, folder));
  for (const { path, mode } of [...removed].reverse())
    if (disk.look(join(top, path)) === null) disk.makeDirectory(join(top, path), mode);
  for (const entry of entries) restore(disk, top, entry);
}

function isForeign(disk: Disk, top: string, { path, before, after }: Entry): boolean {
  const info = disk.look(join(top, path));
  // A folder is one of those that come or go.
  if (info === null || info.isDirectory()) return false;
  if (!info.isFile()) return true;
  const content = disk.read(join(top, path));
  return !(before?.content.equals(content) || digestOf(content) === after);
}

/** Something of the user's may lie in it by now: then it stays. */
function removeEmpty(disk: Disk, place: string): void {
  try {
    if (disk.look(place)?.isDirectory()) disk.removeDirectory(place);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
}

function restore(disk: Disk, top: string, { path, restored, before }: Entry): void {
  if (before === null) return;
  const place = join(top, path);
  const info = disk.look(place);
  if (info?.isFile() && (info.mode & 0o777) === before.mode && disk.read(place).equals(before.content)) return;
  disk.create(join(top, restored), before.content, before);
  disk.rename(join(top, restored), place);
}

function notRecovered(paths: string[]): AmbientError {
  return new AmbientError(
    'not-recovered',
    `a patch was stopped half-way, and these files were edited since: ${paths.join(', ')}`,
    {
      kind: 'environment',
      hint: 'put them back yourself (`git diff` shows what is there), remove .git/ambient-apply, and try again',
      data: { paths },
    },
  );
}
