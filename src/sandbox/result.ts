/** The parts of a result that every driver has. Rule: a stream is cut where its limit ends, and the rest is read away. */
import { AmbientError } from '../base/index.ts';
import type { SandboxRequest, SandboxResult } from './types.ts';

/** The signal of a file that has grown too large. */
export const SIGXFSZ = 25;

/** Returns the result of a command that was never started. */
export function failed(setupError: string, started = performance.now()): SandboxResult {
  const flags = {
    timedOut: false,
    oom: false,
    diskFull: false,
    fileTooLarge: false,
    pidsFull: false,
    truncated: false,
  };
  const duration = Math.round(performance.now() - started);
  return { code: null, signal: null, ...flags, setupError, stdout: '', stderr: '', duration };
}

/** Keeps the first `limit` bytes of a stream. */
export function collect(stream: NodeJS.ReadableStream | null, limit: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  stream?.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, Math.max(0, limit - size));
    if (kept.length < chunk.length) cut = true;
    if (kept.length > 0) chunks.push(kept);
    size += kept.length;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => cut };
}

/** The error of a run whose signal fired. */
export function aborted(argv: readonly string[], signal: SandboxRequest['signal']): AmbientError {
  const message = `${argv[0]} was stopped before it ended`;
  return new AmbientError('aborted', message, { kind: 'environment', cause: signal?.reason });
}
