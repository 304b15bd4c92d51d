/**
 * What Go and cargo have fetched and compiled on this machine. Rule: by looking at paths only; only folders of packages
 * are named, never the settings and tokens that stand beside them.
 */
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { HostCaches } from '../types.ts';

export const NO_CACHES: HostCaches = { goModules: null, goBuild: null, cargo: {} };

export async function hostCaches(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home = homedir(),
): Promise<HostCaches> {
  const caches = env['XDG_CACHE_HOME'] ?? (process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  // What `go env -w` has set.
  const written = await readFile(join(home, '.config/go/env'), 'utf8').catch(() => '');
  const go = (name: string) => env[name] || new RegExp(`^${name}=(.+)$`, 'm').exec(written)?.[1]?.trim();
  const [gopath] = (go('GOPATH') ?? join(home, 'go')).split(delimiter);
  const cargoHome = env['CARGO_HOME'] || join(home, '.cargo');
  const cargo: Record<string, string> = {};
  for (const name of ['registry', 'git']) {
    const folder = await folderAt(join(cargoHome, name));
    if (folder !== null) cargo[name] = folder;
  }
  return {
    goModules: await folderAt(go('GOMODCACHE') ?? join(gopath ?? '', 'pkg/mod')),
    goBuild: await folderAt(
      (go('GOCACHE') ?? isAbsolute(caches)) ? join(caches, 'go-build') : join(home, caches, 'go-build'),
    ),
    cargo,
  };
}

async function folderAt(path: string): Promise<string | null> {
  if (!isAbsolute(path)) return null;
  return (await stat(path).catch(() => null))?.isDirectory() ? path : null;
}
