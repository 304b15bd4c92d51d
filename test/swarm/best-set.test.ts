import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bestSet, EXACT } from '../../src/swarm/select/best-set.ts';

const test = suite('swarm/best-set');

interface Given {
  values: number[];
  pairs: Array<[number, number]>;
  room: number;
}

function graphOf({ values, pairs }: Given) {
  const conflicts = values.map(() => new Set<number>());
  for (const [x, y] of pairs) {
    const [a, b] = [x % values.length, y % values.length];
    if (a === b) continue;
    conflicts[a]?.add(b);
    conflicts[b]?.add(a);
  }
  return { values, conflicts };
}

const anyGiven = (most: number, least = 1) =>
  fc.record({
    values: fc
      .array(fc.integer({ min: 1, max: 50 }), { minLength: least, maxLength: most })
      .map((list) => list.sort((a, b) => b - a)),
    pairs: fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 3 * most }),
    room: fc.nat(most + 2),
  });

function isFree(items: readonly number[], conflicts: ReadonlyArray<ReadonlySet<number>>): boolean {
  return items.every((item) => items.every((other) => !conflicts[item]?.has(other)));
}
const worth = (items: readonly number[], values: readonly number[]) =>
  items.reduce((sum, item) => sum + (values[item] ?? 0), 0);

function bruteForce(given: Given): number {
  const { values, conflicts } = graphOf(given);
  let best = 0;
  for (let mask = 0; mask < 1 << values.length; mask++) {
    const items = values.map((_, at) => at).filter((at) => mask & (1 << at));
    if (items.length <= given.room && isFree(items, conflicts)) best = Math.max(best, worth(items, values));
  }
  return best;
}

test('up to twelve items: as good as the best of all sets', () => {
  fc.assert(
    fc.property(anyGiven(12), (given) => {
      const graph = graphOf(given);
      const items = bestSet(graph, given.room);
      assert.ok(items.length <= given.room);
      assert.ok(isFree(items, graph.conflicts));
      assert.is(worth(items, given.values), bruteForce(given));
    }),
    { numRuns: 150 },
  );
});

test('any number: without conflicts, within the room, and no item left that could just be added', () => {
  fc.assert(
    fc.property(anyGiven(60, EXACT + 1), (given) => {
      const graph = graphOf(given);
      const items = bestSet(graph, given.room);
      assert.ok(items.length <= given.room);
      assert.ok(isFree(items, graph.conflicts));
      assert.equal(bestSet(graph, given.room), items);
      const isAddable = (at: number) => !items.includes(at) && isFree([...items, at], graph.conflicts);
      if (items.length < given.room) assert.not.ok(given.values.some((_, at) => isAddable(at)));
    }),
  );
});

test('beyond what is looked at exactly, exchanges find what taking the best first does not', () => {
  // A chain of 20: every second item is worth a little more than its neighbours, both neighbours more than it.
  const count = 20;
  const values = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? 4 : 5));
  const order = values.map((_, at) => at).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const hub = order.length;
  const conflicts = [...order.map(() => new Set([hub])), new Set(order.map((_, at) => at))];
  const graph = { values: [...order.map((at) => values[at] ?? 0), 6], conflicts };
  assert.is(bestSet(graph, 30).length, count, 'the one that bars all of them goes');
});

test('an item that bars sixteen others is taken only where it is worth more', () => {
  const star = (hub: number) => ({
    values: [hub, ...Array.from({ length: 15 }, () => 10)],
    conflicts: [
      new Set(Array.from({ length: 15 }, (_, at) => at + 1)),
      ...Array.from({ length: 15 }, () => new Set([0])),
    ],
  });
  assert.equal(bestSet(star(200), 20), [0]);
  assert.is(bestSet(star(100), 20).length, 15);
  assert.equal(bestSet(star(100), 5), [0], 'with little room it is');
});

test.run();
