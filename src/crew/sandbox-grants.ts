/**
 * The network of the sandbox: granted by a person, for this clone and for a time. Rule: what is recorded in the clone's git
 * configuration counts only as far as the log agrees with it, so that neither can be edited or put back alone.
 */
import { realpathSync, statSync } from 'node:fs';
import { AmbientError, digest, randomId } from '../base/index.ts';
import {
  GRANTED,
  type Grant,
  type GrantedNetwork,
  judgeGrant,
  LONGEST_GRANT,
  logOfGrant,
  makeGrant,
  type Network,
  REVOKED,
  writeGrant,
} from '../sandbox/index.ts';
import type { Crew } from './open.ts';

const KEY = 'ambient.sandboxgrant';
const HOUR = 3_600_000;
const UNITS: Record<string, number> = { m: HOUR / 60, h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/**
 * Grants a network to the sandbox of this clone. @param lasting as `12h` or `7d`.
 * @throws AmbientError `bad-time`, `bad-network` (user).
 */
export async function grantNetwork(crew: Crew, network: string, lasting: string, now = Date.now()): Promise<Grant> {
  if (network !== 'bridge' && network !== 'host')
    throw new AmbientError('bad-network', `${JSON.stringify(network)} is no network that can be granted`, {
      kind: 'user',
      hint: 'git ambient sandbox grant host --for 7d (or `bridge`, with the docker driver)',
    });
  const grant = makeGrant(network, cloneOf(crew), now, now + lengthOf(crew, lasting));
  await crew.store.telemetry.append([{ kind: GRANTED, run_id: randomId(), data: logOfGrant(grant) }]);
  await crew.repository.config.set(KEY, writeGrant(grant));
  return grant;
}

/** Takes back what was granted. @returns what was in force, or null. */
export async function revokeNetwork(crew: Crew): Promise<Grant | null> {
  const found = await grantInForce(crew);
  const recorded = await crew.repository.config.get(KEY, { fresh: true });
  if (recorded !== null) {
    const data = { grant: 'grant' in found ? found.grant.id : recorded.slice(0, 100) };
    await crew.store.telemetry.append([{ kind: REVOKED, run_id: randomId(), data }]);
    await crew.repository.config.unset(KEY);
  }
  return 'grant' in found ? found.grant : null;
}

/** Returns the grant that is in force in this clone, or why there is none. */
export async function grantInForce(crew: Crew, now = Date.now()): Promise<{ grant: Grant } | { reason: string }> {
  const recorded = await crew.repository.config.get(KEY, { fresh: true });
  const log = recorded === null ? [] : await crew.store.telemetry.read();
  return judgeGrant({ recorded, log, clone: cloneOf(crew), now });
}

/**
 * Returns the grant for the network of the configuration; undefined when it asks for none.
 * @throws AmbientError `no-grant` (config) naming the command.
 */
export async function grantFor(crew: Crew): Promise<Grant | undefined> {
  const wanted: Network = crew.config.sandbox.network_mode;
  if (wanted === 'none') return undefined;
  const found = await grantInForce(crew);
  const reason = 'reason' in found ? found.reason : wrongNetwork(found.grant.network, wanted);
  if (reason === null && 'grant' in found) return found.grant;
  throw new AmbientError('no-grant', `nothing was run: sandbox.network_mode is ${wanted}, and ${reason}`, {
    kind: 'config',
    hint: `grant it in this clone: \`git ambient sandbox grant ${wanted} --for 7d\`, or set \`network_mode: none\``,
    data: { network: wanted, reason },
  });
}

function wrongNetwork(granted: GrantedNetwork, wanted: GrantedNetwork): string | null {
  return granted === wanted ? null : `what was granted is ${granted}`;
}

function lengthOf(crew: Crew, text: string): number {
  const match = /^(\d{1,4})\s*([mhdw])$/.exec(text.trim().toLowerCase());
  const length = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : 0;
  const kept = crew.config.telemetry.retention_days * 24 * HOUR;
  const longest = Math.min(LONGEST_GRANT, kept);
  if (length > 0 && length <= longest) return length;
  const days = Math.floor(longest / 24 / HOUR);
  throw new AmbientError('bad-time', `${JSON.stringify(text)} is not a time that a grant may last`, {
    kind: 'user',
    hint: `give minutes, hours, days or weeks, as \`12h\` or \`7d\`; the longest is ${days}d${kept < LONGEST_GRANT ? ' (telemetry.retention_days)' : ''}`,
  });
}

/** A copy of the clone is another folder, and one that was made anew in its place another file. */
function cloneOf(crew: Crew): string {
  const folder = realpathSync(crew.repository.info.commonDir);
  const { dev, ino, birthtimeMs } = statSync(folder);
  return digest([folder, String(dev), String(ino), String(Math.floor(birthtimeMs))]);
}
