/**
 * state.json: cursors and cooldowns of this clone. Rule: disposable: what cannot be read starts afresh and says so; lists
 * are bounded. Written only by the holder of the lock.
 */
import { AmbientError } from '../base/index.ts';
import { readText, replaceFile } from './disk.ts';
import type { LocalState, Store } from './types.ts';

const KEPT = { analysed: 500, waiting: 500, woken: 20, events: 500, warnings: 10, resting: 200 } as const;

export function createState(path: string): Store['state'] {
  const read = async () => parseState(await readText(path));
  /** lowdb is loaded when something is written: most commands only read. */
  const openDatabase = async () => {
    const { Low } = await import('lowdb');
    const adapter = {
      read,
      write: (state: LocalState) => replaceFile(path, `${JSON.stringify(state, null, 1)}\n`, { durable: true }),
    };
    const database = new Low<LocalState>(adapter, freshState());
    await database.read();
    return database;
  };
  return {
    read,
    update: async (change) => {
      const database = await openDatabase();
      change(database.data);
      database.data = bounded(database.data);
      await database.write();
    },
  };
}

function freshState(): LocalState {
  return { cursor: null, analysed: [], waiting: [], woken: [] };
}

function parseState(text: string | null): LocalState {
  if (text === null) return freshState();
  try {
    return checkState(JSON.parse(text));
  } catch (error) {
    return {
      ...freshState(),
      warnings: [`state.json could not be read and was started afresh: ${(error as Error).message}`],
    };
  }
}

function checkState(value: unknown): LocalState {
  const state = { ...freshState(), ...(value as LocalState) };
  const isText = (item: unknown) => typeof item === 'string';
  const isRecord = (keys: string[]) => (item: unknown) =>
    item !== null && typeof item === 'object' && keys.every((key) => isText((item as Record<string, unknown>)[key]));
  const sound =
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    (state.cursor === null || isText(state.cursor)) &&
    isListOf(state.analysed, isText) &&
    isListOf(state.waiting, isRecord(['path', 'fingerprint'])) &&
    isListOf(state.woken, isRecord(['commit', 'by'])) &&
    (state.resting === undefined || isTableOf(state.resting, isResting)) &&
    (state.events === undefined || isListOf(state.events, isText)) &&
    (state.warnings === undefined || isListOf(state.warnings, isText));
  if (sound) return state;
  throw new AmbientError('bad-state', 'it does not have the shape of our state', { kind: 'environment' });
}

function isListOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

function isTableOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(check);
}

function isResting(item: unknown): boolean {
  if (item === null || typeof item !== 'object') return false;
  const { failures, cycle, reason, until, configuration } = item as Record<string, unknown>;
  return (
    Number.isSafeInteger(failures) &&
    [cycle, reason, configuration].every((one) => typeof one === 'string') &&
    (until === null || (typeof until === 'string' && !Number.isNaN(Date.parse(until))))
  );
}

function bounded(state: LocalState): LocalState {
  return {
    ...state,
    analysed: state.analysed.slice(-KEPT.analysed),
    waiting: state.waiting.slice(-KEPT.waiting),
    woken: state.woken.slice(-KEPT.woken),
    ...(state.resting === undefined
      ? {}
      : { resting: Object.fromEntries(Object.entries(state.resting).slice(-KEPT.resting)) }),
    ...(state.events === undefined ? {} : { events: state.events.slice(-KEPT.events) }),
    ...(state.warnings === undefined ? {} : { warnings: state.warnings.slice(-KEPT.warnings) }),
  };
}
