/**
 * Judges whether a network may be opened. Rule: pure; a grant counts only when everything agrees: what stands in the clone's
 * configuration is what the log says was granted last, it was made for this very clone, and its time is not over.
 */
import { digest } from '../base/index.ts';
import type { Network } from './types.ts';

/** A network that must be granted. */
export type GrantedNetwork = Exclude<Network, 'none'>;

export interface Grant {
  /** Digest of all that follows. */
  id: string;
  network: GrantedNetwork;
  /** Milliseconds since 1970. */
  since: number;
  until: number;
}

/** A line of the log that granted or revoked. */
export interface GrantLine {
  kind: string;
  data: Record<string, unknown>;
}

export interface GrantFacts {
  /** What stands in the clone's configuration, or null. */
  recorded: string | null;
  /** Lines of the kinds below, oldest first. */
  log: readonly GrantLine[];
  /** What tells this clone from every other, and from a copy of it. */
  clone: string;
  now: number;
}

export const GRANTED = 'sandbox_grant';
export const REVOKED = 'sandbox_revoke';
const DAY = 24 * 60 * 60 * 1000;
export const LONGEST_GRANT = 30 * DAY;

/** Makes a grant for `clone`. */
export function makeGrant(network: GrantedNetwork, clone: string, since: number, until: number): Grant {
  return { id: idOf({ network, since, until }, clone), network, since, until };
}

/** The line that stands in the clone's configuration. */
export function writeGrant({ id, network, since, until }: Grant): string {
  return ['v1', id, network, since, until].join(' ');
}

/** What the log keeps of a grant. */
export function logOfGrant({ id, network, since, until }: Grant): Record<string, unknown> {
  return { grant: id, network, since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

/** Returns the grant that is in force, or why there is none. */
export function judgeGrant({ recorded, log, clone, now }: GrantFacts): { grant: Grant } | { reason: string } {
  if (recorded === null) return { reason: 'no network was granted in this clone' };
  const grant = readGrant(recorded);
  if (grant === null) return { reason: 'the grant that is recorded cannot be read' };
  if (grant.id !== idOf(grant, clone))
    return { reason: 'the grant that is recorded was edited, or made for another clone' };
  const last = log.filter(({ kind }) => kind === GRANTED || kind === REVOKED).at(-1);
  if (last === undefined) return { reason: 'the log knows nothing of the grant that is recorded' };
  if (last.kind === REVOKED) return { reason: 'the grant that is recorded was revoked' };
  if (JSON.stringify(last.data) !== JSON.stringify(logOfGrant(grant)))
    return { reason: 'the grant that is recorded is not the last one that was given' };
  if (grant.since > now || grant.until - grant.since > LONGEST_GRANT)
    return { reason: 'the time of the grant that is recorded cannot be right' };
  if (grant.until <= now) return { reason: `the grant ended on ${new Date(grant.until).toISOString()}` };
  return { grant };
}

function readGrant(text: string): Grant | null {
  const [, id, network, since, until] = /^v1 ([0-9a-f]+) (bridge|host) (\d{1,15}) (\d{1,15})$/.exec(text) ?? [];
  if (id === undefined) return null;
  return { id, network: network as GrantedNetwork, since: Number(since), until: Number(until) };
}

function idOf({ network, since, until }: Omit<Grant, 'id'>, clone: string): string {
  return digest(['sandbox grant 1', network, String(since), String(until), clone], 32);
}
