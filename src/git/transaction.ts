/**
 * The write primitive. One fast-import writes objects and no ref; one `update-ref` transaction moves every ref, each
 * against the value that the objects were built on. Rule: all or nothing, and a lost race is retried on fresh content:
 * appended lines are never lost, and a ref that the caller guards is never overwritten.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import type { GitContext } from './context.ts';
import { requireObject } from './objects.ts';
import { buildObjects } from './objects-of-writes.ts';
import { readRefs } from './refs.ts';
import { tail } from './run.ts';
import type { Oid, RefUpdate, Writes, Written } from './types.ts';

/** A race is always won by someone, so it may be lost often; a lock that stays for seconds has no living owner. */
const RACES = 200;
const LOCKED = 15;

export function createTransact(git: GitContext): (writes: Writes) => Promise<Written> {
  return async (writes) => {
    let locked = 0;
    for (let attempt = 1; ; attempt += 1) {
      const done = await tryOnce(git, writes);
      if ('written' in done) return done.written;
      locked = /\.lock'/.test(done.stderr) ? locked + 1 : 0;
      if (attempt === RACES || locked === LOCKED) throw givenUp(done.stderr, attempt);
      await sleep(Math.random() * Math.min(20 * 1.5 ** attempt, 400));
    }
  };
}

type Attempt = { written: Written } | { stderr: string };

async function tryOnce(git: GitContext, writes: Writes): Promise<Attempt> {
  const appended = [...(writes.notes ?? []), ...(writes.files ?? [])].map(({ ref }) => ref);
  const guarded = (writes.refs ?? []).map(({ ref }) => ref);
  const before = await readRefs(git, [...new Set([...appended, ...guarded])]);
  refuseMoved(writes.refs ?? [], before);
  let built: Awaited<ReturnType<typeof buildObjects>>;
  try {
    built = await buildObjects(git, writes, before);
  } catch (error) {
    if (isLockError(error)) return { stderr: String((error as AmbientError).data['stderr']) };
    throw error;
  }
  const commands = [
    ...[...built.tips].map(([ref, to]) => command(git, { ref, to, old: before.get(ref) ?? null })),
    ...(writes.refs ?? []).map((update) => refCommand(git, update, built.oids, before)),
  ].join('');
  if (commands === '') return { written: { oids: built.oids } };
  const result = await git.run(['update-ref', '--no-deref', '--stdin', '-z'], { input: commands, ok: [0, 1, 128] });
  if (result.code === 0) return { written: { oids: built.oids } };
  const stderr = tail(result.stderr);
  // A gc in between took what was just written: write it again. What the caller named must be there, though.
  if (/nonexistent object/.test(stderr)) {
    const named = (writes.refs ?? []).flatMap(({ to }) => (typeof to === 'string' ? [to] : []));
    await Promise.all(named.map((oid) => requireObject(git, oid)));
    return { stderr };
  }
  if (!/lock|expected|reference already exists|unable to resolve/i.test(stderr))
    throw new AmbientError('refs-refused', `git did not move the refs: ${stderr}`, {
      kind: 'environment',
      data: { stderr },
    });
  return { stderr };
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

function isLockError(error: unknown): boolean {
  return (
    error instanceof AmbientError &&
    /cannot lock ref|unable to (create|lock).*\.lock/i.test(String(error.data['stderr']))
  );
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
