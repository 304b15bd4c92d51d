/**
 * One call of git: argv, never a shell. Rule: an exit code that the caller did not name is an error that carries the
 * command, the code and the end of stderr.
 */
import { AmbientError, type SpawnResult, spawn } from '../base/index.ts';
import type { Environment } from './environment.ts';
import { contentMissing, isPromised } from './promised.ts';
import { hintFor } from './refused.ts';
import type { RunGit } from './types.ts';

const GIT = 'git';
const MAX_OUTPUT = 1024 * 1024 * 1024;

export interface RunnerOptions {
  env: Environment;
  cwd: string;
  /** Put before every command: `--git-dir=…`. */
  prefix?: readonly string[];
  signal?: AbortSignal | undefined;
}

export function createRunner(runner: RunnerOptions): RunGit {
  return async (args, options = {}) => {
    const result = await spawn([GIT, ...(runner.prefix ?? []), ...args], {
      cwd: options.cwd ?? runner.cwd,
      env: { ...runner.env, ...options.env },
      maxOutput: MAX_OUTPUT,
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(runner.signal === undefined ? {} : { signal: runner.signal }),
      ...options.as,
    });
    if (result.truncated || result.code === null || !(options.ok ?? [0]).includes(result.code))
      throw gitFailed(args, result);
    return result;
  };
}

/** The error of a git call that did not end as it should. */
export function gitFailed(args: readonly string[], result: SpawnResult): AmbientError {
  const stderr = tail(result.stderr);
  if (isPromised(stderr)) return contentMissing(args[0] ?? '', stderr);
  const how = result.timedOut
    ? 'did not end in time'
    : result.truncated
      ? 'printed more than can be held'
      : result.code === null
        ? `was ended by ${result.signal}`
        : `failed with exit code ${result.code}`;
  const hint = hintFor(stderr);
  return new AmbientError('git-failed', `git ${subcommandOf(args)} ${how}${stderr ? `: ${stderr}` : ''}`, {
    kind: 'environment',
    ...(hint === undefined ? {} : { hint }),
    data: { command: [GIT, ...args], code: result.code, signal: result.signal, stderr },
  });
}

/** `-c key=value` may stand before it. */
function subcommandOf(args: readonly string[]): string {
  const at = args.findIndex((word, index) => !word.startsWith('-') && args[index - 1] !== '-c');
  return args[at] ?? args[0] ?? '';
}

export function tail(stream: Uint8Array, length = 2000): string {
  return Buffer.from(stream).toString().trim().slice(-length);
}
