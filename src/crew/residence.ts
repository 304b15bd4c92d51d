/** Moving in and out of a clone, apart from the hook. Rule: what init adds, uninstall takes away, byte for byte. */
import { rm } from 'node:fs/promises';
import type { Crew } from './open.ts';

/** From now on, commits made in this clone are the work: those before are the backlog. */
export async function beginWatching(crew: Crew): Promise<void> {
  const state = await crew.store.state.read();
  if (state.cursor !== null) return;
  const { cursor } = await crew.repository.history.madeHere(null);
  await crew.store.state.update((next) => {
    next.cursor = cursor;
  });
}

/** Removes local files and settings; refs only with `purge`. Returns how many refs of proposals and records there were. */
export async function forget(crew: Crew, options: { purge: boolean }): Promise<{ refs: number; purged: boolean }> {
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
  return { refs: records.length, purged: options.purge };
}
