/**
 * The status of a proposal, folded from what is known of it. Rule: pure and independent of the order in which lines
 * arrive; status is never stored. `nextStatus` is strict, for what this clone does itself; `foldStatus` tolerates what
 * others wrote at the same time.
 */
import { AmbientError } from '../base/index.ts';
import type { ArchiveLine, DecisionKind, Evaluation, Outcome, Status } from './types.ts';

/** What can happen to a proposal. `outdated`: the configuration that judged it is no longer the trusted one. */
export type StatusEvent = 'published' | Outcome | DecisionKind | 'outdated';

type Edges = Partial<Record<StatusEvent, Status>>;

/** Everything that ends an open proposal without landing it. */
const CLOSE: Edges = { rejected: 'rejected', superseded: 'superseded', expired: 'expired' };
const JUDGE: Edges = { passed: 'validated', failed: 'failed', inconclusive: 'inconclusive' };

/** The edges; what is not listed is illegal. Closed states admit the repetition of what closed them. */
const TRANSITIONS: Record<Status, Edges> = {
  draft: { published: 'testing', superseded: 'superseded', expired: 'expired' },
  testing: { ...JUDGE, ...CLOSE, approved: 'testing', outdated: 'testing' },
  validated: { ...JUDGE, ...CLOSE, approved: 'validated', outdated: 'stale', merged: 'merged', promoted: 'merged' },
  inconclusive: { ...JUDGE, ...CLOSE, approved: 'inconclusive', outdated: 'stale' },
  failed: { ...JUDGE, ...CLOSE, outdated: 'stale' },
  stale: { ...JUDGE, ...CLOSE, approved: 'stale', outdated: 'stale' },
  merged: { merged: 'merged', promoted: 'merged', reverted: 'reverted', rolled_back: 'reverted' },
  // Approved again: as after publishing; its evaluations say the rest.
  reverted: { reverted: 'reverted', rolled_back: 'reverted', merged: 'merged', approved: 'testing' },
  rejected: { rejected: 'rejected', approved: 'testing' },
  superseded: { superseded: 'superseded' },
  expired: { expired: 'expired' },
};

/** Returns the status after `event`. @throws AmbientError `illegal-transition` (bug). */
export function nextStatus(status: Status, event: StatusEvent): Status {
  const next = TRANSITIONS[status][event];
  if (next !== undefined) return next;
  throw new AmbientError('illegal-transition', `a proposal that is ${status} cannot become ${event}`, { kind: 'bug' });
}

export interface FoldInput {
  draft: boolean;
  /** Of this clone only: evaluations of others never validate anything here. */
  evaluations: readonly Evaluation[];
  /** Of all replicas. */
  decisions: ReadonlyArray<{ by: string; line: ArchiveLine }>;
  /** Oid of the configuration that is trusted now; an evaluation under another one is stale. */
  configuration?: string;
}

/** Returns the status that all lines together mean. */
export function foldStatus(input: FoldInput): Status {
  return foldDecisions(input.decisions) ?? openStatus(input);
}

/** Returns what the decisions alone make of a proposal, or null while it waits for one. */
export function foldDecisions(decisions: FoldInput['decisions']): Status | null {
  return standingStatus(orderDecisions(decisions).map(({ line }) => line.kind));
}

/**
 * Returns what decisions mean, oldest first; null: the proposal is open. A landing that stands beats everything. An
 * approval takes back what people said no to before it (a rejection, a revert), never that it was replaced or expired.
 */
export function standingStatus(kinds: readonly DecisionKind[]): Status | null {
  const landed = landedStatus(kinds);
  const since = kinds.slice(kinds.lastIndexOf('approved') + 1);
  if (landed === 'merged' || (landed === 'reverted' && since.some((kind) => LANDINGS.includes(kind)))) return landed;
  if (since.includes('rejected')) return 'rejected';
  return (['superseded', 'expired'] as const).find((kind) => kinds.includes(kind)) ?? null;
}

const LANDINGS: readonly DecisionKind[] = ['merged', 'promoted', 'reverted', 'rolled_back'];

/** Total order of decisions: time, then replica, then sequence, then content. */
export function orderDecisions<T extends { by: string; line: ArchiveLine }>(decisions: readonly T[]): T[] {
  return [...decisions].sort(
    (a, b) =>
      compare(a.line.at, b.line.at) || compare(a.by, b.by) || a.line.seq - b.line.seq || compare(a.line.id, b.line.id),
  );
}

/** A revert that is dated before any landing belongs to the first one: clocks differ, causes do not. */
function landedStatus(kinds: readonly DecisionKind[]): Status | null {
  let status: 'merged' | 'reverted' | null = null;
  let early = false;
  for (const kind of kinds) {
    if (kind === 'merged' || kind === 'promoted') {
      status = early ? 'reverted' : 'merged';
      early = false;
    } else if (kind === 'reverted' || kind === 'rolled_back') {
      if (status === null) early = true;
      else status = 'reverted';
    }
  }
  return early ? 'reverted' : status;
}

function openStatus(input: FoldInput): Status {
  if (input.draft) return 'draft';
  const last = [...input.evaluations].sort((a, b) => a.seq - b.seq || compare(a.id, b.id)).at(-1);
  const published = nextStatus('draft', 'published');
  if (last === undefined) return published;
  const judged = nextStatus(published, last.outcome);
  const outdated = input.configuration !== undefined && input.configuration !== last.configuration;
  return outdated ? nextStatus(judged, 'outdated') : judged;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
