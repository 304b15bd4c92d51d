/**
 * Notices that a newer commit made a running cycle obsolete. Rule: only commits made here count, and only those that take
 * the place of the cycle's base: its children, or what it was amended to. Work on another branch goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { refNames } from '../store/index.ts';
import type { Crew } from './open.ts';

export interface Newer {
  /** Fires when the cycle is obsolete, and when the crew is stopped. */
  signal: AbortSignal;
  /** Is there something newer? Never true when the crew was stopped. */
  arrived(): boolean;
  end(): Promise<void>;
}

/** Milliseconds between two looks: a stat and a question to a process that runs anyway. */
const POLL = 300;

/** Looks out for what takes the place of `base` until `end` is called. */
export function lookOut(crew: Crew, base: string): Newer {
  const [work, watch] = [new AbortController(), new AbortController()];
  const stop = () => work.abort(crew.signal.reason);
  if (crew.signal.aborted) stop();
  crew.signal.addEventListener('abort', stop, { once: true });
  let arrived = false;
  const looking = (async () => {
    let last: string | null | undefined;
    while (!watch.signal.aborted && !crew.signal.aborted) {
      const head = await crew.repository.objects.resolve('HEAD');
      const moved = head !== last || (await crew.store.wake.pending());
      last = head;
      if (moved && (await isObsolete(crew, base))) {
        arrived = true;
        return work.abort(new Error('a newer commit came'));
      }
      await sleep(POLL, undefined, { signal: watch.signal }).catch(() => {});
    }
    // Whatever is wrong with the repository, the cycle itself will meet and tell.
  })().catch(() => {});
  return {
    signal: work.signal,
    arrived: () => arrived && !crew.signal.aborted,
    end: async () => {
      watch.abort();
      crew.signal.removeEventListener('abort', stop);
      await looking;
    },
  };
}

async function isObsolete(crew: Crew, base: string): Promise<boolean> {
  const { history } = crew.repository;
  const { cursor } = await crew.store.state.read();
  const newer = (await history.madeHere(cursor)).commits.filter((commit) => commit !== base);
  if (newer.length === 0) return false;
  for (const commit of newer) if (await history.isAncestor(base, commit)) return true;
  return (await history.lost([base], [`${refNames.all}*`])).length > 0;
}
