/**
 * Events from outside: `git ambient notify`, and files that somebody puts into the spool. Rule: what an event says is looked
 * at before anything happens; it can name files to look at, and nothing else it says has any effect.
 */
import { AmbientError, digest } from '../../base/index.ts';
import { vetPath } from '../../patch/index.ts';
import { type CycleInput, isAnalysed, startCycle } from '../cycle.ts';
import { note } from '../driver.ts';
import type { Crew } from '../open.ts';
import { startLater } from '../sleeper.ts';
import { wrongShape } from './shape.ts';

export interface AmbientNotice {
  kind: string;
  data: Record<string, unknown>;
}

export interface Notified {
  kind: string;
  /** Its name in the spool. */
  event: string;
  /** False: nothing starts by itself here; the next `run` takes it. */
  wakes: boolean;
}

/** Events that wait; more are refused, not piled up. */
const MOST_WAITING = 1000;

/** Puts an event into the spool and wakes a runner. @throws AmbientError `bad-event`, `unknown-path`, `spool-full` (user). */
export async function notify(crew: Crew, event: AmbientNotice): Promise<Notified> {
  const wrong = await faultOf(event);
  if (wrong !== null)
    throw new AmbientError('bad-event', `this is no event: ${wrong}`, {
      kind: 'user',
      hint: 'as in: git ambient notify deploy-failed --data \'{"id": "build-7", "paths": ["src"]}\'',
    });
  await vetPaths(crew, (event.data as { paths?: string[] }).paths ?? []);
  if ((await crew.store.spool.waiting()) >= MOST_WAITING)
    throw new AmbientError('spool-full', `${MOST_WAITING} events wait already`, {
      kind: 'user',
      hint: 'run `git ambient run` to work them off',
    });
  const name = await crew.store.spool.put(event);
  await crew.store.wake.touch();
  const wakes = crew.trust.trusted !== null && crew.config.monitoring.enabled;
  if (wakes && (await crew.store.lock.holder()) === null) await startLater(crew, 0);
  return { kind: event.kind, event: name, wakes };
}

/** Who names only what is not there hears it now: the runner would set the event aside, and nobody looks there. */
async function vetPaths(crew: Crew, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const head = await crew.repository.objects.resolve('HEAD^{commit}');
  const known = new Set(head === null ? [] : await existing(crew, head, paths));
  const absent = paths.filter((path) => !known.has(path.replace(/\/+$/, ''))).map((path) => JSON.stringify(path));
  if (absent.length === 0) return;
  const shown =
    absent.length > 5 ? `${absent.slice(0, 5).join(', ')} and ${absent.length - 5} more` : absent.join(', ');
  if (absent.length < paths.length) return crew.log.warn(`the newest commit does not have ${shown}: left out`);
  throw new AmbientError('unknown-path', `the newest commit does not have ${shown}`, {
    kind: 'user',
    hint: 'name files or folders from the top of the repository, as `git ls-files --full-name` does',
  });
}

/** What is wrong with an event, or null. */
async function faultOf(event: AmbientNotice): Promise<string | null> {
  const wrong = await wrongShape('event', event);
  if (wrong !== null) return wrong;
  const { id = '', paths = [] } = event.data as { id?: string; paths?: string[] };
  if (/\p{Cc}/u.test(id)) return 'data.id holds a control character';
  for (const path of paths) {
    const reason = path === '.' ? null : vetPath(path.replace(/\/+$/, ''));
    if (reason !== null) return `data.paths: ${reason}`;
  }
  return null;
}

/** Turns what waits in the spool into cycles; what cannot be an event is set aside and named. */
export async function takeEvents(crew: Crew): Promise<string[]> {
  if ((await crew.store.spool.waiting()) === 0) return [];
  const before = new Set(await crew.store.spool.aside());
  const events = await crew.store.spool.list();
  for (const name of await crew.store.spool.aside())
    if (!before.has(name)) await refuse(crew, name, 'it is no event, or larger than 1 MiB');
  const state = await crew.store.state.read();
  const seen = new Set(state.events ?? []);
  const head = await crew.repository.objects.resolve('HEAD^{commit}');
  const done: string[] = [];
  const wanted: Array<{ kind: string; paths: string[] }> = [];
  for (const { name, kind, data } of events) {
    const fault = (await faultOf({ kind, data })) ?? (head === null ? 'there is no commit to look at' : null);
    const { id, paths = [] } = data as { id?: string; paths?: string[] };
    const key = fault !== null || id === undefined ? null : digest([kind, id], 16);
    const known = fault === null ? await existing(crew, head ?? '', paths) : [];
    const missing = fault === null && paths.length > 0 && known.length === 0;
    if (fault !== null || missing) {
      await crew.store.spool.refuse(name);
      await refuse(crew, name, fault ?? 'the newest commit has none of its paths');
    } else if (key === null || !seen.has(key)) {
      if (key !== null) seen.add(key);
      wanted.push({ kind, paths: known });
      await note(crew, 'event', 'event', { event: kind, ...(id === undefined ? {} : { id }), paths: known });
    }
    done.push(name);
  }
  const cycles = head === null ? [] : await startAll(crew, head, wanted, state.analysed);
  await crew.store.state.update((next) => {
    next.events = [...seen];
  });
  // Last: a runner that is killed before finds them again.
  for (const name of done) await crew.store.spool.remove(name);
  if (done.length > 0 && (await crew.store.spool.waiting()) > 0) await crew.store.wake.touch();
  return cycles;
}

/** What several events ask for is looked at once. */
async function startAll(
  crew: Crew,
  base: string,
  wanted: ReadonlyArray<{ paths: string[] }>,
  analysed: readonly string[],
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const all = wanted.some(({ paths }) => paths.length === 0);
  const paths = all ? [] : [...new Set(wanted.flatMap((one) => one.paths))].sort();
  const input: CycleInput = { base, scope: { kind: 'all', paths } };
  // Who names files wants them looked at again; everything is looked at once for each tree.
  return all && (await isAnalysed(crew, analysed, input)) ? [] : [await startCycle(crew, input)];
}

/** Those of `paths` that the newest commit has. */
async function existing(crew: Crew, head: string, paths: readonly string[]): Promise<string[]> {
  const known: string[] = [];
  for (const path of paths) {
    const clean = path.replace(/\/+$/, '');
    if (clean === '.' || (await crew.repository.objects.resolve(`${head}:${clean}`)) !== null) known.push(clean);
  }
  return known;
}

async function refuse(crew: Crew, name: string, reason: string): Promise<void> {
  const shown = JSON.stringify(name.slice(0, 120));
  crew.log.warn(`the event ${shown} was set aside: ${reason}`);
  await note(crew, 'event', 'event_refused', { event: name.slice(0, 120), reason });
}
