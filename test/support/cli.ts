/** Runs the built command line as a person or a hook would. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRepository, type TestRepository } from './repository.ts';

export const cliPath = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface CliResult {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs `git-ambient <args>` in the repository. */
export function ambient(repo: TestRepository, args: string[], env: Record<string, string> = {}): CliResult {
  const result = spawnSync(process.execPath, [cliPath, ...args], {
    cwd: repo.dir,
    env: { ...repo.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

/** Runs with `--json` and returns the parsed answer; a failing command throws with both streams. */
export function ambientJson<T>(repo: TestRepository, args: string[], env: Record<string, string> = {}): T {
  const result = ambient(repo, [...args, '--json'], env);
  if (result.code !== 0)
    throw new Error(`git ambient ${args.join(' ')}: ${result.code}\n${result.stdout}\n${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}

const initialised = new Map<string, TestRepository>();

/** A repository with `files` where `git ambient init` has run: once for the same files and options, then a copy of that. */
export function makeInitialised(files?: Record<string, string>, options = ['--no-hook']): TestRepository {
  const key = JSON.stringify([files, options]);
  let repo = initialised.get(key);
  if (repo === undefined) {
    repo = makeRepository(files === undefined ? {} : { files });
    const init = ambient(repo, ['init', ...options]);
    if (init.code !== 0) throw new Error(`git ambient init: ${init.code}\n${init.stdout}\n${init.stderr}`);
    initialised.set(key, repo);
  }
  return repo.copy();
}

/** Waits until no runner lives and no wake-up is pending: looks at files, and asks the crew when they are gone. */
export function waitForCrew(repo: TestRepository, seconds = 60): void {
  const dir = join(repo.git('rev-parse', '--path-format=absolute', '--git-common-dir'), 'ambient');
  const isBusy = () => existsSync(join(dir, 'wake')) || existsSync(join(dir, 'lock'));
  const until = Date.now() + seconds * 1000;
  for (;;) {
    for (const look = Date.now() + 2000; isBusy() && Date.now() < look; ) sleep(20);
    const status = ambientJson<{ runner: unknown; pending: boolean }>(repo, ['status']);
    if (status.runner === null && !status.pending) return;
    if (Date.now() > until) throw new Error(`the crew did not finish:\n${JSON.stringify(status, null, 2)}`);
    sleep(20);
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Path → kind, mode and content hash of everything below `dir` for which `keep` says yes. */
export function fingerprintTree(dir: string, keep: (path: string) => boolean = () => true): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const key = relative(dir, path);
      const info = lstatSync(path);
      if (!keep(key)) continue;
      const mode = (info.mode & 0o7777).toString(8);
      if (info.isDirectory()) {
        found[key] = `dir ${mode}`;
        walk(path);
      } else if (info.isSymbolicLink()) found[key] = `link ${readlinkSync(path)}`;
      else if (info.isFile())
        found[key] = `file ${mode} ${createHash('sha1').update(readFileSync(path)).digest('hex')}`;
      else found[key] = 'other';
    }
  };
  if (existsSync(dir)) walk(dir);
  return found;
}

/** Is there a sandbox here? Without one the scenarios cannot run; with CI=true that is a failure. */
export function hasSandbox(): boolean {
  const found = spawnSync('bwrap', ['--version']).status === 0;
  if (!found && process.env['CI']) throw new Error('bubblewrap is missing and CI=true: install it');
  return found;
}
