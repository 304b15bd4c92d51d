/** Runs the built command line the way people do: `git ambient …`, found by git on PATH. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type CliResult, cliPath } from './cli.ts';
import { type TestRepository, temporaryDirectory } from './repository.ts';

let bin = '';

/** An environment in which git finds `git-ambient`. */
export function environmentOf(repo: TestRepository): Record<string, string> {
  if (bin === '') {
    bin = temporaryDirectory();
    symlinkSync(cliPath, join(bin, 'git-ambient'));
  }
  return { ...repo.env, PATH: `${bin}:${repo.env['PATH']}` };
}

export function gitAmbient(repo: TestRepository, ...args: string[]): CliResult {
  const result = spawnSync('git', ['ambient', ...args], {
    cwd: repo.dir,
    env: environmentOf(repo),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

/** The same without waiting: `ended` has the result. */
export function startGitAmbient(repo: TestRepository, ...args: string[]) {
  const child: ChildProcess = spawn('git', ['ambient', ...args], { cwd: repo.dir, env: environmentOf(repo) });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<CliResult>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended };
}

/** Waits for a file. */
export async function appears(path: string, seconds = 60): Promise<string> {
  for (const until = Date.now() + seconds * 1000; !existsSync(path); await pause(20))
    if (Date.now() > until) throw new Error(`${path} did not appear`);
  await pause(20);
  return readFileSync(path, 'utf8').trim();
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The process that started `pid`. */
export function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}
