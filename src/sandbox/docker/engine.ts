/**
 * Finds the engine and connects to it. Rule: by a socket of this machine only: what is judged lies on this disk, and another
 * machine's engine would mount something else.
 */
import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import type { EngineInfo } from 'dockerode';

export type { EngineInfo };
export type Engine = Docker;
export type Container = ReturnType<Docker['getContainer']>;

export interface EngineEnvironment {
  /** DOCKER_HOST. */
  host: string | undefined;
  /** XDG_RUNTIME_DIR: an engine without root keeps its socket there. */
  runtimeDir: string | undefined;
}

const SYSTEM_SOCKETS = ['/var/run/docker.sock', '/run/docker.sock'];

/** Returns the path of the engine's socket, or why there is none. */
export function findSocket(
  { host, runtimeDir }: EngineEnvironment,
  exists: (path: string) => boolean = existsSync,
): { path: string } | { reason: string } {
  if (host !== undefined && host !== '') {
    const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
    return path === undefined
      ? { reason: `DOCKER_HOST is ${host}, and only a socket of this machine (unix:///…) will do` }
      : { path };
  }
  const own = runtimeDir === undefined ? [] : [`${runtimeDir}/docker.sock`];
  const path = [...SYSTEM_SOCKETS, ...own].find(exists);
  return path === undefined ? { reason: 'no Docker engine was found on this machine' } : { path };
}

/** Connects lazily: nothing is sent before the first call. */
export async function connect(socketPath: string): Promise<Engine> {
  const { default: Engine } = await import('dockerode');
  return new Engine({ socketPath });
}

/** The HTTP status of an engine's refusal, or the code of a failed connection. */
export function statusOf(error: unknown): number | string | undefined {
  const found = error as { statusCode?: number; code?: string } | null;
  return found?.statusCode ?? found?.code;
}

export function messageOf(error: unknown): string {
  const found = error as { json?: { message?: string }; message?: string } | null;
  return (found?.json?.message ?? found?.message ?? String(error)).trim();
}
