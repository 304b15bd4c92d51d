/**
 * Who rests: specialists and rules that failed in their last cycles. Rule: kept in state.json, so losing it means only that
 * they are tried again; whoever rests is named wherever people look.
 */
import { systemClock } from '../base/index.ts';
import type { SpecialistName } from '../records/index.ts';
import { afterCycle, breakerState } from '../swarm/index.ts';
import type { Crew } from './open.ts';

/** Why the one of that name is left out now, or null: it works, or is to be tried. */
export type Resting = (name: string) => string | null;

export const withTheModel = (specialist: SpecialistName): string => `${specialist} with the model`;
export const theRule = (rule: string): string => `rule ${rule}`;

export async function restingOf(crew: Crew, now = systemClock.now()): Promise<Resting> {
  const { resting = {} } = await crew.store.state.read();
  return (name) => {
    const breaker = resting[name];
    if (breaker === undefined || breakerState(breaker, crew.configuration, now) !== 'open') return null;
    return `rests until ${breaker.until}: it failed in ${breaker.failures} cycles in a row (${breaker.reason})`;
  };
}

/** For people: everybody who rests, or is about to be tried again. */
export async function restingLines(crew: Crew, now = systemClock.now()): Promise<string[]> {
  const { resting = {} } = await crew.store.state.read();
  const why = await restingOf(crew, now);
  return Object.entries(resting).flatMap(([name, breaker]) => {
    const state = breakerState(breaker, crew.configuration, now);
    if (state === 'closed') return [];
    if (state === 'open') return [`${name} ${why(name)}`];
    return [`${name} failed in ${breaker.failures} cycles in a row (${breaker.reason}): the next cycle tries it again`];
  });
}

/** Remembers what a cycle says of each name: why it failed, or null where it worked. */
export async function rememberOutcomes(
  crew: Crew,
  cycle: string,
  outcomes: ReadonlyMap<string, string | null>,
): Promise<void> {
  const { configuration } = crew;
  const now = systemClock.now();
  const { resting = {} } = await crew.store.state.read();
  const changed = [...outcomes].flatMap(([name, failed]) => {
    const after = afterCycle(resting[name], { cycle, configuration, failed, now });
    return after === resting[name] ? [] : [[name, after] as const];
  });
  if (changed.length === 0) return;
  await crew.store.state.update((state) => {
    const all = { ...state.resting };
    for (const [name, after] of changed) {
      delete all[name];
      if (after !== undefined) all[name] = after;
    }
    state.resting = all;
  });
}
