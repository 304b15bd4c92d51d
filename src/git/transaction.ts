/**
 * The write primitive. One fast-import writes objects and no ref; one `update-ref` transaction moves every ref, each
 * against the value that the objects were built on. Rule: all or nothing, and a lost race is retried on fresh content:
 * appended lines are never lost, and a ref that the caller guards is never overwritten.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { ImportSession } from './fast-import.ts';
import { requireObject } from './objects.ts';
import { buildObjects } from './objects-of-writes.ts';
import { guessRefs, readRefs } from './refs.ts';
import { tail } from './run.ts';
import type { Oid, RefUpdate, Writes, Written } from './types.ts';

/** A race is always won by someone, so it may be lost often; a lock that stays for seconds has no living owner. */
const RACES = 200;
const LOCKED = 15;

export function createTransact(git: GitContext): (writes: Writes) => Promise<Written> {
  return async (writes) => {
    // One session for all attempts: what an earlier attempt wrote stays safe from a gc until the refs have moved.
    const session = new ImportSession(git);
    try {
      return await attemptUntilDone(git, session, writes);
    } finally {
      await session.end();
    }
  };
}

async function attemptUntilDone(git: GitContext, session: ImportSession, writes: Writes): Promise<Written> {
  let locked = 0;
  for (let attempt = 1; ; attempt += 1) {
    // Mostly nobody was in between; where git finds otherwise, the refs are read without doubt.
    const done = await tryOnce(git, session, writes, attempt === 1 ? guessRefs : readRefs);
    if ('written' in done) return done.written;
    locked = done.stuck ? locked + 1 : 0;
    if (attempt === RACES || locked === LOCKED) throw givenUp(done.stderr, attempt);
    await sleep(Math.random() * Math.min(20 * 1.5 ** attempt, 400));
  }
}

type Attempt = { written: Written } | { stderr: string; stuck: boolean };

async function tryOnce(
  git: GitContext,
  session: ImportSession,
  writes: Writes,
  readBefore: typeof readRefs,
): Promise<Attempt> {
  const appended = [...(writes.notes ?? []), ...(writes.files ?? [])].map(({ ref }) => ref);
  const guarded = (writes.refs ?? []).map(({ ref }) => ref);
  const refs = [...new Set([...appended, ...guarded])];
  let before = await readBefore(git, refs);
  if (readBefore !== readRefs && !isAsSaid(writes.refs ?? [], before)) before = await readRefs(git, refs);
  refuseMoved(writes.refs ?? [], before);
  let built: Awaited<ReturnType<typeof buildObjects>>;
  try {
    built = await buildObjects(git, session, writes, before);
  } catch (error) {
    if (!(error instanceof AmbientError) || !TAKEN_AWAY.test(error.message)) throw error;
    await requireNamed(git, writes);
    await requireTips(git, appended, before);
    return { stderr: error.message, stuck: true };
  }
  const commands = [
    ...[...built.tips].map(([ref, to]) => command(git, { ref, to, old: before.get(ref) ?? null })),
    ...(writes.refs ?? []).map((update) => refCommand(git, update, built.oids, before)),
  ].join('');
  if (commands === '') return { written: { oids: built.oids } };
  const result = await git.run(['update-ref', '--no-deref', '--stdin', '-z'], { input: commands, ok: [0, 1, 128] });
  if (result.code === 0) return { written: { oids: built.oids } };
  const stderr = tail(result.stderr);
  if (/nonexistent object/.test(stderr)) {
    await requireNamed(git, writes);
    return { stderr, stuck: true };
  }
  if (!/lock|expected|reference already exists|unable to resolve/i.test(stderr))
    throw new AmbientError('refs-refused', `git did not move the refs: ${stderr}`, {
      kind: 'environment',
      data: { stderr },
    });
  return { stderr, stuck: /\.lock'/.test(stderr) };
}

/** Does every guard hold, and is there what is to be deleted? */
function isAsSaid(updates: readonly RefUpdate[], before: ReadonlyMap<string, Oid>): boolean {
  return updates.every(({ ref, to, old }) => {
    const actual = before.get(ref) ?? null;
    return (old === undefined || old === actual) && (to !== null || actual !== null);
  });
}

/** A guard that does not hold is the caller's to know: nothing is retried, nothing was written. */
function refuseMoved(updates: readonly RefUpdate[], before: ReadonlyMap<string, Oid>): void {
  for (const { ref, old } of updates) {
    const actual = before.get(ref) ?? null;
    if (old === undefined || old === actual) continue;
    const message = old === null ? `${ref} exists already` : `${ref} is no longer at ${old}`;
    throw new AmbientError('ref-moved', message, { kind: 'user', data: { ref, expected: old, actual } });
  }
}

function refCommand(git: GitContext, update: RefUpdate, oids: Record<string, Oid>, before: ReadonlyMap<string, Oid>) {
  const { ref, to, old } = update;
  // Deleting what is not there is done already, unless someone insists on what was there.
  if (to === null && !before.has(ref)) return '';
  const oid = to === null || typeof to === 'string' ? to : oids[to.key];
  if (oid === undefined) throw unknownKey(ref, update);
  return command(git, old === undefined ? { ref, to: oid } : { ref, to: oid, old });
}

function command(git: GitContext, { ref, to, old }: { ref: string; to: Oid | null; old?: Oid | null }): string {
  if (/[\0\n]/.test(ref)) throw new AmbientError('bad-ref', `${JSON.stringify(ref)} is no ref name`, { kind: 'bug' });
  const expected = old === undefined ? '' : (old ?? git.zero);
  return to === null ? `delete ${ref}\0${expected}\0` : `update ${ref}\0${to}\0${expected}\0`;
}

/** What fast-import says when a gc in between removed what it was reading or writing. */
const TAKEN_AWAY =
  /cannot store (pack|index)|keep file|unable to (create|write|open)|not a valid (commit|object)|can't load|missing/i;

/** What the caller named must be there: then it was a gc, and writing again helps. @throws AmbientError `object-missing`. */
async function requireNamed(git: GitContext, writes: Writes): Promise<void> {
  const named = [
    ...(writes.commits ?? []).flatMap(({ parents, from }) => [...parents, ...(from === null ? [] : [from])]),
    ...(writes.notes ?? []).flatMap(({ target }) => (typeof target === 'string' ? [target] : [])),
    ...(writes.refs ?? []).flatMap(({ to }) => (typeof to === 'string' ? [to] : [])),
  ];
  await Promise.all([...new Set(named)].map((oid) => requireObject(git, oid)));
}

/** What is appended to must be there as well. @throws AmbientError `ref-broken` (environment). */
async function requireTips(git: GitContext, refs: readonly string[], before: ReadonlyMap<string, Oid>): Promise<void> {
  for (const ref of refs) {
    const oid = before.get(ref);
    if (oid === undefined || (await git.reader.find(oid)) !== null) continue;
    throw new AmbientError('ref-broken', `${ref} points at ${oid}, which this repository does not have`, {
      kind: 'environment',
      hint: `fetch or restore it; if it is lost, run \`git update-ref -d ${ref}\``,
      data: { ref, oid },
    });
  }
}

function unknownKey(ref: string, update: RefUpdate): AmbientError {
  return new AmbientError('unknown-key', `${ref} is to point at a commit that the transaction does not write`, {
    kind: 'bug',
    data: { update },
  });
}

function givenUp(stderr: string, attempts: number): AmbientError {
  return new AmbientError('refs-busy', `the refs could not be written in ${attempts} attempts: ${stderr}`, {
    kind: 'environment',
    hint: 'if no git is running, remove the .lock file that is named',
    data: { stderr },
  });
}
