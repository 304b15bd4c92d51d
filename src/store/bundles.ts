/**
 * What is kept of a refused patch, one file each, to look at it again. Rule: only its owner can read it (a patch may hold
 * a secret), it never leaves the clone, and old ones go by themselves.
 */
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import { codeOf, makeDirectory, orNull, readText, writing } from './disk.ts';

export interface Bundle {
  n: number;
  /** ISO 8601. */
  at: string;
  data: Record<string, unknown>;
}

export interface Bundles {
  /** Keeps `data` and returns its number. */
  keep(data: Record<string, unknown>): Promise<number>;
  /** Newest last. What cannot be read is left out. */
  list(): Promise<Bundle[]>;
  /** @throws AmbientError `unknown-bundle` (user). */
  read(n: number): Promise<Bundle>;
}

export interface Retention {
  count: number;
  days: number;
  bytes: number;
}

const DAY = 86_400_000;

/** Opens the bundles of the clone whose common directory is given. Opening and reading write nothing. */
export function openBundles(commonDir: string, now: () => number, retention: Retention): Bundles {
  const dir = join(commonDir, 'ambient', 'bundles');
  const fileOf = (n: number) => join(dir, `${n}.json`);
  return {
    keep: async (data) => {
      await makeDirectory(dir);
      const at = new Date(now()).toISOString();
      const first = Math.max(0, ...(await numbers(dir))) + 1;
      const n = await writing(dir, () => createNew(fileOf, first, (number) => JSON.stringify({ n: number, at, data })));
      await dropOld(dir, fileOf, now(), retention);
      return n;
    },
    list: async () => {
      const found = await Promise.all((await numbers(dir)).map((n) => readBundle(fileOf(n))));
      return found.filter((bundle) => bundle !== null);
    },
    read: async (n) => {
      const bundle = await readBundle(fileOf(n));
      if (bundle !== null) return bundle;
      throw new AmbientError('unknown-bundle', `there is no bundle ${n} here`, {
        kind: 'user',
        hint: '`git ambient debug bundle` lists those that are kept',
      });
    },
  };
}

/** Two processes may refuse at once: a number that is taken leads to the next. */
async function createNew(fileOf: (n: number) => string, first: number, text: (n: number) => string): Promise<number> {
  for (let n = first; ; n += 1)
    try {
      const file = await open(fileOf(n), 'wx', 0o600);
      try {
        await file.writeFile(text(n));
      } finally {
        await file.close();
      }
      return n;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
}

async function numbers(dir: string): Promise<number[]> {
  const names = (await orNull(() => readdir(dir))) ?? [];
  return names
    .flatMap((name) => /^([1-9]\d{0,8})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function readBundle(file: string): Promise<Bundle | null> {
  const text = await readText(file);
  try {
    return text === null ? null : (JSON.parse(text) as Bundle);
  } catch {
    return null;
  }
}

/** The newest stays in any case. */
async function dropOld(dir: string, fileOf: (n: number) => string, now: number, retention: Retention): Promise<void> {
  let bytes = 0;
  for (const [rank, n] of (await numbers(dir)).reverse().entries()) {
    const info = await orNull(() => stat(fileOf(n)));
    bytes += info?.size ?? 0;
    const old = now - (info?.mtimeMs ?? now) > retention.days * DAY;
    if (rank > 0 && (old || rank >= retention.count || bytes > retention.bytes)) await rm(fileOf(n), { force: true });
  }
}
