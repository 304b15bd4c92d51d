/**
 * The file `wake`: it exists when something happened. The hook creates it with `: > wake`, and writes the pid of a runner
 * that it is about to start into `waking`, so that a burst of commits starts one. Rule: clear before the work is read; a
 * touch that comes later makes a new file, so none is lost.
 */
import { access, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory, orNull, readText, writing } from './disk.ts';
import { parseMark } from './lock.ts';
import type { Store } from './types.ts';

export function createWake(path: string): Store['wake'] {
  const remove = (file: string) => writing(file, () => orNull(() => unlink(file)));
  return {
    touch: async () => {
      await makeDirectory(dirname(path));
      await writing(path, () => writeFile(path, '', { mode: 0o600 }));
    },
    pending: async () => (await orNull(() => access(path).then(() => true))) ?? false,
    started: async () => {
      await remove(join(dirname(path), 'waking'));
    },
    clear: async () => {
      await remove(path);
    },
    announced: async () => parseMark((await readText(join(dirname(path), 'waking'))) ?? ''),
  };
}
