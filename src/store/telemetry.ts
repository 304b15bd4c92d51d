/**
 * The telemetry branch of this clone: one file a day. Rule: a new day begins a new file, so appending stays cheap; only
 * re-rooting frees anything, so retention makes a new root of the days that are kept.
 */
import { isoTime } from '../base/index.ts';
import type { NewCommit, Repository, Writes } from '../git/index.ts';
import { decodeRecords, encodeRecord, makeRecord, type TelemetryContent } from '../records/index.ts';
import { refNames } from './refs.ts';
import { CURRENT, dayFile, readTelemetryAt, readTelemetryText, type TelemetryFile } from './telemetry-files.ts';
import type { Store } from './types.ts';
import type { Writer } from './writer.ts';

const DAY = 24 * 60 * 60 * 1000;
const AUTHOR = { name: 'git-ambient', email: 'noreply@git-ambient.invalid' };

export function createTelemetry(repository: Repository, writer: Writer, now: () => number): Store['telemetry'] {
  return {
    append: async (contents) => {
      if (contents.length === 0) return;
      await writer.alone(async (as) => repository.transact(await telemetryWrites(repository, as, contents, now())));
    },
    read: async ({ kind, since } = {}) => {
      const replica = await writer.known();
      const files = replica === null ? [] : await readTelemetryText(repository, replica);
      return files
        .filter(({ day }) => day === null || since === undefined || day >= since.slice(0, 10))
        .flatMap(({ text }) => decodeRecords('telemetry', text).records)
        .filter((line) => (kind === undefined || line.kind === kind) && (since === undefined || line.at >= since));
    },
    retain: async (days) => {
      const replica = await writer.known();
      if (replica === null || (await repository.refs.look(refNames.telemetry(replica))) === null) return;
      const oldest = dayOf(now() - days * DAY);
      await writer.alone(() => dropDays(repository, refNames.telemetry(replica), oldest, now()));
    },
  };
}

/** What appends `contents` to the file of the day, as the only writer. @param at milliseconds since the epoch. */
export async function telemetryWrites(
  repository: Repository,
  { replica, next }: { replica: string; next: (count: number) => Promise<number[]> },
  contents: readonly TelemetryContent[],
  at: number,
): Promise<Writes> {
  if (contents.length === 0) return {};
  const ref = refNames.telemetry(replica);
  const numbers = await next(contents.length);
  const lines = contents.map((content, index) =>
    encodeRecord(makeRecord(content, { seq: numbers[index] as number, at })),
  );
  const tip = await repository.refs.look(ref);
  const finished = tip === null ? null : await finishedDay(repository, tip, dayOf(at));
  if (tip === null || finished === null) return { files: [{ ref, path: CURRENT, lines }] };
  const files = [finished, { path: CURRENT, text: joinLines(lines) }];
  return filesCommit({ ref, tip, parents: [tip], from: tip, files, time: at });
}

/** The current file under the name of its day, when that day is over. A clock that was set back finishes nothing. */
async function finishedDay(repository: Repository, tip: string, today: string) {
  const current = (await repository.objects.blobAt(tip, CURRENT))?.content.toString() ?? '';
  const day = dayOfText(current);
  if (day === null || day >= today) return null;
  const earlier = (await repository.objects.blobAt(tip, dayFile(day)))?.content.toString() ?? '';
  return { path: dayFile(day), text: earlier + current };
}

async function dropDays(repository: Repository, ref: string, oldest: string, time: number): Promise<void> {
  const tip = await repository.refs.look(ref);
  if (tip === null) return;
  const files = await readTelemetryAt(repository, tip);
  const isKept = (file: TelemetryFile) => (file.day ?? dayOfText(file.text) ?? oldest) >= oldest;
  const kept = files.filter(isKept);
  if (kept.length === files.length) return;
  if (kept.length === 0) await repository.transact({ refs: [{ ref, to: null, old: tip }] });
  else await repository.transact(filesCommit({ ref, tip, parents: [], from: null, files: kept, time }));
}

function filesCommit(input: {
  ref: string;
  tip: string;
  parents: string[];
  from: string | null;
  files: Array<{ path: string; text: string }>;
  time: number;
}): Writes {
  const commit: NewCommit = {
    key: 'telemetry',
    parents: input.parents,
    from: input.from,
    files: input.files.map(({ path, text }) => ({ path, mode: '100644', content: Buffer.from(text) })),
    author: AUTHOR,
    committer: AUTHOR,
    time: Math.floor(input.time / 1000),
    message: 'Telemetry\n',
  };
  return { commits: [commit], refs: [{ ref: input.ref, to: { key: 'telemetry' }, old: input.tip }] };
}

/** The latest day of a file: a clock that was set back leaves earlier lines behind later ones. */
function dayOfText(text: string): string | null {
  const days = decodeRecords('telemetry', text).records.map((line) => line.at.slice(0, 10));
  return days.sort().at(-1) ?? null;
}

function dayOf(ms: number): string {
  return isoTime(ms).slice(0, 10);
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
