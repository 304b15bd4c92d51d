/** What of a tree may stand in a slot. Rule: no submodule, and no link that leads out of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { leadsOutside } from './links.ts';
import { readAs } from './objects.ts';
import { listTree } from './trees.ts';
import type { Oid, TreeEntry } from './types.ts';

const LINK = '120000';
const SUBMODULE = '160000';

/** Whether one of `modes` is of what has to be looked at in the whole tree. */
export function linksAmong(modes: readonly string[]): boolean {
  return modes.some((mode) => mode === LINK || mode === SUBMODULE);
}

/** `tree` without them, and what is in it; paths in Latin-1. */
export async function admissible(git: GitContext, tree: Oid): Promise<{ tree: Oid; entries: TreeEntry[] }> {
  const entries = await listTree(git, tree, 'latin1');
  const targets = new Map<string, string>();
  const links = entries.filter(({ mode }) => mode === LINK);
  const read = await Promise.all(links.map(({ oid }) => readAs(git, oid, 'blob')));
  for (const [index, { path }] of links.entries()) targets.set(path, read[index]?.content.toString('latin1') ?? '');
  const refused = new Set(
    entries.filter(({ path, mode }) => mode === SUBMODULE || (mode === LINK && leadsOutside(path, targets))),
  );
  if (refused.size === 0) return { tree, entries };
  const kept = entries.filter((entry) => !refused.has(entry));
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
