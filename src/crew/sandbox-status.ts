/** What isolates in this clone, what it may reach, and the image: looked at, not guessed. Rule: nothing of the repository runs. */
import { AmbientError } from '../base/index.ts';
import { type BuiltImage, buildImage, type Driver, type Network, openSandbox } from '../sandbox/index.ts';
import type { Crew } from './open.ts';
import { grantInForce } from './sandbox-grants.ts';

export interface SandboxStatus {
  /** What `sandbox.driver` asks for. */
  wanted: 'auto' | Driver['name'];
  /** What passed its probe, or null. */
  driver: Driver['name'] | null;
  reason: string | null;
  hint: string | null;
  image: string;
  network: { mode: Network; granted: 'bridge' | 'host' | null; until: string | null; reason: string | null };
}

/** Probes the driver and reads the grant. */
export async function sandboxStatus(crew: Crew): Promise<SandboxStatus> {
  const { driver: wanted, image, network_mode: mode } = crew.config.sandbox;
  const found = await grantInForce(crew);
  const grant = 'grant' in found ? found.grant : null;
  const network = {
    ...{ mode, granted: grant?.network ?? null },
    until: grant === null ? null : new Date(grant.until).toISOString(),
    reason: 'reason' in found ? found.reason : null,
  };
  try {
    const { name } = await openSandbox({ driver: wanted, image });
    return { wanted, driver: name, reason: null, hint: null, image, network };
  } catch (error) {
    if (!(error instanceof AmbientError) || error.code !== 'no-sandbox') throw error;
    return { wanted, driver: null, reason: error.message, hint: error.hint ?? null, image, network };
  }
}

/** Builds `sandbox.image`. */
export function buildSandboxImage(
  crew: Crew,
  asked: { registryFree: boolean; packages: readonly string[] },
): Promise<BuiltImage> {
  const { image } = crew.config.sandbox;
  return buildImage({ ...asked, image, onLine: (line) => crew.log.progress(line), signal: crew.signal });
}
