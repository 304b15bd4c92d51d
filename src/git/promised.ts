/**
 * Partial clones: objects that git would fetch when they are asked for. Rule: we never fetch; what is not here is missing,
 * and is said to be.
 */
import { AmbientError, spawn } from '../base/index.ts';
import type { Environment } from './environment.ts';
import type { Oid } from './types.ts';

/** No lazy fetch where git knows the switch (since 2.45 and the security releases before); no transport where it does not. */
export const OFFLINE: Environment = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** git ends when it meets an object that a remote has promised and nobody may fetch. */
export function isPromised(stderr: string): boolean {
  return /could not fetch [0-9a-f]{40,64} from promisor remote/.test(stderr);
}

/** Which of `oids` are here; one process, nothing is fetched. */
export async function presentAmong(place: readonly string[], env: Environment, oids: readonly Oid[]) {
  const list = ['rev-list', '--no-walk', '--objects', '--ignore-missing', '--missing=allow-any', '--stdin'];
  const result = await spawn(['git', ...place, ...list], { env, input: oids.map((oid) => `${oid}\n`).join('') });
  const lines = result.stdout.toString().split('\n');
  return new Set(lines.map((line) => line.split(' ')[0] as Oid));
}

export function contentMissing(command: string, stderr: string): AmbientError {
  const oid = /could not fetch ([0-9a-f]+)/.exec(stderr)?.[1] ?? '';
  return new AmbientError(
    'content-missing',
    `git ${command} needs content that this partial clone does not have (object ${oid.slice(0, 12)})`,
    {
      kind: 'environment',
      hint: 'git-ambient never fetches: `git log -1 -p` gets what the last commit needs, `git sparse-checkout disable` all files',
      data: { oid, command },
    },
  );
}
