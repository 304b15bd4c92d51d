/**
 * Proves that the engine isolates: runs a command that looks around in a container. Rule: every layer must be seen at work;
 * what is missing is a failed probe with the next step.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '../../base/index.ts';
import { LAYERS, LOOK, missingLayers } from '../layers.ts';
import { PROBE_LIMITS } from '../limits.ts';
import type { Driver } from '../types.ts';
import { type Engine, messageOf, statusOf } from './engine.ts';
import { explainEngine } from './explain.ts';
import { seccompProfile } from './seccomp.ts';

export interface DockerProbe {
  engine: Engine | { reason: string };
  image: string;
  run: Driver['run'];
}

type Probe = Awaited<ReturnType<Driver['probe']>>;

export async function probeDocker({ engine, image, run }: DockerProbe): Promise<Probe> {
  const profile = seccompProfile(process.arch);
  if (profile === null)
    return {
      ok: false,
      reason: `there is no system call filter for ${process.arch}`,
      hint: 'use a machine with x86_64 or arm64',
    };
  if ('reason' in engine) return explainEngine({ kind: 'absent', reason: engine.reason });
  let facts: Awaited<ReturnType<Engine['info']>>;
  try {
    facts = await engine.info();
  } catch (error) {
    return explainEngine({ kind: 'unreachable', status: statusOf(error), reason: messageOf(error) });
  }
  if (facts.OSType !== 'linux') return explainEngine({ kind: 'windows', reason: `the engine runs ${facts.OSType}` });
  if (facts.Driver === 'vfs') return explainEngine({ kind: 'vfs', reason: 'the storage driver is vfs' });
  const security = (facts.SecurityOptions ?? []).join(' ');
  if (!/seccomp/.test(security)) return explainEngine({ kind: 'seccomp', reason: 'the engine has no seccomp' });
  let id: string;
  try {
    id = (await engine.getImage(image).inspect()).Id;
  } catch (error) {
    const kind = statusOf(error) === 404 ? 'no-image' : 'unreachable';
    return explainEngine({ kind, status: statusOf(error), reason: messageOf(error), image });
  }
  const dir = mkdtempSync(join(tmpdir(), 'ambient-probe-'));
  try {
    const result = await run({ argv: ['/bin/sh', '-c', LOOK_IN_CONTAINER], dir, limits: PROBE_LIMITS });
    if (result.setupError !== null || result.code !== 0)
      return explainEngine({
        kind: 'failed',
        reason: result.setupError ?? `the probe ended with code ${result.code}: ${result.stderr.trim()}`,
      });
    const open = missingLayers(result.stdout, EXPECTED);
    if (open.length > 0)
      return explainEngine({
        kind: /rootless|userns/.test(security) ? 'mapped' : 'incomplete',
        reason: `isolation is incomplete: ${open.join(', ')}`,
      });
    return { ok: true, digest: digest(['docker', id, facts.ServerVersion, facts.Driver, profile, LOOK_IN_CONTAINER]) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What a container could have besides. */
const LOOK_IN_CONTAINER = `${LOOK}
[ "$(id -u)" = 0 ] && echo user=root || echo user=ordinary
[ -r /proc/1/environ ] && echo keeper=open || echo keeper=closed
[ -e /var/run/docker.sock ] && echo engine=open || echo engine=closed
`;
const EXPECTED = { ...LAYERS, user: 'ordinary', keeper: 'closed', engine: 'closed' };
