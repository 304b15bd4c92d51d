/** Turns the configured resources into Limits. Rule: what cannot be read is an error, never "no limit". */
import { AmbientError } from '../base/index.ts';
import type { Limits } from './types.ts';

/** The part of `sandbox:` in the configuration that bounds a run. */
export interface SandboxResources {
  resources?: { memory?: string | number; cpus?: string | number; pids_limit?: number };
  timeout_seconds?: number;
}

const UNITS: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
/** Below this no interpreter starts, so every check would look broken. */
const LEAST_MEMORY = 16 * 1024 ** 2;

/** Bounds of the look around that proves a driver. */
export const PROBE_LIMITS: Limits = {
  timeout: 20_000,
  memory: 512 * 1024 ** 2,
  cpus: 1,
  pids: 50,
  output: 64 * 1024,
  diskBytes: 16 * 1024 ** 2,
  diskEntries: 1000,
  fileBytes: 16 * 1024 ** 2,
};

/**
 * Returns the limits of a run; what is not given is 2 GiB, 2 CPUs, 100 processes, 900 s, 1 MiB of each stream, 1 GiB
 * and 200,000 entries of disk, 256 MiB in one file.
 * @throws AmbientError `bad-limit` (config) naming the key.
 */
export function limitsFrom(config: SandboxResources = {}): Limits {
  const { memory = '2g', cpus = '2.0', pids_limit: pids = 100 } = config.resources ?? {};
  return {
    timeout: number('timeout_seconds', config.timeout_seconds ?? 900, 0.001) * 1000,
    memory: bytes('resources.memory', memory),
    cpus: number('resources.cpus', cpus, 0.01),
    pids: Math.floor(number('resources.pids_limit', pids, 4)),
    output: 1024 ** 2,
    diskBytes: 1024 ** 3,
    diskEntries: 200_000,
    fileBytes: 256 * 1024 ** 2,
  };
}

function bytes(key: string, value: string | number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(String(value).trim());
  const size = match ? Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? Number.NaN) : Number.NaN;
  if (!(size >= LEAST_MEMORY)) throw bad(key, value, 'a size of at least 16m, such as 512m or 2g');
  return Math.floor(size);
}

function number(key: string, value: string | number, least: number): number {
  const result = typeof value === 'number' ? value : /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (!Number.isFinite(result) || result < least) throw bad(key, value, `a number, at least ${least}`);
  return result;
}

function bad(key: string, value: unknown, wanted: string): AmbientError {
  const message = `sandbox.${key} is ${JSON.stringify(value)}, which is not ${wanted}`;
  return new AmbientError('bad-limit', message, { kind: 'config', hint: `set sandbox.${key} to ${wanted}` });
}
