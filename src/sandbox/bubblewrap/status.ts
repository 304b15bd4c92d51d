/** Reads what bwrap says on its status pipe: JSON documents, one a line. Rule: no exit code there = never started. */
import type { Readable } from 'node:stream';

export interface Status {
  /** Pid, as the host counts, of the first process inside; null when bwrap ended without one. */
  pid: Promise<number | null>;
  /** Exit code of the command, 128 + n when signal n ended it; null when the command did not start. */
  exitCode(): number | null;
}

export function readStatus(pipe: Readable): Status {
  let exitCode: number | null = null;
  let text = '';
  const pid = new Promise<number | null>((resolve) => {
    pipe.on('data', (chunk: Buffer) => {
      const lines = (text + chunk.toString('latin1')).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const found = parse(line);
        if (typeof found['child-pid'] === 'number') resolve(found['child-pid']);
        if (typeof found['exit-code'] === 'number') exitCode = found['exit-code'];
      }
    });
    pipe.on('close', () => resolve(null));
    pipe.on('error', () => resolve(null));
  });
  return { pid, exitCode: () => exitCode };
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
