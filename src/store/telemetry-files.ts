/** The files of a telemetry branch, read. Rule: the current day last; what is not named like one of ours is not ours. */
import type { Repository } from '../git/index.ts';
import { refNames } from './refs.ts';

export const CURRENT = 'telemetry.jsonl';

export interface TelemetryFile {
  path: string;
  /** `YYYY-MM-DD`, or null for the current file. */
  day: string | null;
  text: string;
}

export const dayFile = (day: string): string => `telemetry-${day}.jsonl`;

export async function readTelemetryText(repository: Repository, replica: string): Promise<TelemetryFile[]> {
  const tip = await repository.refs.look(refNames.telemetry(replica));
  return tip === null ? [] : readTelemetryAt(repository, tip);
}

export async function readTelemetryAt(repository: Repository, tip: string): Promise<TelemetryFile[]> {
  const { tree } = await repository.objects.commit(tip);
  const entries = (await repository.trees.list(tree)).flatMap(({ path, oid }) => {
    const match = /^telemetry(?:-(\d{4}-\d\d-\d\d))?\.jsonl$/.exec(path);
    return match ? [{ path, oid, day: match[1] ?? null }] : [];
  });
  const files = await Promise.all(
    entries.map(async ({ path, oid, day }) => ({ path, day, text: (await repository.objects.blob(oid)).toString() })),
  );
  return files.sort((a, b) => ((a.day ?? '~') < (b.day ?? '~') ? -1 : 1));
}
