/** Moving in and out of a clone, apart from the hook. Rule: what init adds, uninstall takes away, byte for byte. */
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recoverLanding } from './landing.ts';
import type { Crew } from './open.ts';
import { writePushList } from './push-list.ts';
import { busy } from './runner.ts';
import { inTurn } from './turn.ts';

/** Milliseconds. */
const PATIENCE = 60_000;

/** Names this clone, and remembers where it stands: commits made from now on are the work, those before the backlog. */
export async function beginWatching(crew: Crew): Promise<void> {
  await crew.store.replica();
  await writePushList(crew);
  const state = await crew.store.state.read();
  if (state.cursor !== null) return;
  const { cursor } = await crew.repository.history.madeHere(null);
  await crew.store.state.update((next) => {
    next.cursor = cursor;
  });
}

/**
 * Removes local files and settings; refs only with `purge`. Returns how many refs of proposals and records there were.
 * @throws AmbientError `busy` (environment) while a runner goes on working: it would write all of it again.
 */
export async function forget(crew: Crew, options: { purge: boolean }): Promise<{ refs: number; purged: boolean }> {
  const lock = await lockInTime(crew);
  try {
    await recoverLanding(crew);
    return await inTurn(crew, () => removeAll(crew, options));
  } finally {
    await lock.release();
  }
}

/** The runner that the last commit woke is let finish: it is niced, and small work takes it seconds. */
async function lockInTime(crew: Crew) {
  const deadline = performance.now() + PATIENCE;
  for (let told = false; ; told = true) {
    const lock = await crew.store.lock.acquire();
    if (lock !== null) return lock;
    if (performance.now() > deadline) throw await busy(crew);
    if (!told) crew.log.warn('a runner is at work: waiting until it is done');
    await sleep(50);
  }
}

async function removeAll(crew: Crew, options: { purge: boolean }): Promise<{ refs: number; purged: boolean }> {
  const { repository, store } = crew;
  const refs = [
    ...(await repository.refs.list('refs/ambient/')),
    ...(await repository.refs.list('refs/notes/ambient/')),
  ];
  const trusted = refs.filter((item) => item.ref === 'refs/ambient/trusted');
  const records = refs.filter((item) => item.ref !== 'refs/ambient/trusted');
  const doomed = options.purge ? refs : trusted;
  if (doomed.length > 0)
    await repository.transact({ refs: doomed.map(({ ref, oid }) => ({ ref, old: oid, to: null })) });
  await repository.config.unset('ambient.trust');
  await repository.config.unset('ambient.replica');
  await rm(store.dir, { recursive: true, force: true });
  for (const dir of ['scratch', 'drafts', 'proposals', 'telemetry', 'undo', '.'])
    await rmdir(join(repository.info.commonDir, 'refs/ambient', dir)).catch(() => {});
  return { refs: records.length, purged: options.purge };
}
