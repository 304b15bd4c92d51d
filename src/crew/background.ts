/** The runner without a person watching: started by the hook, or kept by `watch`. Rule: it never fails loudly. */
import { AmbientError } from '../base/index.ts';
import { type CycleReport, note } from './driver.ts';
import { stepBack } from './machine.ts';
import { quietFor } from './manners.ts';
import type { Crew } from './open.ts';
import { run } from './runner.ts';
import { startLater } from './sleeper.ts';

/**
 * One round of what is pending, behind everybody else on this machine; an error becomes a telemetry line. In quiet hours
 * it waits. The hook's runner does nothing in a clone that trusts nothing; `watching`: a person asked for it, and hears
 * what went wrong.
 */
export async function runInBackground(crew: Crew, options: { watching?: boolean } = {}): Promise<CycleReport[]> {
  const wanted = options.watching || (crew.trust.trusted !== null && crew.config.monitoring.enabled);
  if (!wanted) return [];
  try {
    const quiet = quietFor(crew.config, new Date());
    if (quiet > 0) {
      // Who watches is there at the end of it.
      if (!options.watching) await startLater(crew, quiet);
      return [];
    }
    await stepBack();
    return await run({ ...crew, considerate: true }, { background: true });
  } catch (error) {
    if (crew.signal.aborted) return [];
    const code = error instanceof AmbientError ? error.code : 'bug';
    const message = error instanceof Error ? error.message : String(error);
    if (options.watching) crew.log.warn(message);
    await note(crew, 'background', 'error', { code, message });
    return [];
  }
}
