/** Chooses a driver and proves it. Rule: fail closed; a machine that cannot isolate runs nothing. */
import { AmbientError } from '../base/index.ts';
import { bubblewrap } from './bubblewrap/driver.ts';
import type { Driver } from './types.ts';

export interface OpenSandboxOptions {
  /** Stands in for the driver that would be made; tests hand in ones that fail. */
  make?: () => Driver;
}

/**
 * Returns a driver whose probe has just passed.
 * @throws AmbientError `no-sandbox` (environment) with the reason and the next step; `no-docker-driver` (config).
 */
export async function openSandbox(
  config: { driver: 'auto' | 'bubblewrap' | 'docker' },
  options: OpenSandboxOptions = {},
): Promise<Driver> {
  if (config.driver === 'docker') {
    throw new AmbientError(
      'no-docker-driver',
      'sandbox.driver is docker, but this version isolates with bubblewrap only',
      {
        kind: 'config',
        hint: 'set `sandbox.driver: auto` (or `bubblewrap`) in .ambient.yml',
      },
    );
  }
  const driver = (options.make ?? bubblewrap)();
  const probe = await driver.probe();
  if (probe.ok) return driver;
  throw new AmbientError('no-sandbox', `nothing was run: ${driver.name} cannot isolate here: ${probe.reason}`, {
    kind: 'environment',
    hint: probe.hint,
    data: { driver: driver.name, reason: probe.reason },
  });
}
