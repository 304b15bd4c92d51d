/**
 * Events with a payload, one file each. Rule: a file appears complete; one that cannot be an event of ours (broken, huge,
 * a link, a pipe) is set aside under `broken/`, where `doctor` counts it, and never stops the others.
 */
import { constants } from 'node:fs';
import { open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';
import { makeDirectory, orNull, replaceFile, writing } from './disk.ts';
import type { Store } from './types.ts';

const LARGEST = 1024 * 1024;
/** Looked at in one go: whoever floods the spool does not fill the memory. */
const MOST = 100;
/** Ours begin with the time; whoever drops a file may call it as he likes. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.json$/;
interface SpooledEvent {
  kind: string;
  data: Record<string, unknown>;
}

export function createSpool(dir: string, now: () => number): Store['spool'] & { setAside(): Promise<number> } {
  return {
    put: async (event) => {
      const text = JSON.stringify({ kind: event.kind, data: event.data });
      if (Buffer.byteLength(text) > LARGEST)
        throw new AmbientError('event-too-large', `an event takes more than ${LARGEST} bytes`, { kind: 'user' });
      const name = `${String(now()).padStart(15, '0')}-${randomId(12)}.json`;
      await replaceFile(join(dir, name), text, { durable: true });
      return name;
    },
    waiting: async () => (await namesIn(dir)).length,
    list: async () => {
      const names = (await namesIn(dir)).sort().slice(0, MOST);
      const events: Array<SpooledEvent & { name: string }> = [];
      for (const name of names) {
        const event = NAME.test(name) ? await readEvent(join(dir, name)) : null;
        if (event === 'gone') continue;
        if (event === null) await moveAside(dir, name);
        else events.push({ name, ...event });
      }
      return events;
    },
    remove: async (name) => {
      if (!NAME.test(name)) throw new AmbientError('bad-event', `${JSON.stringify(name)} is no event`, { kind: 'bug' });
      await writing(join(dir, name), () => orNull(() => unlink(join(dir, name))));
    },
    refuse: async (name) => {
      if (NAME.test(name)) await moveAside(dir, name);
    },
    aside: async () => ((await orNull(() => readdir(join(dir, 'broken')))) ?? []).sort(),
    setAside: async () => ((await orNull(() => readdir(join(dir, 'broken')))) ?? []).length,
  };
}

async function namesIn(dir: string): Promise<string[]> {
  return ((await orNull(() => readdir(dir))) ?? []).filter((name) => name.endsWith('.json'));
}

/** Null: not an event. A link is not followed and a pipe is not waited for. */
async function readEvent(path: string): Promise<SpooledEvent | 'gone' | null> {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await orNull(() => open(path, flags));
    if (file === null) return 'gone';
    try {
      const { size } = await file.stat();
      if (!(await file.stat()).isFile() || size > LARGEST) return null;
      return parseEvent(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function parseEvent(text: string): SpooledEvent | null {
  const value = JSON.parse(text) as Partial<SpooledEvent> | null;
  const { kind, data, ...others } = value ?? {};
  // Who says more than that means something else.
  if (Object.keys(others).length > 0) return null;
  return typeof kind === 'string' && data !== null && typeof data === 'object' && !Array.isArray(data)
    ? { kind, data }
    : null;
}

/** On a read-only disk it stays where it is; it is left out all the same. */
async function moveAside(dir: string, name: string): Promise<void> {
  try {
    await makeDirectory(join(dir, 'broken'));
    await rename(join(dir, name), join(dir, 'broken', `${name}.${randomId(6)}`));
  } catch {
    // nothing to be done about it here
  }
}
