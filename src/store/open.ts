/** Puts the parts of the store together. Rule: opening and reading write nothing. */
import { join } from 'node:path';
import { systemClock } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { decodeRecords, orderDecisions } from '../records/index.ts';
import { createAppender } from './append.ts';
import { createCache } from './cache.ts';
import { createJournal } from './journal.ts';
import { createLock } from './lock.ts';
import { readNotes } from './notes.ts';
import { createProposals } from './proposals.ts';
import { refNames } from './refs.ts';
import { createSpool } from './spool.ts';
import { createState } from './state.ts';
import { createTelemetry } from './telemetry.ts';
import { readTelemetryText } from './telemetry-files.ts';
import type { OpenStore } from './types.ts';
import { buildViews } from './views.ts';
import { createWake } from './wake.ts';
import { createWriter, type Writer } from './writer.ts';

/** Opens the store of a repository. Costs nothing: every part reads when it is asked. */
export const openStore: OpenStore = (repository, { now = systemClock.now } = {}) => {
  const dir = join(repository.info.commonDir, 'ambient');
  const writer = createWriter(repository, dir);
  const append = createAppender(repository, writer, now);
  const spool = createSpool(join(dir, 'spool'), now);
  return {
    dir,
    replica: writer.replica,
    proposals: createProposals(repository, writer, append),
    evaluated: append.evaluated,
    decided: append.decided,
    archive: async () =>
      orderDecisions([...(await readNotes(repository, { family: 'archive' })).decisions.values()].flat()),
    telemetry: createTelemetry(repository, writer, now),
    spool,
    wake: createWake(join(dir, 'wake')),
    journal: createJournal(join(dir, 'journal')),
    lock: createLock(join(dir, 'lock')),
    turn: createLock(join(dir, 'turn')),
    state: createState(join(dir, 'state.json')),
    cache: createCache(join(dir, 'cache')),
    health: async () => {
      const lines = await countLines(repository, writer);
      return { unknown: lines.unknown, broken: lines.broken + (await spool.setAside()) };
    },
    write: async (writes) => (await repository.transact(writes)).oids,
  };
};

async function countLines(repository: Repository, writer: Writer): Promise<{ unknown: number; broken: number }> {
  const own = await writer.known();
  const [notes, published, telemetry] = await Promise.all([
    readNotes(repository),
    repository.refs.commits(refNames.proposals),
    own === null ? [] : readTelemetryText(repository, own),
  ]);
  const counts = telemetry.map(({ text }) => decodeRecords('telemetry', text));
  const sum = (key: 'unknown' | 'broken') => counts.reduce((total, count) => total + count[key], notes[key]);
  // A ref that proves nothing is damage; what stands under a good name and cannot be read comes from another version.
  const unproven = published.filter(({ ref, commit }) => !refNames.proves(ref, commit.oid)).length;
  const { skipped } = buildViews(published, notes, own);
  return { unknown: sum('unknown') + skipped - unproven, broken: sum('broken') + unproven };
}
