/**
 * Benchmarks that the repository has. Rule: read from the base tree, run as commands that `allowed_commands` admits, and
 * only where they plainly concern what is changed: a benchmark of something else shows nothing.
 */
import { basename, dirname, join } from 'node:path/posix';
import { isAllowed } from '../../sandbox/index.ts';
import type { Command, Programs, Stand } from '../programs.ts';
import type { Change } from '../types.ts';
import type { Sample, Sampler } from './measure.ts';

export interface OwnBenchmarksInput {
  changes: readonly Change[];
  /** `sandbox.allowed_commands`. */
  allowed: readonly string[];
}

/** Those that concern `changes`; empty where there are none. */
export async function ownBenchmarks(programs: Programs, input: OwnBenchmarksInput): Promise<Sampler[]> {
  const found = [
    ...(await goBenchmarks(programs, input)),
    ...(await pytestBenchmarks(programs, input)),
    ...(await scriptBenchmarks(programs, input)),
  ];
  return found.filter(({ asked }) => isAllowed(asked, [...input.allowed]).allowed).map(({ sampler }) => sampler);
}

interface Found {
  /** The command as it is allowed. */
  asked: string[];
  sampler: Sampler;
}

/** Milliseconds of one run. */
const TIMEOUT = 120_000;

function commandSampler(
  what: string,
  command: Command,
  read: (output: string, seconds: number) => number | null,
): Sampler {
  return {
    what,
    async sample(stand: Stand): Promise<Sample | null> {
      const result = await stand.run({ ...command, timeout: TIMEOUT });
      if (result.code !== 0 || result.setupError !== null) return null;
      const time = read(`${result.stdout}\n${result.stderr}`, result.duration / 1000);
      return time !== null && time > 0 ? { time } : null;
    },
  };
}

/** `go test -bench` in the packages that are changed. */
async function goBenchmarks({ files, toolchain }: Programs, { changes }: OwnBenchmarksInput): Promise<Found[]> {
  const folders = new Set(changes.filter(({ path }) => path.endsWith('.go')).map(({ path }) => dirname(path)));
  const found: Found[] = [];
  for (const folder of folders) {
    const tests = files.paths.filter((path) => dirname(path) === folder && path.endsWith('_test.go'));
    const texts = await Promise.all(tests.map((path) => files.read(path)));
    const go = texts.some((text) => /^func Benchmark/m.test(text ?? '')) ? await toolchain.find('go') : null;
    if (go === null) continue;
    const rest = ['test', '-run', '^$', '-bench', '.', '-benchtime', '0.1s', `./${folder}`];
    const env = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: '/tmp/go-build', HOME: '/tmp' };
    const command = { argv: [go.path, ...rest], env };
    found.push({ asked: ['go', 'test'], sampler: commandSampler(`go test -bench . ./${folder}`, command, readGo) });
  }
  return found;
}

/** Tests that take pytest-benchmark's fixture and import a changed module. */
async function pytestBenchmarks({ files, toolchain }: Programs, { changes }: OwnBenchmarksInput): Promise<Found[]> {
  const modules = changes.filter(({ path }) => path.endsWith('.py')).map(({ path }) => moduleOf(path));
  if (modules.length === 0) return [];
  const candidates = files.paths
    .filter((path) => /(^|\/)((test_|bench)[^/]*|[^/]*_test)\.py$/.test(path))
    .slice(0, 200);
  const found: string[] = [];
  for (const path of candidates) {
    const text = (await files.read(path)) ?? '';
    if (!/def test\w*\([^)]*\bbenchmark\b/.test(text)) continue;
    if (modules.some((name) => new RegExp(`^\\s*(from|import)\\b[^\\n]*\\b${name}\\b`, 'm').test(text)))
      found.push(path);
  }
  const python = found.length > 0 ? await toolchain.find('python') : null;
  if (python === null) return [];
  const flags = [
    '-p',
    'no:cacheprovider',
    '-q',
    '--benchmark-only',
    '--benchmark-columns=min',
    '--benchmark-max-time=0.2',
  ];
  const command = { argv: [python.path, '-m', 'pytest', ...flags, ...found], env: { PYTHONPATH: '.:src' } };
  return [
    {
      asked: ['pytest', ...found],
      sampler: commandSampler(`pytest --benchmark-only ${found.join(' ')}`, command, readPytest),
    },
  ];
}

