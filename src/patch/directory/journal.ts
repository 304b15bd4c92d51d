/**
 * What a write is about to do, and what stood there before, in one file: a line of JSON, then the old bytes. Rule: it
 * appears complete or not at all, and while it is there the directory may be half-way. It outlives a killed process, not
 * a power cut (git's own writes to a working tree do not either). It holds the user's files: only the user may read it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AmbientError, digest, randomId } from '../../base/index.ts';
import { codeOf, type Disk, type Permissions } from './disk.ts';
import type { Steps } from './steps.ts';

export interface Entry {
  path: string;
  /** Where its new bytes wait, and where its old ones wait on the way back. */
  staged: string;
  restored: string;
  before: (Permissions & { content: Buffer }) | null;
  /** Digest of the bytes that are to stand there. */
  after: string | null;
}

export interface Journal {
  entries: Entry[];
  made: string[];
  removed: Steps['removed'];
  owner: { pid: number; start: string };
}

const NAME = 'ambient-apply';
const VERSION = 1;
/** Milliseconds after which a draft is nobody's. */
const ABANDONED = 600_000;

export function journalPath(state: string): string {
  return join(state, NAME);
}

/** `staged` and `restored` lie in the innermost folder that exists: on the same file system as the file. */
export function planJournal(disk: Disk, top: string, { steps, made, removed }: Steps): Journal {
  const id = randomId(8);
  const coming = new Set([...made, ...removed.map(({ path }) => path)]);
  const entries = steps.map(({ path, before, after }, at): Entry => {
    let folder = dirname(path);
    while (folder !== '.' && (coming.has(folder) || !disk.look(join(top, folder))?.isDirectory()))
      folder = dirname(folder);
    const name = (kind: string) => join(folder, `.ambient-${id}-${at}.${kind}`);
    return {
      path,
      staged: name('new'),
      restored: name('old'),
      before,
      after: after === null ? null : digestOf(after.content),
    };
  });
  return { entries, made, removed, owner: { pid: process.pid, start: startOf(process.pid) } };
}

/** @throws AmbientError `apply-under-way` (environment) when there is one already. */
export function writeJournal(disk: Disk, state: string, journal: Journal): void {
  const blobs: Buffer[] = [];
  const entries = journal.entries.map(({ before, ...entry }) => {
    if (before === null) return { ...entry, before };
    const { content, ...permissions } = before;
    blobs.push(content);
    return { ...entry, before: { ...permissions, length: content.length } };
  });
  const head = JSON.stringify({ v: VERSION, ...journal, entries });
  const draft = join(state, `${NAME}.${randomId(8)}.tmp`);
  const owned = { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  sweep(disk, state);
  let stands = false;
  try {
    disk.create(draft, Buffer.concat([Buffer.from(`${head}\n`), ...blobs]), owned);
    appear(disk, draft, state);
    stands = true;
    if (disk.look(draft) !== null) disk.remove(draft);
  } catch (error) {
    withdraw(disk, draft, state, stands);
    throw codeOf(error) === 'EEXIST' ? underWay(state) : error;
  }
}

/** Takes away the draft, and the journal if it is ours: another process's may stand there. */
function withdraw(disk: Disk, draft: string, state: string, stands: boolean): void {
  const [own, standing] = [disk.look(draft), disk.look(journalPath(state))];
  const same = own !== null && own.ino === standing?.ino && own.dev === standing.dev;
  if (stands || same) disk.remove(journalPath(state));
  if (own !== null) disk.remove(draft);
}

/** By link: of two at once, one fails. Where there are no links a look must do. */
function appear(disk: Disk, draft: string, state: string): void {
  try {
    disk.link(draft, journalPath(state));
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
    if (disk.look(journalPath(state)) !== null) throw underWay(state);
    disk.rename(draft, journalPath(state));
  }
}

/** Drafts of processes that were killed before they had begun. */
function sweep(disk: Disk, state: string): void {
  const drafts = disk.list(state).filter((name) => name.startsWith(`${NAME}.`) && name.endsWith('.tmp'));
  for (const name of drafts) {
    const age = Date.now() - (disk.look(join(state, name))?.mtimeMs ?? Date.now());
    if (age > ABANDONED) disk.remove(join(state, name));
  }
}

export function underWay(state: string): AmbientError {
  return new AmbientError('apply-under-way', 'another patch is being written into this working tree', {
    kind: 'environment',
    hint: 'wait for it and try again',
    data: { journal: journalPath(state) },
  });
}

/** Null: there is none. */
export function readJournal(disk: Disk, state: string): Journal | null {
  if (disk.look(journalPath(state)) === null) return null;
  const bytes = disk.read(journalPath(state));
  const end = bytes.indexOf(10);
  const head = parse(bytes.toString('utf8', 0, Math.max(0, end)));
  if (head === null)
    throw new AmbientError('unknown-journal', `${journalPath(state)} cannot be read by this version`, {
      kind: 'environment',
      hint: 'finish with the version of git-ambient that wrote it, or look at the file and remove it',
    });
  let at = end + 1;
  const entries = head.entries.map(({ before, ...entry }): Entry => {
    if (before === null) return { ...entry, before };
    const { length, ...permissions } = before;
    at += length;
    return { ...entry, before: { ...permissions, content: bytes.subarray(at - length, at) } };
  });
  return { ...head, entries };
}

interface Head extends Omit<Journal, 'entries'> {
  entries: Array<Omit<Entry, 'before'> & { before: (Permissions & { length: number }) | null }>;
}

function parse(line: string): Head | null {
  try {
    const head = JSON.parse(line) as Head & { v: number };
    return head.v === VERSION ? head : null;
  } catch {
    return null;
  }
}

export function digestOf(content: Buffer): string {
  return digest([content], 40);
}

/** Does the process that wrote the journal still live? Our own is not at work while we read. */
export function isAtWork({ pid, start }: Journal['owner']): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** A pid is used again; with the moment at which its process started it is not. Empty where that is not told. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
