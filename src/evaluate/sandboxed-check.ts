/**
 * A check that runs a command of the repository in the sandbox. Rule: a result is only what was seen: what could not be
 * started is absent, what was ended is timeout, oom or error, and whatever it wrote is read as data or not at all.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AmbientError, digest, randomId, redact } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import type { Driver, Limits, SandboxRequest, SandboxResult } from '../sandbox/index.ts';
import { narrow } from './affected/narrow.ts';
import { languageOfCheck } from './coverage.ts';
import { judge } from './reports/judge-output.ts';
import { lentTo } from './slots/dependencies.ts';
import { removeDirectory, type SlotPool } from './slots/slots.ts';
import { lendTo } from './slots/writable-modules.ts';
import type {
  BaseFiles,
  Check,
  Dependency,
  DetectedCheck,
  Judgement,
  Lent,
  RunnableCheck,
  UnrunnableCheck,
} from './types.ts';

export interface SandboxedCheckOptions {
  detected: DetectedCheck;
  driver: Pick<Driver, 'run'>;
  /** `digest` of the driver's probe. */
  sandbox: string;
  repository: Pick<Repository, 'slots'>;
  slots: SlotPool;
  limits: Limits;
  dependencies: readonly Dependency[];
  /** Host paths of `sandbox.read_only_paths`. */
  readOnly?: readonly string[];
  /** Changes when anything else of this machine does that a check may start or read. */
  surroundings?: string;
  /** The base, by which a command is understood that is to run some tests only. */
  files?: BaseFiles;
}

/** Bytes of a test report that are read. */
const LARGEST_REPORT = 32 * 1024 * 1024;

/** Makes the Check of a detected check; one that cannot be run says `absent` and why. */
export function sandboxedCheck(options: SandboxedCheckOptions): Check {
  const { detected } = options;
  if (!detected.runnable) return absentCheck(detected);
  const facts = factsOf(detected, options);
  return {
    name: detected.name,
    kind: detected.kind,
    digest: digest(['check 3', JSON.stringify(facts)], 32),
    facts,
    ...scopeOf(detected),
    judge: (tree, { signal }) =>
      options.slots.use((dir) => cleanly(options, dir, () => run(detected, options, dir, tree, signal)), signal),
    narrow: (tests) => narrowed(detected, options, tests),
  };
}

async function narrowed(detected: RunnableCheck, options: SandboxedCheckOptions, tests: readonly string[]) {
  const { files } = options;
  if (files === undefined) return null;
  const manifest = await files.read(detected.cwd === undefined ? 'package.json' : `${detected.cwd}/package.json`);
  const one = narrow(detected, tests, { paths: files.paths, manifest });
  return one === null ? null : sandboxedCheck({ ...options, detected: one });
}

/** Makes a Check that only says why it was not run. */
export function absentCheck(detected: UnrunnableCheck): Check {
  const { name, kind, reason } = detected;
  const nothing: Judgement = { outcome: 'absent', tests: {}, findings: [], detail: reason, duration: 0 };
  const judge = async () => nothing;
  return { name, kind, digest: digest(['absent', name, reason], 32), ...scopeOf(detected), judge };
}

function scopeOf(detected: DetectedCheck): Pick<Check, 'scope' | 'language'> {
  const { scope } = detected;
  return { ...languageOfCheck(detected), ...(scope === undefined ? {} : { scope }) };
}

/** Whatever decides the answer besides the tree, by the names under which people are told that it changed. */
function factsOf(detected: RunnableCheck, options: SandboxedCheckOptions): Record<string, string> {
  const { sandbox, readOnly = [] } = options;
  const { argv, cwd = '', env, pythonPath, report, program } = detected;
  const lent = dependenciesOf(detected, options).map(({ at, stamp }) => `${at}\n${stamp}`);
  const places = [...detected.lent.map(({ path, at }) => `${path} at ${at}`), ...readOnly];
  return {
    command: JSON.stringify(argv),
    folder: cwd,
    environment: JSON.stringify([env, pythonPath, report]),
    toolchain: program.stamp,
    machine: options.surroundings ?? '',
    sandbox,
    limits: JSON.stringify(limitsOf(detected, options)),
    dependencies: lent.join('\n'),
    'lent folders': places.join('\n'),
  };
}

/** What a check leaves behind is gone before anybody else sees the slot; one that was filled up gives the room back. */
async function cleanly<T>({ repository }: SandboxedCheckOptions, dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await repository.slots.scrub(dir).catch(() => removeDirectory(dir));
  }
}

