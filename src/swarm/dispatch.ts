/**
 * Runs specialists over files in worker processes, as many as there are cores. Rule: whatever happens to one worker, the
 * others' answers stand, and what is missing is said.
 */
import { availableParallelism } from 'node:os';
import type { SpecialistName } from '../records/index.ts';
import type { Conventions, Diagnosed, SourceFile } from '../specialists/index.ts';
import { type Job, openWorkers, type Workers } from './workers.ts';

export interface DispatchOptions {
  specialists: readonly SpecialistName[];
  conventions: Conventions;
  settings(name: SpecialistName): Readonly<Record<string, unknown>>;
  /** See `DiagnoseOptions`. */
  uncapped?: boolean;
  judging?: boolean;
  signal?: AbortSignal;
  /** Milliseconds that one batch may take. */
  timeout?: number;
  /** Batches at the same time; absent: one for each core. */
  width?: number;
  /** Files per batch. */
  batch?: number;
  onProgress?(done: number, of: number): void;
  /** Kept by the caller for more than one dispatch; absent: opened and closed here. */
  workers?: Workers;
  /** Path of the worker, where they are opened here. */
  worker?: string;
}

export interface DispatchResult {
  found: Diagnosed[];
  /** `by`: the specialists that left the file out, where the others read it. */
  skipped: Array<{ path: string; reason: string; by?: SpecialistName[] }>;
  /** Batches that got no answer: the cycle says what is missing. */
  missing: Array<{ specialist: SpecialistName; paths: string[]; reason: string }>;
}

/** Diagnoses `files` with every specialist. The result is sorted by path, line and rule, whatever the order of arrival. */
export async function dispatch(files: readonly SourceFile[], options: DispatchOptions): Promise<DispatchResult> {
  const jobs = plan(files, options);
  const result: DispatchResult = { found: [], skipped: [], missing: [] };
  const total = jobs.length;
  let done = 0;
  const width = Math.min(options.width ?? availableParallelism(), total);
  const own = options.worker === undefined ? {} : { worker: options.worker };
  const workers = options.workers ?? openWorkers({ width, ...own });
  try {
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (let job = jobs.shift(); job && !options.signal?.aborted; job = jobs.shift()) {
          const reply = await workers.ask(job, options.timeout ?? 60_000, options.signal);
          if ('error' in reply) {
            const paths = job.files.map((file) => file.path);
            result.missing.push({ specialist: job.specialist, paths, reason: reply.error });
          } else {
            const by = [job.specialist];
            result.found.push(...reply.diagnosis.found);
            result.skipped.push(...reply.diagnosis.skipped.map((item) => ({ ...item, by })));
          }
          options.onProgress?.(++done, total);
        }
      }),
    );
  } finally {
    if (options.workers === undefined) workers.close();
  }
  options.signal?.throwIfAborted();
  result.found.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  result.skipped = dedupe(result.skipped, options.specialists);
  return result;
}

const COMPARES: readonly SpecialistName[] = ['RefactorArchitect'];

/** Splits so that every worker has something of each specialist, and on thousands of files memory stays bounded. */
function plan(files: readonly SourceFile[], options: DispatchOptions): Job[] {
  const jobs: Job[] = [];
  for (const specialist of options.specialists) {
    // Who compares files with each other is handed all of them, as far as memory allows.
    const share = COMPARES.includes(specialist) ? files.length : Math.ceil(files.length / availableParallelism());
    const size = options.batch ?? Math.max(1, Math.min(100, share));
    for (let start = 0; start < files.length; start += size)
      jobs.push({
        specialist,
        files: files.slice(start, start + size),
        options: {
          conventions: options.conventions,
          settings: options.settings(specialist),
          ...(options.uncapped ? { uncapped: true } : {}),
          ...(options.judging ? { judging: true } : {}),
        },
      });
  }
  return jobs;
}

function sortKey(item: Diagnosed): string {
  const { path, line, rule } = item.finding;
  return `${path}\0${String(line).padStart(8, '0')}\0${rule}`;
}

/** One entry for each file and reason; it names specialists only where some of them did read the file. */
function dedupe(skipped: DispatchResult['skipped'], specialists: readonly SpecialistName[]): DispatchResult['skipped'] {
  const unique = new Map<string, { path: string; reason: string; by: Set<SpecialistName> }>();
  for (const { path, reason, by = [] } of skipped) {
    const key = `${path}\0${reason}`;
    const known = unique.get(key) ?? { path, reason, by: new Set() };
    for (const name of by) known.by.add(name);
    unique.set(key, known);
  }
  return [...unique.values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, reason, by }) => {
      const left = specialists.filter((name) => by.has(name));
      return left.length === specialists.length ? { path, reason } : { path, reason, by: left };
    });
}
