/**
 * Advisories from a mirror (`agents.SecurityGuardian.osv_mirror`): archives of OSV, fetched when a person or their timer asks for
 * it. Rule: only addresses of the trusted configuration are asked, nothing of the repository is told, and a snapshot is replaced
 * by a whole one or not at all.
 */
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, digest, randomId, redact } from '../../base/index.ts';
import { dependencies } from '../../specialists/index.ts';
import type { Crew } from '../open.ts';
import { entriesOf } from './zip.ts';

export interface MirrorRow {
  source: string;
  /** `current`: the mirror has nothing newer. `failed`: what was there before stays. */
  outcome: 'updated' | 'current' | 'failed';
  /** Records that say something of npm, PyPI or Go, in the snapshot as it is now. */
  advisories: number;
  /** ISO 8601; null: never fetched. */
  fetched_at: string | null;
  reason: string | null;
}

export interface MirrorLimits {
  /** Milliseconds for one archive. */
  timeout: number;
  /** Bytes of one archive, and of what is in it. */
  bytes: number;
}

const LIMITS: MirrorLimits = { timeout: 10 * 60_000, bytes: 512 * 1024 ** 2 };
/** Bytes of one record; what is larger is none that a person wrote. */
const LARGEST_RECORD = 16 * 1024 ** 2;

interface Memo {
  source: string;
  etag: string | null;
  fetched_at: string;
  advisories: number;
}

/** Where the snapshots of the mirrors in force are; they need not be there yet. */
export function mirrorFiles(crew: Crew): Array<{ source: string; path: string }> {
  return crew.config.agents.SecurityGuardian.osv_mirror.map((source) => ({ source, path: fileOf(crew, source) }));
}

/** What is known of each mirror, without asking it. */
export async function mirrorState(crew: Crew): Promise<MirrorRow[]> {
  return Promise.all(
    mirrorFiles(crew).map(async ({ source, path }) => {
      const memo = await memoOf(path);
      const { advisories = 0, fetched_at = null } = memo ?? {};
      return { source: shown(source), outcome: 'current' as const, advisories, fetched_at, reason: null };
    }),
  );
}

/** Asks each mirror in force. A failure is a row, never an exception; `aborted` is one. */
export async function updateMirrors(crew: Crew, limits: MirrorLimits = LIMITS): Promise<MirrorRow[]> {
  const rows: MirrorRow[] = [];
  for (const { source, path } of mirrorFiles(crew)) {
    crew.log.progress(`fetching ${shown(source)}`);
    const before = await memoOf(path);
    try {
      const memo = await update(crew, { source, path, before }, limits);
      const row = { source: shown(source), advisories: memo.advisories, fetched_at: memo.fetched_at, reason: null };
      rows.push({ ...row, outcome: memo === before ? 'current' : 'updated' });
    } catch (error) {
      crew.signal.throwIfAborted();
      const { advisories = 0, fetched_at = null } = before ?? {};
      rows.push({ source: shown(source), outcome: 'failed', advisories, fetched_at, reason: reasonOf(error, limits) });
    }
  }
  return rows;
}

interface Asked {
  source: string;
  path: string;
  before: Memo | null;
}

