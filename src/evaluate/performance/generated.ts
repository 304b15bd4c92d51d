/**
 * Runs a generated benchmark: one process for each sample, so that no run warms the other. Rule: the plan (arguments, size,
 * calls in a batch) is made on the base and is the same for both sides.
 */
import type { Programs, Stand } from '../programs.ts';
import type { Sampler } from './measure.ts';

/** A benchmark of ours; see `Benchmark` of the specialists. */
export interface GeneratedBenchmark {
  language: 'python' | 'javascript';
  what: string;
  program: string;
}

interface Plan {
  shapes: string[];
  size: number;
  count: number;
  /** It only computes: it never waits for anything. */
  busy: boolean;
}

/** Milliseconds. */
const TIMEOUT = 60_000;

/** The command of a benchmark, without its last word; null where there is no interpreter. Asked before slots are held. */
export async function commandOf({ language, program }: GeneratedBenchmark, programs: Programs): Promise<Runner | null> {
  const found = await programs.toolchain.find(language === 'python' ? 'python' : 'node');
  if (found === null) return null;
  if (language === 'javascript') return { argv: [found.path, '-e', program, '--'], counter: null };
  const counter = await programs.toolchain.find('valgrind');
  return { argv: [found.path, '-s', '-B', '-c', program], counter: counter?.path ?? null };
}

export interface Runner {
  argv: string[];
  counter: string | null;
}

/** Makes the plan on `base`; null where the function cannot be called with anything that we can make. */
export async function samplerOf(benchmark: GeneratedBenchmark, runner: Runner, base: Stand): Promise<Sampler | null> {
  const plan = (await ask(base, runner.argv, { do: 'calibrate' })) as Plan | null;
  if (plan === null || !Array.isArray(plan.shapes)) return null;
  const { counter } = runner;
  return {
    what: `${benchmark.what}${plan.shapes.length > 0 ? `, size ${plan.size}` : ''}`,
    async sample(stand) {
      const said = (await ask(stand, runner.argv, { ...plan, do: 'sample' })) as {
        ns?: number;
        answer?: string;
      } | null;
      return said === null || !(Number(said.ns) > 0) ? null : { time: Number(said.ns), answer: String(said.answer) };
    },
    ...(counter !== null && plan.busy ? { count: (stand: Stand) => countOf(stand, counter, runner.argv, plan) } : {}),
  };
}

async function ask(stand: Stand, argv: readonly string[], question: object): Promise<unknown> {
  const result = await stand.run({ argv: [...argv, JSON.stringify(question)], timeout: TIMEOUT });
  const last = result.stdout.trim().split('\n').at(-1) ?? '';
  if (result.code !== 0 || result.setupError !== null || !last.startsWith('{')) return null;
  try {
    return JSON.parse(last);
  } catch {
    return null;
  }
}

/** Calls that are counted: the count is exact, and every instruction costs fifty. */
const CALLS = 200;

/** Instructions of the calls alone: the same program with and without them. */
async function countOf(stand: Stand, counter: string, argv: readonly string[], plan: Plan): Promise<number | null> {
  const calls = Math.max(1, Math.min(CALLS, plan.count));
  const real = await interpreterOf(stand, argv);
  const counts: number[] = [];
  for (const call of [true, false]) {
    const question = JSON.stringify({ ...plan, do: 'calls', calls, call });
    const tool = [counter, '--tool=callgrind', '--callgrind-out-file=/dev/null'];
    const result = await stand.run({ argv: [...tool, real, ...argv.slice(1), question], timeout: 2 * TIMEOUT });
    const collected = /Collected\s*:\s*(\d+)/.exec(result.stderr)?.[1];
    if (result.code !== 0 || collected === undefined) return null;
    counts.push(Number(collected));
  }
  const [whole = 0, without = 0] = counts;
  return whole > without ? whole - without : null;
}

/** The program itself: a shim is a script that starts another. */
async function interpreterOf(stand: Stand, argv: readonly string[]): Promise<string> {
  const question = 'import sys; print(sys.executable)';
  const { stdout } = await stand.run({ argv: [argv[0] ?? 'python3', '-s', '-c', question], timeout: TIMEOUT });
  return stdout.trim() || (argv[0] ?? 'python3');
}
