/**
 * Files below `.git/ambient`. Rule: a reader creates nothing and takes what is missing for empty; a writer replaces whole
 * files by rename; what the disk refuses is an error of the environment that names the path.
 */
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';

/** Creates `dir` and its parents for the owner alone. */
export async function makeDirectory(dir: string): Promise<void> {
  await writing(dir, async () => {
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? await refusalOf(dir, error) : error;
    }
  });
}

/** On a read-only disk node calls the folder missing that it could not make: the first one that is not there says why. */
async function refusalOf(dir: string, error: unknown): Promise<unknown> {
  let first = dir;
  for (let at = dirname(dir); at !== dirname(at) && !(await exists(at)); at = dirname(at)) first = at;
  return mkdir(first, { mode: 0o700 }).then(
    () => error,
    (refused: unknown) => refused,
  );
}

async function exists(path: string): Promise<boolean> {
  return (await orNull(() => stat(path))) !== null;
}

/** Returns the text of `path`, or null when there is none. */
export async function readText(path: string): Promise<string | null> {
  return orNull(() => readFile(path, 'utf8'));
}

/** Replaces `path` as a whole. `durable`: it is on the disk when this returns. */
export async function replaceFile(path: string, text: string, options: { durable?: boolean } = {}): Promise<void> {
  await makeDirectory(dirname(path));
  const draft = `${path}.${randomId()}.tmp`;
  await writing(path, async () => {
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(text);
        if (options.durable) await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw error;
    }
    if (options.durable) await syncDirectory(dirname(path));
  });
}

/** Makes names that were created, renamed or removed in `dir` durable. Some file systems cannot: they keep their own order. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Runs `read`; what does not exist, or stands below a file, is null. */
export async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? '');
}

/** Runs `write`. @throws AmbientError `state-not-writable` (environment) when the disk refuses. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof AmbientError) throw cause;
    const code = codeOf(cause);
    const hint = HINTS[code];
    if (hint === undefined) throw cause;
    throw new AmbientError('state-not-writable', `could not write ${path}: ${(cause as Error).message}`, {
      kind: 'environment',
      hint,
      data: { path, code },
      cause,
    });
  }
}

const PERMISSIONS = 'make the repository writable for the user that runs git-ambient';
const IN_THE_WAY = 'something else has the name of one of our directories: move it away';
const HINTS: Record<string, string> = {
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EROFS: PERMISSIONS,
  ENOSPC: 'free some disk space',
  EDQUOT: 'free some of your disk quota',
  ENOTDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
};
