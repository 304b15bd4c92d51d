/**
 * A store that tells when a proposal may have been opened or closed. Rule: the list for pre-push hangs on this alone, so
 * no command can forget it.
 */
import type { Store } from '../store/index.ts';

/** Returns `store` with `onChange` called after everything that can open or close a proposal. */
export function noticing(store: Store, onChange: () => void): Store {
  const after = <A extends unknown[], R>(act: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      const result = await act(...args);
      onChange();
      return result;
    };
  };
  return {
    ...store,
    evaluated: after(store.evaluated),
    decided: after(store.decided),
    write: after(store.write),
    proposals: { ...store.proposals, publish: after(store.proposals.publish) },
  };
}
