/**
 * Findings whose fix was good but lost its place: the ratchet lets them through again although their lines did not
 * change. Rule: kept in state.json, so losing the list loses convenience only.
 */
import type { Finding, Proposal } from '../records/index.ts';
import type { Crew } from './open.ts';

type Waiting = { path: string; fingerprint: string };

export async function waitingFindings(crew: Crew): Promise<Waiting[]> {
  return (await crew.store.state.read()).waiting;
}

/** What waits after a selection: everything that waited before has just had its turn. */
export async function setWaiting(crew: Crew, findings: readonly Finding[]): Promise<void> {
  await crew.store.state.update((state) => {
    state.waiting = findings.map(({ path, fingerprint }) => ({ path, fingerprint }));
  });
}

/** Adds drafts that passed alone and could not be published beside better ones. */
export async function addWaiting(crew: Crew, drafts: readonly Proposal[]): Promise<void> {
  if (drafts.length === 0) return;
  const paths = await crew.repository.trees.changedPaths(drafts.map((draft) => draft.commit));
  const more = drafts.flatMap((draft) =>
    (paths.get(draft.commit) ?? []).flatMap((path) => draft.fingerprints.map((fingerprint) => ({ path, fingerprint }))),
  );
  await crew.store.state.update((state) => {
    const known = new Set(state.waiting.map(keyOf));
    state.waiting.push(...more.filter((item) => !known.has(keyOf(item))));
  });
}

export function keyOf({ path, fingerprint }: Waiting): string {
  return `${path}\0${fingerprint}`;
}
