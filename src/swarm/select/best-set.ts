/**
 * The most valuable set of items of which no two conflict, of a bounded size. Rule: pure; exact where what hangs together
 * has at most 16 items (and so for any 16), beyond that greedy with exchanges that gain; the first of equals is taken.
 */

/** Items that hang together by conflicts, up to which every set is looked at. */
export const EXACT = 16;

export interface Graph {
  /** Whole numbers above 0, best first. */
  values: readonly number[];
  /** For each item those that it conflicts with; symmetric. */
  conflicts: ReadonlyArray<ReadonlySet<number>>;
}

/** Positions of the chosen, ascending. */
export function bestSet(graph: Graph, room: number): number[] {
  const parts = partsOf(graph);
  // Those that conflict with nothing are one part: of them the best are taken.
  const free = parts.flatMap((part) => (part.length === 1 ? part : [])).sort((a, b) => a - b);
  const menus = [
    prefixes(graph, free, room),
    ...parts.filter((part) => part.length > 1).map((part) => menuOf(graph, part, room)),
  ];
  return combine(menus, Math.min(room, graph.values.length)).sort((a, b) => a - b);
}

/** By size: the best set of that size or less in one part. */
type Menu = Array<{ value: number; items: number[] }>;

function menuOf(graph: Graph, part: readonly number[], room: number): Menu {
  return part.length <= EXACT ? exactMenu(graph, part, room) : prefixes(graph, improved(graph, part), room);
}

/** Every set of a part without conflicts, depth first, best items first: the first of equals stays. */
function exactMenu({ values, conflicts }: Graph, part: readonly number[], room: number): Menu {
  const most = Math.min(room, part.length);
  const menu: Menu = Array.from({ length: most + 1 }, () => ({ value: 0, items: [] }));
  const barred = part.map((item) => maskOf(part, conflicts[item] ?? new Set()));
  const take = (from: number, open: number, items: number[], value: number): void => {
    const best = menu[items.length];
    if (best && value > best.value) menu[items.length] = { value, items: [...items] };
    if (items.length === most) return;
    for (let at = from; at < part.length; at++)
      if (open & (1 << at)) {
        const item = part[at] as number;
        take(at + 1, open & ~(barred[at] ?? 0), [...items, item], value + (values[item] ?? 0));
      }
  };
  take(0, (1 << part.length) - 1, [], 0);
  for (let size = 1; size <= most; size++) {
    const [smaller, own] = [menu[size - 1], menu[size]];
    if (smaller && own && smaller.value >= own.value) menu[size] = smaller;
  }
  return menu;
}

function maskOf(part: readonly number[], others: ReadonlySet<number>): number {
  return part.reduce((mask, item, at) => (others.has(item) ? mask | (1 << at) : mask), 0);
}

/** `items` do not conflict: of any size the first are the best. */
function prefixes({ values }: Graph, items: readonly number[], room: number): Menu {
  const menu: Menu = [{ value: 0, items: [] }];
  for (const item of items.slice(0, room)) {
    const { value, items: before } = menu.at(-1) as Menu[number];
    menu.push({ value: value + (values[item] ?? 0), items: [...before, item] });
  }
  return menu;
}

/** Best first, then exchanges: one in for those that it bars, two in for one that bars both. Each gains, so it ends. */
function improved({ values, conflicts }: Graph, part: readonly number[]): number[] {
  const chosen = new Set<number>();
  const barring = (item: number) => [...(conflicts[item] ?? [])].filter((other) => chosen.has(other));
  const worth = (items: readonly number[]) => items.reduce((sum, item) => sum + (values[item] ?? 0), 0);
  const exchange = (out: readonly number[], into: readonly number[]): boolean => {
    if (worth(into) <= worth(out)) return false;
    for (const item of out) chosen.delete(item);
    for (const item of into) chosen.add(item);
    return true;
  };
  for (const item of part) if (barring(item).length === 0) chosen.add(item);
  for (let gained = true; gained; ) {
    gained = false;
    for (const item of part) if (!chosen.has(item) && exchange(barring(item), [item])) gained = true;
    for (const item of [...chosen]) {
      if (!chosen.has(item)) continue;
      const only = [...(conflicts[item] ?? [])].filter((other) => !chosen.has(other) && barring(other).length === 1);
      const pair = firstPair(
        only.sort((a, b) => a - b),
        conflicts,
      );
      if (pair !== null && exchange([item], pair)) gained = true;
    }
  }
  return [...chosen].sort((a, b) => a - b);
}

/** `items` best first. */
function firstPair(items: readonly number[], conflicts: Graph['conflicts']): [number, number] | null {
  for (const [at, one] of items.entries())
    for (const other of items.slice(at + 1)) if (!conflicts[one]?.has(other)) return [one, other];
  return null;
}

/** How much room each part gets: sums over the parts, one after the other. */
function combine(menus: readonly Menu[], room: number): number[] {
  let best: Menu = Array.from({ length: room + 1 }, () => ({ value: 0, items: [] }));
  for (const menu of menus)
    best = best.map((_, size) => {
      let found = best[size] as Menu[number];
      for (const [own, { value, items }] of menu.entries()) {
        const rest = best[size - own];
        if (own > 0 && rest && rest.value + value > found.value)
          found = { value: rest.value + value, items: [...rest.items, ...items] };
      }
      return found;
    });
  return best[room]?.items ?? [];
}

/** What hangs together, each part ascending; in the order of their first items. */
function partsOf({ values, conflicts }: Graph): number[][] {
  const seen = new Set<number>();
  return values.flatMap((_, start) => {
    if (seen.has(start)) return [];
    const part = [start];
    seen.add(start);
    for (const item of part)
      for (const other of conflicts[item] ?? [])
        if (!seen.has(other)) {
          seen.add(other);
          part.push(other);
        }
    return [part.sort((a, b) => a - b)];
  });
}
