/**
 * What is remembered of flaky tests in this clone: counts of each test that was seen both failing and passing on one tree,
 * and how often a red test was red. Rule: disposable, as the cache that it lies in; runs of a candidate that never passed a
 * test say nothing about flakiness.
 */
import type { JudgementCache } from '../baseline.ts';
import type { Check, Judgement } from '../types.ts';
import { flipRate, type Seen } from './belief.ts';
import { observe, WHOLE } from './observe.ts';

export interface FlakyTest {
  check: string;
  /** Empty: the check as a whole, which names no tests. */
  test: string;
  passed: number;
  failed: number;
  /** ISO 8601: when it last failed. */
  last_seen: string;
  /** Tree that it was last seen both ways on. */
  tree: string;
}

/** Runs of one check on the two trees of an evaluation. */
export interface Runs {
  baseTree: string;
  candidateTree: string;
  bases: readonly Judgement[];
  candidates: readonly Judgement[];
}

export interface FlakeMemory {
  /** Newest first, with the part of runs in which each is expected to fail. */
  list(): Promise<Array<FlakyTest & { flip_rate: number }>>;
  /** What is known of the tests of one check. */
  of(check: Pick<Check, 'name'>): Promise<{ before(id: string): Seen; failedBefore(id: string): number }>;
  learn(check: Pick<Check, 'name' | 'kind'>, runs: Runs): Promise<void>;
}

interface Memory {
  flaky: FlakyTest[];
  /** Check → test → base tree → runs of it that failed. */
  red: Record<string, Record<string, Record<string, number>>>;
}

const KEY = 'flakes 1';
const MOST = { flaky: 500, red: 200, trees: 8 };
const KEPT = 90 * 24 * 3_600_000;

/** Opens the memory in `cache`; checks that end at the same time take turns. @param now milliseconds. */
export function openFlakeMemory(cache: JudgementCache, now: () => number): FlakeMemory {
  let turn: Promise<unknown> = Promise.resolve();
  const load = async () => memoryOf(await cache.get(KEY), now());
  return {
    list: async () =>
      (await load()).flaky
        .sort((a, b) => (a.last_seen < b.last_seen ? 1 : -1))
        .map((one) => ({ ...one, flip_rate: flipRate({ bad: one.failed, good: one.passed }) })),
    async of({ name }) {
      const { flaky, red } = await load();
      const known = new Map(flaky.filter(({ check }) => check === name).map((one) => [one.test, one]));
      return {
        before: (id) => ({ bad: known.get(id)?.failed ?? 0, good: known.get(id)?.passed ?? 0 }),
        failedBefore: (id) => Object.values(red[name]?.[id] ?? {}).reduce((sum, runs) => sum + runs, 0),
      };
    },
    learn(check, runs) {
      const learning = turn.then(async () => {
        const before = await load();
        const after = learned(before, check, runs, new Date(now()).toISOString());
        if (after !== before) await cache.put(KEY, after);
      });
      turn = learning.catch(() => {});
      return learning;
    },
  };
}

/** Pure. Returns `memory` itself when there is nothing new. */
function learned(memory: Memory, check: Pick<Check, 'name' | 'kind'>, runs: Runs, at: string): Memory {
  const own = memory.flaky.filter((one) => one.check === check.name);
  const known = new Map(own.map((one) => [one.test, one]));
  const [bases, candidates] = [countsOf(runs.bases), countsOf(runs.candidates)];
  // The first run of the base is a kept one: it was counted when it was made.
  const again = countsOf(runs.bases.slice(1));
  const changed: FlakyTest[] = [];
  for (const id of new Set([...bases.keys(), ...candidates.keys()])) {
    const [before, after] = [bases.get(id) ?? NONE, candidates.get(id) ?? NONE];
    const flips = [before, after].map(bothWays);
    const old = known.get(id);
    if (!flips.includes(true) && old === undefined) continue;
    const counted = [flips[0] ? before : (again.get(id) ?? NONE), after.good > 0 ? after : NONE];
    const [failed, passed] = [
      counted.reduce((sum, one) => sum + one.bad, 0),
      counted.reduce((sum, one) => sum + one.good, 0),
    ];
    if (failed + passed === 0) continue;
    changed.push({
      ...{ check: check.name, test: id, passed: (old?.passed ?? 0) + passed, failed: (old?.failed ?? 0) + failed },
      last_seen: failed > 0 || old === undefined ? at : old.last_seen,
      tree: flips[1] ? runs.candidateTree : flips[0] || old === undefined ? runs.baseTree : old.tree,
    });
  }
  const red = check.kind === 'tests' ? redAfter(memory.red[check.name] ?? {}, runs) : {};
  const sameRed = JSON.stringify(red) === JSON.stringify(memory.red[check.name] ?? {});
  if (changed.length === 0 && sameRed) return memory;
  const names = new Set(changed.map(({ test }) => test));
  const rest = memory.flaky.filter((one) => one.check !== check.name || !names.has(one.test));
  return { flaky: [...changed, ...rest].slice(0, MOST.flaky), red: { ...memory.red, [check.name]: red } };
}

const NONE: Seen = { bad: 0, good: 0 };

function bothWays({ bad, good }: Seen): boolean {
  return bad > 0 && good > 0;
}

/** Per test; of a check that names none, as a whole. */
function countsOf(runs: readonly Judgement[]): Map<string, Seen> {
  const counts = new Map<string, Seen>();
  const named = runs.some(({ tests }) => Object.keys(tests).length > 0);
  for (const { outcome, tests } of runs)
    for (const [id, state] of named ? Object.entries(tests) : [[WHOLE, outcome] as const]) {
      const { bad, good } = counts.get(id) ?? NONE;
      if (state === 'failed') counts.set(id, { bad: bad + 1, good });
      if (state === 'passed') counts.set(id, { bad, good: good + 1 });
    }
  return counts;
}

/** A test that passed on the base is not red; one that failed there in every run is, by that many runs more. */
function redAfter(before: Memory['red'][string], { bases, candidates, baseTree }: Runs): Memory['red'][string] {
  const counts = countsOf(bases);
  const after = Object.fromEntries(Object.entries(before).filter(([id]) => (counts.get(id)?.good ?? 0) === 0));
  for (const id of observe(bases, candidates).red) {
    const trees = { ...after[id] };
    const runs = Math.max(trees[baseTree] ?? 0, bases.length);
    delete trees[baseTree];
    after[id] = Object.fromEntries([...Object.entries(trees).slice(1 - MOST.trees), [baseTree, runs]]);
  }
  return Object.fromEntries(Object.entries(after).slice(-MOST.red));
}

/** The cache is a file that anything may have cut. */
function memoryOf(value: unknown, now: number): Memory {
  const { flaky, red } = (value !== null && typeof value === 'object' ? value : {}) as Partial<Memory>;
  const recent = (one: FlakyTest) => now - Date.parse(one.last_seen) < KEPT;
  return {
    flaky: Array.isArray(flaky) ? flaky.filter((one) => isFlaky(one) && recent(one)) : [],
    red: red !== null && typeof red === 'object' ? red : {},
  };
}

function isFlaky(one: Partial<FlakyTest> | null): boolean {
  const numbers = typeof one?.passed === 'number' && typeof one.failed === 'number';
  return numbers && [one.check, one.test, one.last_seen, one.tree].every((value) => typeof value === 'string');
}
