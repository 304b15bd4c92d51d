/**
 * Makes a directory hold exactly one tree. Rule: checks ran in there, so nothing found in it is believed: whatever is
 * not of the tree goes, links are never followed, and no filter of the user's runs. There is no `.git` in it; the index
 * lies beside it, out of a check's reach.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { leadsOutside } from './links.ts';
import { readAs, treeOf } from './objects.ts';
import { type Expected, scrubDirectory } from './scrub.ts';
import { listTree } from './trees.ts';
import type { Oid, RunGit, TreeEntry } from './types.ts';

export function createSlots(git: GitContext): { checkout(dir: string, tree: Oid): Promise<void> } {
  return { checkout: (dir, tree) => checkout(git, dir, tree) };
}

/** Line endings and modes come out the same on every machine; sparse checkouts are the user's, not the slot's. */
const SETTINGS = [
  ...['core.autocrlf=false', 'core.eol=lf', 'core.symlinks=true', 'core.fileMode=true', 'core.ignoreStat=false'],
  ...['core.trustctime=true', 'core.checkStat=default', 'core.sparseCheckout=false', 'core.splitIndex=false'],
  ...['core.untrackedCache=false', 'submodule.recurse=false', 'advice.updateSparsePath=false'],
].flatMap((setting) => ['-c', setting]);

async function checkout(git: GitContext, dir: string, commitOrTree: Oid): Promise<void> {
  const index = `${dir}.index`;
  const run: RunGit = (args, options = {}) =>
    git.onTree([...SETTINGS, `--git-dir=${git.info.gitDir}`, `--work-tree=${dir}`, ...args], {
      cwd: dir,
      ...options,
      env: { GIT_INDEX_FILE: index, ...options.env },
    });
  const { tree, entries } = await admissible(git, await treeOf(git, commitOrTree));
  rmSync(`${index}.lock`, { force: true });
  const args = ['read-tree', '--reset', '-u', tree];
  if (existsSync(index)) {
    prepare(dir, entries);
    if ((await run(args, { ok: [0, 1, 128] })).code === 0) return;
    // The index is damaged, or does not fit what is there: start from nothing.
  }
  rmSync(index, { force: true });
  rmSync(`${index}.lock`, { force: true });
  prepare(dir, []);
  await run(args);
}

function prepare(dir: string, entries: readonly TreeEntry[]): void {
  const expected: Expected = new Map(entries.map(({ path, mode }) => [path, mode]));
  scrubDirectory(dir, expected);
  mkdirSync(dir, { recursive: true });
}

/** The tree without submodules and without links that lead out of it. */
async function admissible(git: GitContext, tree: Oid): Promise<{ tree: Oid; entries: TreeEntry[] }> {
  const entries = await listTree(git, tree, 'latin1');
  const targets = new Map<string, string>();
  const links = entries.filter(({ mode }) => mode === '120000');
  const read = await Promise.all(links.map(({ oid }) => readAs(git, oid, 'blob')));
  for (const [index, { path }] of links.entries()) targets.set(path, read[index]?.content.toString('latin1') ?? '');
  const refused = entries.filter(
    ({ path, mode }) => mode === '160000' || (mode === '120000' && leadsOutside(path, targets)),
  );
  if (refused.length === 0) return { tree, entries };
  const kept = entries.filter((entry) => !refused.includes(entry));
  return { tree: await writeEntries(git, kept), entries: kept };
}

async function writeEntries(git: GitContext, entries: readonly TreeEntry[]): Promise<Oid> {
  const dir = await mkdtemp(join(tmpdir(), 'git-slot-'));
  try {
    const env = { GIT_INDEX_FILE: join(dir, 'index') };
    const lines = entries.map(({ path, mode, oid }) => `${mode} ${oid}\t${path}\0`).join('');
    await git.run(['update-index', '-z', '--index-info'], { env, input: Buffer.from(lines, 'latin1') });
    const written = (await git.run(['write-tree'], { env })).stdout.toString().trim();
    if (/^[0-9a-f]{40,64}$/.test(written)) return written;
    throw new AmbientError('git-failed', `git write-tree printed ${written}`, { kind: 'bug' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
