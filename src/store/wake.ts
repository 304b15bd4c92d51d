/**
 * The file `wake`: it exists when something happened. The hook creates it with `: > wake`. Rule: clear before the work
 * is read; a touch that comes later makes a new file, so none is lost.
 */
import { access, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory, orNull, writing } from './disk.ts';
import type { Store } from './types.ts';

export function createWake(path: string): Store['wake'] {
  return {
    touch: async () => {
      await makeDirectory(dirname(path));
      await writing(path, () => writeFile(path, '', { mode: 0o600 }));
    },
    pending: async () => (await orNull(() => access(path).then(() => true))) ?? false,
    clear: async () => {
      await writing(path, () => orNull(() => unlink(path)));
    },
  };
}
