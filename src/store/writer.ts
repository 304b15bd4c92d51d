/**
 * Appending as this replica: who we are and the number of the next record. Rule: one writer at a time per clone, so
 * that numbers rise strictly and looking before appending is safe; the number is on the disk before it is used.
 */
import { join } from 'node:path';
import { AmbientError, randomId } from '../base/index.ts';
import type { Repository } from '../git/index.ts';
import { decodeRecords, type RecordFamilies } from '../records/index.ts';
import { readText, replaceFile } from './disk.ts';
import { createLock, withLock } from './lock.ts';
import { refNames } from './refs.ts';
import { readTelemetryText } from './telemetry-files.ts';

const KEY = 'ambient.replica';

export interface Writer {
  /** The replica's name, or null when this clone never wrote. */
  known(): Promise<string | null>;
  /** The replica's name, minted when there is none. */
  replica(): Promise<string>;
  /** Runs `work` as the only writer of this clone. `next` gives the following numbers, as many as asked for. */
  alone<T>(work: (writer: { replica: string; next: (count: number) => Promise<number[]> }) => Promise<T>): Promise<T>;
}

export function createWriter(repository: Repository, dir: string): Writer {
  const lock = createLock(join(dir, 'writing'));
  const counter = join(dir, 'seq');
  let name: string | null = null;

  let asked = false;
  const known = async () => {
    // Where there was none, another process may have minted one since.
    const fresh = asked;
    asked = true;
    name ??= checkName(await repository.config.get(KEY, { fresh }));
    return name;
  };
  const mint = async () => {
    asked = true;
    const found = await known();
    if (found !== null) return found;
    await repository.config.set(KEY, randomId());
    const minted = await known();
    if (minted !== null) return minted;
    throw new AmbientError('no-replica', `git did not keep ${KEY}`, { kind: 'environment' });
  };
  const next = async (replica: string, count: number) => {
    const last = parseCounter(await readText(counter)) ?? (await highestWritten(repository, replica));
    if (count > 0) await replaceFile(counter, `${last + count}\n`, { durable: true });
    return Array.from({ length: count }, (_, index) => last + 1 + index);
  };
  const alone: Writer['alone'] = (work) =>
    withLock(lock, async () => {
      const replica = await mint();
      return work({ replica, next: (count) => next(replica, count) });
    });
  return { known, replica: async () => (await known()) ?? alone(async ({ replica }) => replica), alone };
}

function checkName(name: string | null): string | null {
  if (name === null || refNames.parseNotes(refNames.evaluations(name)) !== null) return name;
  throw new AmbientError('bad-replica', `git config ${KEY} is ${JSON.stringify(name)}, which cannot name a ref`, {
    kind: 'config',
    hint: `run \`git config --unset ${KEY}\`; a new name is made at the next write`,
  });
}

function parseCounter(text: string | null): number | null {
  const value = /^\d{1,15}\n$/.test(text ?? '') ? Number(text) : null;
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

/** The counter is disposable: what was written tells where it stood. */
async function highestWritten(repository: Repository, replica: string): Promise<number> {
  const highest = (family: keyof RecordFamilies, texts: string[]) =>
    texts
      .flatMap((text) => decodeRecords(family, text).records as Array<{ seq: number }>)
      .reduce((top, record) => Math.max(top, record.seq), 0);
  const names = [refNames.evaluations(replica), refNames.archive(replica), refNames.telemetry(replica)] as const;
  const there = new Set((await repository.refs.list(...names)).map(({ ref }) => ref));
  const [evaluations, archive, telemetry] = await Promise.all([
    there.has(names[0]) ? repository.refs.notes(names[0]) : [],
    there.has(names[1]) ? repository.refs.notes(names[1]) : [],
    there.has(names[2]) ? readTelemetryText(repository, replica) : [],
  ]);
  return Math.max(
    highest(
      'evaluation',
      evaluations.map(({ text }) => text),
    ),
    highest(
      'archive',
      archive.map(({ text }) => text),
    ),
    highest(
      'telemetry',
      telemetry.map(({ text }) => text),
    ),
  );
}
