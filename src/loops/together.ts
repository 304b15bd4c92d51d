/**
 * Which of several proposals, each right alone, are right together: the next set to try, until that is known. Pure. Rule:
 * in the order given, best first, each stays unless it fails beside the better ones that stay; nothing is chosen that was
 * not itself seen to pass.
 */

/** What came of evaluating `ids` together. */
export interface Trial {
  ids: readonly string[];
  passed: boolean;
  reasons: readonly string[];
}

/** One that has to wait for those of `beside`, and why. */
export interface Unfit {
  id: string;
  beside: string[];
  reasons: string[];
}

export type TogetherStep = { do: 'try'; ids: string[] } | { do: 'done'; chosen: string[]; unfit: Unfit[] };

/** Every set tried is a run of all checks. Enough for three that do not fit among ten. */
export function mostTrials(count: number): number {
  return 4 + 2 * Math.ceil(Math.log2(Math.max(2, count)));
}

/**
 * The whole is tried first. When it fails, halving finds the first one that does not fit: log2 of those left trials, where
 * one by one would take as many as there are. One alone is known to pass.
 */
export function planTogether(order: readonly string[], trials: readonly Trial[]): TogetherStep {
  const search = searching(order);
  const most = mostTrials(order.length);
  let step = search.next();
  for (let used = 0; step.done !== true; used++) {
    const { ids, known } = step.value;
    const trial = trials.find((one) => sameIds(one.ids, ids));
    if (trial === undefined && used >= most) return givenUp(order, known, used);
    if (trial === undefined) return { do: 'try', ids };
    step = search.next(trial);
  }
  return { do: 'done', ...step.value };
}

interface Found {
  chosen: string[];
  unfit: Unfit[];
}

function* searching(order: readonly string[]): Generator<{ ids: string[]; known: Found }, Found, Trial> {
  let rest = [...order];
  const chosen: string[] = [];
  const unfit: Unfit[] = [];
  const known = (more = 0): Found => ({ chosen: [...chosen, ...rest.slice(0, more)], unfit: [...unfit] });
  while (rest.length > 0) {
    if (chosen.length + rest.length === 1) return known(1);
    let failed = yield { ids: [...chosen, ...rest], known: known(chosen.length === 0 ? 1 : 0) };
    if (failed.passed) return known(rest.length);
    let [fits, fails] = [chosen.length === 0 ? 1 : 0, rest.length];
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1;
      const trial: Trial = yield { ids: [...chosen, ...rest.slice(0, middle)], known: known(fits) };
      if (trial.passed) fits = middle;
      else [fails, failed] = [middle, trial];
    }
    chosen.push(...rest.slice(0, fits));
    unfit.push({ id: rest[fits] ?? '', beside: [...chosen], reasons: [...failed.reasons] });
    rest = rest.slice(fails);
  }
  return known();
}

function givenUp(order: readonly string[], { chosen, unfit }: Found, used: number): TogetherStep {
  const told = new Set([...chosen, ...unfit.map(({ id }) => id)]);
  const untold = order
    .filter((id) => !told.has(id))
    .map((id) => ({ id, beside: chosen, reasons: [`not tried any more after ${used} sets`] }));
  return { do: 'done', chosen, unfit: [...unfit, ...untold] };
}

function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
