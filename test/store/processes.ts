/** Starts `child.ts` in processes of their own and speaks with them by lines. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Child {
  pid: number;
  /** The next line that it prints; fails with its errors when it ends without one. */
  line(): Promise<string>;
  /** Lets it go on from where it waits. */
  go(): void;
  kill(): Promise<void>;
  end(): Promise<number | null>;
}

export function start(job: string, dir: string, ...rest: string[]): Child {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    ['--import', 'tsx', script, job, dir, ...rest],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines: string[] = [];
  let text = '';
  let errors = '';
  let wake = () => {};
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    text += chunk;
    const parts = text.split('\n');
    text = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  child.stdin.on('error', () => {});
  return {
    pid: child.pid ?? 0,
    line: async () => {
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        const more = new Promise<'more'>((resolve) => {
          wake = () => resolve('more');
        });
        const next = await Promise.race([more, ended]);
        if (next !== 'more' && lines.length === 0) throw new Error(`${job} ended with ${next}: ${errors}`);
      }
    },
    go: () => {
      child.stdin.write('go\n');
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    end: () => ended,
  };
}
