/**
 * One JSON-lines file per cycle. Rule: what was appended is on the disk; the first line that cannot be read ends the
 * journal, for readers and for the next writer alike.
 */
import { open, readdir, readFile, truncate, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import { makeDirectory, orNull, syncDirectory, writing } from './disk.ts';
import type { Store } from './types.ts';

export function createJournal(dir: string): Store['journal'] {
  /** Cycles whose end this process has looked at: after that only it appends. */
  const sound = new Set<string>();
  const pathOf = (cycle: string): string => {
    if (/^[A-Za-z0-9_-]{1,64}$/.test(cycle)) return join(dir, `${cycle}.jsonl`);
    throw new AmbientError('bad-cycle', `${JSON.stringify(cycle)} is no name of a cycle`, { kind: 'bug' });
  };
  return {
    append: async (cycle, entry) => {
      const path = pathOf(cycle);
      if (!sound.has(cycle)) await writing(path, () => dropTornEnd(path));
      sound.add(cycle);
      await writing(path, () => appendLine(path, JSON.stringify(entry)));
    },
    read: async (cycle) => (await readEntries(pathOf(cycle))).entries,
    unfinished: async () => {
      const names = (await orNull(() => readdir(dir))) ?? [];
      // Only cycles have hexadecimal names; other journals belong to who wrote them.
      return names.flatMap((name) => /^([0-9a-f]{1,64})\.jsonl$/.exec(name)?.[1] ?? []).sort();
    },
    remove: async (cycle) => {
      sound.delete(cycle);
      const path = pathOf(cycle);
      await writing(path, () => orNull(() => unlink(path)));
      await syncDirectory(dirname(path));
    },
  };
}

async function appendLine(path: string, line: string): Promise<void> {
  await makeDirectory(dirname(path));
  const file = await open(path, 'a', 0o600);
  try {
    const isNew = (await file.stat()).size === 0;
    await file.writeFile(`${line}\n`);
    await file.datasync();
    if (isNew) await syncDirectory(dirname(path));
  } finally {
    await file.close();
  }
}

async function dropTornEnd(path: string): Promise<void> {
  const { length, size } = await readEntries(path);
  if (length < size) await truncate(path, length);
}

/** The readable beginning of a journal: its entries and how many of its bytes they take. */
async function readEntries(
  path: string,
): Promise<{ entries: Record<string, unknown>[]; length: number; size: number }> {
  const bytes = (await orNull(() => readFile(path))) ?? Buffer.alloc(0);
  const entries: Record<string, unknown>[] = [];
  let length = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    const entry = parseEntry(bytes.toString('utf8', length, end));
    if (entry === null) break;
    entries.push(entry);
    length = end + 1;
  }
  return { entries, length, size: bytes.length };
}

function parseEntry(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
