/**
 * What commits of people teach: those of this cycle, and those whose fix was merged before. Rule: a small commit that says
 * that it mends something; never one of ours, a merge, one that takes something back, or one of a machine.
 */
import { isTestPath, languageOf } from '../code/index.ts';
import type { CommitInfo, FileChange } from '../git/index.ts';
import { rejectedFingerprints, standingMerges } from '../memory/index.ts';
import { findLanded } from '../records/index.ts';
import { isFixMessage, isTaught, type Learned, type Lesson, learn, type Taught } from '../specialists/index.ts';
import { type Crew, once } from './open.ts';
import { orMissing } from './sources.ts';

export interface Known {
  lesson: Lesson;
  commit: CommitInfo;
}

/** Commits of one cycle that are read for what they teach, the newest. */
const MOST_COMMITS = 20;
/** Lessons that are remembered, the newest. */
const MOST_REMEMBERED = 50;
/** Lines that a small commit changes in source files, and files. */
const MOST_LINES = 40;
const MOST_FILES = 8;
const LARGEST = 512 * 1024;

/** What the commits after `from` up to `to` teach, newest first; each pattern once. */
export async function lessonsBetween(crew: Crew, from: string, to: string): Promise<Known[]> {
  const commits = (await crew.repository.history.grep(`${from}..${to}`, '^')).slice(0, MOST_COMMITS);
  return distinct(await Promise.all(commits.map((commit) => lessonOf(crew, commit))));
}

/** Lessons whose fix was merged and stands, and that nobody has turned down since. */
export function rememberedLessons(crew: Crew): Promise<Known[]> {
  return once(crew, 'lessons', async () => {
    const archive = (await crew.store.archive()).map(({ line }) => line);
    const lines = archive.filter(({ rule }) => isTaught(rule));
    if (lines.length === 0) return [];
    const closed = rejectedFingerprints(lines);
    const known: Array<Known | null> = [];
    for (const { proposal, commit } of standingMerges(lines).reverse().slice(0, MOST_REMEMBERED)) {
      const by = (await taughtBy(crew, commit)) ?? (await taughtBy(crew, proposal));
      const teacher = by === null ? null : await commitAt(crew, by);
      known.push(teacher === null ? null : await lessonOf(crew, teacher));
    }
    return distinct(known).filter(({ lesson }) => !closed.has(lesson.print));
  });
}

/** What was merged since counts from now on. */
export function forgetLessons(crew: Crew): void {
  crew.opened.delete('lessons');
}

function distinct(all: ReadonlyArray<Known | null>): Known[] {
  const found = new Map<string, Known>();
  for (const one of all) if (one !== null && !found.has(one.lesson.print)) found.set(one.lesson.print, one);
  return [...found.values()];
}

/** The commit that a landed fix names as its teacher. */
async function taughtBy(crew: Crew, commit: string): Promise<string | null> {
  const message = (await commitAt(crew, commit))?.message ?? '';
  return /^[^\S\n]*Ambient-Taught-By: ([0-9a-f]{40,64})$/m.exec(message)?.[1] ?? null;
}

async function commitAt(crew: Crew, oid: string): Promise<CommitInfo | null> {
  return (await crew.repository.objects.type(oid)) === 'commit' ? crew.repository.objects.commit(oid) : null;
}

async function lessonOf(crew: Crew, commit: CommitInfo): Promise<Known | null> {
  if (!mayTeach(commit)) return null;
  const key = `lesson 4 ${commit.oid}`;
  const kept = await crew.store.cache.get(key);
  const learned = isLearned(kept) ? kept : await learnFrom(crew, commit);
  if (learned !== kept) await crew.store.cache.put(key, learned);
  if (!learned.ok || (learned.lesson.own && !GONE.test(commit.message))) return null;
  return { lesson: learned.lesson, commit };
}

/** Another own function is a choice for its place, unless the message says that the old one is nobody's choice any more. */
const GONE =
  /deprecat|obsolete|renam|remov|delet|no longer|old name|not exist|gone\b|replaced by|unsafe|insecure|leak/i;

/** The cache is a file that anything may have cut. */
function isLearned(value: unknown): value is Learned {
  const one = value as Partial<{ ok: boolean; reason: string; lesson: Partial<Lesson> }> | null | undefined;
  return one?.ok === false || (one?.ok === true && Array.isArray(one.lesson?.steps) && Array.isArray(one.lesson.words));
}

function mayTeach({ parents, message, author, cutOff }: CommitInfo): boolean {
  if (parents.length !== 1 || cutOff || /\[bot\]/.test(author.name)) return false;
  if (findLanded(message).length > 0 || /\bThis reverts commit\b|^Revert "/.test(message)) return false;
  return isFixMessage(message);
}

async function learnFrom(crew: Crew, { oid, parents: [parent = ''] }: CommitInfo): Promise<Learned> {
  const { trees, objects } = crew.repository;
  const changes = await trees.diff((await objects.commit(parent)).tree, oid);
  const sources = changes.filter(({ path }) => languageOf(path) !== null);
  const code = sources.filter(({ path }) => !isTestPath(path));
  const relevant = code.length > 0 ? code : sources;
  const reason = reasonAgainst(relevant);
  if (reason !== null) return { ok: false, reason };
  const taught: Taught[] = [];
  for (const { path, oldOid, newOid } of relevant) {
    const [before, after] = [await textOf(crew, oldOid), await textOf(crew, newOid)];
    if (before === null || after === null) return { ok: false, reason: `${path} cannot be read` };
    taught.push({ path, before, after });
  }
  return learn(taught);
}

function reasonAgainst(changes: readonly FileChange[]): string | null {
  if (changes.length === 0) return 'no source file was changed';
  if (changes.length > MOST_FILES) return 'too many files';
  if (changes.some(({ status }) => status !== 'modified')) return 'files came or went';
  const lines = changes.flatMap((change) => change.lines).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return lines > MOST_LINES ? 'too many lines' : null;
}

async function textOf(crew: Crew, oid: string | null): Promise<string | null> {
  const bytes = oid === null ? null : await crew.repository.objects.blob(oid).catch(orMissing);
  if (bytes === null || bytes.length > LARGEST || bytes.includes(0)) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}
