/**
 * Programs of ours on a tree: failing inputs and measurements. Rule: they run in the sandbox like any check, with the same
 * dependencies; what they print is data, and of it only what is asked for goes any further.
 */
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import type { Driver, Limits, SandboxResult } from '../sandbox/index.ts';
import { filesOf } from './base-files.ts';
import { openToolchain } from './detect/toolchain.ts';
import type { OpenChecksOptions } from './open-checks.ts';
import { dependencyBinds, lentTo, mainWorkTree } from './slots/dependencies.ts';
import { openSlots, removeDirectory } from './slots/slots.ts';
import type { BaseFiles, Dependency, Lent, Toolchain } from './types.ts';

export type ProgramsOptions = Pick<
  OpenChecksOptions,
  'repository' | 'baseTree' | 'driver' | 'slotsDir' | 'limits' | 'readOnlyPaths' | 'path' | 'answers' | 'signal'
>;

export interface Command {
  argv: readonly string[];
  /** Repository-relative folder to run in; the top when absent. Its environments come first. */
  cwd?: string;
  env?: Record<string, string>;
  /** Milliseconds; never more than the configured limit. */
  timeout?: number;
  /** Repository-relative file that it reads on its standard input. */
  stdin?: string;
  /** Further folders of this machine, read-only. */
  lent?: readonly Lent[];
  /** It compiles: what cargo and go write and print is more than what a check may. */
  compiles?: true;
}

/** A tree that lies in a slot. */
export interface Stand {
  dir: string;
  run(command: Command): Promise<SandboxResult>;
}

export interface Programs {
  /** Of the base tree. */
  files: BaseFiles;
  toolchain: Toolchain;
  /** Lends `work` a slot for each tree, all at the same time. Null: a tree is not complete in this clone. */
  on<T>(trees: readonly string[], work: (...stands: Stand[]) => Promise<T>): Promise<T | null>;
}

/** Slots that are held at the same time: base and candidate. */
const SIDES = 2;

/** Opens the means; the sandbox itself when something is run. @throws what `driver` throws. */
export async function openPrograms(options: ProgramsOptions): Promise<Programs> {
  const { repository, limits, signal } = options;
  const files = await filesOf(repository, options.baseTree);
  const dependencies = await dependencyBinds(repository.info.workTree, files.paths, mainWorkTree(repository.info));
  const slots = openSlots(options.slotsDir, SIDES);
  let opened: Promise<Driver> | undefined;
  const driver = () => {
    opened ??= options.driver();
    return opened;
  };
  const readOnlyPaths = options.readOnlyPaths ?? [];
  const { path, answers } = options;
  const toolchain = openToolchain({ driver, slots, limits, dependencies, readOnlyPaths, path, answers, signal });
  const standIn = async (dir: string, tree: string): Promise<Stand> => {
    await repository.slots.checkout(dir, tree);
    const sandbox = await driver();
    return { dir, run: (command) => runIn(dir, command, { ...options, sandbox, dependencies }) };
  };
  const hold = async <T>(
    trees: readonly string[],
    held: Stand[],
    work: (...stands: Stand[]) => Promise<T>,
  ): Promise<T> => {
    const [tree, ...rest] = trees;
    if (tree === undefined) return work(...held);
    return slots.use(async (dir) => {
      try {
        return await hold(rest, [...held, await standIn(dir, tree)], work);
      } finally {
        await repository.slots.scrub(dir).catch(() => removeDirectory(dir));
      }
    }, signal);
  };
  // One after the other: two that each hold one slot would wait for the other's for ever.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    files,
    toolchain,
    async on(trees, work) {
      const mine = turn.then(() => hold(trees, [], work));
      turn = mine.catch(() => {});
      try {
        return await mine;
      } catch (error) {
        if (error instanceof AmbientError && error.code === 'content-missing') return null;
        throw error;
      }
    },
  };
}

interface Running {
  repository: Pick<Repository, 'slots'>;
  limits: Limits;
  sandbox: Driver;
  dependencies: readonly Dependency[];
  readOnlyPaths?: readonly string[];
  signal?: AbortSignal | undefined;
}

async function runIn(dir: string, command: Command, options: Running): Promise<SandboxResult> {
  const { limits, sandbox, dependencies, signal } = options;
  const { argv, cwd = '', env = {}, timeout = limits.timeout } = command;
  const result = await sandbox.run({
    argv,
    dir,
    cwd: cwd === '' ? dir : join(dir, cwd),
    env: { ...ENVIRONMENT, ...env },
    readOnly: [
      ...lentTo(dependencies, cwd).map(({ path, at }) => ({ path, at: join(dir, at) })),
      ...(command.lent ?? []),
      ...(options.readOnlyPaths ?? []).map((path) => ({ path })),
    ],
    ...(command.stdin === undefined ? {} : { stdin: join(dir, command.stdin) }),
    limits: { ...(command.compiles ? roomy(limits) : limits), timeout: Math.min(timeout, limits.timeout) },
    ...(signal === undefined ? {} : { signal }),
  });
  if (signal?.aborted)
    throw new AmbientError('aborted', 'the evaluation was stopped before it ended', { kind: 'environment' });
  return result;
}

const MIB = 1024 ** 2;

function roomy(limits: Limits): Limits {
  const { diskBytes, output } = limits;
  return { ...limits, diskBytes: Math.max(diskBytes, 8192 * MIB), output: Math.max(output, 16 * MIB) };
}

/** The same on every run: hashes, zones and languages decide nothing. */
const ENVIRONMENT = {
  ...{ CI: '1', NO_COLOR: '1', TERM: 'dumb', TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  ...{ PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PYTHONNOUSERSITE: '1' },
};
