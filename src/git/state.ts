/** What the user has in hand: HEAD, uncommitted changes, an operation under way. Rule: looks, never touches. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import type { RepositoryInfo, WorkState } from './types.ts';

export function createState(git: GitContext): () => Promise<WorkState> {
  return async () => {
    requireWorkTree(git.info);
    const status = await readStatus(git);
    return {
      head: status.head,
      branch: status.branch,
      dirty: status.entries.map(({ path }) => Buffer.from(path, 'latin1').toString()),
      underWay: underWay(git.info),
    };
  };
}

export function requireWorkTree(info: Pick<RepositoryInfo, 'gitDir' | 'workTree'>): string {
  if (info.workTree !== null) return info.workTree;
  throw new AmbientError('bare-repository', `${info.gitDir} has no working tree`, {
    kind: 'user',
    hint: 'run this in a clone or in a linked worktree',
  });
}

export interface Status {
  head: string | null;
  branch: string | null;
  /** Paths in Latin-1, so that every byte is kept. `ignored` ones only when asked for. */
  entries: Array<{ path: string; kind: 'changed' | 'untracked' | 'ignored' }>;
}

/**
 * The user's own filters stay on: these are the user's files, read as the user's `git status` reads them. With them off
 * every large file of git-lfs would look changed.
 */
export async function readStatus(git: GitContext, options: { ignored?: boolean } = {}): Promise<Status> {
  const args = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'status', '--porcelain=v2', '-z'];
  const ignored = options.ignored ? 'matching' : 'no';
  const show = ['--branch', '--untracked-files=all', `--ignored=${ignored}`, '--no-renames', '--ignore-submodules=all'];
  return parseStatus((await git.plain([...args, ...show])).stdout.toString('latin1'));
}

function parseStatus(text: string): Status {
  const status: Status = { head: null, branch: null, entries: [] };
  for (const line of text.split('\0')) {
    const [mark, name, value = ''] = line.split(' ', 3);
    const add = (path: string, kind: Status['entries'][number]['kind']) => status.entries.push({ path, kind });
    if (mark === '#' && name === 'branch.oid') status.head = value === '(initial)' ? null : value;
    else if (mark === '#' && name === 'branch.head') status.branch = branchOf(line.slice('# branch.head '.length));
    else if (mark === '1') add(afterFields(line, 8), 'changed');
    else if (mark === 'u') add(afterFields(line, 10), 'changed');
    else if (mark === '?') add(line.slice(2), 'untracked');
    else if (mark === '!') add(line.slice(2), 'ignored');
  }
  return status;
}

function branchOf(name: string): string | null {
  return name === '(detached)' ? null : `refs/heads/${Buffer.from(name, 'latin1').toString()}`;
}

function afterFields(line: string, count: number): string {
  let at = 0;
  for (let field = 0; field < count; field += 1) at = line.indexOf(' ', at) + 1;
  return line.slice(at);
}

const SIGNS: ReadonlyArray<readonly [file: string, operation: string]> = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

/** The operation that git has left open, by the files it leaves in the worktree's private directory. */
export function underWay(info: RepositoryInfo): string | null {
  return SIGNS.find(([file]) => existsSync(join(info.gitDir, file)))?.[1] ?? null;
}
