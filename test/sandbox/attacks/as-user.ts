/**
 * The bubblewrap driver in a process of an ordinary user, for a test that runs as root. Rule: the whole driver runs there,
 * not only the command, because what a user may ask of the kernel is what is tested.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Driver, SandboxResult } from '../../../src/sandbox/index.ts';
import { temporaryDirectory } from '../../support/repository.ts';
import type { Owner } from './ground.ts';

const ENDED = { ok: false, setupError: 'the process of the ordinary user ended' };

/** Starts the process; `close` ends it. Only `probe` and `run` without a signal are handed on. */
export async function bubblewrapAs(owner: Owner, env: Record<string, string>): Promise<Driver & { close(): void }> {
  const folder = temporaryDirectory('ambient-as-user-');
  chmodSync(folder, 0o755);
  const outfile = join(folder, 'runner.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('runner.ts', import.meta.url))],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    external: ['dockerode'],
  });
  const home = join(folder, 'home');
  execFileSync('install', ['-d', '-o', String(owner.uid), '-g', String(owner.gid), home]);
  const node = nodeFor(owner, folder);
  const child: ChildProcess = spawn(node, [outfile], {
    ...{ ...owner, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] },
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: home, TMPDIR: home, ...env },
  });
  const waiting: Array<(line: string) => void> = [];
  let text = '';
  child.stdout?.on('data', (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) waiting.shift()?.(line);
  });
  let ended = false;
  child.on('close', () => {
    ended = true;
    for (const answer of waiting.splice(0)) answer(JSON.stringify(ENDED));
  });
  const ask = <T>(question: unknown) =>
    new Promise<T>((resolve) => {
      if (ended) return resolve(ENDED as T);
      waiting.push((line) => resolve(JSON.parse(line) as T));
      child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  return {
    name: 'bubblewrap',
    probe: () => ask({ probe: true }),
    run: ({ argv, dir, limits }) => ask<SandboxResult>({ argv, dir, limits }),
    reap: async () => {},
    close: () => child.kill('SIGKILL'),
  };
}

/** The one that runs this test may lie in a home of root's. */
function nodeFor(owner: Owner, folder: string): string {
  if (spawnSync(process.execPath, ['-e', '0'], { ...owner, cwd: '/' }).status === 0) return process.execPath;
  const copy = join(folder, 'node');
  copyFileSync(process.execPath, copy);
  chmodSync(copy, 0o755);
  return copy;
}
