/**
 * Values by key, one file each. Rule: disposable: a value that cannot be read is not there, one that cannot be written
 * is not kept, and neither is an error.
 */
import { existsSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AmbientError, digest } from '../base/index.ts';
import { readText, replaceFile } from './disk.ts';
import type { Store } from './types.ts';

/** Files per directory, of 256: when one is full, the older half goes. */
const FULL = 64;
const DAY = 24 * 3_600_000;

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
      // Reading commands leave no trace in a clone where nobody has said `init`.
      if (!existsSync(dirname(dir))) return;
      const { shard, file } = placeOf(key);
      try {
        await replaceFile(join(shard, file), JSON.stringify({ key, value }));
        await dropOld(shard);
      } catch (error) {
        if (!(error instanceof AmbientError) || error.kind !== 'environment') throw error;
      }
    },
    expire: async (days) => {
      const swept = join(dir, 'swept');
      const last = (await stat(swept).catch(() => null))?.mtimeMs ?? 0;
      if (Math.abs(Date.now() - last) < DAY || !existsSync(dir)) return;
      await writeFile(swept, '', { mode: 0o600 }).catch(() => {});
      for (const shard of await readdir(dir).catch(() => []))
        if (/^[0-9a-f]{2}$/.test(shard)) await dropBefore(join(dir, shard), Date.now() - days * DAY);
    },
  };
}

async function dropBefore(shard: string, time: number): Promise<void> {
  const aged = await agesOf(shard);
  await Promise.all(aged.filter((file) => file.time < time).map(({ name }) => rm(join(shard, name), { force: true })));
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
  if ((await readdir(shard)).length <= FULL) return;
  const old = (await agesOf(shard)).sort((a, b) => a.time - b.time).slice(0, FULL / 2);
  await Promise.all(old.map(({ name }) => rm(join(shard, name), { force: true })));
}

async function agesOf(shard: string): Promise<Array<{ name: string; time: number }>> {
  const timeOf = async (name: string) => (await stat(join(shard, name)).catch(() => null))?.mtimeMs ?? 0;
  const names = await readdir(shard).catch(() => [] as string[]);
  return Promise.all(names.map(async (name) => ({ name, time: await timeOf(name) })));
}
