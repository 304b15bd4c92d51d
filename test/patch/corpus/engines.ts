/**
 * Ours and its peers, each on a directory. Rule: every engine gets the same bytes and the same directory; a peer is called
 * as its users would, in the way that is kindest to it: GNU patch first tries, and only then writes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { directoryTarget, placePatch, writeFiles } from '../../../src/patch/index.ts';
import { readTree } from './directory.ts';
import type { Outcome } from './judge.ts';
import type { Tree, TreeFile } from './model.ts';

export interface Engine {
  name: string;
  /** Applies `patch` to `dir`; false: it said no. */
  apply(dir: string, patch: Buffer): Promise<boolean>;
}

export const ours: Engine = {
  name: 'git ambient',
  apply: async (dir, patch) => {
    const target = directoryTarget(dir, { paths: async () => [...readTree(dir, '.git').keys()] });
    const placement = await placePatch(patch, target);
    if (!placement.ok) return false;
    return writeFiles(placement.files, { top: dir, state: join(dir, '.git') }).length === 0;
  },
};

/** Ours without a disk: what the result would be. Also the milliseconds that placing took. */
export async function placeInMemory(before: Tree, patch: Buffer): Promise<Outcome & { time: number }> {
  const stored = (file: TreeFile) => ({ mode: file.mode, content: Buffer.from(file.content, 'latin1') });
  const files = new Map([...before].map(([path, file]) => [path, stored(file)]));
  const started = performance.now();
  const placement = await placePatch(patch, {
    read: async (path) => files.get(path) ?? null,
    paths: async () => [...files.keys()],
  });
  const time = performance.now() - started;
  const tree: Tree = new Map(before);
  for (const { path, from, after } of placement.ok ? placement.files : []) {
    if (from !== null) tree.delete(from);
    if (after === null) tree.delete(path);
    else tree.set(path, { mode: after.mode, content: after.content.toString('latin1') });
  }
  return { applied: placement.ok, tree, intrusion: null, time };
}

const environment = (dir: string) => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  GIT_CEILING_DIRECTORIES: dirname(dir),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
});
const run = (dir: string, argv: string[], input: Buffer) =>
  spawnSync(argv[0] as string, argv.slice(1), { cwd: dir, input, env: environment(dir), timeout: 60_000 }).status === 0;

export const gitApply: Engine = {
  name: 'git apply',
  apply: async (dir, patch) => run(dir, ['git', 'apply', '-'], patch),
};

const gnuPatch: Engine = {
  name: 'patch -F3',
  apply: async (dir, patch) => {
    const argv = ['patch', '-p1', '-F3', '--batch', '--forward', '--no-backup-if-mismatch', '--reject-file=-'];
    return run(dir, [...argv, '--dry-run'], patch) && run(dir, argv, patch);
  },
};

interface JsDiff {
  parsePatch(text: string): Array<{ oldFileName?: string; newFileName?: string; hunks: unknown[] }>;
  applyPatch(source: string, patch: unknown, options: { fuzzFactor: number }): string | false;
}

/** Ours first, then the peers that are here, and a sentence for each that is not. */
export async function findEngines(): Promise<{ engines: Engine[]; missing: string[] }> {
  const engines: Engine[] = [ours, gitApply];
  const missing: string[] = [];
  if (spawnSync('patch', ['--version']).status === 0) engines.push(gnuPatch);
  else missing.push('GNU patch is not installed (apt-get install patch)');
  const library = (await import('diff').catch(() => null)) as JsDiff | null;
  if (library !== null) engines.push(jsDiff(library));
  else missing.push('the package diff is not installed (npm ci)');
  return { engines, missing };
}

/** The names as a user of the library would take them: without a/ and b/, /dev/null for nothing. */
function jsDiff(library: JsDiff): Engine {
  const nameOf = (name: string | undefined) =>
    name === undefined || name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
  return {
    name: 'jsdiff fuzz 3',
    apply: async (dir, patch) => {
      try {
        const parts = library.parsePatch(patch.toString('utf8')).filter((part) => part.hunks.length > 0);
        const writes = parts.map((part) => {
          const [from, to] = [nameOf(part.oldFileName), nameOf(part.newFileName)];
          const source = from === null ? '' : readFileSync(join(dir, from), 'utf8');
          const result = library.applyPatch(source, part, { fuzzFactor: 3 });
          if (result === false) throw new Error('refused');
          return { from, to, result };
        });
        for (const { from, to, result } of writes) {
          if (from !== null && from !== to) rmSync(join(dir, from));
          if (to === null) continue;
          mkdirSync(dirname(join(dir, to)), { recursive: true });
          writeFileSync(join(dir, to), result);
        }
        return writes.length > 0;
      } catch {
        return false;
      }
    },
  };
}
