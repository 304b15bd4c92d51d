/** At most so many at once, in the order in which they came. Rule: a place is given back whatever became of the work. */
export interface Turns {
  readonly most: number;
  /** Waits for a place, then works. Throws what `work` throws. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(most: number): Turns {
  const waiting: Array<() => void> = [];
  let free = most;
  return {
    most,
    async take(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        // The place goes from hand to hand: a newcomer cannot slip in between.
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