/** `npm run bench`, where what it starts names a changed module. */
async function scriptBenchmarks({ files, toolchain }: Programs, { changes }: OwnBenchmarksInput): Promise<Found[]> {
  const scripts = changes.filter(({ path }) => /\.[cm]?[jt]sx?$/.test(path));
  const manifest = scripts.length > 0 ? await files.read('package.json') : null;
  if (manifest === null) return [];
  const name = scriptIn(manifest);
  if (name === null) return [];
  const started = files.paths.filter((path) =>
    name.text.split(/\s+/).some((word) => join('.', word) === path || path.startsWith(`${join('.', word)}/`)),
  );
  const texts = await Promise.all(started.slice(0, 20).map((path) => files.read(path)));
  const modules = scripts.map(({ path }) => moduleOf(path));
  const concerns = texts.some((text) =>
    modules.some((module) => new RegExp(`['"][^'"]*\\b${module}\\b[^'"]*['"]`).test(text ?? '')),
  );
  const npm = concerns ? await toolchain.find('npm') : null;
  if (npm === null) return [];
  const command = {
    argv: [npm.path, 'run', '--silent', name.name],
    env: { npm_config_update_notifier: 'false', npm_config_cache: '/tmp/npm' },
  };
  return [{ asked: ['npm', 'run', name.name], sampler: commandSampler(`npm run ${name.name}`, command, readScript) }];
}

function scriptIn(manifest: string): { name: string; text: string } | null {
  try {
    const { scripts = {} } = JSON.parse(manifest) as { scripts?: Record<string, unknown> };
    const name = ['bench', 'benchmark'].find((one) => typeof scripts[one] === 'string');
    return name === undefined ? null : { name, text: String(scripts[name]) };
  } catch {
    return null;
  }
}

function moduleOf(path: string): string {
  const name = basename(path).replace(/\.\w+$/, '');
  const own = /^(__init__|index)$/.test(name) ? basename(dirname(path)) : name;
  return own.replaceAll(/[^\w-]/g, '');
}

/** Seconds of all benchmarks together, each weighing the same: the geometric mean. */
function mean(times: readonly number[]): number | null {
  if (times.length === 0 || times.some((time) => !(time > 0))) return null;
  return Math.exp(times.reduce((sum, time) => sum + Math.log(time), 0) / times.length);
}

export function readGo(output: string): number | null {
  return mean([...output.matchAll(/^Benchmark\S+\s+\d+\s+([\d.]+) ns\/op/gm)].map(([, ns]) => Number(ns)));
}

/** The one column of the table; its unit stands in the heading. */
export function readPytest(output: string): number | null {
  const unit = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 }[/\(time in (ns|us|ms|s)\)/.exec(output)?.[1] ?? 'x'];
  if (unit === undefined) return null;
  const rows = [...output.matchAll(/^test\S*\s+([\d.,]+)/gm)];
  return mean(rows.map(([, value = '']) => Number(value.replaceAll(',', '')) * unit));
}

/** Operations in a second where the script prints them, else the time of the whole. */
export function readScript(output: string, seconds: number): number | null {
  const rates = [...output.matchAll(/([\d,._]+)\s*(?:ops?|hz|iterations?)\s*(?:\/|per )\s*s(?:ec(?:ond)?)?\b/gi)];
  const times = rates.map(([, rate = '']) => 1 / Number(rate.replaceAll(/[,_]/g, '')));
  return mean(times) ?? seconds;
}
