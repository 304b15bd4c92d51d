/**
 * Opens everything that one command or one runner needs, and closes it again. Rule: reading a repository that was never
 * initialised changes nothing in it; only where proposals were changed, the list for pre-push follows.
 */
import { join, resolve } from 'node:path';
import { AmbientError, type Log, systemClock } from '../base/index.ts';
import { type Config, loadConfig, type Source, type TrustState } from '../config/index.ts';
import { openRepository, type Repository } from '../git/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { noticing } from './noticing.ts';

export interface Crew {
  repository: Repository;
  /** Absolute directory that the user stands in, or named with `-C`. */
  dir: string;
  store: Store;
  config: Config;
  /** Where each effective value came from, by dotted key. */
  sources: Record<string, Source>;
  trust: TrustState;
  /** Oid of the configuration tree that is in force: the trusted one. */
  configuration: string;
  log: Log;
  signal: AbortSignal;
  /** Works by itself, not for a person who waits: gives way to everybody else on this machine. */
  considerate: boolean;
  /** What was opened once and serves the whole process, by name: the sandbox, the checks of a tree. */
  opened: Map<string, Promise<unknown>>;
}

/** Opens what `key` names at most once; a failure is not kept. */
export function once<T>(crew: Crew, key: string, open: () => Promise<T>): Promise<T> {
  const known = crew.opened.get(key) as Promise<T> | undefined;
  if (known) return known;
  const opening = open();
  crew.opened.set(key, opening);
  opening.catch(() => crew.opened.delete(key));
  return opening;
}

export interface OpenOptions {
  /** Any directory of the repository. */
  dir: string;
  log?: Log;
  signal?: AbortSignal;
  /** Dotted configuration keys set on the command line. */
  flags?: Record<string, string>;
  /** The proposals are what it is about. */
  looks?: boolean;
}

/** Nobody listens. */
const silentLog: Log = { progress: () => {}, warn: () => {} };

/** Opens a crew, hands it to `work`, and closes its readers whatever happens. */
export async function withCrew<T>(options: OpenOptions, work: (crew: Crew) => Promise<T>): Promise<T> {
  const signal = options.signal ?? new AbortController().signal;
  const repository = await openRepository(options.dir, { signal });
  try {
    let changed = false;
    const store = noticing(openStore(repository, { now: systemClock.now }), () => {
      changed = true;
    });
    if (options.looks) store.proposals.foresee();
    const { config, sources, trust, inForce } = await loadConfig({
      repository,
      env: process.env,
      flags: options.flags ?? {},
      cache: store.cache,
    });
    const crew: Crew = {
      repository,
      dir: resolve(options.dir),
      store,
      config,
      sources,
      trust,
      configuration: inForce,
      log: options.log ?? silentLog,
      signal,
      considerate: false,
      opened: new Map(),
    };
    try {
      return await work(crew);
    } finally {
      const workers = (await crew.opened.get('workers')) as { close(): void } | undefined;
      workers?.close();
      // Nothing of the code that was judged lies about when nobody judges it.
      if (crew.opened.has('slots')) await (await import('../evaluate/index.ts')).emptySlots(slotsDir(crew));
      if (changed && !signal.aborted) await (await import('./push-list.ts')).writePushList(crew);
    }
  } finally {
    await repository.close();
  }
}

/** Where trees are judged. */
export function slotsDir(crew: Crew): string {
  return join(crew.store.dir, 'slots');
}

/** The worktree that the user stands in. @throws AmbientError `bare-repository` (user). */
export function workTreeOf(crew: Crew): string {
  const { workTree, gitDir } = crew.repository.info;
  if (workTree === null)
    throw new AmbientError('bare-repository', `${gitDir} is bare: there is no working tree to work on`, {
      kind: 'user',
      hint: 'run this in a clone or a linked worktree of it',
    });
  return workTree;
}

/** Oid of HEAD's commit. @throws AmbientError `no-commit` (user) on an unborn branch. */
export async function headOf(crew: Crew): Promise<string> {
  const head = await crew.repository.objects.resolve('HEAD^{commit}');
  if (head === null)
    throw new AmbientError('no-commit', 'this repository has no commit yet', {
      kind: 'user',
      hint: 'commit something first; the crew works on commits',
    });
  return head;
}

/** Resolves what a person typed to a commit. @throws AmbientError `unknown-revision` (user). */
export async function commitOf(crew: Crew, revision: string): Promise<string> {
  const oid = await crew.repository.objects.resolve(`${revision}^{commit}`);
  if (oid === null)
    throw new AmbientError('unknown-revision', `${JSON.stringify(revision)} names no commit here`, {
      kind: 'user',
      hint: 'give a branch, a tag, an oid, or a proposal id from `git ambient list`',
    });
  return oid;
}
