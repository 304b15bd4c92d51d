/**
 * Which programs there are for checks. Rule: the sandbox is asked, with the dependencies of the worktree mounted, for
 * what the host has may not work in there; the driver lets a virtual environment come before what the machine has.
 */
import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Driver, Limits } from '../../sandbox/index.ts';
import { lentTo } from '../slots/dependencies.ts';
import { removeDirectory, type SlotPool } from '../slots/slots.ts';
import type { Dependency, Program, Toolchain } from '../types.ts';

export interface ToolchainOptions {
  /** Called when the first program is looked for. */
  driver: () => Promise<Pick<Driver, 'name' | 'run'>>;
  slots: SlotPool;
  limits: Limits;
  dependencies: readonly Dependency[];
  /** `sandbox.read_only_paths`. */
  readOnlyPaths?: readonly string[];
  /** PATH of the user. */
  path: string;
  answers?: ProgramAnswers | undefined;
  signal?: AbortSignal | undefined;
}

/** What was found with one driver, for who opens more than one lookup: each question starts a sandbox. */
export type ProgramAnswers = Map<string, Program>;

/** Prints what decides an answer besides the tree. Nothing is imported: that would cost seconds and run their code. */
const ABOUT_PYTHON = `
import json, sys
from importlib import metadata, util
def version(name):
    try:
        return metadata.version(name)
    except Exception:
        return ''
names = ['pytest', 'mypy', 'ruff', 'flake8']
modules = {name: version(name) for name in names if util.find_spec(name) is not None}
print(json.dumps({'stamp': sys.executable + ' ' + sys.version, 'modules': modules}))
`;

/** Opens the lookup of programs; answers are remembered for the life of the value. */
export function openToolchain(options: ToolchainOptions): Toolchain {
  const found = new Map<string, Promise<Program | null>>();
  return {
    find(name, folder = '') {
      const dependencies = lentTo(options.dependencies, folder);
      const key = [name, ...dependencies.map(({ at }) => at)].join('\n');
      const here = { ...options, dependencies };
      const known = found.get(key) ?? asked(name, here);
      found.set(key, known);
      return known;
    },
    unseen: (name) => whyUnseen(name, options),
  };
}

/** That there is none is no answer for others. */
async function asked(name: string, options: ToolchainOptions): Promise<Program | null> {
  const { dependencies, readOnlyPaths, path, answers } = options;
  const key = JSON.stringify([name, dependencies, readOnlyPaths, path]);
  const known = answers?.get(key);
  if (known !== undefined) return known;
  const program = await (name === 'python' ? findPython(options) : findOther(name, options));
  if (program !== null) answers?.set(key, program);
  return program;
}

/** What stands in the way of a program that this machine has and the sandbox has not; null when it has none. */
async function whyUnseen(name: string, options: ToolchainOptions): Promise<string | null> {
  if ((await options.driver()).name === 'docker') return 'it is not in the image of the sandbox';
  const host = await onPath(name, options.path);
  if (host === null) return null;
  const real = await realpath(host);
  const shim = basename(dirname(host)) === 'shims' || /^(volta-shim|rustup|mise)$/.test(basename(real));
  if (shim) return `the version that ${host} would choose is not installed`;
  const folder = basename(dirname(real)) === 'bin' ? dirname(dirname(real)) : dirname(real);
  const place = folder === homedir() || folder === '/' ? real : folder;
  return `${host} does not run in the sandbox: add ${place} to sandbox.read_only_paths`;
}

async function findPython(options: ToolchainOptions): Promise<Program | null> {
  for (const path of ['python3', 'python']) {
    const answer = await ask([path, '-I', '-c', ABOUT_PYTHON], options);
    if (answer === null) continue;
    const { stamp, modules } = JSON.parse(answer) as { stamp: string; modules: Record<string, string> };
    return { path, stamp: `${stamp} ${JSON.stringify(modules)}`, modules };
  }
  return null;
}

/** Programs whose own file says nothing of their version: a shim, or a link to one of several. */
const ASKED: Record<string, string> = { node: '--version', go: 'version', cargo: '--version' };

async function findOther(name: string, options: ToolchainOptions): Promise<Program | null> {
  const question = ASKED[name];
  if ((await options.driver()).name !== 'docker') {
    // Asking is only for what is there at all: each question starts a sandbox.
    const environments = options.dependencies.map(({ path }) => join(path, 'bin'));
    const host = await onPath(name, [...environments, options.path].join(delimiter));
    if (host === null) return null;
    const real = await realpath(host);
    const { size, mtimeMs } = await stat(real);
    if (question === undefined) return { path: name, stamp: `${real} ${size} ${mtimeMs}`, modules: {} };
  }
  const version = await ask([name, question ?? '--version'], options);
  return version === null ? null : { path: name, stamp: `${name} ${version.trim()}`, modules: {} };
}

async function onPath(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter))
    if (isAbsolute(folder) && (await executable(join(folder, name)))) return join(folder, name);
  return null;
}

async function ask(argv: string[], options: ToolchainOptions): Promise<string | null> {
  const driver = await options.driver();
  const limits = { ...options.limits, timeout: Math.min(options.limits.timeout, 60_000) };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const run = async (slot: string) => {
    // Beside the slot, which holds whatever the last check left there.
    const dir = `${slot}.probe`;
    await removeDirectory(dir);
    await mkdir(dir, { mode: 0o700 });
    const readOnly = [
      ...options.dependencies.map(({ path, at }) => ({ path, at: join(dir, at) })),
      ...(options.readOnlyPaths ?? []).map((path) => ({ path })),
    ];
    try {
      return await driver.run({ argv, dir, limits, readOnly, ...signal });
    } finally {
      await removeDirectory(dir);
    }
  };
  const result = await options.slots.use(run, options.signal);
  return result.setupError === null && result.code === 0 ? result.stdout : null;
}

async function executable(path: string): Promise<boolean> {
  const allowed = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return allowed && isFile(path);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
