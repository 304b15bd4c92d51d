/** What this clone remembers of flaky tests. Rule: it lies in the cache: losing it costs runs, never a verdict. */
import { systemClock } from '../base/index.ts';
import { type FlakeMemory, openFlakeMemory } from '../evaluate/index.ts';
import { type Crew, once } from './open.ts';

export interface FlakyRow {
  /** Null: the check as a whole, which names no tests. */
  test: string | null;
  check: string;
  /** Runs in which it was seen, over all trees on which it was flaky. */
  passed: number;
  failed: number;
  /** Expected part of runs in which it fails, from 0 to 1: few runs count for little. */
  flip_rate: number;
  /** When it last failed so; ISO 8601. */
  last_seen: string;
  /** Tree on which it was last seen both failing and passing. */
  tree: string;
}

/** One memory for all evaluations of this process: they take turns. */
export function flakesOf(crew: Crew): Promise<FlakeMemory> {
  return once(crew, 'flakes', async () => openFlakeMemory(crew.store.cache, systemClock.now));
}

/** Tests that were seen both failing and passing on one tree, the last seen first. */
export async function flakyTests(crew: Crew): Promise<FlakyRow[]> {
  const known = await (await flakesOf(crew)).list();
  return known.map(({ test, check, passed, failed, flip_rate, last_seen, tree }) => ({
    ...{ test: test === '' ? null : test, check, passed, failed },
    ...{ flip_rate: Math.round(1000 * flip_rate) / 1000, last_seen, tree },
  }));
}
