/** Content hashes and random names. Every id that is stored is a hash of content, so replay is idempotent. */
import { createHash, randomBytes } from 'node:crypto';

/** Returns the first `length` hex digits of the SHA-256 of `parts`, unambiguously joined. */
export function digest(parts: readonly (string | Uint8Array)[], length = 16): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex').slice(0, length);
}

/** Returns JSON with sorted keys: equal values give equal bytes, so hashes of records are stable. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : item,
  );
}

/** Returns a fresh random lowercase hex name of `length` digits (replica names, scratch files). */
export function randomId(length = 12): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}
