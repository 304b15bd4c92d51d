/**
 * One decision at a time. Rule: who lands, rejects or approves has the turn from the look at the proposal to the record,
 * so no two decisions rest on the same look; a dead holder's turn is over.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AmbientError } from '../base/index.ts';
import type { Crew } from './open.ts';

/** A rejection takes a moment; hooks and signing take longer than anybody wants to wait without a word. */
const PATIENCE = 2_000;

/** Runs `work` while having the turn. @throws AmbientError `landing-under-way` (environment) while another one has it. */
export async function inTurn<T>(crew: Crew, work: () => Promise<T>, patience = PATIENCE): Promise<T> {
  const deadline = performance.now() + patience;
  let held = await crew.store.turn.acquire();
  while (held === null) {
    if (performance.now() > deadline) throw landingElsewhere(await crew.store.turn.holder());
    await sleep(20);
    held = await crew.store.turn.acquire();
  }
  try {
    return await work();
  } finally {
    await held.release();
  }
}

function landingElsewhere(pid: number | null): AmbientError {
  const who = pid === null ? 'another process' : `process ${pid}`;
  return new AmbientError('landing-under-way', `another landing is under way in this repository (${who})`, {
    kind: 'environment',
    hint: 'wait for it, then try again; nothing was changed',
    data: { pid },
  });
}