async function run(
  detected: RunnableCheck,
  options: SandboxedCheckOptions,
  dir: string,
  tree: string,
  signal: AbortSignal | undefined,
): Promise<Judgement> {
  const missing = await contentMissing(options.repository.slots.checkout(dir, tree));
  if (missing !== null) return { outcome: 'absent', tests: {}, findings: [], detail: missing, duration: 0 };
  const cwd = detected.cwd === undefined ? dir : join(dir, detected.cwd);
  // Named afresh for each run: no tree can bring its own report along.
  const report = `.ambient-report-${randomId(16)}.xml`;
  const result = await runRedacted(options, {
    argv: detected.argv.map((word) => word.replace('{report}', report)),
    dir,
    cwd,
    env: environment(detected, dir, options.limits),
    readOnly: await mounts(detected, options, dir),
    limits: limitsOf(detected, options),
    ...(signal === undefined ? {} : { signal }),
  });
  if (signal?.aborted)
    throw new AmbientError('aborted', `${detected.name} was stopped before it ended`, { kind: 'environment' });
  const xml = detected.report === 'pytest' ? await readReport(join(cwd, report)) : null;
  const { shown, ...judged } = judge(detected, result, xml);
  const output = { stdout: shown ?? result.stdout, stderr: result.stderr };
  return { ...judged, findings: [], detail: detailOf(output, judged.detail, dir), duration: result.duration };
}

/** What a check prints goes into reasons, notes and the cache: a credential ends here. */
async function runRedacted({ driver }: SandboxedCheckOptions, request: SandboxRequest): Promise<SandboxResult> {
  const result = await driver.run(request);
  return { ...result, stdout: redact(result.stdout), stderr: redact(result.stderr) };
}

/** A partial clone does not have every file: the check cannot be run here, which is no fault of the candidate. */
async function contentMissing(checkout: Promise<void>): Promise<string | null> {
  try {
    await checkout;
    return null;
  } catch (error) {
    if (error instanceof AmbientError && error.code === 'content-missing') return error.message;
    throw error;
  }
}

function environment(detected: RunnableCheck, dir: string, { cpus }: Limits): Record<string, string> {
  // They count the processors of the machine otherwise, and start more threads than a sandbox may have.
  const jobs = String(Math.max(1, Math.ceil(cpus)));
  return {
    ...{ GOMAXPROCS: jobs, CARGO_BUILD_JOBS: jobs, RUST_TEST_THREADS: jobs },
    ...{ CI: '1', NO_COLOR: '1', TERM: 'dumb', TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    ...{ PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PYTHONNOUSERSITE: '1' },
    PYTHONPATH: detected.pythonPath.map((path) => join(dir, path)).join(':'),
    ...detected.env,
  };
}

async function mounts(detected: RunnableCheck, options: SandboxedCheckOptions, dir: string): Promise<Lent[]> {
  const lent: Lent[] = [];
  for (const dependency of dependenciesOf(detected, options)) lent.push(await lendTo(dir, dependency));
  return [...lent, ...detected.lent, ...(options.readOnly ?? []).map((path) => ({ path, at: path }))];
}

function dependenciesOf(detected: RunnableCheck, { dependencies }: SandboxedCheckOptions): Dependency[] {
  return lentTo(dependencies, detected.environment ?? detected.cwd ?? '');
}

const MIB = 1024 ** 2;

/** Go writes a line for every step of every test; cargo compiles every crate anew, into the slot. */
function limitsOf({ report }: RunnableCheck, { limits }: SandboxedCheckOptions): Limits {
  if (report === 'go') return { ...limits, output: Math.max(limits.output, 16 * MIB) };
  if (report !== 'cargo' && report !== 'clippy') return limits;
  return { ...limits, diskBytes: Math.max(limits.diskBytes, 8192 * MIB) };
}

/** The check may have put a link, a pipe or a huge file there. */
async function readReport(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > LARGEST_REPORT) return null;
      return redact(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** The last 4 KiB, without paths of this machine. */
function detailOf(result: Pick<SandboxResult, 'stdout' | 'stderr'>, note: string, dir: string): string {
  const output = [result.stdout, result.stderr].map((text) => text.trim()).filter((text) => text !== '');
  const text = [...output, note].filter((part) => part !== '').join('\n');
  const plain = text.replaceAll(`${dir}/`, '').replaceAll(dir, '.').replaceAll('/slot/', '').replaceAll(homedir(), '~');
  const bytes = Buffer.from(plain);
  // A cut through a character leaves replacement characters, three bytes each.
  return bytes.length <= 4096
    ? plain
    : bytes
        .subarray(bytes.length - 4084)
        .toString('utf8')
        .replace(/^\uFFFD+/, '');
}
