/**
 * Values by key, one file each. Rule: disposable: a value that cannot be read is not there, one that cannot be written
 * is not kept, and neither is an error.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, digest } from '../base/index.ts';
import { readText, replaceFile } from './disk.ts';
import type { Store } from './types.ts';

/** Files per directory, of 256: when one is full, the older half goes. */
const FULL = 64;

export function createCache(dir: string): Store['cache'] {
  const placeOf = (key: string) => {
    const name = digest([key], 40);
    return { shard: join(dir, name.slice(0, 2)), file: `${name}.json` };
  };
  return {
    get: async (key) => {
      const { shard, file } = placeOf(key);
      const text = await readText(join(shard, file)).catch(() => null);
      return text === null ? undefined : readValue(text, key);
    },
    put: async (key, value) => {
      const { shard, file } = placeOf(key);
      try {
        await replaceFile(join(shard, file), JSON.stringify({ key, value }));
        await dropOld(shard);
      } catch (error) {
        if (!(error instanceof AmbientError) || error.kind !== 'environment') throw error;
      }
    },
  };
}

function readValue(text: string, key: string): unknown {
  try {
    const found = JSON.parse(text) as { key?: unknown; value?: unknown } | null;
    return found?.key === key ? found.value : undefined;
  } catch {
    return undefined;
  }
}

async function dropOld(shard: string): Promise<void> {
  const names = await readdir(shard);
  if (names.length <= FULL) return;
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      time: await stat(join(shard, name)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = aged.sort((a, b) => a.time - b.time).slice(0, FULL / 2);
  await Promise.all(old.map(({ name }) => rm(join(shard, name), { force: true })));
}
