/** The runner without a person watching: started by the hook, or kept by `watch`. Rule: it never fails loudly. */
import { AmbientError } from '../base/index.ts';
import { type CycleReport, note } from './driver.ts';
import type { Crew } from './open.ts';
import { run } from './runner.ts';

/** What the hook starts: does nothing in a clone that trusts nothing; an error becomes a telemetry line. */
export async function runInBackground(crew: Crew): Promise<CycleReport[]> {
  if (crew.trust.trusted === null || !crew.config.monitoring.enabled) return [];
  try {
    return await run(crew, { background: true });
  } catch (error) {
    if (crew.signal.aborted) return [];
    const code = error instanceof AmbientError ? error.code : 'bug';
    const message = error instanceof Error ? error.message : String(error);
    await note(crew, 'background', 'error', { code, message });
    return [];
  }
}

/** One round of `watch`: like the hook's, but says what went wrong. */
export async function keepWatch(crew: Crew): Promise<CycleReport[]> {
  try {
    return await run(crew, { background: true });
  } catch (error) {
    if (!(error instanceof AmbientError) || error.kind === 'bug') throw error;
    crew.log.warn(error.message);
    await note(crew, 'watch', 'error', { code: error.code, message: error.message });
    return [];
  }
}
