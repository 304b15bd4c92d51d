/** Bytes of a terminal or a pipe → keys and lines. Rule: nothing here knows what a key means. */
import type { ReadStream } from 'node:tty';

export interface Input {
  /** Takes the terminal; `fresh`: without what was typed before now. */
  take(options: { fresh: boolean }): Promise<void>;
  /** Null: there is no more. `single` gives a paste as one key. */
  next(options: { single: boolean }): Promise<{ kind: 'key'; key: string } | Line | null>;
  /** Gives the terminal back. */
  release(): void;
  close(): void;
}
type Line = { kind: 'line'; text: string };

/** An escape sequence is one key. */
export function splitKeys(chunk: string): string[] {
  return chunk.match(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.|[^\u001b])?|[\s\S]/gu) ?? [];
}

/** What lies in the queue of a terminal when an action ends was typed without having seen its result. */
const TYPED_AHEAD_MS = 30;
const CTRL_Z = '\u001a';

export function keysOf(stdin: ReadStream, again: () => void): Input {
  let keys: string[] = [];
  const chunks = chunksOf(stdin);
  const suspend = () => {
    stdin.setRawMode(false);
    process.once('SIGCONT', () => {
      stdin.setRawMode(true);
      again();
    });
    process.kill(0, 'SIGTSTP');
  };
  return {
    take: async ({ fresh }) => {
      stdin.setRawMode(true);
      if (!fresh) return;
      keys = [];
      await chunks.drop(TYPED_AHEAD_MS);
    },
    next: async ({ single }) => {
      for (;;) {
        const key = keys.shift();
        if (key === CTRL_Z) suspend();
        else if (key !== undefined) return { kind: 'key', key };
        else {
          const chunk = await chunks.next();
          if (chunk === null) return null;
          keys = splitKeys(chunk);
          if (single && keys.length > 1) keys = [chunk];
        }
      }
    },
    release: () => {
      stdin.setRawMode(false);
      stdin.pause();
    },
    close: () => {
      stdin.setRawMode(false);
      chunks.close();
    },
  };
}

/** @param patience ms without input after which a pipe counts as closed: whoever holds it open has nothing to say. */
export function linesOf(stdin: NodeJS.ReadStream, patience: number | undefined): Input {
  let rest = '';
  let open = true;
  const chunks = chunksOf(stdin);
  return {
    take: async () => {},
    next: async () => {
      for (;;) {
        const end = rest.indexOf('\n');
        if (end >= 0 || (!open && rest !== '')) {
          const text = end >= 0 ? rest.slice(0, end) : rest;
          rest = end >= 0 ? rest.slice(end + 1) : '';
          return { kind: 'line', text: text.replace(/\r$/, '') };
        }
        if (!open) return null;
        const chunk = await chunks.next(patience);
        if (chunk === null) open = false;
        else rest += chunk;
      }
    },
    release: () => stdin.pause(),
    close: () => chunks.close(),
  };
}

/** For an output that nobody answers: there is no input. */
export const noInput: Input = { take: async () => {}, next: async () => null, release: () => {}, close: () => {} };

function chunksOf(stdin: NodeJS.ReadStream) {
  stdin.setEncoding('utf8');
  const wait = (patience?: number) =>
    new Promise<string | null>((resolve) => {
      const timer = patience === undefined ? undefined : setTimeout(() => finish(null), patience);
      const data = (chunk: string) => finish(chunk);
      const end = () => finish(null);
      const finish = (value: string | null) => {
        clearTimeout(timer);
        stdin.pause();
        stdin.off('data', data).off('end', end).off('error', end).off('close', end);
        resolve(value);
      };
      if (stdin.readableEnded || stdin.destroyed) return finish(null);
      stdin.on('data', data).on('end', end).on('error', end).on('close', end).resume();
    });
  return {
    next: wait,
    drop: async (ms: number) => {
      const until = Date.now() + ms;
      for (let left = ms; left > 0; left = until - Date.now()) if ((await wait(left)) === null) return;
    },
    close: () => {
      stdin.pause();
      stdin.destroy();
    },
  };
}
