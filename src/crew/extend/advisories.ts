/**
 * Dependency advisories from snapshots on this machine (`agents.SecurityGuardian.osv_snapshot`, and what mirrors gave). Rule:
 * nothing is fetched here; what cannot be read is said, and says nothing of any version.
 */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AmbientError, redact } from '../../base/index.ts';
import type { TreeEntry } from '../../git/index.ts';
import { rank } from '../../policy/index.ts';
import type { SpecialistName } from '../../records/index.ts';
import { type Advisories, type Diagnosed, dependencies, type Rule } from '../../specialists/index.ts';
import { type Crew, once } from '../open.ts';
import { orMissing } from '../sources.ts';
import { configurationFilesOf } from './configuration.ts';
import { liftNpm } from './lift-npm.ts';
import { mirrorFiles } from './mirror.ts';

export interface AdvisoryReport {
  found: Diagnosed[];
  rules: Rule[];
  missing: Array<{ specialist: SpecialistName; paths: string[]; reason: string }>;
  /** Lock files that were looked at. */
  files: number;
}

export interface Snapshot {
  advisories: Advisories;
  /** Records that say something of npm, PyPI or Go. */
  count: number;
  /** Files that are no JSON. */
  unread: number;
  /** When the newest record was changed; '' where none says. */
  newest: string;
  /** Sources that could not be read, beside others that could. */
  lost: AmbientError[];
}

const MIB = 1024 ** 2;
const MOST_BYTES = 512 * MIB;
const MOST_FILES = 300_000;
const LARGEST_LOCK = 32 * MIB;
/** Not `SecurityGuardian`: its rules work all the same. */
const NAME = 'Advisories';
type Advice = ReturnType<typeof dependencies.adviseOn>;

/** Where advisories are to be looked for, for people; '' where there are none, or dependencies are left alone. */
export function snapshotPath({ agents }: Crew['config']): string {
  const { osv_snapshot: path, osv_mirror: mirrors, scan_dependencies: wanted } = agents.SecurityGuardian;
  if (!wanted || !agents.enabled.includes('SecurityGuardian')) return '';
  const count = mirrors.length === 1 ? 'a mirror' : `${mirrors.length} mirrors`;
  return [...(path === '' ? [] : [path]), ...(mirrors.length === 0 ? [] : [count])].join(' and ');
}

/** Looks up what the lock files among `entries` pin. `mendIn`: the tree whose lock files are lifted where that can be done. */
export async function adviseOnLocks(
  crew: Crew,
  entries: readonly TreeEntry[],
  mendIn: string | null = null,
): Promise<AdvisoryReport> {
  const report: AdvisoryReport = { found: [], rules: [], missing: [], files: 0 };
  const locks = entries.filter(({ path, mode }) => mode.startsWith('100') && dependencies.isLockFile(path));
  if (snapshotPath(crew.config) === '' || locks.length === 0) return report;
  const lost = (paths: string[], reason: string) => report.missing.push({ specialist: NAME, paths, reason });
  let snapshot: Snapshot;
  try {
    snapshot = await snapshotOf(crew);
  } catch (error) {
    if (!(error instanceof AmbientError)) throw error;
    lost(
      locks.map(({ path }) => path),
      error.message,
    );
    return report;
  }
  // Without a file: the others gave their answer about all of them.
  for (const { message } of snapshot.lost) lost([], message);
  const least = rank(crew.config.agents.SecurityGuardian.severity_threshold);
  for (const { path, oid } of locks) {
    const bytes = await crew.repository.objects.blob(oid).catch(orMissing);
    if (bytes === null || bytes.length > LARGEST_LOCK) {
      lost([path], bytes === null ? 'its content is not in this clone' : 'it is larger than 32 MiB');
      continue;
    }
    const file = { path, blob: oid, text: bytes.toString('utf8') };
    const advice = dependencies.adviseOn(file, snapshot.advisories);
    if (mendIn !== null) await liftAll(crew, mendIn, { ...file, advice, advisories: snapshot.advisories });
    const { found, rules, unread } = advice;
    if (unread) lost([path], `${path} is no lock file that can be read (of npm: version 2 or 3)`);
    report.found.push(...found.filter(({ finding }) => rank(finding.severity) >= least));
    report.rules.push(...rules);
    report.files += 1;
  }
  return report;
}

/** Lock files for which npm is asked, one package at a time. */
const MOST_LIFTS = 20;

