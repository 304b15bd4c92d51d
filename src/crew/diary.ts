/** Questions to the local log. Rule: one that nothing can answer is a mistake, and said, not an empty answer. */
import { AmbientError, isoTime } from '../base/index.ts';
import type { Crew } from './open.ts';
import { parseSince } from './since.ts';

/** Every kind of line that this version writes. */
const KINDS: readonly string[] = [
  ...['cycle_started', 'cycle_completed', 'proposal', 'decision', 'verify_failed'],
  ...['apply_failed', 'apply_success', 'risk_trigger', 'error'],
  ...['sandbox_grant', 'sandbox_revoke'],
];

export interface DiaryQuery {
  kind?: string;
  /** ISO 8601. */
  since?: string;
}

/** @throws AmbientError `unknown-kind`, `bad-time` (user). */
export async function diaryQuery(
  crew: Crew,
  asked: { type?: string | undefined; since?: string | undefined },
  now = Date.now(),
): Promise<DiaryQuery> {
  const { type, since } = asked;
  const time = since === undefined ? {} : { since: isoTime(parseSince(since, now)) };
  if (type === undefined) return time;
  // A newer version may have written others.
  const isKnown = KINDS.includes(type) || (await crew.store.telemetry.read({ kind: type })).length > 0;
  if (isKnown) return { ...time, kind: type };
  throw new AmbientError('unknown-kind', `the log has no lines of the kind ${JSON.stringify(type)}`, {
    kind: 'user',
    hint: `the kinds are ${KINDS.join(', ')}`,
    data: { kinds: KINDS },
  });
}
