/**
 * What every part of an open repository works with: three ways of calling git and the object reader. Rule: `run` is the
 * default; `onTree` for whatever may read .gitattributes; `asUser` only to land and to read the user's configuration.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { configuredDrivers } from './drivers.ts';
import { type Environment, neutral, quiet, scrub } from './environment.ts';
import type { CatFile } from './reader.ts';
import { createRunner } from './run.ts';
import type { RepositoryInfo, RunGit } from './types.ts';

export interface OpenOptions {
  signal?: AbortSignal;
  /** Instead of the process's own environment. */
  env?: Environment;
}

export interface GitContext {
  readonly info: RepositoryInfo;
  readonly reader: CatFile;
  /** An oid of zeros: "no such ref". */
  readonly zero: string;
  /** Our calls on objects and refs: hooks and background work off. */
  readonly run: RunGit;
  /** As `run`, for a conversation: the caller ends it. */
  readonly start: (args: readonly string[]) => ChildProcess;
  /** As `run`, with every configured filter and merge driver off. */
  readonly onTree: RunGit;
  /** The user's configuration as it stands, to read it. */
  readonly plain: RunGit;
  /** The user's own git: hooks, signing, filters. Not ended by the abort signal: a half-made commit helps nobody. */
  readonly asUser: RunGit;
}

export function createContext(info: RepositoryInfo, options: OpenOptions, reader: CatFile): GitContext {
  const env = options.env ?? process.env;
  const cwd = info.workTree ?? info.gitDir;
  const place = placeArguments(info);
  const plain = createRunner({ env: quiet(env), cwd, prefix: place, signal: options.signal });
  let onTree: Promise<RunGit> | undefined;
  const neutralised = async () => {
    const env_ = neutral(env, await configuredDrivers(plain));
    return createRunner({ env: env_, cwd, prefix: place, signal: options.signal });
  };
  return {
    info,
    reader,
    zero: '0'.repeat(info.objectFormat === 'sha1' ? 40 : 64),
    run: createRunner({ env: neutral(env, []), cwd, prefix: place, signal: options.signal }),
    start: (args) =>
      spawn('git', [...place, ...args], {
        cwd,
        env: neutral(env, []) as NodeJS.ProcessEnv,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    onTree: async (...call) => {
      onTree ??= neutralised();
      return (await onTree)(...call);
    },
    plain,
    // No --git-dir here: it would be exported to the user's hooks, which expect what an ordinary `git commit` gives.
    asUser: createRunner({ env: scrub(env), cwd }),
  };
}

/** The repository is named, never looked for: a planted `.git` further in cannot take its place. */
export function placeArguments(info: Pick<RepositoryInfo, 'gitDir' | 'workTree'>): string[] {
  return [`--git-dir=${info.gitDir}`, ...(info.workTree === null ? [] : [`--work-tree=${info.workTree}`])];
}
