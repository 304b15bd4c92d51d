/**
 * What a runner puts in order before it goes. Rule: under the lock, with no cycle under way, so that nothing that is taken
 * away belongs to anybody; never in a hook.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { refNames } from '../store/index.ts';
import { thisMachine } from './machine.ts';
import { reasonToYield } from './manners.ts';
import { type Crew, slotsDir } from './open.ts';
import { releaseClosed } from './release.ts';

/** Loose refs from which on packing them pays. */
const MANY = 64;
/** Days that a kept result is of use: trees change faster. */
const CACHED_DAYS = 14;

/** Drafts that no cycle will ever publish: their journal is gone. */
export async function dropStrayDrafts(crew: Crew): Promise<void> {
  // No old value: one that somebody else has just dropped is dropped.
  const refs = (await crew.repository.refs.list(refNames.drafts)).map(({ ref }) => ({ ref, to: null }));
  if (refs.length > 0) await crew.repository.transact({ refs });
}

/** What a killed process judged: nobody else may ever judge anything again. */
export async function emptyStraySlots(crew: Crew): Promise<void> {
  const dir = slotsDir(crew);
  const left = await readdir(dir).catch(() => []);
  if (left.length > 0) await (await import('../evaluate/index.ts')).emptySlots(dir);
}

export async function tidyUp(crew: Crew): Promise<void> {
  const { store, repository, config } = crew;
  await releaseClosed(crew);
  await store.telemetry.retain(config.telemetry.retention_days);
  await store.cache.expire(CACHED_DAYS);
  // A person who waits for the answer does not wait for this; and it can wait for the mains.
  if (!crew.considerate || reasonToYield(thisMachine) !== null) return;
  if ((await looseRefs(crew)) > MANY) await repository.upkeep.packRefs();
  await repository.upkeep.maintain();
}

async function looseRefs(crew: Crew): Promise<number> {
  const dir = join(crew.repository.info.commonDir, refNames.proposals);
  return (await readdir(dir).catch(() => [])).length;
}
