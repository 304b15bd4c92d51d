/**
 * Finds a repository and puts its parts together. Rule: two git processes, side by side, and nothing else: this is on
 * the start path of every command.
 */
import { existsSync } from 'node:fs';
import { AmbientError, type SpawnResult } from '../base/index.ts';
import { createConfig } from './config.ts';
import { createContext, type OpenOptions } from './context.ts';
import { neutral } from './environment.ts';
import { createHistory } from './history.ts';
import { createLand } from './landing.ts';
import { createObjects } from './objects.ts';
import { CatFile } from './reader.ts';
import { createRecover } from './recovery.ts';
import { createRefs } from './refs.ts';
import { createRewrite } from './rewrite.ts';
import { createRunner, gitFailed, tail } from './run.ts';
import { createSlots } from './slots.ts';
import { leftOut } from './sparse.ts';
import { createState } from './state.ts';
import { createTransact } from './transaction.ts';
import { createTrees } from './trees.ts';
import type { Repository, RepositoryInfo } from './types.ts';
import { createUpkeep } from './upkeep.ts';

const OLDEST = [2, 38] as const;

/**
 * Opens the repository that `dir` is in: ordinary, bare, or a linked worktree.
 * @throws AmbientError `no-git`, `git-too-old`, `unsupported-repository` (environment), `not-a-repository`,
 * `unsafe-repository`, `unsupported-path` (user).
 */
export async function openRepository(dir: string, options: OpenOptions = {}): Promise<Repository> {
  const info = await findRepository(dir, options);
  const reader = new CatFile(info, options);
  const git = createContext(info, options, reader);
  const objects = createObjects(git);
  const config = createConfig(git);
  // A landing is not broken off anywhere: it is stopped where that is safe, and put back.
  const { signal, ...lasting } = options;
  const landing = createContext(info, lasting, reader);
  return {
    info,
    objects,
    trees: createTrees(git),
    refs: createRefs(git),
    transact: createTransact(git),
    history: createHistory(git),
    work: {
      leftOut: (paths) => leftOut(git, paths),
      state: createState(git),
      land: createLand(landing, signal),
      recover: createRecover(landing),
    },
    rewrite: createRewrite(git),
    slots: createSlots(git),
    config,
    upkeep: createUpkeep(git, config),
    close: () => reader.close(),
  };
}

async function findRepository(dir: string, options: OpenOptions): Promise<RepositoryInfo> {
  const run = createRunner({ env: neutral(options.env ?? process.env, []), cwd: dir, signal: options.signal });
  const [version, found] = await Promise.all([
    run(['--version']),
    // --show-toplevel fails last in a bare repository; what came before it is printed all the same.
    run(WHERE, { ok: [0, 128, 129] }),
  ]).catch((error: unknown) => {
    throw notStarted(error, dir);
  });
  // The version first: an old git answers the rest with nonsense.
  const checked = parseVersion(version.stdout.toString());
  return { ...parsePlace(dir, found), version: checked };
}

/** Asks git where things lie; `parsePlace` reads the answer. Exit codes 0, 128 and 129 are answers. */
export const WHERE = [
  ...['rev-parse', '--path-format=absolute', '--show-object-format', '--is-inside-work-tree'],
  ...['--git-dir', '--git-common-dir', '--show-toplevel'],
];

export function parsePlace(dir: string, found: SpawnResult): Omit<RepositoryInfo, 'version'> {
  const [format, inside, gitDir, commonDir, top, ...more] = found.stdout.toString().split('\n');
  if (more.some((line) => line !== ''))
    throw new AmbientError('unsupported-path', 'the path of this repository holds a line break', {
      kind: 'user',
      hint: 'rename the directory: git does not tell such a path without doubt',
    });
  const complete = gitDir?.startsWith('/') && commonDir?.startsWith('/') && (found.code === 0 || inside === 'false');
  if (!complete || gitDir === undefined || commonDir === undefined) throw notFound(dir, found);
  if (format !== 'sha1' && format !== 'sha256')
    throw new AmbientError('unknown-object-format', `the repository at ${gitDir} uses the object format ${format}`, {
      kind: 'environment',
      hint: 'use a newer git-ambient',
    });
  return { gitDir, commonDir, workTree: found.code === 0 && top ? top : null, objectFormat: format };
}

function notFound(dir: string, found: SpawnResult): AmbientError {
  const stderr = tail(found.stderr);
  if (/dubious ownership|unsafe repository/.test(stderr))
    return new AmbientError('unsafe-repository', `git does not trust the owner of the repository at ${dir}`, {
      kind: 'user',
      hint: `run \`git config --global --add safe.directory ${dir}\` if you do`,
      data: { stderr },
    });
  if (/not a git repository/.test(stderr))
    return new AmbientError('not-a-repository', `${dir} is not inside a git repository`, {
      kind: 'user',
      hint: 'change into a repository, or name one with `-C <dir>`',
    });
  const extension = /unknown repository extensions? found:\s*(\S+)/.exec(stderr)?.[1];
  if (extension !== undefined || /unknown ref storage format|Expected git repo version/.test(stderr))
    return new AmbientError('unsupported-repository', `this git cannot read the repository at ${dir}: ${stderr}`, {
      kind: 'environment',
      hint: 'put the git on PATH that works with this repository, or a newer one',
      data: { extension: extension ?? null },
    });
  return gitFailed(['rev-parse'], found);
}

function parseVersion(text: string): [number, number, number] {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const version: [number, number, number] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (match && (version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]))) return version;
  throw new AmbientError('git-too-old', `git-ambient needs git ${OLDEST.join('.')} or newer; this is ${text.trim()}`, {
    kind: 'environment',
    hint: 'install a newer git',
  });
}

export function notStarted(error: unknown, dir: string): unknown {
  if (!(error instanceof AmbientError) || error.code !== 'command-not-found') return error;
  if (!existsSync(dir))
    return new AmbientError('not-a-repository', `${dir} does not exist`, {
      kind: 'user',
      hint: 'name an existing directory with `-C <dir>`',
    });
  return new AmbientError('no-git', 'git could not be started', {
    kind: 'environment',
    hint: 'install git 2.38 or newer and put it on PATH',
    cause: error,
  });
}