async function update(crew: Crew, { source, path, before }: Asked, limits: MirrorLimits): Promise<Memo> {
  const got = source.startsWith('/') ? await fromDisk(source, limits) : await fromServer(crew, source, before, limits);
  if (got === null && before !== null) return before;
  if (got === null) throw failure('it says that nothing changed, and nothing was fetched before');
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomId(8)}`;
  try {
    const advisories = await writeRecords(crew, got.zip, aside, limits);
    if (advisories === 0) throw failure('it holds no record about npm, PyPI or Go');
    await rename(aside, path);
    const memo = { source: shown(source), etag: got.etag, fetched_at: new Date().toISOString(), advisories };
    await writeWhole(`${path}.memo`, JSON.stringify(memo));
    return memo;
  } finally {
    await rm(aside, { force: true });
  }
}

interface Archive {
  zip: Buffer;
  etag: string | null;
}

async function fromDisk(path: string, { bytes }: MirrorLimits): Promise<Archive> {
  const info = await stat(path);
  if (!info.isFile()) throw failure('it is no file');
  if (info.size > bytes) throw tooLarge(bytes);
  return { zip: await readFile(path), etag: null };
}

/** Null: nothing newer. */
async function fromServer(crew: Crew, url: string, before: Memo | null, limits: MirrorLimits): Promise<Archive | null> {
  const signal = AbortSignal.any([crew.signal, AbortSignal.timeout(limits.timeout)]);
  const headers = { 'user-agent': 'git-ambient', ...(before?.etag ? { 'if-none-match': before.etag } : {}) };
  // Another address than the one that is trusted is not asked.
  const response = await fetch(url, { redirect: 'manual', signal, headers });
  if (response.status === 304) return null;
  if (response.status !== 200) {
    await response.body?.cancel();
    const where = response.headers.get('location');
    throw failure(`it answers ${response.status}${where === null ? '' : `, with another address: ${shown(where)}`}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limits.bytes) throw tooLarge(limits.bytes);
    chunks.push(chunk);
  }
  return { zip: Buffer.concat(chunks), etag: response.headers.get('etag') };
}

/** One understood record a line; returns how many. */
async function writeRecords(crew: Crew, zip: Buffer, path: string, { bytes }: MirrorLimits): Promise<number> {
  const index = dependencies.indexAdvisories();
  const file = await open(path, 'wx', 0o600);
  try {
    let [count, left, lines] = [0, bytes, ''];
    for (const entry of entriesOf(zip)) {
      if (!entry.name.endsWith('.json')) continue;
      if (entry.size > LARGEST_RECORD) throw failure(`${JSON.stringify(entry.name)} in it is larger than a record`);
      left -= entry.size;
      if (left < 0) throw tooLarge(bytes);
      const record = recordIn(entry.read(), entry.name);
      if (!index.add(record)) continue;
      index.all.clear();
      count += 1;
      lines += `${JSON.stringify(record)}\n`;
      if (lines.length < 1024 ** 2) continue;
      await file.appendFile(lines);
      lines = '';
      crew.signal.throwIfAborted();
    }
    await file.appendFile(lines);
    await file.sync();
    return count;
  } finally {
    await file.close();
  }
}

/** Of a record, what is read of it. */
function recordIn(bytes: Buffer, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw failure(`${JSON.stringify(name)} in it is no JSON`);
  }
  const { details: _, references: __, credits: ___, ...rest } = (value ?? {}) as Record<string, unknown>;
  return rest;
}

function fileOf(crew: Crew, source: string): string {
  return join(crew.store.dir, 'advisories', `${digest([source], 16)}.jsonl`);
}

async function memoOf(path: string): Promise<Memo | null> {
  // One without the other is nothing.
  if ((await stat(path).catch(() => null)) === null) return null;
  try {
    return JSON.parse(await readFile(`${path}.memo`, 'utf8')) as Memo;
  } catch {
    return null;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** Without what may be a password in it. */
function shown(source: string): string {
  return redact(source.replace(/\?.*$/s, '')).slice(0, 300);
}

function reasonOf(error: unknown, { timeout }: MirrorLimits): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it is not whole after ${Math.round(timeout / 1000)} s`;
  const cause = error.cause instanceof Error && !(error instanceof AmbientError) ? `: ${error.cause.message}` : '';
  return redact(`${error.message}${cause}`).slice(0, 300);
}

function failure(why: string): AmbientError {
  return new AmbientError('bad-mirror', why, { kind: 'environment' });
}

function tooLarge(bytes: number): AmbientError {
  return failure(`it holds more than ${Math.round(bytes / 1024 ** 2)} MiB`);
}
