/** Child of `test/run.ts`: runs one test file with uvu and reports its counts over IPC. */
import { pathToFileURL } from 'node:url';

const scope = globalThis as unknown as { UVU_DEFER: number; UVU_QUEUE: unknown[][]; UVU_INDEX: number };
const file = process.argv[2] ?? '';
scope.UVU_DEFER = 1;
scope.UVU_INDEX = 0;
// uvu declares no type for `exec`, which its own command line uses.
const { exec } = (await import('uvu')) as unknown as { exec: () => Promise<void> };
scope.UVU_QUEUE.push([file]);

let written = '';
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
  written += chunk.toString();
  return write(chunk, ...rest);
}) as typeof process.stdout.write;

await import(pathToFileURL(file).href);
const suites = (scope.UVU_QUEUE[0]?.length ?? 1) - 1;
await exec();
const count = (label: string) => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(written)?.[1] ?? 0);
process.send?.({ suites, total: count('Total'), passed: count('Passed'), skipped: count('Skipped') });
process.exit(process.exitCode ?? 0);
