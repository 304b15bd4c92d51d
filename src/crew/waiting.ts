/**
 * Findings whose fix was good but lost its place: the ratchet lets them through again although their lines did not
 * change. Rule: kept in state.json, so losing the list loses convenience only.
 */
import type { Finding, Proposal } from '../records/index.ts';
import type { LocalState } from '../store/index.ts';
import type { Crew } from './open.ts';

type Waiting = LocalState['waiting'][number];

/** One that waits for others by name. */
export interface WaitingFix {
  rule: string;
  path: string;
  /** Ids of the proposals that it waits for. */
  for: string[];
}

/** What waits for proposals that are still open. */
export async function waitingNow(crew: Crew): Promise<WaitingFix[]> {
  const waiting = await waitingFindings(crew);
  if (!waiting.some((item) => item.for !== undefined)) return [];
  const heads = await crew.store.proposals.heads();
  const open = new Set(heads.filter(({ closed }) => closed === null).map(({ proposal }) => proposal.id));
  const fixes = waiting.flatMap(({ rule, path, for: ids = [] }): WaitingFix[] => {
    const still = ids.filter((id) => open.has(id));
    return rule === undefined || still.length === 0 ? [] : [{ rule, path, for: still }];
  });
  return [...new Map(fixes.map((fix) => [`${fix.rule}\0${fix.path}`, fix])).values()];
}

export async function waitingFindings(crew: Crew): Promise<Waiting[]> {
  return (await crew.store.state.read()).waiting;
}

/** What waits after a selection: everything that waited before has just had its turn. */
export async function setWaiting(crew: Crew, findings: readonly Finding[]): Promise<void> {
  await crew.store.state.update((state) => {
    state.waiting = findings.map(({ path, fingerprint }) => ({ path, fingerprint }));
  });
}

/** Adds drafts that could not be published beside better ones. @param beside ids of those, by id */
export async function addWaiting(
  crew: Crew,
  drafts: readonly Proposal[],
  beside: ReadonlyMap<string, string[]>,
): Promise<void> {
  if (drafts.length === 0) return;
  const paths = await crew.repository.trees.changedPaths(drafts.map((draft) => draft.commit));
  const more = drafts.flatMap((draft) =>
    (paths.get(draft.commit) ?? []).flatMap((path) =>
      draft.fingerprints.map((fingerprint): Waiting => {
        const ids = beside.get(draft.id);
        return { path, fingerprint, ...(ids === undefined ? {} : { rule: draft.rule, for: ids.slice(0, 5) }) };
      }),
    ),
  );
  await crew.store.state.update((state) => {
    const keys = new Set(more.map(keyOf));
    state.waiting = [...state.waiting.filter((item) => !keys.has(keyOf(item))), ...more];
  });
}

export function keyOf({ path, fingerprint }: Pick<Waiting, 'path' | 'fingerprint'>): string {
  return `${path}\0${fingerprint}`;
}
