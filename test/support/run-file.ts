/**
 * Child of `test/run.ts`: runs test files with uvu, one after the other, and reports the counts of each over IPC. Rule:
 * every file has a queue of its own, so that what one of them says is not counted for another.
 */
import { pathToFileURL } from 'node:url';

/** What `test/run.ts` is told of one file. */
export interface Report {
  file: string;
  suites: number;
  total: number;
  passed: number;
  skipped: number;
  /** Of the file; not 0 where a test failed. */
  code: number;
}

const scope = globalThis as unknown as { UVU_DEFER: number; UVU_QUEUE: unknown[][]; UVU_INDEX: number };
scope.UVU_DEFER = 1;
scope.UVU_INDEX = 0;
// uvu declares no type for `exec`, which its own command line uses.
const { exec } = (await import('uvu')) as unknown as { exec: () => Promise<void> };

let written = '';
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
  written += chunk.toString();
  return write(chunk, ...rest);
}) as typeof process.stdout.write;
const count = (label: string) => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(written)?.[1] ?? 0);

let bad = 0;
for (const file of process.argv.slice(2)) {
  scope.UVU_QUEUE.splice(0, Number.POSITIVE_INFINITY, [file]);
  written = '';
  process.exitCode = 0;
  await import(pathToFileURL(file).href);
  const suites = (scope.UVU_QUEUE[0]?.length ?? 1) - 1;
  await exec();
  const code = Number(process.exitCode ?? 0);
  bad ||= code;
  const counts = { suites, total: count('Total'), passed: count('Passed'), skipped: count('Skipped') };
  process.send?.({ file, ...counts, code } satisfies Report);
}
process.exit(bad);
