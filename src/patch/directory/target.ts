/**
 * A working directory as the target of a patch. Rule: reads what lies inside and is a file; a name that leads through a
 * link, or that is no file, is shown as what it is, so that nothing outside is ever read.
 */
import { join } from 'node:path';
import type { PatchTarget, StoredFile } from '../place-types.ts';
import { type Disk, nodeDisk } from './disk.ts';

export interface DirectoryOptions {
  /** Every path below the top, with forward slashes. */
  paths(): Promise<readonly string[]>;
  blob?: (abbreviation: string) => Promise<Buffer | null>;
  disk?: Disk;
}

/** Returns the target for the directory `top`. Paths are relative to it. */
export function directoryTarget(top: string, options: DirectoryOptions): PatchTarget {
  const { disk = nodeDisk, paths, blob } = options;
  return {
    read: async (path) => readStored(disk, top, path),
    paths,
    ...(blob === undefined ? {} : { blob }),
  };
}

function readStored(disk: Disk, top: string, path: string): StoredFile | null {
  const folders = path.split('/').slice(0, -1);
  for (const [at] of folders.entries()) {
    const place = join(top, ...folders.slice(0, at + 1));
    const info = disk.look(place);
    if (info === null) return null;
    if (info.isSymbolicLink()) return { mode: '120000', content: Buffer.from(disk.readLink(place)) };
    if (!info.isDirectory()) return null;
  }
  const place = join(top, path);
  const info = disk.look(place);
  if (info === null) return null;
  if (info.isSymbolicLink()) return { mode: '120000', content: Buffer.from(disk.readLink(place)) };
  // A folder is no file: what is to stand in its place is refused when it is written.
  if (info.isDirectory()) return null;
  if (!info.isFile()) return { mode: '000000', content: Buffer.alloc(0) };
  return { mode: gitMode(info.mode), content: disk.read(place) };
}

/** As git reads it: the owner's bit decides. */
export function gitMode(mode: number): '100644' | '100755' {
  return mode & 0o100 ? '100755' : '100644';
}
