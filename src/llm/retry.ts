/**
 * When a failed call is made again, and how long that waits. Rule: pure; full jitter (delay uniform in [0, min(cap,
 * base · 2ⁿ)], Brooker, "Exponential Backoff And Jitter", AWS 2015), never before the provider allows it.
 */
import type { ModelFailure } from './failure.ts';

/** Where nobody listens, nobody will in a minute: a person or a commit waits. */
const UNANSWERED = 2;
const BASE = 1_000;
const CAP = 60_000;
/** A provider that asks for more than this is as good as away. */
const PATIENCE = 10 * 60_000;

/** Milliseconds to wait before attempt `attempt` + 1, or null: no further one. `attempt` counts from 1. */
export function delayBefore(
  failure: ModelFailure,
  attempt: number,
  { retries, random }: { retries: number; random: () => number },
): number | null {
  const most = failure.kind === 'unreachable' && failure.status === null ? Math.min(retries, UNANSWERED) : retries;
  if (attempt > most || !mayPass(failure)) return null;
  const jittered = random() * Math.min(CAP, BASE * 2 ** (attempt - 1));
  if (failure.retryAfter === null) return jittered;
  return failure.retryAfter > PATIENCE ? null : failure.retryAfter + jittered;
}

function mayPass({ kind }: ModelFailure): boolean {
  return kind === 'unreachable' || kind === 'overloaded' || kind === 'timeout' || kind === 'broke-off';
}

/** Reads `Retry-After` (seconds or an HTTP date) and `retry-after-ms`. @param now ms since the epoch. */
export function retryAfter(headers: { get(name: string): string | null }, now: number): number | null {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return text !== '' && Number.isFinite(date) ? Math.max(0, date - now) : null;
}
