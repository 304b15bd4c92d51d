/**
 * Keeps a command from filling the disk. Rule: only what was added counts; the tree is walked when the file system
 * reports less room or now and then, never so often that walking costs more than a twentieth of the time.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface Use {
  bytes: number;
  entries: number;
}

/** Returns the room that everything below `dir` takes; what vanishes meanwhile counts as nothing. */
export async function useOf(dir: string): Promise<Use & { unread: boolean; largest: number }> {
  const use = { bytes: 0, entries: 0, unread: false, largest: 0 };
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const at = folder;
    const entries = await readdir(at, { withFileTypes: true }).catch((error: NodeJS.ErrnoException): Dirent[] => {
      if (error.code !== 'ENOENT') use.unread = true;
      return [];
    });
    use.entries += entries.length;
    for (const entry of entries) if (entry.isDirectory()) folders.push(join(at, entry.name));
    // In portions: a folder may hold a hundred thousand files, on purpose.
    for (let start = 0; start < entries.length; start += 500) {
      const sizes = entries.slice(start, start + 500).map(async (entry) => {
        const found = await lstat(join(at, entry.name)).catch(() => null);
        if (found?.isFile()) use.largest = Math.max(use.largest, found.size);
        return found ? found.blocks * 512 : 0;
      });
      for (const size of await Promise.all(sizes)) use.bytes += size;
    }
  }
  return use;
}

/** Watches one directory. `exceeded` is cheap unless the room has shrunk or a walk is due. */
export interface DiskWatch {
  /** `last`: the command has ended; `gone`: and so has everything that it started. */
  exceeded(options?: { last: boolean; gone?: boolean }): Promise<boolean>;
  /** Was a file seen that is as large as one may get, where there was none? */
  fileTooLarge(): boolean;
}

/** Walked at the end in any case, however busy the machine is. */
const FEW = 5_000;

export async function watchDisk(dir: string, cap: Use & { largest: number }): Promise<DiskWatch> {
  const began = Date.now();
  const before = await useOf(dir);
  const room = await roomOf(dir);
  let largest = before.largest;
  let walked = { at: Date.now(), took: Date.now() - began, room };
  return {
    async exceeded(options: { last: boolean; gone?: boolean } = { last: false }) {
      const now = await roomOf(dir);
      const shrunk = (from: Use, part: number) =>
        from.bytes - now.bytes > cap.bytes * part || from.entries - now.entries > cap.entries * part;
      const due = Date.now() - walked.at > Math.max(1000, 20 * walked.took);
      if (
        !(
          due ||
          shrunk(walked.room, 0.1) ||
          (options.last && (before.entries < FEW || walked.took < 20 || shrunk(room, 0.5)))
        )
      )
        return false;
      const started = Date.now();
      const use = await useOf(dir);
      walked = { at: Date.now(), took: Date.now() - started, room: now };
      largest = use.largest;
      if (use.bytes - before.bytes > cap.bytes || use.entries - before.entries > cap.entries) return true;
      // What no walk sees: folders closed to us or nested too deep; and files that are open and have no name any more, which
      // are gone with whoever held them: what the room has lost then was taken by others.
      if (use.unread && !before.unread) return shrunk(room, 1);
      return options.gone !== true && shrunk(room, 2);
    },
    fileTooLarge: () => largest >= cap.largest && before.largest < cap.largest,
  };
}

/** Entries of a file system in use; 0 where it cannot be asked. */
export async function entriesIn(path: string): Promise<number> {
  const found = await statfs(path).catch(() => null);
  return found ? found.files - found.ffree : 0;
}

async function roomOf(dir: string): Promise<Use> {
  const found = await statfs(dir).catch(() => null);
  return found ? { bytes: found.bavail * found.bsize, entries: found.ffree } : { bytes: 0, entries: 0 };
}
