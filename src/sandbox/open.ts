/** Chooses a driver and proves it. Rule: fail closed; a machine that cannot isolate runs nothing, and no driver runs with less. */
import { AmbientError, digest } from '../base/index.ts';
import { bubblewrap } from './bubblewrap/driver.ts';
import { docker } from './docker/driver.ts';
import type { Grant } from './grants.ts';
import { failed } from './result.ts';
import type { Driver } from './types.ts';

export interface SandboxChoice {
  driver: 'auto' | Driver['name'];
  /** For `docker`. Default `ambient-sandbox:latest`. */
  image?: string;
  /** What commands may reach, when something was granted. */
  grant?: Grant | undefined;
}

export type MakeDriver = (name: Driver['name']) => Driver;

export interface OpenSandboxOptions {
  /** Stands in for the drivers that would be made; tests hand in ones that fail. */
  make?: MakeDriver;
}

const ORDER: Record<SandboxChoice['driver'], ReadonlyArray<Driver['name']>> = {
  auto: ['bubblewrap', 'docker'],
  bubblewrap: ['bubblewrap'],
  docker: ['docker'],
};

/**
 * Returns a driver whose probe has just passed, and removes what killed runs have left of it. `auto` takes bubblewrap before
 * Docker. Asked again, this driver answers with that probe: whoever wants another opens another.
 * @throws AmbientError `no-sandbox` (environment) with the reason of each driver that was tried and its next step.
 */
export async function openSandbox(config: SandboxChoice, options: OpenSandboxOptions = {}): Promise<Driver> {
  const image = config.image ?? 'ambient-sandbox:latest';
  const make: MakeDriver = options.make ?? ((name) => (name === 'docker' ? docker({ image }) : bubblewrap()));
  const refused: Array<{ driver: Driver['name']; reason: string; hint: string }> = [];
  for (const name of ORDER[config.driver]) {
    const driver = make(name);
    const probe = await driver.probe();
    if (probe.ok) {
      await driver.reap();
      const proven: Driver = { ...driver, probe: async () => probe };
      return config.grant === undefined ? proven : opened(proven, config.grant);
    }
    refused.push({ driver: name, reason: probe.reason, hint: probe.hint });
  }
  const reasons = refused.map(({ driver, reason }) => `${driver} cannot isolate here: ${reason}`);
  throw new AmbientError('no-sandbox', `nothing was run: ${reasons.join('; ')}`, {
    kind: 'environment',
    hint: refused.map(({ driver, hint }) => (refused.length > 1 ? `${driver}: ${hint}` : hint)).join('; or '),
    data: { driver: refused[0]?.driver, reason: refused[0]?.reason, tried: refused },
  });
}

/** The same driver with the network that was granted, as long as it is. What was seen with it is no result without it. */
function opened(driver: Driver, { network, until }: Grant): Driver {
  return {
    name: driver.name,
    async probe() {
      const found = await driver.probe();
      return found.ok ? { ok: true, digest: digest([found.digest, network]) } : found;
    },
    run: async (request) =>
      Date.now() < until ? driver.run({ ...request, network }) : failed('the grant for the network has ended'),
    reap: () => driver.reap(),
  };
}