async function liftAll(
  crew: Crew,
  tree: string,
  { advice, advisories, ...file }: { path: string; blob: string; text: string; advice: Advice; advisories: Advisories },
): Promise<void> {
  const read = async (path: string) => {
    const found = await crew.repository.objects.blobAt(tree, path).catch(orMissing);
    return found === null ? null : { blob: found.oid, text: found.content.toString('utf8') };
  };
  const isBad = (name: string, version: string) =>
    dependencies.isKnownBad(advisories, { ecosystem: 'npm', name, version });
  for (const { at, lift, done } of advice.lifts.slice(0, MOST_LIFTS)) {
    const one = advice.found[at];
    if (one === undefined) continue;
    crew.log.progress(`asking npm for ${lift.name} ${lift.to}`);
    const key = `lift ${file.blob} ${tree} ${file.path} ${lift.name} ${lift.from} ${lift.to}`;
    const edits = await once(crew, key, () => liftNpm(crew, { ...file, read, isBad }, lift));
    if (typeof edits === 'string') one.finding.message += `; it is not done here: ${edits}`;
    else {
      advice.found[at] = { finding: { ...one.finding, message: done.message, fixable: true }, edits };
      advice.rules[at] = done.rule;
    }
  }
}

/** Read once. @throws AmbientError `no-snapshot` (config) where no source could be read. */
export function snapshotOf(crew: Crew): Promise<Snapshot> {
  return once(crew, 'advisories', async () => {
    const { osv_snapshot: path } = crew.config.agents.SecurityGuardian;
    const index = dependencies.indexAdvisories();
    const snapshot: Snapshot = { advisories: index.all, count: 0, unread: 0, newest: '', lost: [] };
    const take = (text: string) => {
      const records = recordsIn(text);
      if (records === null) snapshot.unread += 1;
      for (const record of records ?? []) {
        if (!index.add(record)) continue;
        snapshot.count += 1;
        const { modified } = record as { modified?: unknown };
        if (typeof modified === 'string' && modified > snapshot.newest) snapshot.newest = modified;
      }
    };
    const sources = [
      ...(path === '' ? [] : [() => readSnapshot(crew, path, take)]),
      ...mirrorFiles(crew).map((mirror) => () => readMirror(mirror, take)),
    ];
    for (const read of sources)
      await read().catch((error: unknown) => {
        if (!(error instanceof AmbientError)) throw error;
        snapshot.lost.push(error);
      });
    const [first] = snapshot.lost;
    if (first && snapshot.lost.length === sources.length) throw first;
    return snapshot;
  });
}

async function readSnapshot(crew: Crew, path: string, take: (text: string) => void): Promise<void> {
  if (!path.startsWith('.ambient/')) return readHost(path, take);
  // Versioned with the code: as it was trusted.
  const own = await configurationFilesOf(crew);
  const files = own.filter((file) => isSnapshotFile(file.path) && isBelow(file.path, path));
  if (files.length === 0) throw noSnapshot(path, 'the trusted configuration has no such file');
  for (const { content } of files) take(content.toString('utf8'));
}

const isSnapshotFile = (path: string) => /\.(json|jsonl)$/.test(path);
const isBelow = (path: string, root: string) => path === root || path.startsWith(`${root.replace(/\/+$/, '')}/`);

async function readMirror({ source, path }: { source: string; path: string }, take: (text: string) => void) {
  const text = await readText(path).catch(() => null);
  if (text === null)
    throw noSnapshot(redact(source), 'they were not fetched yet', null, 'git ambient advisories --update');
  take(text);
}

async function readHost(path: string, take: (text: string) => void): Promise<void> {
  let left = MOST_BYTES;
  let files = 0;
  const walk = async (at: string): Promise<void> => {
    const info = await stat(at);
    if (info.isDirectory()) {
      for (const name of (await readdir(at)).sort()) if (!name.startsWith('.')) await walk(join(at, name));
    } else if (info.isFile() && (at === path || isSnapshotFile(at))) {
      files += 1;
      left -= info.size;
      if (left < 0 || files > MOST_FILES) throw noSnapshot(path, 'it holds more than 512 MiB or 300,000 files');
      take(await readText(at));
    }
  };
  try {
    await walk(path);
  } catch (error) {
    if (error instanceof AmbientError) throw error;
    throw noSnapshot(path, (error as Error).message, error);
  }
  if (files === 0) throw noSnapshot(path, 'it holds no .json file');
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    return await readFile(file, 'utf8');
  } finally {
    await file.close();
  }
}

/** One record, a list of them, `{"vulns": [...]}`, or one for each line. */
function recordsIn(text: string): unknown[] | null {
  const value = parsed(text);
  if (value !== undefined) {
    const { vulns } = (value ?? {}) as { vulns?: unknown };
    return Array.isArray(value) ? value : Array.isArray(vulns) ? vulns : [value];
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const records = lines.length > 1 ? lines.map(parsed) : [];
  return records.length === 0 || records.includes(undefined) ? null : records;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SET = 'set agents.SecurityGuardian.osv_snapshot to a file or folder of OSV records on this machine';

function noSnapshot(path: string, why: string, cause?: unknown, hint = SET): AmbientError {
  const message = `the advisories in ${path} cannot be read: ${why}`;
  return new AmbientError('no-snapshot', message, { kind: 'config', hint, cause });
}
