/** The runner without a person watching: started by the hook, or kept by `watch`. Rule: it never fails loudly. */
import { AmbientError } from '../base/index.ts';
import { type CycleReport, note } from './driver.ts';
import type { Crew } from './open.ts';
import { run } from './runner.ts';

/**
 * One round of what is pending; an error becomes a telemetry line. The hook's runner does nothing in a clone that trusts
 * nothing; `watching`: a person asked for it, and hears what went wrong.
 */
export async function runInBackground(crew: Crew, options: { watching?: boolean } = {}): Promise<CycleReport[]> {
  const wanted = options.watching || (crew.trust.trusted !== null && crew.config.monitoring.enabled);
  if (!wanted) return [];
  try {
    return await run(crew, { background: true });
  } catch (error) {
    if (crew.signal.aborted) return [];
    const code = error instanceof AmbientError ? error.code : 'bug';
    const message = error instanceof Error ? error.message : String(error);
    if (options.watching) crew.log.warn(message);
    await note(crew, 'background', 'error', { code, message });
    return [];
  }
}
